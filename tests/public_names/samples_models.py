"""Valid arguments for `vaedemo.models`."""

from functools import cache

import torch
from torch import Tensor, nn

from tests.public_names.sample import Registry, Sample
from vaedemo.config import RunConfig
from vaedemo.models import build, pca

IMAGE, POINT, ROWS = (1, 4, 4), (2,), 5
CONFIGS = {
    "vae": RunConfig(hidden=(6,), latent_dim=2),
    "autoencoder": RunConfig(model="autoencoder", hidden=(6,), latent_dim=2),
    "classifier": RunConfig(model="classifier", hidden=(6,), latent_dim=2),
    "flow": RunConfig(model="flow", dataset="ring", hidden=(6,)),
    "autoregressive": RunConfig(model="autoregressive", dataset="ring", hidden=(6,)),
}
IN_TRAINING = (
    "for the training loop, which checks the whole data set once: its docstring says that it looks at no number"
)
A_LAYER = "a layer inside a network: the model's public methods, or training, have checked what reaches it"
GIVEN = "what a caller brings is a module, not numbers: tests/training/test_own_network.py gives it every wrong form"
A_STACK = "what training makes of models: it checks the whole data set once, and nothing else calls this"


@cache
def model(kind: str) -> nn.Module:
    shape = POINT if kind in ("flow", "autoregressive") else IMAGE
    return build(CONFIGS[kind], shape).eval().requires_grad_(False)


def eighths(*shape: int, seed: int = 0) -> Tensor:
    """Multiples of 1/8 between −2 and 2."""
    return torch.randint(-16, 17, shape, generator=torch.Generator().manual_seed(seed)) / 8


def real(*shape: int, seed: int = 0) -> Sample:
    return Sample(lambda: eighths(*shape, seed=seed))


def other(make) -> Sample:
    return Sample(make, "other")


def of(kind: str) -> dict[str, Sample]:
    return {"config": other(lambda: CONFIGS[kind]), "data_shape": other(lambda: model(kind).data_shape)}


IMAGES = Sample(lambda: torch.randint(0, 9, (ROWS, *IMAGE), generator=torch.Generator().manual_seed(1)) / 8, "pixels")
POINTS = {"x": real(ROWS, 2)}
ROWS_OF_PCA = {"x": real(12, 3)}

REGISTRY = Registry(
    {
        "x": IMAGES,
        "z": real(ROWS, 2),
        "generator": Sample(lambda: torch.Generator().manual_seed(0), "generator"),
        "count": Sample(lambda: 4, "count"),
        "axis": Sample(lambda: 1, "other"),
        "before": real(ROWS),
        "values": real(ROWS, seed=2),
        "config": other(lambda: CONFIGS["vae"]),
        "data_shape": other(lambda: IMAGE),
        "encoder_outputs": Sample(lambda: 4, "other"),
        "outputs": Sample(lambda: 4, "other"),
        "channels": Sample(lambda: 1, "other"),
        "hidden": other(lambda: (6,)),
        "k": Sample(lambda: 2, "count"),
        "kind": other(lambda: "masking"),
        "level": Sample(lambda: 0.25, "number"),
        "mu": real(ROWS, 2),
        "logvar": real(ROWS, 2, seed=3),
        "code": real(ROWS, 2),
        "mean": real(3),
        "components": Sample(lambda: torch.eye(3)[:2]),
        "variances": Sample(lambda: torch.tensor([2.0, 1.0])),
        "noise_variance": Sample(lambda: 0.5, "number"),
        "models": other(lambda: [model("vae")]),
        "configs": other(lambda: [CONFIGS["vae"]]),
        "widths": other(lambda: [3, 2]),
        "height": other(lambda: 28),
        "width": other(lambda: 28),
        "stages": other(lambda: 2),
        "module": other(lambda: model("vae")),
        "network": other(lambda: model("vae").encoder),
        "model": other(lambda: model("vae")),
        "method": other(lambda: lambda self: None),
        "name": other(lambda: "encode"),
    },
    by_function={
        **{f"flow.Flow.{name}": POINTS for name in ("inverse", "log_prob", "encode")},
        "flow.Flow": of("flow"),
        "autoregressive.Autoregressive": of("autoregressive"),
        "autoregressive.Autoregressive.log_prob": POINTS,
        "exact_density.ExactDensity": of("flow"),
        "autoencoder.Autoencoder": of("autoencoder"),
        "classifier.Classifier": of("classifier"),
        "vae.VAE.start_from": {"other": other(lambda: model("vae"))},
        "autoencoder.Autoencoder.start_from": {"other": other(lambda: model("autoencoder"))},
        "autoregressive.Autoregressive.start_from": {"other": other(lambda: model("autoregressive"))},
        "classifier.Classifier.start_from": {"other": other(lambda: model("autoencoder"))},
        "flow.Flow.start_from": {"other": other(lambda: model("flow"))},
        **{f"pca.PCA.{name}": ROWS_OF_PCA for name in ("encode", "reconstruct", "log_prob")},
        "pca.fit": ROWS_OF_PCA,
    },
    instances={
        "vae.VAE": lambda: model("vae"),
        "autoencoder.Autoencoder": lambda: model("autoencoder"),
        "classifier.Classifier": lambda: model("classifier"),
        "flow.Flow": lambda: model("flow"),
        "autoregressive.Autoregressive": lambda: model("autoregressive"),
        "pca.PCA": lambda: pca.fit(eighths(12, 3).double(), 2),
    },
    exempt={
        **{f"{kind}.loss": IN_TRAINING for kind in (
            "vae.VAE", "autoencoder.Autoencoder", "classifier.Classifier", "flow.Flow", "autoregressive.Autoregressive",
            "exact_density.ExactDensity",
        )},
        **{f"{kind}.corrupted": IN_TRAINING for kind in (
            "vae.VAE", "autoencoder.Autoencoder", "latent_model.LatentModel",
        )},
        "autoencoder.Autoencoder.penalty": IN_TRAINING,
        "autoencoder.Autoencoder.elbo": "raises NoBoundError whatever it gets: a test of its own says so",
        "autoencoder.Autoencoder.posterior": "raises NoBoundError whatever it gets: a test of its own says so",
        "autoencoder.units": A_LAYER,
        "latent_model.LatentModel": "the common base of VAE and Autoencoder, which are tried themselves",
        "exact_density.ExactDensity": "the common base of Flow and Autoregressive, which are tried themselves",
        "flow.Coupling": A_LAYER,
        "networks.UnitColumnLinear": A_LAYER,
        "networks.CentredLinear": A_LAYER,
        "networks.Reshape": A_LAYER,
        "networks.UpsampleStage": A_LAYER,
        "networks.soften": A_LAYER,
        **{f"own_network.{name}": GIVEN for name in (
            "given_encoder", "given_decoder", "tried", "evaluating", "OwnNetwork", "as_terms",
        )},
        "ensemble.Alone": A_STACK,
        "ensemble.Stacked": A_STACK,
        "ensemble.stack_rng_groups": A_STACK,
        "stacked_layers.StackedLinear": A_STACK,
        "stacked_layers.StackedConvolution": A_STACK,
        "stacked_layers.StackedUpsampleStage": A_STACK,
        "stacked_layers.Behind": A_STACK,
        "stacked_layers.together": A_STACK,
        "stacked_layers.stacked_network": A_STACK,
        "stacked_layers.stacked_layer": A_STACK,
    },
)  # fmt: skip
