"""Active units on known codes, neighbours against brute force, the probe on classes it can and cannot tell apart."""

import pytest
import torch
from torch.distributions import Normal

from vaedemo.analysis import quality
from vaedemo.analysis.quality import active_units, linear_probe, nearest


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


class ScalingEncoder:
    """Encodes x as its own columns, each times a factor."""

    def __init__(self, *factors):
        self.factors = torch.tensor(factors)
        self.calls = 0

    def encode(self, x):
        self.calls += 1
        return Normal(x * self.factors, torch.ones_like(x))


def test_active_units_counts_axes_by_the_variance_of_their_means():
    # Columns of variance 1: the axis variances are the squared factors; the posterior's own variance does not count.
    x = torch.randn(5000, 4, generator=generator())
    x = (x - x.mean(0)) / x.std(0)
    model = ScalingEncoder(1.0, 0.0, 0.0999, 0.1001)
    assert active_units(model, x) == 2
    assert model.calls == 3
    assert active_units(model, x, threshold=0.005) == 3
    assert active_units(model, x + 100.0 * torch.tensor([0.0, 1.0, 0.0, 0.0])) == 2


def test_active_units_needs_two_examples():
    with pytest.raises(ValueError, match="at least 2 examples"):
        active_units(ScalingEncoder(1.0), torch.zeros(1, 1))


@pytest.mark.parametrize("k", [1, 5])
def test_nearest_is_brute_force_across_chunks(k, monkeypatch):
    monkeypatch.setattr(quality, "IMAGE_CHUNK", 7)
    monkeypatch.setattr(quality, "LIBRARY_CHUNK", 50)
    images = torch.randint(256, (20, 1, 8, 8), generator=generator(), dtype=torch.uint8)
    library = torch.randint(256, (333, 1, 8, 8), generator=generator(1), dtype=torch.uint8)
    indices, distances = nearest(images, library, k)
    every = torch.cdist(images.flatten(1).double() / 255, library.flatten(1).double() / 255)
    expected, order = every.sort(dim=1, stable=True)
    assert torch.equal(indices, order[:, :k])
    torch.testing.assert_close(distances.double(), expected[:, :k], rtol=1e-6, atol=0)


def test_nearest_finds_a_copy_at_distance_zero_and_the_first_of_equals():
    library = torch.randint(256, (100, 1, 28, 28), generator=generator(), dtype=torch.uint8)
    library[60] = library[20]
    indices, distances = nearest(library[[60, 5]], library, 3)
    assert indices[0, :2].tolist() == [20, 60] and indices[1, 0] == 5
    assert distances[0, :2].tolist() == [0, 0] and distances[0, 2] > 0


def test_nearest_tells_bright_images_apart_that_differ_by_one_grey_level():
    # ‖x‖² is about 770 and one grey level 1.5e-5 of a squared distance: below the rounding of the fast formula.
    for seed in range(10):
        image = torch.randint(250, 255, (1, 784), generator=generator(seed), dtype=torch.uint8)
        library = image.repeat(8, 1)
        for index in range(8):
            changed = torch.randperm(784, generator=generator(seed + index))[: 8 - index]
            library[index, changed] += 1
        indices, distances = nearest(image, library, 1)
        assert indices.tolist() == [[7]]
        assert distances.item() == pytest.approx(1 / 255, rel=1e-4)


def test_nearest_compares_float_images_with_a_uint8_library():
    library = torch.randint(256, (30, 1, 4, 4), generator=generator(), dtype=torch.uint8)
    indices, distances = nearest(library[3:6].float() / 255 + 0.001, library, 1)
    assert indices.flatten().tolist() == [3, 4, 5]
    torch.testing.assert_close(distances, torch.full((3, 1), 0.004), rtol=1e-3, atol=0)


def test_nearest_of_nothing_is_nothing_and_bad_input_is_named():
    library = torch.zeros(4, 2)
    indices, distances = nearest(torch.zeros(0, 2), library, 3)
    assert indices.shape == distances.shape == (0, 3)
    for k in (0, 5):
        with pytest.raises(ValueError, match=f"k must be a whole number from 1 to 4, got {k}"):
            nearest(library, library, k)
    with pytest.raises(ValueError, match=r"shape \(3,\), those of the library \(2,\)"):
        nearest(torch.zeros(1, 3), library)


def blobs(n, seed):
    y = torch.arange(n) % 3
    centres = torch.tensor([[0.0, 0.0], [8.0, 0.0], [0.0, 8.0]])
    return centres[y] + torch.randn(n, 2, generator=generator(seed)), y


def test_linear_probe_reads_separate_blobs_whatever_the_scale_of_an_axis():
    (z_train, y_train), (z_test, y_test) = blobs(300, 0), blobs(300, 1)
    accuracy = linear_probe(z_train, y_train, z_test, y_test)
    assert isinstance(accuracy, float) and accuracy > 0.99
    stretch = torch.tensor([1e-3, 1e3])
    assert linear_probe(z_train * stretch + 5, y_train, z_test * stretch + 5, y_test) == pytest.approx(
        accuracy, abs=0.004
    )


def test_linear_probe_is_at_chance_on_noise_and_blind_to_a_ring_within_a_ring():
    noise, y = torch.randn(900, 2, generator=generator()), torch.arange(900) % 3
    assert linear_probe(noise[:450], y[:450], noise[450:], y[450:]) < 0.45
    angle = torch.linspace(0, 25, 400)
    y = torch.arange(400) % 2
    rings = torch.stack([angle.cos(), angle.sin()], 1) * (1 + 2 * y).unsqueeze(1)
    assert linear_probe(rings, y, rings, y) < 0.65


def test_linear_probe_names_what_it_cannot_learn_from():
    z, y = torch.randn(10, 2, generator=generator()), torch.arange(10) % 2
    with pytest.raises(ValueError, match="at least 2 classes, got 1"):
        linear_probe(z, torch.zeros(10, dtype=torch.int64), z, y)
    with pytest.raises(ValueError, match=r"y_test must have shape \(M,\) with M = 10, got \(9,\)"):
        linear_probe(z, y, z, y[:9])
