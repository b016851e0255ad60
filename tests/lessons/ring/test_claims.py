"""What the steps of the ring lesson say, against the exact maps and the shipped run."""

from itertools import pairwise

import numpy as np
import pytest
import torch

from vaedemo import datasets
from vaedemo.analysis import latent, warp
from vaedemo.app import catalogue
from vaedemo.app.lessons.ring import exact, learned, measures, steps
from vaedemo.app.lessons.ring.scenes import HOLE, MOST_DRAWN, samples
from vaedemo.app.shell.links import Parameter
from vaedemo.app.shell.step_links import StepTable
from vaedemo.probability import transforms
from vaedemo.rules import one_of
from vaedemo.training import engine

PART = Parameter("part", "both", one_of("both", "exact", "learned"))
TABLE = StepTable(steps.STEPS, (), PART, *exact.PARAMETERS, *learned.PARAMETERS)


@pytest.fixture
def shipped():
    return catalogue.run(learned.SHIPPED)


def view(name: str) -> dict:
    return TABLE.view_of(name)


def said(name: str) -> str:
    return TABLE.steps[name].say(view(name)).replace("\u00a0", " ")


def test_claim_every_point_moves_along_its_ray_to_length_1_and_a_tenth():
    z = samples(0)
    x = transforms.ring(z)
    assert torch.cosine_similarity(z, x).min() > 1 - 1e-5
    assert torch.allclose(x.norm(dim=1), 1 + z.norm(dim=1) / 10, atol=1e-5)
    assert "on average 1.13" in said("map")
    assert warp.ring_radius_moments()[0] == pytest.approx(1.13, abs=0.005)


def test_claim_a_matrix_leaves_the_middle_densest_and_a_ring_is_empty_there():
    middle, elsewhere = torch.zeros(1, 2), samples(0)[:1000]
    assert (transforms.scale_density(elsewhere) < transforms.scale_density(middle)).all()
    assert transforms.ring_density(middle) == 0
    assert torch.equal(transforms.scale(torch.eye(2)), torch.diag(torch.tensor([2.0, 0.5])))


def test_claim_marked_neighbours_of_0_land_on_all_sides_and_none_inside_1():
    corners = np.array(steps.AROUND_ZERO.split(",")[1:5], float)
    z = samples(0)[:MOST_DRAWN]
    marked = z[(z.abs() <= corners[2]).all(dim=1)]
    assert marked.norm(dim=1).max() < 0.6
    x = transforms.ring(marked)
    assert {tuple(signs) for signs in x.sign().tolist()} == {(1, 1), (1, -1), (-1, 1), (-1, -1)}
    assert x.norm(dim=1).max() < 1.06 and transforms.ring(z).norm(dim=1).min() >= 1
    assert f"Of the {MOST_DRAWN:,} points drawn, none" in said("tear")


def test_claim_the_decoder_is_another_map_that_runs_the_other_way_round(shipped):
    way, exactness = measures.turning()
    assert way == -1 and exactness > 0.95
    assert "the other way round" in said("learned")
    mean, _ = warp.radius_moments(shipped.model.decode(samples(0)[: learned.DECODED]).mean)
    assert abs(mean - warp.ring_radius_moments()[0]) < 0.03
    assert f"{mean:.2f}, exact 1.13" in said("learned")


def test_claim_before_the_training_nothing_of_the_ring_is_there():
    assert measures.in_hole()[0] == 100


def test_claim_no_data_lie_in_the_hole():
    assert datasets.load("ring", "train").x.norm(dim=1).min() > HOLE


def test_claim_the_share_in_the_hole_is_small_fell_to_the_end_and_is_not_0():
    last = measures.in_hole()[-6:]
    assert all(after < before for before, after in pairwise(last)) and last[-1] > 0
    share = warp.share_inside(measures.decoded(view("hole")), HOLE)
    assert 0 < share < 0.1
    assert f"**{100 * share:.1f} %**" in said("hole")


def test_claim_the_decoder_has_to_fill_the_hole(shipped):
    """Its image of a circle around z = 0 winds once around the hole: a continuous map then covers it."""
    turn = torch.linspace(0, 2 * torch.pi, 721)
    for radius in (1.0, 2.0):
        x = shipped.model.decode(radius * torch.stack([turn.cos(), turn.sin()], dim=1)).mean
        assert x.norm(dim=1).min() > HOLE
        angle = np.unwrap(torch.atan2(x[:, 1], x[:, 0]).numpy())
        assert round((angle[-1] - angle[0]) / (2 * np.pi)) == -1
    middle = shipped.model.decode(torch.zeros(1, 2)).mean
    assert middle.norm() < HOLE, "the z around 0 fill it"


def test_claim_the_marked_codes_are_those_in_the_hole(shipped):
    x = shipped.film[-1].images
    side, *numbers = steps.IN_THE_HOLE.split(",")
    left, low, right, high, place = map(float, numbers)
    assert side == "right" and place == len(shipped.film) - 1
    marked = (x[:, 0] >= left) & (x[:, 0] <= right) & (x[:, 1] >= low) & (x[:, 1] <= high)
    assert (marked == (np.linalg.norm(x, axis=1) < HOLE)).all() and marked.any()
    codes = latent.manifold_grid(10).norm(dim=1).numpy()
    assert codes[marked].max() < np.median(codes), "they are codes near z = 0"


def test_claim_two_dense_modes_with_points_between():
    x = exact.images(view("bridge"))[:, 0]
    density = torch.histc(x, 13, -6.5, 6.5)
    assert density[6] > 0 and density[:6].max() > 2 * density[6] < density[7:].max()
    share = (x.abs() < steps.BETWEEN).double().mean().item()
    assert f"**{100 * share:.0f} %**" in said("bridge")
    slopes = (
        transforms.pulled_apart(torch.tensor([0.01, 2.01])) - transforms.pulled_apart(torch.tensor([0.0, 2.0]))
    ) / 0.01
    assert slopes[0] > 5 * slopes[1], "g is steep between"


def test_the_goal_in_the_film_is_met_at_one_frame():
    explore = view("explore")
    met = [frame for frame in range(learned.LAST + 1) if measures.first_below_half(explore | {"frame": frame})]
    assert met == [16] and measures.in_hole()[15] >= 50 > measures.in_hole()[16]


def test_the_goal_of_the_training_is_not_met_by_the_shipped_run():
    assert not measures.trained_badly(view("explore"))
    assert warp.share_inside(measures.decoded(view("hole")), HOLE) < measures.MANY


@pytest.mark.usefixtures("shared_cache")
def test_the_goal_of_the_training_is_met_by_8_units():
    asked = view("explore") | {"width": 8, "train": 1}
    assert not measures.trained_badly(asked)
    engine.train(learned.config_of(asked))
    assert measures.trained_badly(asked)
