"""What the steps of the page on PCA say, measured on the shipped images and runs."""

import numpy as np
import pytest
import torch

from vaedemo import datasets
from vaedemo.app import catalogue
from vaedemo.app.lessons.pca import growing, one_image, steps
from vaedemo.models import pca
from vaedemo.training import shipped_runs

IMAGES = [(images, place) for images in one_image.DATASETS for place in range(one_image.CHOICES)]


def view(name):
    """The view of a step."""
    (step,) = (step for step in steps.STEPS if step.name == name)
    known = {"images": "mnist-55k", "image": 0, "pixels": "kept", "source": "shipped", "k": 16}
    return known | step.view


def said(name, **changes):
    (step,) = (step for step in steps.STEPS if step.name == name)
    return step.say(view(name) | changes).replace("\u00a0", " ")


def pixels_of(images, place):
    """An image as a matrix, by another way than the page's."""
    shown = catalogue.images(images)[0]
    rows = [int(row) for label in range(10) for row in (shown.y == label).nonzero().flatten()[:2]]
    return shown.x[rows[place], 0].double().numpy() / 255


def kept(matrix, count):
    values = np.linalg.svd(matrix, compute_uv=False) ** 2
    return values[:count].sum() / values.sum()


@pytest.fixture(scope="module")
def errors():
    """By k: the errors of PCA, of the linear and of the deep autoencoder on the test digits; PCA's by numpy's SVD."""
    train = datasets.load("digits", "train").as_data().flatten(1).double().numpy()
    x = datasets.load("digits", "test").as_data()
    rows, mean = x.flatten(1).double().numpy() - train.mean(0), train.mean(0)
    axes = np.linalg.svd(train - mean, full_matrices=False)[2]

    def of_pca(k):
        return np.square(rows - rows @ axes[:k].T @ axes[:k]).mean()

    def of_run(name):
        return (catalogue.run(name).model.reconstruct(x) - x).square().mean().item()

    of_runs = {k: (of_pca(k), of_run(f"linear-{k}"), of_run(f"deep-{k}")) for k in shipped_runs.COMPONENTS}
    return of_runs, of_pca


@pytest.mark.parametrize(("images", "place"), IMAGES)
def test_claim_the_first_five_terms_hold_most_of_every_image_and_less_once_shuffled(images, place):
    matrix = pixels_of(images, place)
    values = {"images": images, "image": place, "pixels": "kept"}
    assert growing.few(values) == pytest.approx(kept(matrix, 5))
    assert growing.few(values) > 0.85
    assert growing.few(values, "shuffled") < growing.few(values) - 0.15


def test_claim_the_numbers_of_the_first_and_the_last_step():
    matrix = pixels_of("mnist-55k", steps.EIGHT)
    u, s, _ = np.linalg.svd(matrix)
    assert np.linalg.matrix_rank(matrix) == 20
    text = said("sum")
    assert f"**{100 * kept(matrix, 5):.0f} %**" in text and "The other 15" in text
    # The slide's projection U_k U_kᵀ x of the image's columns is the sum of its first k terms.
    found, _ = one_image.of(view("sum"))
    np.testing.assert_allclose(u[:, :5] @ u[:, :5].T @ matrix, found.partial(5).numpy(), atol=1e-6)
    for number in (0, 1, 4):
        assert f"\\underset{{{s[number]:.1f}}}" in text
    order = torch.randperm(784, generator=torch.Generator().manual_seed(0)).numpy()
    mixed = matrix.flatten()[order].reshape(28, 28)
    assert f"hold **{100 * kept(mixed, 5):.0f} %**; in place they held {100 * kept(matrix, 5):.0f} %" in said(
        "shuffled"
    )
    assert 0.4 < kept(mixed, 5) < 0.6, "about half"


def test_claim_the_rows_of_an_image_are_alike_and_shuffled_ones_are_not():
    """The mean cosine between neighbouring rows that are not empty."""
    for values, low, high in (({"pixels": "kept"}, 0.6, 1), ({"pixels": "shuffled"}, 0, 0.35)):
        rows = one_image.of(view("sum") | values)[1].numpy()
        rows = rows[np.linalg.norm(rows, axis=1) > 0]
        units = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        assert low < (units[:-1] * units[1:]).sum(1).mean() < high


def test_claim_the_deep_autoencoder_beats_pca_at_each_k_and_by_most_at_8(errors):
    of_runs, _ = errors
    leads = {k: 1 - deep / best for k, (best, _, deep) in of_runs.items()}
    assert all(lead > 0 for lead in leads.values())
    assert max(leads, key=leads.get) == steps.K
    for k, lead in leads.items():
        assert f"With {k} numbers" in said("deep", k=k) and f"**{100 * lead:.0f} %**" in said("deep", k=k)
    assert f"at k = 32 it is {100 * leads[32]:.0f} %" in said("curve")
    assert leads[8] > leads[16] > leads[32], "with more numbers the lead shrinks"
    assert min(leads, key=leads.get) == 32, "the goal of Explore"


def test_claim_pca_needs_18_numbers_for_what_the_deep_one_does_with_8(errors):
    of_runs, of_pca = errors
    deep = of_runs[steps.K][2]
    assert of_pca(18) <= deep < of_pca(17)
    assert "**18 numbers**" in said("curve")
    saved = [of_pca(k) - of_pca(k + 1) for k in range(8, 19)]
    assert max(saved) < (of_pca(8) - deep) / 4, "the curve falls slowly there"


@pytest.mark.parametrize("k", shipped_runs.COMPONENTS)
def test_claim_the_columns_are_no_axes_and_span_the_same_plane(k):
    train = datasets.load("digits", "train").as_data().flatten(1)
    axes = pca.fit(train, k).components.double().numpy().T
    weight = catalogue.run(f"linear-{k}").model
    zero = weight.decode(torch.zeros(1, k)).mean.flatten(1)
    columns = (weight.decode(torch.eye(k)).mean.flatten(1) - zero).double().numpy().T
    units = columns / np.linalg.norm(columns, axis=0)
    nearest = np.degrees(np.arccos(np.abs(axes.T @ units).max(0)))
    assert nearest.min() > 20
    largest = np.degrees(np.arcsin(np.linalg.norm(axes - columns @ np.linalg.lstsq(columns, axes)[0], ord=2)))
    assert f"**{nearest.mean():.0f}°**" in said("plane", k=k) and f"within {largest:.1f}°" in said("plane", k=k)
    assert largest < 2


def test_claim_clothes_reach_the_goal_and_digits_do_not():
    """In Explore: a first term that holds 95 % alone."""
    first = {key: kept(pixels_of(*key), 1) for key in IMAGES}
    assert max(share for (images, _), share in first.items() if images == "fashion") >= steps.ALMOST_ALL
    assert max(share for (images, _), share in first.items() if images != "fashion") < steps.ALMOST_ALL
