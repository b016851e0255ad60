"""A run's model as a script in plain PyTorch, without this package: its networks, its loss, its test and its training.

The script evaluates with the run's own noise, so it prints the run's losses to 1e-4 nats. Its training starts from the
same first weights and draws the same numbers, so it ends within rounding that grows over the steps.
"""

import math
from dataclasses import dataclass

import torch
from torch import nn

from vaedemo.config import LATENT_MODELS, RunConfig
from vaedemo.datasets.imageset import BINARIZATION_SEED
from vaedemo.models import networks
from vaedemo.training import plain_parts as parts
from vaedemo.training.randomness import stream
from vaedemo.training.run import Run

LIKELIHOODS = ("bernoulli", "gaussian")
CLASSES = {"vae": "VAE", "autoencoder": "Autoencoder"}
TITLES = {"vae": "A variational autoencoder", "autoencoder": "An autoencoder"}
DOWNLOADS = {"mnist": "MNIST", "mnist-55k": "MNIST", "fashion": "FashionMNIST"}  # torchvision's classes
SOURCES = {
    "digits": "MNIST, Y. LeCun, C. Cortes, C. Burges (CC BY-SA 3.0)",
    "mnist-55k": "MNIST, Y. LeCun, C. Cortes, C. Burges (CC BY-SA 3.0)",
}
SHOWN = {
    "test_negative_elbo": "a test −ELBO of",
    "test_reconstruction": "a reconstruction loss of",
    "test_kl": "a KL of",
}


@dataclass(frozen=True)
class Part:
    """A part of the script: its `code`, and the `heading` and `words` (Markdown) above it in a notebook."""

    heading: str
    words: str
    code: str


def why_not(config: RunConfig) -> str:
    """Why a config has no plain script, as a clause; empty if it has one."""
    if config.model not in LATENT_MODELS:
        return f"it is written for VAEs and autoencoders, and this model is of the kind {config.model}"
    if config.recipe != "textbook":
        return f"the {config.recipe} recipe is more than a plain loop; the textbook one has a plain version"
    if config.resolved_likelihood not in LIKELIHOODS:
        return f"it is written for the likelihoods {' and '.join(LIKELIHOODS)}"
    if config.corruption != "none" and config.corruption_level > 0:
        return "this model reads corrupted inputs"
    if config.model == "autoencoder" and (config.sparsity or config.resolved_code_units != "linear"):
        return "this model's code is sparse or not linear"
    if config.start_from:
        return "this model started from another one's weights"
    if config.changes or config.until or config.warm_up or config.free_bits:
        return "its loss or its rate changed during the training, or the training was held before its end"
    return ""


def file_name(config: RunConfig) -> str:
    return f"{config.model}.py"


def script(run: Run, carried: frozenset[str], view: str = "") -> str:
    """The script. Raises `ValueError` where `why_not` has a reason.

    `carried`: which of "train" and "test" data lie beside it. `view`: a function `view(model)` as code, which is called
    last.
    """
    config = run.config
    intro = parts.USAGE.substitute(file=file_name(config), beside=listed(carried), **usage(run, carried))
    first, *others = code_parts(run, carried, here="Path(__file__).parent", imports="import argparse\n")
    called = parts.MAIN.substitute(view="    view(model)\n" if view else "")
    return "\n\n".join([f"{intro}\n{first.code}", *(part.code for part in others), *filter(None, [view]), called])


def listed(carried: frozenset[str]) -> str:
    """The files beside the script."""
    return "weights.safetensors and data.safetensors" if carried else "weights.safetensors"


def usage(run: Run, carried: frozenset[str]) -> dict[str, str]:
    """What the head of a script or a notebook says of its run."""
    config, device = run.config, run.metrics.get("device", "CPU")
    shown = [f"{words} {run.metrics[name]:.4f} nats" for name, words in SHOWN.items() if is_number(run.metrics, name)]
    measured = f"\nThese figures were measured on {device}, whose noise is another: they differ a little."
    images = SOURCES.get(config.dataset) if carried else None
    return {
        "title": TITLES[config.model],
        "torchvision": ", and torchvision for the data" if carried != {"train", "test"} else "",
        "epochs": str(config.epochs),
        "things": things(config),
        "shown": ", ".join(shown),
        "measured": "" if device.startswith("CPU") else measured,
        "source": f"\nThe images: {images}." if images else "",
    }


def is_number(metrics: dict, name: str) -> bool:
    return isinstance(metrics.get(name), int | float) and not math.isnan(metrics[name])


def things(config: RunConfig) -> str:
    return "points" if config.on_points else "images"


def code_parts(run: Run, carried: frozenset[str], here: str, imports: str = "") -> list[Part]:
    """The parts in their order: constants, data, model and loss, test, training. Raises `ValueError` as `script`."""
    config, model = run.config, run.model
    if reason := why_not(config):
        raise ValueError(f"This run has no plain script: {reason}.")
    gaussian, learned = config.resolved_likelihood == "gaussian", config.noise_variance == "learned"
    numbers = {"BETA": config.beta} if config.model == "vae" else {}
    numbers |= {"NOISE_VARIANCE": config.noise_variance} if gaussian and not learned else {}
    functional = not gaussian or config.network == "conv"
    constants = parts.IMPORTS.substitute(
        imports=imports + "import math\n" * gaussian + "from pathlib import Path\n",
        functional="\nfrom torch.nn import functional" if functional else "",
        here=here,
        names="".join(f", {name}" for name in numbers),
        values="".join(f", {value!r}" for value in numbers.values()),
        latent_dim=config.latent_dim,
        epochs=config.epochs,
        batch_size=config.batch_size,
        learning_rate=config.learning_rate,
        seed=config.seed,
        **{name: stream(config.seed, name).initial_seed() for name in ("order", "noise", "evaluation")},
    )
    likelihood = "learned" if gaussian and learned else config.resolved_likelihood
    defined = [parts.SOFTEN] if config.model == "vae" or likelihood == "learned" else []
    defined += [parts.UPSAMPLE] if config.network == "conv" else []
    fields = {"model": CLASSES[config.model], "things": things(config)}
    loss = parts.LOSS[config.model].substitute(values="both coordinates" if config.on_points else "pixels")
    methods = [networks_code(config, model), loss, parts.LOG_P[likelihood]]
    tested = [parts.EVALUATE.substitute(fields), parts.REPORT[config.model]]
    vae = config.model == "vae"
    training = parts.TRAIN.substitute(
        fields, parts="l_recon, l_kl" if vae else "(l_recon,)", total="l_recon + BETA * l_kl" if vae else "l_recon"
    )
    return [
        Part("Constants", "The run's settings, and the seeds of its random numbers.", constants),
        Part("Data", data_words(config, carried), data_code(config, carried)),
        Part("Model and loss", "", "\n\n".join([*defined, "\n".join(methods)])),
        Part("Test", f"The losses on the test {things(config)}, with the noise of the run.", "\n\n".join(tested)),
        Part("Train it yourself", "The same loss, minimised anew.", training),
    ]


def data_words(config: RunConfig, carried: frozenset[str]) -> str:
    if carried == {"train", "test"}:
        return f"The {things(config)} lie beside this file."
    return "The test images lie beside this file." if carried else "The images come from torchvision."


def data_code(config: RunConfig, carried: frozenset[str]) -> str:
    """The functions that read the data."""
    if carried == {"train", "test"}:
        form = "(N, 2)" if config.on_points else "bytes (N, 1, 28, 28)"
        read = parts.CARRIED.substitute(things=things(config), form=form)
    elif carried:
        read = parts.HELD_OUT
    else:
        read = parts.DOWNLOADED.substitute(kind=DOWNLOADS[config.dataset])
    seen = parts.AS_DATA["points" if config.on_points else config.pixels]
    return f"{read}\n\n{seen.replace('$binarization', str(BINARIZATION_SEED))}"


def networks_code(config: RunConfig, model: nn.Module) -> str:
    """The class with its two networks, layer by layer as they are in the model."""
    vae = config.model == "vae"
    about = "q(z|x) = N(μ(x), diag σ²(x)), p(z) = N(0, I), p(x|z)" if vae else "x → code h → x̂"
    learned = isinstance(getattr(model, "log_noise_variance", None), torch.Tensor)
    return (
        parts.NETWORKS.substitute(
            model=CLASSES[config.model],
            about=f"{about}; {networks.count_parameters(model):,} parameters.",
            encoder=layers(model.encoder),
            decoder=layers(model.decoder),
            own_parameter="        self.log_noise_variance = nn.Parameter(torch.zeros(()))\n" if learned else "",
        ).rstrip("\n")
        + "\n"
    )


def layers(network: nn.Sequential) -> str:
    """The layers of a network as the arguments of `nn.Sequential`, one a line."""
    upsampled = isinstance(network[max(len(network) - 2, 0)], networks.UpsampleStage)  # has the image's shape already
    written = [layer_code(layer) for layer in (network[:-1] if upsampled else network)]
    return "\n".join(f"            {each}," for each in written if each)


def layer_code(layer: nn.Module) -> str:
    """A layer as code; empty for the axis of one output per value, which a plain model does not have."""
    match layer:
        case nn.Linear():
            return f"nn.Linear({layer.in_features}, {layer.out_features})"
        case nn.Conv2d():
            return f"nn.Conv2d({layer.in_channels}, {layer.out_channels}, 3, stride=2, padding=1)"
        case networks.UpsampleStage():
            convolution, (height, width) = layer.convolution, layer.size
            return f"Upsample({convolution.in_channels}, {convolution.out_channels // 4}, {height}, {width})"
        case networks.Reshape():
            shape = layer.shape if len(layer.shape) == 3 else layer.shape[1:]
            return f"nn.Unflatten(1, {tuple(shape)})" if len(shape) > 1 else ""
        case nn.ReLU() | nn.Flatten():
            return f"nn.{type(layer).__name__}()"
    raise ValueError(f"A plain script has no layer of the kind {type(layer).__name__}.")
