"""The script of the page on the reparameterization trick, and what page and script have in common."""

from string import Template
from typing import Any

from vaedemo.rules import ConfigError, whole

DRAWS = 2000
SIZES = (1, 2, 5, 10, 20, 50, 100)  # draws averaged; the stream contains 20 groups of the largest size
# Two components of (∂/∂μ₁, ∂/∂μ₂, ∂/∂log σ₁², ∂/∂log σ₂²): indices and names.
PAIRS = {
    "mu": ((0, 1), ("∂/∂μ₁", "∂/∂μ₂")),
    "logvar": ((2, 3), ("∂/∂log σ₁²", "∂/∂log σ₂²")),
    "axis1": ((0, 2), ("∂/∂μ₁", "∂/∂log σ₁²")),
    "axis2": ((1, 3), ("∂/∂μ₂", "∂/∂log σ₂²")),
}
SCRIPT = Template("""\
import vaedemo as vd
from vaedemo.probability import gradient_draws, gradients

run = vd.load("$run")
images = vd.datasets.load("$dataset", split="test")
x = images.as_data("binary")[$index : $index + 1]
exact = gradient_draws.on_grid(run.model, x)
draws = gradient_draws.draw(run.model, x, samples=$draws, seed=$seed)
score = draws.$score


def two(gradient):
    return f"({gradient[$first]:z.1f}, {gradient[$second]:z.1f})"


def mean(of_draws):
    of_draws = of_draws.double()
    means, errors = of_draws.mean(0), of_draws.std(0) / len(of_draws) ** 0.5
    return ", ".join(f"{means[place]:z.1f} ± {errors[place]:.1f}" for place in ($first, $second))


def three_digits(value):
    return f"{float(f'{value:.3g}'):,.10g}"


variance, score_variance = gradients.total_variance(draws.pathwise), gradients.total_variance(score)
reward = draws.log_likelihood
constant = gradient_draws.variance_from_mean(reward.mean().item(), draws.sigma)
print(f"Exact gradient: {two(exact)}")
print(f"Pathwise, mean: {mean(draws.pathwise)}")
print(f"Score function, mean: {mean(score)}")
print(f"log p(x|z): {reward.mean().item():.1f} ± {reward.std().item():.1f} nats")
print(f"Pathwise, variance: {three_digits(variance)} nats²")
print(f"Score function, variance: {three_digits(score_variance)} nats²")
print(f"Score over pathwise: {three_digits(score_variance / variance)} ×")
print(f"(log p)² alone would give: {three_digits(constant)} nats²")
""")


def one_of_sizes(name: str, value: Any) -> int:
    """The rule for K: one of the numbers on the slider."""
    accepts = "one of " + ", ".join(map(str, SIZES))
    try:
        number = whole(SIZES[0], SIZES[-1])(name, value)
    except ConfigError as error:
        raise ConfigError(name, value, accepts) from error
    if number not in SIZES:
        raise ConfigError(name, value, accepts)
    return number


def two(gradient, places: tuple[int, int]) -> str:
    """Two components of a gradient, formatted as on the page."""
    return f"({gradient[places[0]]:z.1f}, {gradient[places[1]]:z.1f})"


def mean(means, errors, places: tuple[int, int]) -> str:
    """Two components of a mean gradient, each with its standard error, formatted as on the page."""
    return ", ".join(f"{means[place]:z.1f} ± {errors[place]:.1f}" for place in places)


def three_digits(value: float) -> str:
    """A number with three digits and thousands separators: 2,940,000 or 0.0523."""
    return f"{float(f'{value:.3g}'):,.10g}"


def script(run: str, dataset: str, index: int, values: dict[str, Any]) -> str:
    (first, second), _ = PAIRS[values["pair"]]
    return SCRIPT.substitute(
        run=run,
        dataset=dataset,
        index=index,
        draws=DRAWS,
        seed=values["seed"],
        score="baselined" if values["score"] == "baseline" else "score",
        first=first,
        second=second,
    )
