"""Trains a program of the clinic and watches it: its own losses after each epoch, and frames of a film."""

import math
import runpy
import secrets
import shutil
import tempfile
from pathlib import Path

import torch
from torch import Tensor, nn

from vaedemo.analysis import latent
from vaedemo.clinic import diseases, records
from vaedemo.clinic.digits import Part, parts
from vaedemo.clinic.records import PARTS, TERMS, Record
from vaedemo.training.film import Frame

FRAME_EPOCHS = (0, 1, 2, 3, 5, 8, 12, 20, 30, 45, 60)
SIDE = 8  # of the grid of decoded images
SHOWN_CODES = 500
SEED = 1  # of the noise with which losses are measured


class Watch:
    """Called before the first epoch and after each: keeps the losses of all parts, and frames at `FRAME_EPOCHS`.

    Once a loss is no number, nothing more is kept.
    """

    def __init__(self, data: dict[str, Part], axes: int):
        self.data, self.z = data, fixed_codes(axes)
        self.rows: list[list[float]] = []
        self.seen: list[tuple[int, Tensor, Tensor]] = []  # optimizer steps done, codes, decoded images
        self.steps = 0

    @torch.no_grad()
    def __call__(self, epoch: int, model: nn.Module) -> None:
        if epoch == 0:
            model.register_forward_hook(self.count)
        with torch.random.fork_rng(devices=[]):  # measuring takes no noise from the training
            torch.manual_seed(SEED)
            losses = [value.item() for part in PARTS for value in model(self.data[part].pixels)]
        if len(self.rows) < epoch or not all(map(math.isfinite, losses)):
            return
        self.rows.append([epoch, *losses])
        if epoch in FRAME_EPOCHS:
            _, mu, _ = model.encode(self.data["test"].pixels[:SHOWN_CODES])
            self.seen.append((self.steps, mu, torch.sigmoid(model.decoder(self.z))))

    def count(self, *_) -> None:
        """Count the forward passes of the training, one a step; those of measuring need no gradient."""
        self.steps += torch.is_grad_enabled()

    def curves(self) -> records.Curves:
        return dict(zip(records.COLUMNS, (list(column) for column in zip(*self.rows, strict=True)), strict=True))

    def frames(self) -> list[Frame]:
        """The frames of the film. The codes are those on the two axes that vary most at the end."""
        axes = self.seen[-1][1].var(dim=0).topk(2).indices.sort().values
        labels = self.data["test"].y[:SHOWN_CODES].numpy().astype("int16")
        return [
            Frame(
                steps,
                images.mul(255).round().to(torch.uint8).reshape(-1, 1, 28, 28).numpy(),
                mu[:, axes].numpy(),
                labels,
            )
            for steps, mu, images in self.seen
        ]


def fixed_codes(axes: int) -> Tensor:
    """The z of every frame: a grid over the quantiles of N(0, I) in the plane, else draws from N(0, I)."""
    if axes == 2:
        return latent.manifold_grid(SIDE)
    return torch.randn((SIDE**2, axes), generator=torch.Generator().manual_seed(0))


def run(name: str, text: str, data: dict[str, Part] | None = None) -> Record:
    """Run the program `text` on the digits, and return what was seen of it.

    `data`: the three parts, the clinic's own unless given. One thread, so that the same machine gives the same numbers.
    Raises `DamagedRecord` for a program whose losses are never numbers.
    """
    data, threads = data or parts(), torch.get_num_threads()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / records.PROGRAM
        path.write_text(text, encoding="utf-8")
        names = runpy.run_path(str(path))
    watch = Watch(data, names["AXES"])
    torch.set_num_threads(1)
    try:
        with torch.random.fork_rng(devices=[]):
            names["train"](data["train"].pixels, data["test"].pixels, watch)
    finally:
        torch.set_num_threads(threads)
    if len(watch.rows) < 2:
        raise records.DamagedRecord(f"The losses of {name} are no numbers from the first epoch on.")
    return Record(name, text, watch.curves(), watch.frames())


def make(name: str) -> Record:
    """Train one of the clinic's programs and replace its folder. Raises `ConfigError` for an unknown name, and
    `DamagedRecord` for losses that are no numbers."""
    contents = records.to_files(run(name, diseases.source(name)))
    record = records.from_files(name, contents)
    folder = records.folder_of(name)
    temporary = folder.with_name(f".{name}-{secrets.token_hex(4)}")
    try:
        temporary.mkdir(parents=True)
        for each, content in contents.items():
            (temporary / each).write_bytes(content)
        if folder.is_dir():
            shutil.rmtree(folder)
        temporary.rename(folder)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return record


def summary(record: Record) -> str:
    """One line on a record: the losses of its test images after the last epoch."""
    return f"{record.name}: " + ", ".join(f"{term} {record.last(term):.5g}" for term in TERMS)
