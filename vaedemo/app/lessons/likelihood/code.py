"""The script of the likelihood page: it draws the page's codes and prints the page's numbers."""

from string import Template

from vaedemo.app.lessons.likelihood.draws import MOST_DRAWS, MOST_FROM_Q, REFERENCE
from vaedemo.app.shared import twenty

SCRIPT = Template("""\
import torch
import vaedemo as vd
from vaedemo.probability import bounds, streams

$load
digit, seed, draws = $digit, $seed, $draws
for axes, name in ((2, "mnist-2d"), (20, "mnist-20d")):
    model = vd.load(name).model
    q = streams.gaussian_stream(
        model, x[digit : digit + 1], $most_from_q, torch.Generator().manual_seed(seed)
    ).log_weights[0]
    if axes == 2:
        print(f"Exact log p(x), 2 axes: {bounds.log_marginal_grid(model, x)[digit].item():.2f} nats")
    else:
        print(f"IWAE-$reference_text, 20 axes: {streams.repeats(q, $reference).mean().item():.2f} nats")
    print(f"ELBO, {axes} axes: {q.mean().item():.2f} nats")
    weights = $weights
    print(f"Estimate, {axes} axes: {bounds.log_mean_exp(weights).item():.2f} nats")
    print(f"Effective draws, {axes} axes: {bounds.effective_sample_size(weights).item():.1f} of {len(weights):,}")
""")
NEEDED = Template("""\
from vaedemo.training import draws_needed

for row in draws_needed.read():
    if row.digit == $digit:
        print(f"KL(p(z|x)‖p(z)), {row.axes} axes: {row.needed:.2f} nats")
""")
FROM_PRIOR = (
    f"streams.prior_stream(model, x, {MOST_DRAWS}, torch.Generator().manual_seed(seed))"
    ".log_weights[digit, :draws].double()"
)


def script(digit: int, seed: int, source: str, draws: int) -> str:
    return SCRIPT.substitute(
        load=twenty.code(),
        digit=digit,
        seed=seed,
        draws=draws,
        most_from_q=MOST_FROM_Q,
        reference=REFERENCE,
        reference_text=f"{REFERENCE:,}",
        weights=FROM_PRIOR if source == "prior" else "q[:draws].double()",
    )


def needed(digit: int) -> str:
    """The lines that print by what power of e the number of draws grows."""
    return NEEDED.substitute(digit=digit)
