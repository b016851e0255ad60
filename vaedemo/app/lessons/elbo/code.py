"""The script of the page on the bound: it evaluates the page's q and prints the page's numbers."""

from string import Template
from typing import Any

from vaedemo.app.lessons.elbo.facts import RUN
from vaedemo.app.shared import own_digit, twenty

COUNTS = (1, 5, 50, 500)
SAMPLES = 1_500
SCRIPT = Template("""\
import torch
import vaedemo as vd
${more}from vaedemo.probability import bounds, streams
from vaedemo.probability.amortization import best_diagonal_gaussian
from vaedemo.probability.derivation import derivation

$load
model = vd.load("$run").model
exact = bounds.log_marginal_grid(model, x)[$digit].item()
x = x[$digit : $digit + 1]
best = best_diagonal_gaussian(model, x)
mu, logvar = $q

lines = derivation(model, x, mu, logvar, exact)
print(f"log p(x): {lines.log_marginal:.3f} nats")
print(f"E[log p(x|z)]: {lines.log_likelihood:.3f} nats")
print(f"KL to the prior: {lines.kl_prior:.3f} nats")
print(f"KL to the posterior: {lines.kl_posterior:.2f} nats")
print(f"ELBO: {lines.elbo:.3f} nats")
print(f"$amortization: {round(best.elbo - lines.elbo, 3) + 0.0:.3f} nats")
print(f"Approximation: {exact - best.elbo:.3f} nats")

stream = streams.gaussian_stream(model, x, $samples, torch.Generator().manual_seed($seed), mu, logvar)
climb = streams.climb(stream.log_weights[0], $counts)
print(f"IWAE, K = 500: {climb.mean[-1].item():.2f} ± {climb.standard_error[-1].item():.2f} nats")
""")
OWN = Template("""\
x = $own.as_data("binary")
""")


def amortization_label(choice: str) -> str:
    """The name of the first part of the gap: amortization by the encoder, or a q set by hand."""
    return "Off the best Gaussian" if choice == "hand" else "Amortization"


def script(values: dict[str, Any]) -> str:
    chosen = {"encoder": "model.posterior(x)", "best": "best.mu, best.logvar"}
    mu, logvar = ([values[f"{name}_{axis}"] for axis in (1, 2)] for name in ("mu", "logvar"))
    q = chosen.get(values["q"], f"torch.tensor([{mu}]), torch.tensor([{logvar}])")
    text = own_digit.text_of(values)
    return SCRIPT.substitute(
        more="from vaedemo.datasets import drawing\n" if text else "",
        load=OWN.substitute(own=own_digit.CODE.format(text=text)) if text else twenty.code(),
        run=RUN,
        digit=0 if text else values["digit"],
        q=q,
        amortization=amortization_label(values["q"]),
        samples=SAMPLES,
        seed=values["seed"],
        counts=COUNTS,
    )
