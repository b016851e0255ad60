"""Exhibit: a correlated target, and the best q with independent axes."""

from functools import cache
from string import Template

import streamlit as st
import torch

from vaedemo.app.components.sketch import sketch
from vaedemo.app.lessons.kl import sketches
from vaedemo.app.shell.links import Parameter
from vaedemo.app.shell.step_view import StepView
from vaedemo.app.shell.steps import Values
from vaedemo.probability.divergences import kl_normal
from vaedemo.probability.gaussian_fits import mean_field_variance
from vaedemo.rules import real

STEEPEST = 0.98
PARAMETERS = (
    Parameter("correlation", 0.9, real(-STEEPEST, STEEPEST)),
    Parameter("sd1", 1.5, real(0.3, 2.0)),
    Parameter("sd2", 1.0, real(0.3, 2.0)),
)
CURVE = torch.linspace(-0.999, 0.999, 101, dtype=torch.float64)
SCRIPT = Template("""\
import torch
from vaedemo.probability.divergences import kl_normal
from vaedemo.probability.gaussian_fits import mean_field_variance

covariance, zero = torch.tensor($covariance).double(), torch.zeros(2).double()
seeking, covering = mean_field_variance(covariance), covariance.diagonal()
print(f"1/Λ₁₁: {seeking[0].item():.4f}")
print(f"Σ₁₁: {covering[0].item():.4f}")
print(f"1/Λ₂₂: {seeking[1].item():.4f}")
print(f"Σ₂₂: {covering[1].item():.4f}")
print(f"Smallest KL(q‖p): {kl_normal(zero, seeking.diag(), zero, covariance).item():z.4f} nats")
print(f"Smallest KL(p‖q): {kl_normal(zero, covariance, zero, covering.diag()).item():z.4f} nats")
""")


def picture(view: StepView) -> None:
    covariance, seeking, covering = fits_of(view)
    plane, curve = st.columns([1.2, 1], gap="medium")
    with plane:
        st.markdown("**The target, and the best q with independent axes**")
        drawn = sketches.mean_field(covariance.numpy(), seeking.numpy(), covering.numpy(), extent=4.2)
        label = "A correlated normal with the best uncorrelated ones, at one and two standard deviations"
        sketch(drawn, key=view.key("plane"), label=label, height=380)
    with curve:
        st.markdown("**The share of its variance that q keeps**")
        share = (seeking[0] / covering[0]).item()
        drawn = sketches.kept_share(CURVE.tolist(), kept_shares(), (view["correlation"], share))
        label = "The share of the target's variance that q keeps, over the correlation"
        sketch(drawn, key=view.key("share"), label=label, height=380)
    st.caption(
        "Λ is the inverse of the target's Σ. KL(q‖p) gives q the variances 1/Λᵢᵢ, those of one axis once the other is "
        "known; KL(p‖q) gives it Σᵢᵢ. With two axes both smallest divergences are −½ log(1 − ρ²), although "
        "the two q differ."
    )


def fits_of(values: Values) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The target's covariance, (2, 2), and the best variances under KL(q‖p) and under KL(p‖q), (2,) each."""
    covariance = covariance_of(values["correlation"], values["sd1"], values["sd2"])
    return covariance, mean_field_variance(covariance), covariance.diagonal()


def work(view: StepView) -> tuple[dict[str, str], str]:
    covariance, seeking, covering = fits_of(view)
    zero = torch.zeros(2, dtype=torch.float64)
    figures = {
        "1/Λ₁₁": f"{seeking[0].item():.4f}",
        "Σ₁₁": f"{covering[0].item():.4f}",
        "1/Λ₂₂": f"{seeking[1].item():.4f}",
        "Σ₂₂": f"{covering[1].item():.4f}",
        "Smallest KL(q‖p)": f"{kl_normal(zero, seeking.diag(), zero, covariance).item():z.4f} nats",
        "Smallest KL(p‖q)": f"{kl_normal(zero, covariance, zero, covering.diag()).item():z.4f} nats",
    }
    return figures, SCRIPT.substitute(covariance=covariance.tolist())


def correlation_slider(view: StepView) -> None:
    key = view.key("correlation")
    st.slider("Correlation ρ of the target", -STEEPEST, STEEPEST, step=0.02, key=key)


def sd_sliders(view: StepView) -> None:
    st.slider("σ₁ of the target", 0.3, 2.0, step=0.1, key=view.key("sd1"))
    st.slider("σ₂ of the target", 0.3, 2.0, step=0.1, key=view.key("sd2"))


@cache
def kept_shares() -> list[float]:
    """The share of its variance that q keeps at each correlation of `CURVE`."""
    return [mean_field_variance(covariance_of(rho, 1.0, 1.0))[0].item() for rho in CURVE.tolist()]


def covariance_of(correlation: float, sd1: float, sd2: float) -> torch.Tensor:
    shared = correlation * sd1 * sd2
    return torch.tensor([[sd1**2, shared], [shared, sd2**2]], dtype=torch.float64)


CONTROLS = {"correlation": correlation_slider, "widths": sd_sliders}
