"""The figures of a view of the clinic, and the scripts that print them."""

from vaedemo.app.lessons.clinic import facts, ward
from vaedemo.app.shell.step_view import StepView
from vaedemo.clinic.diseases import BY_PATIENT
from vaedemo.clinic.words import nats

LOSSES = """\
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
LOOKS = """\
from vaedemo.clinic.records import load
from vaedemo.clinic.words import nats

for title, name in {programs}.items():
    record = load(name)
    images = record.film[-1].images / 255
    print(f"{{title}}, KL: {{nats(record.last('kl'))}} nats")
    print(f"{{title}}, reconstruction loss: {{nats(record.last('reconstruction'))}} nats")
    print(f"{{title}}, variety (standard deviation of a pixel over 64 samples): {{images.std(axis=0).mean():.2f}}")
    print(f"{{title}}, third set − test: {{nats(record.last('loss', 'third') - record.last('loss'))}} nats")
"""


def work(view: StepView) -> tuple[dict[str, str], str]:
    """The last figures of the patient and of the healthy program, as the programs report them."""
    found = BY_PATIENT[view["patient"]]
    programs = {f"Patient {found.patient}": found.folder, "Healthy": found.twin}
    figures, script = (looks(programs), LOOKS) if view["part"] == "rule" else (losses(programs), LOSSES)
    return figures, script.format(programs=repr(programs).replace("'", '"'))


def losses(programs: dict[str, str]) -> dict[str, str]:
    figures = {}
    for title, name in programs.items():
        record = facts.record(name)
        for term in ("reconstruction", "kl", "loss"):
            figures[f"{title}, {term}"] = f"{nats(record.last(term))} nats"
        figures[f"{title}, loss of a third set"] = f"{nats(record.last('loss', 'third'))} nats"
    return figures | {"Reconstruction loss of the mean image": f"{nats(facts.mean_image())} nats"}


def looks(programs: dict[str, str]) -> dict[str, str]:
    """The figures of the board's rows."""
    figures = {}
    for title, name in programs.items():
        record = facts.record(name)
        figures[f"{title}, KL"] = f"{nats(record.last('kl'))} nats"
        figures[f"{title}, reconstruction loss"] = f"{nats(record.last('reconstruction'))} nats"
        figures[f"{title}, variety (standard deviation of a pixel over 64 samples)"] = f"{facts.variety(record):.2f}"
        figures[f"{title}, third set − test"] = f"{nats(ward.gap(record))} nats"
    return figures
