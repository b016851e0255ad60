"""The draws of the likelihood page, made once for all twenty digits and cut off wherever the slider for K stands."""

from dataclasses import dataclass

import streamlit as st
import torch
from torch import Tensor

from vaedemo.app import twenty
from vaedemo.probability import bounds, streams
from vaedemo.rules import ConfigError, whole
from vaedemo.training.run import Run

MOST_DRAWS = bounds.LARGEST_SAMPLES
MOST_FROM_Q = 10_000
REFERENCE = 2_000  # draws of the IWAE bound that stands in for log p(x) where there is no quadrature
COUNTS = (*(digit * 10**power for power in range(5) for digit in (1, 2, 5)), MOST_DRAWS)
FAINT = 600  # draws shown where the prior or q puts them
HEAVY = 200  # draws shown by their weight
DECODED = 6


def count(name: str, value) -> int:
    """The rule for K: one of the slider's steps, or anything above the largest, which the page clamps in words."""
    accepts = f"one of the slider's steps from 1 to {MOST_DRAWS:,}, such as 1,000 written 1000"
    try:
        number = whole(1, 10**9)(name, value)
    except ConfigError:
        raise ConfigError(name, value, accepts) from None
    if number not in COUNTS and number <= MOST_DRAWS:
        raise ConfigError(name, value, accepts)
    return number


@st.cache_resource(max_entries=4, show_spinner="Drawing 100,000 codes from the prior and decoding each …")
def prior_draws(digest: str, _run: Run, seed: int) -> streams.Stream:
    """One stream of codes that all twenty digits share."""
    return streams.prior_stream(_run.model, twenty.binary(), MOST_DRAWS, torch.Generator().manual_seed(seed))


@st.cache_resource(max_entries=24, show_spinner=False)
def encoder_draws(digest: str, _run: Run, digit: int, seed: int) -> streams.Stream:
    """A stream of one digit's own codes, from q(z|x)."""
    x = twenty.binary()[digit : digit + 1]
    return streams.gaussian_stream(_run.model, x, MOST_FROM_Q, torch.Generator().manual_seed(seed))


@dataclass(frozen=True)
class Climbs:
    """How both estimates of one digit climb, what they climb to, and q: `mu`, `logvar` (d,). `reference`, in nats, is
    exact where `is_exact`, else IWAE-2,000."""

    prior: streams.Climb
    encoder: streams.Climb
    elbo: float
    reference: float
    is_exact: bool
    mu: Tensor
    logvar: Tensor


@st.cache_resource(max_entries=96, show_spinner=False)
def climbs(digest: str, _run: Run, digit: int, seed: int) -> Climbs:
    """Both climbs of a digit under a model."""
    x = twenty.binary()[digit : digit + 1]
    from_prior = prior_draws(digest, _run, seed).log_weights[digit]
    from_encoder = encoder_draws(digest, _run, digit, seed).log_weights[0]
    mu, logvar = _run.model.posterior(x)
    is_exact = _run.model.latent_dim <= 2
    encoder = streams.climb(from_encoder, [number for number in COUNTS if number <= MOST_FROM_Q])
    return Climbs(
        prior=streams.climb(from_prior, COUNTS),
        encoder=encoder,
        elbo=float(encoder.mean[0]),
        reference=float(
            twenty.exact(digest, _run)[0][digit] if is_exact else streams.repeats(from_encoder, REFERENCE).mean()
        ),
        is_exact=is_exact,
        mu=mu[0],
        logvar=logvar[0],
    )


@dataclass(frozen=True)
class Cut:
    """The first K draws of a stream: the estimate, in nats, the effective number of draws, which draws weigh most
    (`heavy`, rows, heaviest first) and their `shares` of the sum, some drawn `codes`, and what the first few decode
    to."""

    draws: int
    estimate: float
    effective: float
    faint: Tensor
    heavy: Tensor
    shares: Tensor
    decoded: Tensor


def cut(run: Run, digit: int, seed: int, source: str, draws: int) -> Cut:
    """What the first K draws give; from q there are 10,000 at most."""
    if source == "prior":
        stream = prior_draws(run.digest, run, seed)
        codes, log_weights = stream.codes, stream.log_weights[digit]
    else:
        stream = encoder_draws(run.digest, run, digit, seed)
        codes, log_weights = stream.codes[0], stream.log_weights[0]
    log_weights = log_weights[:draws].double()
    top = log_weights.topk(min(HEAVY, len(log_weights)))
    shares = (top.values - log_weights.logsumexp(0)).exp()
    heavy = codes[top.indices]
    return Cut(
        draws=len(log_weights),
        estimate=float(bounds.log_mean_exp(log_weights)),
        effective=float(bounds.effective_sample_size(log_weights)),
        faint=codes[: min(FAINT, len(log_weights))],
        heavy=heavy,
        shares=shares,
        decoded=run.model.decode(heavy[:DECODED]).mean,
    )
