"""The samples of the likelihood page, drawn once for all twenty digits; the slider for K uses the first K of them."""

from dataclasses import dataclass

import streamlit as st
import torch
from torch import Tensor

from vaedemo.app import catalogue
from vaedemo.app.shared import twenty
from vaedemo.probability import bounds, streams
from vaedemo.rules import ConfigError, whole
from vaedemo.training import first_views
from vaedemo.training.run import Run

RUNS = {first_views.PLANE: "2", first_views.AXES_20: "20"}  # run name → number of latent axes
FIRST_DIGIT, FIRST_SEED, MOST_DRAWS = first_views.DIGIT, first_views.SEED, first_views.DRAWS
MOST_FROM_Q = 10_000
REFERENCE = 2_000  # samples of the IWAE bound that replaces log p(x) where quadrature is not possible
COUNTS = (*(digit * 10**power for power in range(5) for digit in (1, 2, 5)), MOST_DRAWS)
FAINT = 600  # samples drawn without weight
HEAVY = 200  # samples drawn with their weight
DECODED = 6


def count(name: str, value) -> int:
    """The rule for K: one of the slider's steps, or a larger number, which the page reduces and says so."""
    accepts = f"one of the slider's steps from 1 to {MOST_DRAWS:,}, such as 1,000 written 1000"
    try:
        number = whole(1, 10**9)(name, value)
    except ConfigError:
        raise ConfigError(name, value, accepts) from None
    if number not in COUNTS and number <= MOST_DRAWS:
        raise ConfigError(name, value, accepts)
    return number


@dataclass(frozen=True)
class FromPrior:
    """One digit's part of the stream of 100,000 codes from the prior; all these codes would take 8 MB.

    `climb`: of its estimate. `sums`: by K, the estimate in nats, the effective sample size, the heaviest samples
    (indices in the stream, heaviest first) and their shares. `faint`: the first codes. `kept`: the indices of all
    heavy samples, ascending; `codes`: their codes.
    """

    climb: streams.Climb
    sums: dict[int, tuple[float, float, Tensor, Tensor]]
    faint: Tensor
    kept: Tensor
    codes: Tensor

    def heavy(self, draws: int) -> Tensor:
        """The codes of the heaviest among the first samples, (at most 200, d)."""
        return self.codes[torch.searchsorted(self.kept, self.sums[draws][2])]


def from_prior(digest: str, run: Run, digit: int, seed: int) -> FromPrior:
    """One digit's part of the stream from the prior. For the first view it is read, if it is known for these weights;
    for another, the codes are decoded once, for all twenty digits."""
    if (digit, seed) == (FIRST_DIGIT, FIRST_SEED):
        known = first_prior_draws(digest, run)
        if known is not None:
            return known
    return prior_draws(digest, run, seed)[digit]


@st.cache_resource(max_entries=2, show_spinner=False)
def first_prior_draws(digest: str, _run: Run) -> FromPrior | None:
    """The first view's digit, from its shipped log weights; None where there are none for these weights."""
    log_weights = first_views.known(_run, first_views.LOG_WEIGHTS)
    return None if log_weights is None else summed(stream_of(_run, twenty.binary()[:0], FIRST_SEED).codes, log_weights)


@st.cache_resource(max_entries=4, show_spinner="Drawing 100,000 codes from the prior and decoding each …")
def prior_draws(digest: str, _run: Run, seed: int) -> list[FromPrior]:
    """One stream of codes for all twenty digits, summed at each K of the slider."""
    stream = stream_of(_run, twenty.binary(), seed)
    return [summed(stream.codes, log_weights) for log_weights in stream.log_weights]


def stream_of(run: Run, x: Tensor, seed: int) -> streams.Stream:
    """The stream of 100,000 codes from the prior, and what each weighs for images x; without images, the codes."""
    return streams.prior_stream(run.model, x, MOST_DRAWS, torch.Generator().manual_seed(seed))


def summed(codes: Tensor, log_weights: Tensor) -> FromPrior:
    """One digit's results. The indexed codes are copies; a view would keep the memory of all."""
    sums = {draws: weigh(log_weights[:draws]) for draws in COUNTS}
    kept = torch.cat([numbers for _, _, numbers, _ in sums.values()]).unique()
    return FromPrior(streams.climb(log_weights, COUNTS), sums, codes[:FAINT].clone(), kept, codes[kept])


def weigh(log_weights: Tensor) -> tuple[float, float, Tensor, Tensor]:
    """The estimate, in nats, the effective sample size, the indices of the heaviest samples, and their shares of the
    sum."""
    log_weights = log_weights.double()
    top = log_weights.topk(min(HEAVY, len(log_weights)))
    shares = (top.values - log_weights.logsumexp(0)).exp()
    return (
        float(bounds.log_mean_exp(log_weights)),
        float(bounds.effective_sample_size(log_weights)),
        top.indices,
        shares,
    )


@st.cache_resource(max_entries=8, show_spinner=False)
def encoder_draws(digest: str, _run: Run, digit: int, seed: int) -> streams.Stream:
    """A stream of codes for one digit, from its q(z|x)."""
    x = twenty.binary()[digit : digit + 1]
    return streams.gaussian_stream(_run.model, x, MOST_FROM_Q, torch.Generator().manual_seed(seed))


@dataclass(frozen=True, eq=False)
class Climbs:
    """Both estimates of one digit as K increases, their limit, and q: `mu`, `logvar` (d,). `reference`, in nats, is
    exact if `is_exact`, else IWAE-2,000."""

    prior: streams.Climb
    encoder: streams.Climb
    elbo: float
    reference: float
    is_exact: bool
    mu: Tensor
    logvar: Tensor


@st.cache_resource(max_entries=96, show_spinner=False)
def climbs(digest: str, _run: Run, digit: int, seed: int) -> Climbs:
    """Both estimates of a digit under a model."""
    x = twenty.binary()[digit : digit + 1]
    from_encoder = encoder_draws(digest, _run, digit, seed).log_weights[0]
    mu, logvar = _run.model.posterior(x)
    is_exact = _run.model.latent_dim <= 2
    encoder = streams.climb(from_encoder, [number for number in COUNTS if number <= MOST_FROM_Q])
    return Climbs(
        prior=from_prior(digest, _run, digit, seed).climb,
        encoder=encoder,
        elbo=float(encoder.mean[0]),
        reference=float(
            twenty.exact(digest, _run)[0][digit] if is_exact else streams.repeats(from_encoder, REFERENCE).mean()
        ),
        is_exact=is_exact,
        mu=mu[0],
        logvar=logvar[0],
    )


@dataclass(frozen=True, eq=False)
class Cut:
    """The first K samples of a stream: the estimate, in nats, the effective sample size, the heaviest samples
    (`heavy`, rows, heaviest first) and their `shares` of the sum, some sampled `codes`, and the decoded images of
    the first few."""

    draws: int
    estimate: float
    effective: float
    faint: Tensor
    heavy: Tensor
    shares: Tensor
    decoded: Tensor


@st.cache_resource(max_entries=96, show_spinner=False)
def cut(digest: str, _run: Run, digit: int, seed: int, source: str, draws: int) -> Cut:
    """The results of the first K samples; from q at most 10,000."""
    if source == "prior":
        stream = from_prior(digest, _run, digit, seed)
        estimate, effective, _, shares = stream.sums[draws]
        heavy, faint = stream.heavy(draws), stream.faint[:draws]
    else:
        stream = encoder_draws(digest, _run, digit, seed)
        draws = min(draws, MOST_FROM_Q)
        estimate, effective, numbers, shares = weigh(stream.log_weights[0][:draws])
        # clone: a view would keep the memory of all codes.
        heavy, faint = stream.codes[0][numbers], stream.codes[0][: min(FAINT, draws)].clone()
    return Cut(draws, estimate, effective, faint, heavy, shares, decoded=_run.model.decode(heavy[:DECODED]).mean)


def prepare() -> None:
    """Compute what other digits need: 4 seconds, once per process. The first view is read, not computed."""
    for name in RUNS:
        run = catalogue.run(name)
        climbs(run.digest, run, FIRST_DIGIT, FIRST_SEED)
        prior_draws(run.digest, run, FIRST_SEED)
