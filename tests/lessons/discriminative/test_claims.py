"""What the steps of the lesson on discriminative models say, against the shipped runs."""

import pytest
import torch

from tests.app.pages import open_page
from vaedemo import datasets
from vaedemo.analysis import best_input
from vaedemo.app import catalogue
from vaedemo.app.lessons.discriminative import digits, form, models, points, steps
from vaedemo.app.lessons.discriminative.links import Table
from vaedemo.app.shell.links import Parameter
from vaedemo.app.shell.step_view import NOT_SURE
from vaedemo.datasets.same_posterior import SQUARE, STRAYS, posterior
from vaedemo.rules import one_of

NAMES = ("crowds", "fringes")
PART = Parameter("part", "points", one_of("sets", "points", "moved", "uphill", "bayes", "images"))
TABLE = Table(steps.STEPS, (), PART, *models.PARAMETERS, *points.PARAMETERS, *digits.PARAMETERS)


@pytest.fixture(scope="module")
def data():
    return [datasets.load(name, split="test") for name in NAMES]


def runs(kind: str) -> list:
    return [catalogue.run(f"{name}-{kind}") for name in NAMES]


def view(name: str) -> dict:
    return TABLE.view_of(name)


def said(name: str, **changes) -> str:
    return TABLE.steps[name].say(view(name) | changes)


def shares(x: torch.Tensor, cells: int = 6) -> torch.Tensor:
    """The share of points in each cell of a grid over the square."""
    found, _ = torch.histogramdd(x, [cells, cells], range=[-SQUARE, SQUARE] * 2)
    return found.flatten() / found.sum()


def apart(a: torch.Tensor, b: torch.Tensor) -> float:
    return 0.5 * (shares(a) - shares(b)).abs().sum().item()


def samples(run, count: int = 4000) -> torch.Tensor:
    generator = torch.Generator().manual_seed(7)
    return run.model.decode(torch.randn(count, 2, generator=generator)).sample(generator)


def test_claim_the_classifiers_agree_and_the_sets_do_not(data):
    x = torch.cat([each.x for each in data])
    p, q = (run.model.probabilities(x)[:, 1] for run in runs("classifier"))
    difference = (p - q).abs().mean().item()
    assert difference < 0.05 and f"differ by {difference:.2f} on average" in said("answer")
    assert max((each - posterior(x)).abs().mean() for each in (p, q)) < 0.04
    assert apart(*(each.x for each in data)) > 0.4


def test_claim_the_vaes_draw_what_is_blurred_but_apart(data):
    crowds, fringes = (samples(run) for run in runs("vae"))
    same = apart(crowds[:2000], crowds[2000:])
    assert apart(crowds, fringes) > 2 * same, "no two pictures are alike"
    assert apart(crowds, fringes) < apart(*(each.x for each in data)), "blurred"
    own, other = apart(crowds, data[0].x), apart(crowds, data[1].x)
    assert own < other and own > apart(fringes, data[1].x), "the clusters' VAE blurs more than the stripes'"


@pytest.mark.parametrize("ask", [7, 2])
def test_claim_certain_noise_is_still_noise(ask):
    classifier, _ = form.shipped()
    start = best_input.noise(10, classifier.model.data_shape, torch.Generator().manual_seed(0))
    ends = best_input.ascend(classifier.model, start, ask, 40, 0.1)[-1]
    assert classifier.model.probabilities(start)[:, ask].mean() < 0.01
    assert classifier.model.probabilities(ends)[:, ask].min() > 0.99
    change = (ends - start).abs().mean().item()
    assert change < 0.1 and f"changed by {change:.2f}" in said("noise", ask=ask)
    across = (ends[..., 1:] - ends[..., :-1]).abs().mean() / (start[..., 1:] - start[..., :-1]).abs().mean()
    assert 0.9 < across < 1.1, "neighbouring pixels differ as those of noise do"
    assert classifier.metrics["test_accuracy"] > 0.97, "nearly every test digit"
    assert steps.is_certain(view("noise") | {"ask": ask}) and not steps.is_certain(view("noise") | {"uphill": 0})


def test_claim_noise_alone_is_a_5_to_the_classifier():
    classifier, _ = form.shipped()
    start = best_input.noise(10, classifier.model.data_shape, torch.Generator().manual_seed(0))
    assert (classifier.model.probabilities(start).argmax(dim=1) == 5).all()


def test_claim_the_vae_is_not_fooled():
    classifier, vae = form.shipped()
    here = steps.of_digits(view("doubt"))
    assert (classifier.model.probabilities(here.best).argmax(1) == 7).all()
    surer, less_sure = (classifier.model.probabilities(x)[:, 7].mean() for x in (here.best, here.kept))
    assert surer > less_sure
    noise, kept = (-vae.model.elbo(x, generator=torch.Generator().manual_seed(3)).elbo for x in (here.best, here.kept))
    assert noise.min() > 10 * kept.max(), "far larger for each"
    test = catalogue.images(classifier.config.dataset)[0].as_data()[:500]
    assert -vae.model.elbo(test, generator=torch.Generator().manual_seed(3)).elbo.mean() < 0.1 * noise.min()
    assert f"{here.loss_of_best:,.0f} nats" in said("doubt")


@pytest.mark.parametrize("ask", range(10))
def test_claim_bayes_rule_keeps_as_many_as_p_of_y(ask):
    here = steps.of_digits(view("draw") | {"ask": ask})
    expected = here.draws.probability.double().mean().item()
    error = (expected * (1 - expected) / 1000) ** 0.5
    assert abs(here.draws.kept.double().mean().item() - expected) < 4 * error
    text = said("draw", ask=ask)
    assert f"{int(here.draws.kept.sum())} of 1,000" in text and f"{{{expected:.2f}}}" in text
    assert steps.is_chosen(view("draw") | {"ask": ask})


def test_claim_the_classifier_does_as_well_on_the_other_set_and_the_vae_does_not(data):
    stripes = data[1]
    old, own = ((run.model.probabilities(stripes.x).argmax(1) == stripes.y).double() for run in runs("classifier"))
    error = (old - own).std().item() / len(stripes.x) ** 0.5
    assert abs((old - own).mean().item()) < 2 * error, "no difference beyond chance"
    best = ((posterior(stripes.x) > 0.5) == stripes.y).double().mean().item()
    assert abs(old.mean().item() - best) < 0.02
    text = said("moved")
    assert f"**{old.mean().item():.0%}** of the stripes, their own on {own.mean().item():.0%}" in text
    worse, better = (-run.model.elbo(stripes.x, generator=torch.Generator().manual_seed(1)).elbo for run in runs("vae"))
    assert (worse - better).mean() > 10 * (worse - better).std() / len(stripes.x) ** 0.5
    assert f"{(worse - better).mean().item():.1f} nats more loss" in text
    assert STRAYS == 1 / 5


def test_the_goals_can_be_met_and_are_not_at_first():
    apart, rare = steps.GOALS
    explore = view("explore")
    assert not apart.met(explore) and not rare.met(explore | {"part": "bayes"})
    line = [round(-2.2 + 0.2 * place, 1) for place in range(23)]
    assert any(apart.met(explore | {"x1": x1, "x2": x2}) for x1 in line for x2 in line)
    assert [ask for ask in range(10) if rare.met(explore | {"part": "bayes", "ask": ask})] == [0]
    assert not any(goal.met(explore | {"points": "own", "source": "own", "part": "images"}) for goal in steps.GOALS)


def test_an_open_question_s_picture_has_no_answer():
    for step, hidden in (("noise", "discriminative.best"), ("draw", "discriminative.kept")):
        at = open_page("discriminative", {"step": step})
        assert not any(each.proto.id.endswith(hidden) for each in at.get("bidi_component"))
        at.button(key=f"discriminative.option{NOT_SURE}").click().run()
        assert any(each.proto.id.endswith(hidden) for each in at.get("bidi_component"))
