"""The figures of a view of the clinic, and the script that prints them."""

from vaedemo.app.lessons.clinic import facts
from vaedemo.app.shell.step_view import StepView
from vaedemo.clinic.diseases import BY_PATIENT
from vaedemo.clinic.words import nats

BOTH = """\
from vaedemo.clinic.digits import mean_image_loss
from vaedemo.clinic.records import load
from vaedemo.clinic.words import nats

for title, name in {programs}.items():
    record = load(name)
    for term in ("reconstruction", "kl", "loss"):
        print(f"{{title}}, {{term}}: {{nats(record.last(term))}} nats")
    print(f"{{title}}, loss of a third set: {{nats(record.last('loss', 'third'))}} nats")
print(f"Reconstruction loss of the mean image: {{nats(mean_image_loss())}} nats")
"""


def work(view: StepView) -> tuple[dict[str, str], str]:
    """The last losses of the patient and of the healthy program, as the programs report them."""
    found = BY_PATIENT[view["patient"]]
    programs = {f"Patient {found.patient}": found.folder, "Healthy": found.twin}
    figures = {}
    for title, name in programs.items():
        record = facts.record(name)
        for term in ("reconstruction", "kl", "loss"):
            figures[f"{title}, {term}"] = f"{nats(record.last(term))} nats"
        figures[f"{title}, loss of a third set"] = f"{nats(record.last('loss', 'third'))} nats"
    figures["Reconstruction loss of the mean image"] = f"{nats(facts.mean_image())} nats"
    return figures, BOTH.format(programs=repr(programs).replace("'", '"'))
