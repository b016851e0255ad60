"""The zip of a run's plain PyTorch version: script, notebook, weights, data and config."""

import io
import zipfile
from collections.abc import Mapping

from safetensors.torch import save as write_tensors

from vaedemo import datasets
from vaedemo.config import RunConfig
from vaedemo.datasets import ImageSet
from vaedemo.training import files, notebook, plain_parts, plain_script
from vaedemo.training.run import Run
from vaedemo.training.subset import balanced

MOST_CARRIED = 15_000  # examples of one part that go into the zip; larger ones are read by torchvision
DATA = "data.safetensors"
MOMENT = (1980, 1, 1, 0, 0, 0)  # of every file, the earliest that a zip can have: the same run gives the same bytes


def why_not(run: Run) -> str:
    """Why a run has no plain version, as a clause; empty if it has one."""
    if run.data_sha256:
        return "the run's data are not one of the lecture's sets"
    if reason := plain_script.why_not(run.config):
        return reason
    if carried(run.config) is None:
        return f"its training images are not on this server, or more than {MOST_CARRIED:,}"
    return ""


def carried(config: RunConfig) -> frozenset[str] | None:
    """Which parts of the data go into the zip, "train" and "test"; None if the script could not have its data."""
    train, test = datasets.sizes(config.dataset)
    train = config.train_size or train
    at_hand = {part for part in ("train", "test") if datasets.at_hand(config.dataset, part)}
    small = {part for part, size in (("train", train), ("test", test)) if size <= MOST_CARRIED}
    if {"train", "test"} <= at_hand & small:
        return frozenset(("train", "test"))
    if config.dataset in plain_script.DOWNLOADS and not config.train_size:
        return frozenset(("test",)) if config.dataset == "mnist-55k" else frozenset()
    return None


def pack(run: Run, view: str = "") -> bytes:
    """The zip; `view`: code that prints a view's own numbers, as in `plain_script.script`.

    Raises `ValueError` where `why_not` has a reason, `DataUnavailable` if the data went away meanwhile.
    """
    if reason := why_not(run):
        raise ValueError(f"This run has no plain version: {reason}.")
    parts = carried(run.config)
    stem = plain_script.file_name(run.config).removesuffix(".py")
    content = {
        f"{stem}.py": plain_script.script(run, parts, view).encode(),
        f"{stem}.ipynb": notebook_of(run, parts, view),
    }
    if parts:
        sets = {part: examples(run.config, part) for part in sorted(parts)}
        content[DATA] = write_tensors({part: each.x.contiguous() for part, each in sets.items()})
    return zipped(content | weights_of(run))


def examples(config: RunConfig, part: str) -> ImageSet:
    """The training examples that the run used, or all test examples."""
    whole = datasets.load(config.dataset, split=part)
    return balanced(whole, config.train_size, config.subset_seed) if part == "train" else whole


def weights_of(run: Run) -> dict[str, bytes]:
    """The weights as float32 safetensors, and the config."""
    whole = files.to_files(run)
    return {name: whole[name] for name in (files.WEIGHTS, files.CONFIG)}


def pack_weights(run: Run) -> bytes:
    """The zip of a run's weights and config alone; `vaedemo.training.files` says how they are written."""
    return zipped(weights_of(run))


def notebook_of(run: Run, parts: frozenset[str], view: str = "") -> bytes:
    """The script's parts as a notebook: Markdown above each, the results below, the training last."""
    said = plain_script.usage(run, parts)
    intro = (
        f"# {said['title']}, in plain PyTorch",
        f"torch and safetensors are all it needs{said['torchvision']}. With these weights it prints {said['shown']}.",
        said["measured"].strip() + said["source"],
        f"$$\\text{{loss}}(x) = {LOSSES[run.config.model]}$$",
    )
    cells = [notebook.markdown(*intro), notebook.code(plain_parts.UPLOAD)]
    for part in plain_script.code_parts(run, parts, here="Path()"):
        cells += [notebook.markdown(f"## {part.heading}", part.words), notebook.code(part.code)]
        if part.heading == "Test":
            cells.append(notebook.code("report(trained())"))
            cells += [notebook.code(f"{view}\n\nview(trained())")] if view else []
    return notebook.write([*cells, notebook.code("report(train())")])


LOSSES = {
    "vae": r"\underbrace{-\log p(x \mid z)}_{l_{\mathrm{recon}}} + \beta \, \underbrace{\mathrm{KL}\big(q(z \mid x) "
    r"\,\Vert\, \mathcal N(0, I)\big)}_{l_{\mathrm{KL}}}, \qquad z = \mu + \sigma \varepsilon, \quad "
    r"\varepsilon \sim \mathcal N(0, I)",
    "autoencoder": r"-\log p\big(x \mid h(x)\big)",
}


def zipped(content: Mapping[str, bytes]) -> bytes:
    """A compressed zip of files by name."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, each in content.items():
            archive.writestr(zipfile.ZipInfo(name, MOMENT), each, compress_type=zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
