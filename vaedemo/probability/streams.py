r"""One long stream of importance weights, cut into repeats: how an estimate of log p(x) climbs and spreads with K."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from vaedemo.probability import check_numbers, checks, nearby_pixels
from vaedemo.probability.bounds import log_mean_exp, log_weights_unchecked, weighed
from vaedemo.probability.check_models import q_for
from vaedemo.probability.likelihood_matrix import codes_at_once, log_likelihood_unchecked

__all__ = ["Climb", "Stream", "climb", "gaussian_stream", "prior_stream", "repeats"]

MOST_SAMPLES = 10**7  # codes that fit into memory
FEWEST_REPEATS = 5  # below it a spread says nothing


class Stream(NamedTuple):
    r"""Draws and what they weigh. `codes`: z, (S, d) or (N, S, d). `log_weights`: (N, S), in nats."""

    codes: Tensor
    log_weights: Tensor


class Climb(NamedTuple):
    r"""An estimate of log p(x) at several K, over disjoint repeats; float64 tensors, one entry a K, in nats.

    `mean`: estimates $\mathbb{E} \log \hat p_K$. `low`, `high`: the 10 % and 90 % quantiles of the repeats, NaN where
    there are fewer than five. `standard_error`: of the mean; NaN for a single repeat, or where one is −∞. `repeats`:
    how many there are.
    """

    counts: tuple[int, ...]
    mean: Tensor
    low: Tensor
    high: Tensor
    standard_error: Tensor
    repeats: tuple[int, ...]


@torch.no_grad()
def prior_stream(model, x: Tensor, samples: int, generator: torch.Generator) -> Stream:
    r"""Codes from the prior, the same for all images, and how well each explains each image.

    $$\log w^{(k)} = \log p(x \mid z^{(k)}), \qquad z^{(k)} \sim p(z) = \mathcal{N}(0, I)$$

    Each code is decoded once, however many images share it, and not at all without an image. `x`: (N, ...). Returns
    codes (S, d) and log weights (N, S). Raises `ValueError` for samples below 1.
    Source: Doersch 2016 (arXiv 1606.05908), section 2.
    """
    samples, generator = (
        check_numbers.count("samples", samples, 1, MOST_SAMPLES),
        check_numbers.one_generator(generator),
    )
    like, x = checks.first_parameter(model), checks.data_for(model, x)
    codes = torch.randn(samples, model.latent_dim, generator=generator, dtype=like.dtype).to(like.device)
    if len(x) == 0:
        return Stream(codes, like.new_zeros(0, samples))
    pieces = [log_likelihood_unchecked(model.decode(part), x) for part in codes.split(codes_at_once(model, x))]
    return Stream(codes, torch.cat(pieces, dim=1))


@torch.no_grad()
def gaussian_stream(
    model, x: Tensor, samples: int, generator: torch.Generator, mu: Tensor | None = None, logvar: Tensor | None = None
) -> Stream:
    r"""Codes from a diagonal Gaussian q of each image, and their importance weights.

    $$\log w^{(k)} = \log \frac{p(x \mid z^{(k)})\, p(z^{(k)})}{q(z^{(k)} \mid x)}, \qquad z^{(k)} \sim q(z|x)$$

    `x`: (N, ...). `mu`, `logvar`: (N, d), a q of one's own; left out, the encoder's. Returns codes (N, S, d) and log
    weights (N, S). Raises `ValueError` for samples below 1.
    Source: Burda, Grosse & Salakhutdinov 2016 (arXiv 1509.00519), equation 8.
    """
    samples, generator = (
        check_numbers.count("samples", samples, 1, MOST_SAMPLES),
        check_numbers.one_generator(generator),
    )
    x = checks.data_for(model, x)
    mu, logvar = q_for(model, x, mu, logvar)
    noise = torch.randn(len(mu), samples, mu.shape[1], generator=generator, dtype=mu.dtype).to(mu.device)
    codes = mu.unsqueeze(1) + (0.5 * logvar).exp().unsqueeze(1) * noise
    if len(codes) == 1:  # they lie close together
        fit = nearby_pixels.log_likelihood_unchecked(model, x, codes[0]).unsqueeze(0)
        return Stream(codes, weighed(fit, codes, mu, logvar))
    return Stream(codes, log_weights_unchecked(model, x, codes, mu, logvar))


def repeats(log_weights: Tensor, count: int) -> Tensor:
    r"""$\log \frac{1}{K} \sum_k w_k$ of each run of K weights in a row: (S,) to (S // K,), in nats.

    Raises `ValueError` where K is below 1 or above S.
    """
    log_weights = checks.array("log_weights", log_weights, "S", least=1, minus_infinity=True)
    length = number_of_weights(count, log_weights)
    runs = len(log_weights) // length
    return log_mean_exp(log_weights[: runs * length].reshape(runs, length))


def climb(log_weights: Tensor, counts: Sequence[int]) -> Climb:
    r"""How log p̂_K climbs: for each K, mean and spread over the S // K disjoint repeats that a stream holds.

    $$\mathbb{E}[\log \hat p_K(x)] \le \mathbb{E}[\log \hat p_{K+1}(x)] \le \log p(x), \qquad
    \hat p_K(x) = \frac{1}{K} \sum_{k=1}^{K} w^{(k)}$$

    The mean of a logarithm is at most the logarithm of the mean (Jensen), so each K is biased low, the more so the
    smaller K. `log_weights`: (S,). Returns a `Climb`. Raises `ValueError` as `repeats`.
    Source: Burda, Grosse & Salakhutdinov 2016 (arXiv 1509.00519), theorem 1.
    """
    log_weights = checks.array("log_weights", log_weights, "S", least=1, minus_infinity=True)
    counts, columns = tuple(counts), []
    if not counts:
        raise ValueError("counts must hold at least one K, got none.")
    for values in repeats_of_each(log_weights, counts):
        nothing = values.new_tensor(math.nan)
        # The nearest repeat itself, not a mix of two: repeats may be −∞.
        ends = list(values.sort().values[[round(share * (len(values) - 1)) for share in (0.1, 0.9)]])
        quantiles = ends if len(values) >= FEWEST_REPEATS else [nothing, nothing]
        error = values.std() / len(values) ** 0.5 if len(values) > 1 else nothing
        columns.append((torch.stack([values.mean(), *quantiles, error]), len(values)))
    mean, low, high, error = torch.stack([column for column, _ in columns]).T
    return Climb(tuple(counts), mean, low, high, error, tuple(runs for _, runs in columns))


def repeats_of_each(log_weights: Tensor, counts: Sequence[int]) -> list[Tensor]:
    """`repeats` for each of several K, (S // K,) each, four times as fast as one by one.

    A run of 10 weights is two of 5: sums over runs are made of those over the longest shorter ones that fit.
    """
    sums = {1: log_weights.double()}  # log Σ w of each run, by its length
    counts = [number_of_weights(each, log_weights) for each in counts]
    for count in sorted(counts):
        part = max(length for length in sums if count % length == 0)
        if part < count:
            runs, parts = len(log_weights) // count, count // part
            sums[count] = sums[part][: runs * parts].reshape(runs, parts).logsumexp(1)
    return [sums[count] - math.log(count) for count in counts]


def number_of_weights(value: int, log_weights: Tensor) -> int:
    """K, a whole number from 1 to the weights that there are."""
    return check_numbers.count("K", value, 1, len(log_weights))
