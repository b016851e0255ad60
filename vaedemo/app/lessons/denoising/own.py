"""The visitor's own digit among the images: with the same noise, through the same models."""

from collections.abc import Sequence
from string import Template

import torch
from torch import Tensor

from vaedemo.analysis import denoising
from vaedemo.app.shared import own_digit
from vaedemo.app.shell.steps import Values
from vaedemo.datasets import drawing
from vaedemo.models.corruption import corrupt
from vaedemo.training.run import Run

CORRUPTED = "Corrupted input, your digit"
READ = Template("""\
own = $own.as_data()
own_noisy = corrupt(own, "$kind", $level, torch.Generator().manual_seed($noise))
print(f"$corrupted: {psnr(own_noisy, own).item():.2f} dB".replace("inf", "∞"))
""")
OUTPUTS = Template("""\
for label, run in zip($labels, $runs):
    output = denoising.iterate(run.model, own_noisy, $steps)[-1]
    print(f"{label}: {psnr(output, own).item():.2f} dB")
""")


def images(values: Values, runs: Sequence[Run]) -> list[Tensor]:
    """The drawing corrupted, what each run makes of it, and the drawing itself, (1, 1, 28, 28) each; [] without
    one."""
    text = own_digit.text_of(values)
    if not text:
        return []
    x = drawing.as_set(text).as_data()
    noisy = corrupt(x, values["kind"], values["level"], torch.Generator().manual_seed(values["noise"]))
    return [noisy, *(denoising.iterate(run.model, noisy, values["steps"])[-1] for run in runs), x]


def beside(own: Sequence[Tensor], rows: Sequence[Tensor]) -> list[Tensor]:
    """Each row of images with the visitor's own before it."""
    return [torch.cat(pair) for pair in zip(own, rows, strict=True)] if own else list(rows)


def script(values: Values, labels: Sequence[str] = (), runs: str = "") -> str:
    """The lines that corrupt the drawing as the page does and, for the models `runs`, print how near they come; ""
    without a drawing."""
    text = own_digit.text_of(values)
    if not text:
        return ""
    fields = {name: values[name] for name in ("kind", "level", "noise", "steps")}
    lines = READ.substitute(fields, own=own_digit.CODE.format(text=text), corrupted=CORRUPTED)
    return lines + (OUTPUTS.substitute(fields, labels=list(labels), runs=runs) if runs else "")
