"""The numbers of first views that ship: they are measured again, and they hold for their own weights alone."""

from dataclasses import replace

import pytest
import torch

from vaedemo.probability import streams
from vaedemo.training import first_views, store

EACH = [(shipped, name) for shipped, functions in first_views.MEASURED.items() for name in functions]


@pytest.mark.parametrize(("shipped", "name"), EACH)
def test_what_is_shipped_is_what_its_function_measures_now(shipped, name):
    """To the rounding of another machine's arithmetic."""
    run = store.load(shipped)
    measured = first_views.MEASURED[shipped][name](run)
    assert torch.allclose(first_views.known(run, name), measured, rtol=1e-5, atol=1e-3)


def test_the_file_is_the_one_that_make_writes(monkeypatch, tmp_path):
    named = {first_views.PLANE: {"few": lambda run: torch.arange(run.config.latent_dim)}}
    monkeypatch.setattr(first_views, "MEASURED", named)
    monkeypatch.setattr(first_views, "path", lambda: tmp_path / "curves" / "views.npz")
    first_views.make()
    assert first_views.known(store.load(first_views.PLANE), "few").tolist() == [0, 1]


def test_other_weights_have_no_shipped_number():
    run = store.load(first_views.PLANE)
    with torch.no_grad():
        next(run.model.parameters())[0] += 1e-3
    assert first_views.known(run, first_views.LOG_MARGINAL) is None
    assert first_views.known(replace(run, model=store.load("ring-2d").model), first_views.LOG_MARGINAL) is None


@pytest.mark.parametrize("content", [None, b"", b"no archive"])
def test_without_a_sound_file_nothing_is_known(content, monkeypatch, tmp_path):
    file = tmp_path / "views.npz"
    if content is not None:
        file.write_bytes(content)
    monkeypatch.setattr(first_views, "path", lambda: file)
    assert first_views.known(store.load(first_views.PLANE), first_views.LOG_MARGINAL) is None


def test_the_twenty_are_two_of_each_class():
    labels = first_views.datasets.load(first_views.DATASET, split="test").y[first_views.indices()]
    assert labels.tolist() == [label for label in range(10) for _ in range(2)]
    assert labels[list(first_views.AVERAGED)].tolist() == list(range(10))


def test_without_images_the_codes_of_the_stream_are_the_same():
    run, x = store.load(first_views.PLANE), first_views.digits()[:1]
    stream, bare = (
        streams.prior_stream(run.model, images, 50, torch.Generator().manual_seed(0)) for images in (x, x[:0])
    )
    assert torch.equal(stream.codes, bare.codes) and bare.log_weights.shape == (0, 50)
