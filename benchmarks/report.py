"""The results of benchmarks: named figures with their promises, as a table and as `results.md`."""

import os
import platform
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path

RESULTS = Path(__file__).with_name("results.md")
VERSIONS = ("streamlit", "torch", "plotly", "dask", "numpy", "pandas")
PROMISE = re.compile(r"(at most|at least|exactly) ([\d.,]+)")
HEADER = "| figure | measured | unit | promised | held |"


@dataclass(frozen=True)
class Figure:
    """One measured number: its name, its unit, and the promise in words ("at most 150"), if there is one."""

    name: str
    value: float
    unit: str
    promise: str = ""

    def __post_init__(self):
        if self.promise and not PROMISE.fullmatch(self.promise):
            raise ValueError(f"A promise is 'at most', 'at least' or 'exactly' and a number, got {self.promise!r}.")

    @property
    def held(self) -> bool | None:
        """Whether the number keeps its promise; None without a promise."""
        if not self.promise:
            return None
        kind, bound = PROMISE.fullmatch(self.promise).groups()
        bound = float(bound.replace(",", ""))
        return {"at most": self.value <= bound, "at least": self.value >= bound, "exactly": self.value == bound}[kind]

    @property
    def text(self) -> str:
        """The number with 3 significant digits, or all digits of an integer."""
        if self.unit == "nats":
            return f"{self.value:.2f}"
        return f"{self.value:,.0f}" if abs(self.value) >= 100 else f"{self.value:.3g}"

    @property
    def row(self) -> str:
        held = {None: "", True: "yes", False: "**no**"}[self.held]
        return f"| {self.name} | {self.text} | {self.unit} | {self.promise} | {held} |"


def table(figures: Iterable[Figure]) -> str:
    """The figures as a Markdown table."""
    return "\n".join([HEADER, "|---|--:|---|---|---|", *(figure.row for figure in figures)])


def machine() -> str:
    """The machine: processor, cores, accelerator, Python and the relevant packages."""
    import torch

    accelerator = torch.cuda.get_device_name() if torch.cuda.is_available() else "no GPU"
    packages = ", ".join(f"{name} {version(name)}" for name in VERSIONS)
    build = "CPU build" if torch.version.cuda is None else f"CUDA {torch.version.cuda} build"
    return (
        f"{processor()}, {os.cpu_count()} cores, {accelerator}; {platform.system()}, "
        f"Python {platform.python_version()}; {packages} ({build})."
    )


def processor() -> str:
    """The processor's name if Linux provides it, else the architecture."""
    try:
        names = re.findall(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    except OSError:
        names = []
    return names[0] if names else platform.machine()


def write(sections: Sequence[tuple[str, Sequence[Figure]]], minutes: float, failed: Sequence[str] = ()) -> None:
    """Write `results.md`: the machine, the date, one table per section, broken promises, and what `failed` to run."""
    missed = [figure.name for _, figures in sections for figure in figures if figure.held is False]
    lines = [
        "# Measured, side by side",
        "",
        f"Written by `make bench` on {date.today().isoformat()}, in one run of {minutes:.0f} minutes, load "
        f"{os.getloadavg()[0]:.1f} at its end. {machine()}",
        "",
        "Times are those of a machine that others use too: what counts is the ratio of what ran side by side.",
        "",
        f"Promises that did not hold: {', '.join(missed) if missed else 'none'}.",
    ]
    if failed:
        lines += ["", f"Not measured, for it ended with an error: {', '.join(failed)}."]
    for title, figures in sections:
        lines += ["", f"## {title}", "", table(figures)]
    RESULTS.write_text("\n".join(lines) + "\n", encoding="utf-8")


def read() -> dict[str, str]:
    """The numbers in `results.md` as text, by the figure's name."""
    rows = re.findall(r"^\| (.+?) \| (.+?) \|", RESULTS.read_text(encoding="utf-8"), re.MULTILINE)
    return {name: value for name, value in rows if name != "figure"}
