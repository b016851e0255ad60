"""Progress on a terminal: one line that is rewritten, and nothing where the output is no terminal."""

import math
from typing import Any, TextIO

WIDTH = 30
LOSSES = ("negative_elbo", "reconstruction", "cross_entropy", "negative_log_likelihood")


class ProgressBar:
    """Give `training` as `on_progress` and `download` as `on_download`; `close` ends the line.

    Where the stream is no terminal, only finished epochs are written, one line each.
    """

    def __init__(self, stream: TextIO):
        self.stream, self.live, self.open = stream, stream.isatty(), False

    def training(self, progress: Any) -> None:
        done = progress.step / progress.steps
        text = f"[{'█' * round(WIDTH * done):<{WIDTH}}] epoch {progress.epoch}/{progress.epochs}"
        text += f"  {progress.images_per_second:,.0f} images/s"
        if progress.rows is not None:
            losses = [final_loss(row) for row in progress.rows]
            which = " of corrupted inputs" if progress.corrupted else ""
            text += f"  test loss{which} {', '.join(f'{loss:.2f}' for loss in losses)} nats"
        self._show(text, keep=progress.rows is not None)

    def download(self, done: int, total: int) -> None:
        self._show(f"downloading {done / 1e6:.0f} of {total / 1e6:.0f} MB", keep=False)

    def close(self) -> None:
        if self.open:
            self.stream.write("\n")
        self.open = False

    def _show(self, text: str, keep: bool) -> None:
        if self.live:
            self.stream.write(f"\r\x1b[K{text}")
            self.open = True
        elif keep:
            self.stream.write(text + "\n")
        self.stream.flush()


def final_loss(row: dict[str, Any]) -> float:
    """−ELBO where there is one, else the loss that this kind of model has."""
    losses = (row.get(f"test_{name}", math.nan) for name in LOSSES)
    return next(loss for loss in losses if not math.isnan(loss))
