"""What the steps of the lesson on the families say, against the shipped models of the ring."""

import numpy as np
import pytest
import torch

from tests.app.pages import open_page
from vaedemo import datasets
from vaedemo.app import catalogue
from vaedemo.app.lessons.taxonomy import data, form, steps
from vaedemo.app.lessons.taxonomy.leaves import BY_KEY
from vaedemo.app.shell.step_view import NOT_SURE
from vaedemo.probability import bounds

STEPS = {step.name: step for step in steps.STEPS}
EXPLORE = {"part": "all", "leaf": "vae", "layers": 8, "source": "ring"}


@pytest.fixture(scope="module")
def models():
    return dict(zip(form.KINDS, form.shipped("ring"), strict=True))


def said(name: str) -> str:
    return STEPS[name].say(dict(STEPS[name].view)).replace("\u00a0", " ")


def share_in_hole(x) -> float:
    return float((np.linalg.norm(x, axis=1) < data.HOLE).mean())


def test_claim_the_sentence_says_of_each_family_what_its_leaf_says():
    text = said("tree")
    for key, words in {
        "autoregressive": "Autoregressive models give up one-pass sampling",
        "flow": "flows free networks and a smaller z",
        "vae": "VAEs the exact likelihood",
        "gan": "GANs the density",
        "boltzmann": "Boltzmann machines exact likelihood and one-pass sampling",
    }.items():
        assert words in text
        price = BY_KEY[key].gives_up
        assert all(word in words or word in ("one-pass", "samples", "p(x)") for word in price.replace(",", "").split())
        assert ("one-pass samples" in price) == ("one-pass" in words)


def test_claim_leaf_card_and_caption_agree_on_the_passes_of_a_sample():
    assert "once" in BY_KEY["flow"].sampling and "once" in BY_KEY["vae"].sampling
    assert "as many network passes as x has axes" in BY_KEY["autoregressive"].sampling
    captions = [each.value for each in open_page("taxonomy", {"part": "points"}).caption]
    words = "For a sample the VAE and the flow are passed once, the autoregressive model once for each axis."
    assert any(words in each for each in captions)


def test_claim_a_flow_s_z_has_as_many_axes_as_x_and_the_way_back(models):
    flow, x = models["flow"].model, datasets.load("ring", "test").x[:100]
    z = x
    with torch.no_grad():
        for coupling in reversed(flow.couplings):
            z = coupling.inverse(z)[0]
        again = z
        for coupling in flow.couplings:
            again = coupling(again)[0]
    assert z.shape == x.shape and torch.allclose(again, x, atol=1e-3)


def test_claim_both_the_bound_and_the_model_keep_the_vae_from_the_truth(models):
    nats = data.nats(form.shipped("ring"))
    truth, autoregressive, flow, tight, loose = nats.values()
    x = datasets.load("ring", "test").x[:200]
    generator = torch.Generator().manual_seed(1)
    exact, error = bounds.log_marginal_grid(models["vae"].model, x, return_error=True)
    bound = bounds.iwae(models["vae"].model, x, samples=data.DRAWS, generator=generator)
    elbo = models["vae"].model.elbo(x, generator=generator).elbo
    assert error.max() < 0.02
    assert elbo.mean() < bound.mean() - 0.2 and bound.mean() < exact.mean(), "what is called at least is no less"
    assert -exact.mean() - truth > 0.2 > max(autoregressive, flow) - truth, "and the model has a part of its own"
    assert f"{loose - truth:.2f} nats above" in said("nats") and f"**{loose - tight:.2f} nats** lower" in said("nats")
    hole = {kind: share_in_hole(data.samples(run, 5000)) for kind, run in models.items()}
    assert hole["vae"] > 0.05 > 0.02 > max(hole["flow"], hole["autoregressive"])
    assert share_in_hole(datasets.load("ring", "test").x.numpy()) == 0


def test_claim_the_flow_s_density_is_above_0_in_the_hole_and_has_a_seam(models):
    edge = data.shown(form.shipped("ring")).edge
    density = data.density(models["flow"].digest, models["flow"], edge)
    assert density.min() > 0
    share = data.in_hole(density, edge)
    assert share == pytest.approx(share_in_hole(data.samples(models["flow"], 20_000)), abs=0.003)
    assert f"**{share:.1%}**" in said("seam")
    assert data.in_hole(data.true_density("ring", edge), edge) == 0
    around = data.around(models["flow"])
    assert around.min() < 0.5 < 0.8 < data.around(models["autoregressive"]).min(), "low there, and only for the flow"
    assert (around < 0.5).mean() < 0.05, "a seam is narrow"
    assert data.seam(models["flow"].digest, models["flow"]) == pytest.approx(np.deg2rad(2 * around.argmin()))


def test_claim_what_is_drawn_second_depends_on_the_first(models):
    x2 = torch.linspace(-1.5, 1.5, 301)
    at = [models["autoregressive"].model.conditional(1, x2, torch.full_like(x2, first)).exp() for first in (0.0, 1.1)]
    assert (at[0] - at[1]).abs().sum() * 0.01 > 1
    side = catalogue.run("mnist-20d").model.data_shape[-1]
    assert side**2 == steps.PIXELS and f"**{steps.PIXELS} passes**" in said("passes")


def test_claim_64_numbers_fill_no_volume_of_784():
    decoder = catalogue.run("mnist-20d").model
    moved = torch.autograd.functional.jacobian(lambda z: decoder.decode(z).mean.flatten(), torch.zeros(1, 20))
    assert torch.linalg.matrix_rank(moved.reshape(784, 20).double()) <= 20


def test_the_goals_can_be_met_and_are_not_at_first():
    leaf, half = steps.GOALS
    assert not leaf.met(EXPLORE) and not half.met(EXPLORE)
    assert [key for key in BY_KEY if leaf.met(EXPLORE | {"leaf": key})] == ["flow"]
    assert half.met(EXPLORE | {"leaf": "flow", "layers": 4})


def test_an_open_question_s_picture_has_no_answer():
    at = open_page("taxonomy", {"step": "nats"})
    assert "tighter bound" not in at.get("plotly_chart")[0].proto.spec
    at.button(key=f"taxonomy.option{NOT_SURE}").click().run()
    assert "tighter bound" in at.get("plotly_chart")[0].proto.spec
