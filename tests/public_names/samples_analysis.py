"""Valid arguments for `vaedemo.analysis`."""

from functools import cache

import torch
from torch import Tensor, nn

from tests.public_names.sample import Registry, Sample
from vaedemo.analysis import rank_one
from vaedemo.analysis.activations import Layer
from vaedemo.analysis.code_density import CodeDensity
from vaedemo.analysis.rotation import Rotated, turn
from vaedemo.config import RunConfig
from vaedemo.models import build, pca

ROWS, IMAGE, POINT = 5, (1, 4, 4), (2,)
CONFIGS = {
    "vae": (RunConfig(hidden=(6,), latent_dim=2), IMAGE),
    "gaussian": (RunConfig(likelihood="gaussian", hidden=(6,), latent_dim=2), IMAGE),
    "autoencoder": (RunConfig(model="autoencoder", hidden=(6,), latent_dim=2), IMAGE),
    "linear": (RunConfig(model="autoencoder", network="linear", hidden=(), latent_dim=2, likelihood="gaussian"), IMAGE),
    "linear, bernoulli": (RunConfig(model="autoencoder", network="linear", hidden=(), latent_dim=2), IMAGE),
    "classifier": (RunConfig(model="classifier", hidden=(6,), latent_dim=2), IMAGE),
    "flow": (RunConfig(model="flow", dataset="ring", hidden=(6,)), POINT),
    "ring": (RunConfig(dataset="ring", hidden=(6,), latent_dim=2), POINT),
}


@cache
def model(kind: str = "vae") -> nn.Module:
    config, shape = CONFIGS[kind]
    return build(config, shape).eval().requires_grad_(False)


def eighths(*shape: int, seed: int = 0) -> Tensor:
    """Multiples of 1/8 between −2 and 2."""
    return torch.randint(-16, 17, shape, generator=torch.Generator().manual_seed(seed)) / 8


def grey(count: int, seed: int = 1) -> Tensor:
    """Images whose pixels are multiples of 1/8 in [0, 1]."""
    return torch.randint(0, 9, (count, *IMAGE), generator=torch.Generator().manual_seed(seed)) / 8


def of_classes(count: int, classes: int) -> Sample:
    return Sample(lambda: torch.arange(count) % classes, "labels")


def real(*shape: int, seed: int = 0) -> Sample:
    return Sample(lambda: eighths(*shape, seed=seed))


def fixed(*rows) -> Sample:
    return Sample(lambda: torch.tensor(rows))


def number(value: float) -> Sample:
    return Sample(lambda: value, "number")


def count(value: int) -> Sample:
    return Sample(lambda: value, "count")


def other(make) -> Sample:
    return Sample(make, "other")


def axes_of(rows: int, width: int, k: int) -> Sample:
    return other(lambda: pca.fit(eighths(rows, width).double(), k))


@cache
def density() -> CodeDensity:
    return CodeDensity(
        torch.tensor([0.75, 0.25]), eighths(2, 2), torch.tensor([[[1.0, 0], [0.5, 2]], [[1.0, 0], [0, 1]]])
    )


IMAGES, ONE_IMAGE = Sample(lambda: grey(ROWS), "pixels"), Sample(lambda: grey(1), "pixels")
CODES, OTHER_CODES = real(ROWS, 2), real(ROWS, 2, seed=3)
POINTS = {"x": real(ROWS, 2)}
ANY_REAL = "any real data: grey levels as whole numbers are numbers like others"
OF_A_GAUSSIAN = {what: "pixels of a Gaussian likelihood may leave [0, 1]" for what in ("floats to 255", "below 0")}
OF_ANY_RANGE = {what: ANY_REAL for what in ("floats to 255", "int64 to 255", "below 0", "bool")}
MATRIX = fixed([0.5, 0.25], [0.125, 0.75], [0.25, 0.0])

REGISTRY = Registry(
    {
        "model": other(model),
        "x": IMAGES,
        "z": CODES,
        "mu": CODES,
        "logvar": OTHER_CODES,
        "codes": real(12, 2),
        "generator": Sample(lambda: torch.Generator().manual_seed(0), "generator"),
        "count": count(6),
        "n": count(3),
        "latent_dim": count(3),
        "side": count(4),
        "steps": count(3),
        "parts": count(2),
        "classes": count(3),
        "labels": of_classes(12, 3),
        "classifier": other(lambda: model("classifier")),
        "generative": other(model),
        "start": ONE_IMAGE,
        "target": Sample(lambda: 1, "other"),
        "stride": number(0.5),
        "data_shape": other(lambda: IMAGE),
        "extent": number(2.0),
        "sigma": number(0.25),
        "spacing": number(0.5),
        "half_side": number(2.5),
        "noise_variance": number(0.5),
        "beta": number(2.0),
        "ridge": number(0.125),
        "seed": count(1),
        "low": Sample(lambda: -2.0, "number", {"negative": "a square may lie anywhere"}),
        "high": number(2.0),
        "angle": Sample(lambda: 0.5, "number", {"negative": "an angle turns either way"}),
        "axes": other(lambda: (0, 1)),
        "axis": Sample(lambda: 1, "other"),
        "limit": number(2.0),
        "angles": fixed(0.25, 0.5, 1.5),
        "a": CODES,
        "b": OTHER_CODES,
        "t": fixed(0.0, 0.25, 1.0),
        "stops": real(3, 2),
        "per_segment": count(3),
        "code": real(4),
        "plus": real(4, seed=2),
        "minus": real(4, seed=3),
        "strengths": fixed(0.0, 0.5, 2.0),
        "learned": CODES,
        "exact": OTHER_CODES,
        "log_density": real(ROWS),
        "points": CODES,
        "examples": real(7, 2, seed=4),
        "guess": other(lambda: lambda x: 0.5 * x),
        "kind": other(lambda: "gaussian"),
        "levels": other(lambda: [0.0, 0.25]),
        "samples": real(9, 3),
        "data": real(8, 3, seed=5),
        "images": IMAGES,
        "library": Sample(lambda: grey(7, seed=2), "pixels", OF_ANY_RANGE),
        "units": other(lambda: "relu"),
        "noise": Sample(lambda: eighths(ROWS, *IMAGE)),
        "places": real(9, 2, seed=6),
        "vectors": real(4, 2),
        "first": real(4, 2),
        "second": real(4, 2, seed=2),
        "rotation": fixed([0.0, -1.0], [1.0, 0.0]),
        "weights": fixed(0.75, 0.25),
        "means": real(2, 2),
        "factors": fixed([[1.0, 0.0], [0.5, 2.0]], [[1.0, 0.0], [0.0, 1.0]]),
        "covariances": fixed([[1.0, 0.5], [0.5, 2.0]], [[1.0, 0.0], [0.0, 1.0]]),
        "responsibility": Sample(lambda: torch.eye(2)[torch.arange(ROWS) % 2]),
        "values": real(12),
        "matrix": MATRIX,
        "reconstructed": Sample(lambda: grey(ROWS, seed=3), "pixels", OF_ANY_RANGE),
        "image": Sample(lambda: grey(1)[0, 0], "pixels", OF_ANY_RANGE),
        "found": axes_of(12, 16, 3),
        "k": count(2),
        "columns": real(6, 2),
        "base": real(3),
        "lines": real(2, 3, 2),
        "mapping": other(lambda: lambda z: 2 * z),
        "density": other(lambda: lambda x: (-0.5 * x.square().sum(1)).exp()),
        "radius": fixed(0.0, 0.5, 2.0),
        "name": other(lambda: "moons"),
        "z_train": real(12, 2),
        "y_train": of_classes(12, 2),
        "z_test": real(6, 2, seed=2),
        "y_test": of_classes(6, 2),
        "layer": other(lambda: Layer("code", "dense", 3, torch.arange(7.0))),
        "terms": real(2, 3, 4),
    },
    by_function={
        "activations.layers": {"model": other(lambda: model("autoencoder")), "x": ONE_IMAGE},
        "attributes.mean_codes": {},
        "denoising.error_over_levels": {"model": other(lambda: model("autoencoder"))},
        "denoising.iterate": {"model": other(lambda: model("autoencoder"))},
        "frechet.block_means": {"images": Sample(lambda: grey(ROWS), "pixels", OF_A_GAUSSIAN)},
        **{
            f"hidden_units.{name}": {"model": other(lambda: model("linear, bernoulli"))}
            for name in ("encoder_features", "decoder_features", "codes", "squared_error", "noise_passed", "error_on")
        },
        "hidden_units.fires": {"code": real(ROWS, 3)},
        "hidden_units.shuffled_pixels": {"x": real(ROWS, 1, 4, 4)},
        "linear_vae.principal_axes": {"x": real(12, 3)},
        "linear_vae.reconstruct": {"axes": axes_of(12, 3, 3), "x": real(ROWS, 3)},
        **{f"mixture_fit.{name}": POINTS for name in ("expectation_maximisation", "maximise", "log_joint", "k_means")},
        "mutual_information.mutual_information": {"first": of_classes(12, 3), "second": of_classes(12, 4)},
        "mutual_information.information_matrix": {
            # NaN says that a factor is undefined for an example, which is left out.
            "factors": Sample(lambda: eighths(12, 2, seed=4), skip={"nan": "means that the factor is undefined there"}),
        },
        "mutual_information.best_two": {
            "first": Sample(lambda: 0, "other"), "second": Sample(lambda: 1, "other"),
        },
        "one_knob.terms_and_gradient": {
            "model": other(lambda: model("gaussian")), "x": Sample(lambda: grey(ROWS), "pixels", OF_A_GAUSSIAN),
        },
        "plane_mass.log_density_map": {"model": other(lambda: model("flow"))},
        "plane_mass.mass": {"model": other(lambda: model("flow"))},
        "plane_mass.decoded_density_map": {"model": other(lambda: model("ring")), "side": count(8)},
        "point_densities.log_density": POINTS,
        "portable.sheet": {"base": real(2)},
        "portable.on_plane": {"places": real(4, 2)},
        **{f"psnr.{name}": {
            "x": Sample(lambda: grey(ROWS), "pixels", OF_ANY_RANGE),
            "target": Sample(lambda: grey(ROWS, seed=4), "pixels", OF_ANY_RANGE),
        } for name in ("psnr", "mean_squared_error")},
        "quality.nearest": {"images": Sample(lambda: grey(ROWS), "pixels", OF_ANY_RANGE)},
        "reduction.pixel_error": {"x": Sample(lambda: grey(ROWS), "pixels", OF_ANY_RANGE)},
        "reduction.pca_errors": {"x": Sample(lambda: grey(ROWS), "pixels", OF_ANY_RANGE)},
        "reduction.decoder_columns": {"model": other(lambda: model("linear"))},
        "reduction.recombined": {"target": real(6, 3, seed=2)},
        "rank_one.RankOneSum": {"values": fixed(2.0, 1.0)},
        "traversal.traverse": {"x": ONE_IMAGE},
        "turned_q.best_over_angles": {"x": ONE_IMAGE},
        "walks.walk": {"start": real(3)},
        "warp.radius_moments": POINTS,
        "warp.share_inside": POINTS | {"radius": number(1.0)},
        "warp.plane_lines": {"extent": number(1.0), "spacing": number(0.5)},
    },
    instances={
        "code_density.CodeDensity": density,
        "rank_one.RankOneSum": lambda: rank_one.decompose(grey(1)[0, 0]),
        "rotation.Rotated": lambda: Rotated(model(), turn(0.5)),
    },
    exempt={
        "portable.layers": "reads a model's weights and takes no data",
    },
)  # fmt: skip
