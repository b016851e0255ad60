"""Film frames: their steps, their codes, their bytes, and what is refused."""

import io
import math
import sys
import tempfile
from itertools import pairwise

import numpy as np
import pytest
import torch

from vaedemo.config import RunConfig
from vaedemo.models import build
from vaedemo.models.ensemble import Alone
from vaedemo.training.film import (
    LARGEST_FILM_BYTES,
    MOST_FRAMES,
    StoredFilm,
    frame_codes,
    frame_steps,
    read_frames,
    take_frames,
    write_frames,
)
from vaedemo.training.publisher import LARGEST_PREVIEW_BYTES
from vaedemo.training.subset import balanced


@pytest.mark.parametrize("steps", [1, 2, 3, 28, 29, 30, 31, 100, 4690, 10**7])
def test_steps_are_few_and_span_the_training(steps):
    chosen = frame_steps(steps)
    assert chosen[0] == 0 and chosen[-1] == steps and len(chosen) <= MOST_FRAMES
    assert chosen == sorted(set(chosen)) and all(0 <= step <= steps for step in chosen)
    if steps >= 100:
        ratios = [after / before for before, after in pairwise(chosen[10:])]
        assert max(ratios) < 2 * steps ** (1 / (MOST_FRAMES - 2)), "evenly spaced on a logarithmic axis"


def test_codes_are_the_prior_s_quantiles_or_draws():
    line = frame_codes(1).flatten().double()
    shares = 0.5 * (1 + torch.erf(line / math.sqrt(2)))
    torch.testing.assert_close(shares, (torch.arange(100).double() + 0.5) / 100, rtol=0, atol=1e-6)
    assert frame_codes(2).shape == (100, 2) and torch.equal(frame_codes(2), -frame_codes(2).flip(0))
    assert frame_codes(7).shape == (100, 7) and torch.equal(frame_codes(7), frame_codes(7))


@pytest.mark.parametrize("latent_dim", [1, 2, 20])
def test_a_frame_of_images_is_small_and_comes_back_from_bytes(few_digits, latent_dim):
    model = build(RunConfig(hidden=(8,), latent_dim=latent_dim), (1, 28, 28))
    shown = balanced(few_digits[1], 60)
    (frame,) = take_frames(Alone(model), shown, shown.as_data(), step=12).to_frames()
    assert frame.images.shape == (100, 1, 28, 28) and frame.images.dtype == np.uint8
    assert frame.means.shape == (60, latent_dim) and frame.means.dtype == np.float16
    assert frame.labels.tolist() == shown.y.tolist()
    content = write_frames([frame])
    assert len(content) <= LARGEST_PREVIEW_BYTES
    (back,) = read_frames(content)
    assert back.step == 12
    for name in ("images", "means", "labels"):
        assert (getattr(back, name) == getattr(frame, name)).all()
        assert getattr(back, name).dtype == getattr(frame, name).dtype


def test_a_frame_of_points_keeps_their_coordinates(ring):
    model = build(RunConfig(dataset="ring", hidden=(8,)), (2,))
    shown = balanced(ring[1], 50)
    (frame,) = take_frames(Alone(model), shown, shown.as_data(), step=0).to_frames()
    assert frame.images.shape == (100, 2) and frame.images.dtype == np.float32
    assert (frame.images == model.decode(frame_codes(2)).mean.detach().numpy()).all()


def test_a_film_comes_back_frame_by_frame(small_run):
    frames = read_frames(write_frames(small_run.film))
    assert [frame.step for frame in frames] == [frame.step for frame in small_run.film]
    assert all((a.images == b.images).all() for a, b in zip(frames, small_run.film, strict=True))


def test_a_stored_film_stays_packed_and_reads_like_its_frames(small_run):
    content = write_frames(small_run.film)
    film = StoredFilm(content)
    assert len(film) == len(small_run.film)
    assert [frame.step for frame in film] == [frame.step for frame in small_run.film] == [each.step for each in film[:]]
    assert (film[-1].images == small_run.film[-1].images).all() and film[1:3][0].step == film[1].step
    assert write_frames(film) == content


def test_a_stored_film_takes_no_memory_of_its_own_and_leaves_no_file(small_run, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    content = write_frames(small_run.film)
    film = StoredFilm(content)
    assert content not in vars(film).values()
    assert list(tmp_path.iterdir()) == []
    file = film._file
    del film
    assert file.closed


@pytest.mark.skipif(sys.platform == "win32", reason="no limit on the size of files there")
def test_a_stored_film_waits_in_memory_where_the_disk_refuses_it(small_run):
    import resource

    content = write_frames(small_run.film)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(content) // 2, before[1]))
    try:
        film = StoredFilm(content)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert content in vars(film).values()
    assert [frame.step for frame in film] == [frame.step for frame in small_run.film]


def npz(**arrays):
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)
    return buffer.getvalue()


def sound():
    return {
        "steps": np.arange(2),
        "images": np.zeros((2, 4, 1, 3, 3), np.uint8),
        "means": np.zeros((2, 5, 2), np.float16),
        "labels": np.zeros(5, np.int16),
    }


class Bomb:
    """Unpickling one would leave a mark."""

    exploded = False

    def __reduce__(self):
        return (setattr, (Bomb, "exploded", True))


def test_an_array_of_objects_is_refused_and_never_unpickled():
    hostile = np.empty(2, dtype=object)
    hostile[:] = [Bomb(), Bomb()]
    for name in sound():
        with pytest.raises(ValueError, match="The film cannot be read"):
            read_frames(npz(**(sound() | {name: hostile})))
    assert not Bomb.exploded


@pytest.mark.parametrize(
    "changes",
    [
        {"steps": np.arange(3)},
        {"steps": np.zeros(0, int), "images": np.zeros((0, 4, 2)), "means": np.zeros((0, 5, 2))},
        {"steps": np.array(3)},
        {"means": np.zeros(2)},
        {"means": np.zeros((2, 4, 2))},
        {"labels": np.array(1)},
        {"images": np.zeros(2)},
    ],
    ids=lambda changes: " ".join(changes),
)
def test_arrays_that_do_not_fit_are_refused(changes):
    assert len(read_frames(npz(**sound()))) == 2
    with pytest.raises(ValueError, match="its arrays do not fit each other"):
        read_frames(npz(**(sound() | changes)))


def test_other_bytes_are_refused():
    missing = {name: array for name, array in sound().items() if name != "means"}
    plain_array = io.BytesIO()
    np.save(plain_array, np.zeros(3))
    whole = npz(**sound())
    for content in (b"", b"not a film", npz(**missing), plain_array.getvalue(), whole[:-30], whole[:50]):
        with pytest.raises(ValueError, match="The film cannot be read"):
            read_frames(content)


def test_a_film_that_would_fill_the_memory_is_refused():
    huge = np.zeros(LARGEST_FILM_BYTES + 1, np.uint8)
    content = npz(**(sound() | {"images": huge}))
    assert len(content) < 1_000_000
    with pytest.raises(ValueError, match="it would unpack to"):
        read_frames(content)
