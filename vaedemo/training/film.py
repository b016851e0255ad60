"""Frames of a training film: decoded images and the test data's code means at selected steps."""

import dataclasses
import io
import math
import tempfile
import threading
import weakref
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from vaedemo.analysis import latent
from vaedemo.datasets import ImageSet
from vaedemo.models.ensemble import Ensemble
from vaedemo.models.own_network import evaluating

MOST_FRAMES = 30
GRID_SIDE = 10
SHOWN_CODES = 500
LARGEST_FILM_BYTES = 50_000_000


@dataclass(frozen=True)
class Frame:
    """The model at one step.

    `step`: optimizer steps done. `images`: the decoded fixed codes, uint8 (n, C, H, W), or float32 (n, 2) for points.
    `means`: float16 (M, latent_dim), the code means of M fixed test examples with the classes `labels` (M,).
    """

    step: int
    images: np.ndarray
    means: np.ndarray
    labels: np.ndarray

    def without_images(self) -> "Frame":
        """The same frame with zero images, shape (0, …)."""
        return dataclasses.replace(self, images=self.images[:0])


def frame_codes(latent_dim: int) -> Tensor:
    """The 100 fixed codes of every frame: a grid of normal quantiles for one or two axes, else prior samples."""
    if latent_dim == 1:
        return torch.special.ndtri((torch.arange(GRID_SIDE**2) + 0.5) / GRID_SIDE**2)[:, None].float()
    if latent_dim == 2:
        return latent.manifold_grid(GRID_SIDE)
    generator = torch.Generator().manual_seed(0)
    return torch.randn((GRID_SIDE**2, latent_dim), generator=generator)


def frame_steps(steps: int) -> list[int]:
    """At most 30 steps with a frame, from 0 to the last, evenly spaced on a logarithmic axis."""
    spaced = np.geomspace(1, max(steps, 1), MOST_FRAMES - 1).round().astype(int)
    return sorted({0, *spaced.tolist()})


@dataclass(frozen=True)
class DeviceFrames:
    """The frames of all members of an ensemble as tensors on their device, taken without synchronization.

    `images` (K, n, …) and `means` (K, M, latent_dim); `to_frames` copies them to the CPU.
    """

    step: int
    images: Tensor
    means: Tensor
    labels: np.ndarray

    def to_frames(self) -> list[Frame]:
        """One `Frame` per member; waits for the device."""
        images, means = self.images.cpu().numpy(), self.means.cpu().numpy()
        return [Frame(self.step, *own, self.labels) for own in zip(images, means, strict=True)]


def fits_film(shape: Sequence[int]) -> bool:
    """Whether a film of images of this shape (C, H, W) stays below its largest size, with room for the code means."""
    return MOST_FRAMES * GRID_SIDE**2 * math.prod(shape) <= 0.8 * LARGEST_FILM_BYTES


@torch.no_grad()
def take_frames(ensemble: Ensemble, shown: ImageSet, data: Tensor, step: int) -> DeviceFrames | None:
    """The present images and code means of an ensemble's members; None for models that decode no codes.

    None, too, for images so large that a whole film would not be read again (above 64 × 64 in three colours).
    `data`: the `shown` examples as the models read them, on the models' device.
    """
    if not hasattr(ensemble.members[0], "decode") or not (shown.is_points or fits_film(shown.x.shape[1:])):
        return None
    codes = frame_codes(ensemble.members[0].latent_dim).to(data, non_blocking=True)
    with evaluating(ensemble.members):
        decoded = ensemble.pictures(codes).float()
        means = ensemble.code_means(data).to(torch.float16)
    if not shown.is_points:
        decoded = decoded.clamp(0, 1).mul(255).round().to(torch.uint8)
    return DeviceFrames(step, decoded, means, shown.y.numpy().astype(np.int16))


def write_frames(frames: Sequence[Frame]) -> bytes:
    """Frames as one compressed npz: steps (F,), images (F, n, …), means (F, M, d), labels (M,)."""
    frames = list(frames)
    buffer = io.BytesIO()
    np.savez_compressed(
        buffer,
        steps=np.array([frame.step for frame in frames], dtype=np.int64),
        images=np.stack([frame.images for frame in frames]),
        means=np.stack([frame.means for frame in frames]),
        labels=frames[0].labels,
    )
    return buffer.getvalue()


def read_frames(content: bytes) -> list[Frame]:
    """The frames of `write_frames`. Raises ValueError for another content; never unpickles."""
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as film:
            declared = sum(film.zip.getinfo(name).file_size for name in film.zip.namelist())
            if declared > LARGEST_FILM_BYTES:
                raise ValueError(f"it would unpack to {declared:,} bytes")
            steps, images, means, labels = film["steps"], film["images"], film["means"], film["labels"]
    except Exception as error:  # numpy and zipfile raise a dozen kinds of errors for a damaged file
        raise ValueError(f"The film cannot be read: {error}") from error
    fit = steps.ndim == labels.ndim == 1 and images.ndim in (3, 5) and means.ndim == 3
    if not fit or not 0 < len(steps) == len(images) == len(means) or means.shape[1] != len(labels):
        raise ValueError("The film cannot be read: its arrays do not fit each other.")
    return [Frame(int(step), images[i], means[i], labels) for i, step in enumerate(steps)]


def in_own_file(content: bytes) -> io.FileIO | None:
    """An anonymous temporary file with the content, deleted when it is closed; None when the disk is full."""
    try:
        file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 (its user closes it)
    except OSError:
        return None
    try:
        if file.write(content) == len(content):
            return file
    except OSError:
        pass
    file.close()
    return None


class StoredFilm(Sequence[Frame]):
    """The frames of a film, kept compressed in an anonymous file to save about 2 MB of memory per open run.

    Each access decompresses all frames. When the file cannot be written, the compressed film stays in memory. Raises
    what `read_frames` raises.
    """

    def __init__(self, content: bytes):
        self._count = len(read_frames(content))
        self._file = in_own_file(content)
        self._content = content if self._file is None else b""
        self._reading = threading.Lock()  # all sessions share the file's position
        if self._file is not None:
            weakref.finalize(self, self._file.close)

    def _frames(self) -> list[Frame]:
        if self._file is None:
            return read_frames(self._content)
        with self._reading:
            self._file.seek(0)
            content = self._file.readall()
        return read_frames(content)

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, index):
        return self._frames()[index]

    def __iter__(self) -> Iterator[Frame]:
        return iter(self._frames())
