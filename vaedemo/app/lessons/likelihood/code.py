"""The script of the likelihood page: it draws the page's codes and prints the page's numbers."""

from string import Template

from vaedemo.app.lessons.likelihood import likely as likely_images
from vaedemo.app.lessons.likelihood.draws import MOST_DRAWS, MOST_FROM_Q, REFERENCE
from vaedemo.app.shared import own_digit, twenty

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
LIKELY = Template("""\
import torch
import vaedemo as vd
$more
$load
digits, clothes = (vd.load(name).model for name in (novelty.DIGITS, novelty.CLOTHES))
images = {
    "digit": x[$digit : $digit + 1],
    "shoe": vd.datasets.first_view("fashion")[0].as_data("binary")[:1],
    "noise": (torch.rand(1, 1, 28, 28, generator=torch.Generator().manual_seed($seed)) < 0.5).float(),
    "blank": torch.zeros(1, 1, 28, 28),
$own}
counted = novelty.read("$score")
for name, image in images.items():
    nats = novelty.measure("$score", digits, clothes, image).item()
    print(f"$label, {name}: {nats:.2f} nats")
    print(f"Test digits below, {name}: {novelty.share_below(counted, nats):.1%}")
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


def likely(digit: int, score: str, text: str) -> str:
    """The script of the scores; `text`: the visitor's drawing, or "" for none."""
    from_page = "from vaedemo.datasets import drawing\n" if text else ""
    own = f'    "yours": {own_digit.CODE.format(text=text)}.as_data("binary"),\n' if text else ""
    return LIKELY.substitute(
        more=f"{from_page}from vaedemo.training import novelty\n",
        load=twenty.code(),
        digit=digit,
        seed=likely_images.NOISE_SEED,
        own=own,
        score=score,
        label=likely_images.TITLES[score],
    )
