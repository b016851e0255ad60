"""What to train: an immutable dataclass, checked on construction, with a digest and a query-string form.

A `RunConfig` describes a run completely. It is the key of the store (its `digest`), the state of a page (its query
string) and the argument of `vaedemo.train`.
"""

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from vaedemo.changes import CHANGEABLE, LATEST_STEP, Change, InForce, changes, effective, ramp
from vaedemo.config_checks import DENSITY_MODELS, LATENT_MODELS, check_together
from vaedemo.config_fields import WIDTHS, NotGiven, ruled
from vaedemo.config_title import title_of
from vaedemo.dataset_names import DATASETS as DATASETS
from vaedemo.dataset_names import IMAGE_DATASETS as IMAGE_DATASETS
from vaedemo.dataset_names import POINT_DATASETS as POINT_DATASETS
from vaedemo.dataset_names import dataset_name, holds_points
from vaedemo.likelihood_index import IMAGE_LIKELIHOODS, LIKELIHOODS
from vaedemo.rules import (
    ConfigError,
    as_json,
    digest_or_empty,
    instance_of,
    one_of,
    optional,
    real,
    real_or,
    whole,
    widths,
)
from vaedemo.rules import write_value as write_value  # the app imports it from here

DIGEST_VERSION = 1  # increased when the mathematics of training changes, so that old runs are not mistaken for new

MODELS = (*LATENT_MODELS, "classifier", *DENSITY_MODELS)
RECIPE_NAMES = ("textbook", "fast")
CODE_UNITS = ("linear", "sigmoid", "relu")
LONGEST_QUERY_VALUE = 200


@dataclass(frozen=True)
class RunConfig:
    """What to train, on what, and how; checked on construction.

    The loss of every run is
    `reconstruction(x, decode(encode(corrupt(x)))) + beta_t * Σ_j max(free_bits, kl_j) + sparsity * penalty`:
    beta_t is `beta` unless it warms up or `changes`, and kl_j the batch's mean KL of latent axis j.

    `dataset`: one of `IMAGE_DATASETS` or `POINT_DATASETS`, or the name of own data (`vaedemo.datasets.register`).
    `pixels`: grey; binary (1 where x >= 1/2); dynamic (Bernoulli(x) drawn anew at each step, once for the test set).
    `model`: vae, autoencoder; classifier (an autoencoder's encoder and a softmax on its code); flow, autoregressive
    (2-D points only, exact densities). `network`: mlp, conv or linear.
    `hidden`: widths of the encoder, mirrored in the decoder; channels for conv; empty for linear alone. Not given, it
    is (400,) for mlp, (32, 64) for conv and () for linear.
    `likelihood`: a name in `likelihood_index`; None picks bernoulli for images and gaussian for points.
    `noise_variance`: sigma squared of the gaussian (and its like), or "learned". `levels`: grey levels of the
    categorical. `beta` multiplies the KL. `warm_up`: the share of each of `cycles` equal parts of the training in which
    beta rises from 0 (`changes.ramp`). `free_bits`: nats per axis that the KL costs at least, as a mean over the batch
    (Kingma et al. 2016, arXiv 1606.04934, eq. 15). `corruption`: none, gaussian, masking, salt_pepper, with its level.
    `sparsity` multiplies a penalty of kind kl (target activity `sparsity_target`) or l1. `code_units` of an
    autoencoder: linear, sigmoid, relu; None picks sigmoid under a kl penalty, else linear.
    `couplings`: layers of a flow. `components`: of each mixture of an autoregressive model.
    `train_size`: number of training examples, 0 for all; `subset_seed`: which. `start_from`: digest of a first run.
    `recipe`: textbook = Adam at a constant rate, ReLU, fp32; fast = a rate that rises and falls, an
    initialization from the data, half-precision products (`vaedemo.fast` sets it with a suitable batch, rate and
    number of epochs).
    `changes`: ((step, {"beta": 4.0}), …): after that many steps other values of beta, learning_rate or noise_variance
    hold. `until`: the training ends after this step, 0 for after its last epoch; all else, also a recipe's schedule,
    is as in the whole training.

    Raises `ConfigError`, which names the field, the value it got and what it accepts.
    """

    dataset: str = ruled("digits", dataset_name)
    pixels: str = ruled("grey", one_of("grey", "binary", "dynamic"))
    model: str = ruled("vae", one_of(*MODELS))
    network: str = ruled("mlp", one_of(*WIDTHS))
    hidden: tuple[int, ...] = ruled(WIDTHS["mlp"], widths, "400 for mlp, 32,64 for conv, none for linear")
    latent_dim: int = ruled(2, whole(1, 1024))
    likelihood: str | None = ruled(
        None, optional(one_of(*IMAGE_LIKELIHOODS)), "bernoulli for images, gaussian for points"
    )
    noise_variance: float | str = ruled(1.0, real_or("learned", CHANGEABLE["noise_variance"]))
    levels: int = ruled(2, whole(2, 256))
    beta: float = ruled(1.0, CHANGEABLE["beta"])
    warm_up: float = ruled(0.0, real(0.0, 1.0))
    cycles: int = ruled(1, whole(1, 100))
    free_bits: float = ruled(0.0, real(0.0, 100.0))
    corruption: str = ruled("none", one_of("none", "gaussian", "masking", "salt_pepper"))
    corruption_level: float = ruled(0.0, real(0.0, 10.0))
    sparsity: float = ruled(0.0, real(0.0, 1e6))
    sparsity_kind: str = ruled("kl", one_of("kl", "l1"))
    sparsity_target: float = ruled(0.05, real(0.0, 1.0, above=True, below=True))
    code_units: str | None = ruled(None, optional(one_of(*CODE_UNITS)), "sigmoid under a kl penalty, else linear")
    couplings: int = ruled(8, whole(1, 32))
    components: int = ruled(8, whole(1, 64))
    train_size: int = ruled(0, whole(0, 60_000), "0, which is all")
    subset_seed: int = ruled(0, whole(0, 2**32 - 1))
    start_from: str = ruled("", digest_or_empty, "nothing")
    recipe: str = ruled("textbook", one_of(*RECIPE_NAMES))
    epochs: int = ruled(10, whole(1, 10_000))
    batch_size: int = ruled(128, whole(1, 60_000))
    learning_rate: float = ruled(1e-3, CHANGEABLE["learning_rate"])
    seed: int = ruled(0, whole(0, 2**32 - 1))
    changes: tuple[Change, ...] = ruled((), changes, "none")
    until: int = ruled(0, whole(0, LATEST_STEP), "0, which is the last step")

    def __post_init__(self):
        not_given = isinstance(self.hidden, NotGiven)
        for entry in fields(self):
            object.__setattr__(self, entry.name, entry.metadata["rule"](entry.name, getattr(self, entry.name)))
        if not_given:
            object.__setattr__(self, "hidden", tuple(WIDTHS[self.network]))
        check_together(self)

    @property
    def on_points(self) -> bool:
        """Whether the data are 2-D points rather than images."""
        return holds_points(self.dataset)

    @property
    def resolved_likelihood(self) -> str:
        """The likelihood in force: `likelihood`, or the data set's own choice where that is None."""
        return self.likelihood or self.own_choices["likelihood"]

    @property
    def resolved_code_units(self) -> str:
        """What an autoencoder's code goes through: `code_units`, or the penalty's own choice where that is None."""
        return self.code_units or self.own_choices["code_units"]

    @property
    def own_choices(self) -> dict[str, str]:
        """The values that None stands for: the likelihood for the data, and the code's units for the penalty."""
        units = "sigmoid" if self.sparsity and self.sparsity_kind == "kl" else "linear"
        return {"likelihood": "gaussian" if self.on_points else "bernoulli", "code_units": units}

    @property
    def title(self) -> str:
        """A short readable name, e.g. "digits · VAE · mlp 400 · 2 latent axes · β 1"."""
        return title_of(self)

    def in_force(self, step: int | None = None, steps: int = 0) -> InForce:
        """The settings at a step s = 0 … S − 1, of S `steps` if beta warms up; without a step: those at the end."""
        last = min(LATEST_STEP if step is None else step, (self.until or LATEST_STEP) - 1)
        values = {name: getattr(self, name) for name in CHANGEABLE}
        for change in self.changes:
            values |= change.values if change.step <= last else {}
        if steps:
            values["beta"] *= ramp(last, steps, self.warm_up, self.cycles)
        return InForce(**values)

    def held_at(self, step: int) -> "RunConfig":
        """The training up to a step: without the changes from there on. 0 is the training as it began, whole."""
        return self.replace(changes=[change for change in self.changes if change.step < step], until=step)

    def replace(self, **changes) -> "RunConfig":
        """A copy with some fields changed, checked like any config; an unknown field raises `ConfigError`.

        With another network, `hidden` becomes its default, unless it was given and is valid, or changes too.
        """
        complete(changes)
        # Default widths, and any widths before a linear network, become the default of the new network.
        own = self.hidden == WIDTHS[self.network] or changes.get("network") == "linear"
        if changes.get("network", self.network) != self.network and own:
            changes = {"hidden": RunConfig.hidden} | changes
        return dataclasses.replace(self, **changes)

    def canonical(self) -> dict[str, Any]:
        """The fields that differ from their defaults, without those that have no effect; input of the digest."""
        values = {entry.name: getattr(self, entry.name) for entry in fields(self)}
        default = {entry.name: entry.default for entry in fields(self)}
        values |= {name: None for name, choice in self.own_choices.items() if values[name] == choice}
        own_setting = LIKELIHOODS[self.resolved_likelihood].setting
        without_effect = {
            "pixels": self.on_points,
            **dict.fromkeys(("beta", "warm_up", "free_bits"), self.model != "vae"),
            "cycles": self.model != "vae" or self.warm_up == 0,
            "couplings": self.model != "flow",
            "components": self.model != "autoregressive",
            "latent_dim": self.model in DENSITY_MODELS,
            "likelihood": self.model not in LATENT_MODELS,
            "noise_variance": self.model not in LATENT_MODELS or own_setting != "noise_variance",
            "levels": self.model not in LATENT_MODELS or own_setting != "levels",
            "code_units": self.model != "autoencoder",
            "corruption_level": self.corruption == "none",
            "corruption": self.corruption_level == 0 and self.corruption != "none",
            "sparsity_kind": self.sparsity == 0,
            "sparsity_target": self.sparsity == 0 or self.sparsity_kind != "kl",
            "hidden": self.network == "linear",
            "subset_seed": self.train_size == 0,
        }
        for name, idle in without_effect.items():
            if idle:
                values[name] = default[name]
        first = {name: values[name] for name in CHANGEABLE if not without_effect.get(name)}
        values["changes"] = effective(self.changes, first, self.until)
        return {name: value for name, value in values.items() if value != default[name]}

    @property
    def digest(self) -> str:
        """16 hexadecimal digits that name the run: a hash of `{"version": 1, …}` with the canonical fields."""
        text = json.dumps({"version": DIGEST_VERSION} | self.canonical(), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def to_dict(self) -> dict[str, Any]:
        """The canonical fields as JSON values; `RunConfig.from_dict` reads them.

        An omitted field has the default of the class, also `hidden` of a conv network: there it is (400,).
        """
        return {name: as_json(value) for name, value in self.canonical().items()}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "RunConfig":
        """The config of `to_dict`; unknown names and wrong values raise `ConfigError`."""
        return cls(**complete(values))

    def to_query(self) -> dict[str, str]:
        """The canonical fields as text, for a query string; the default config gives an empty dict."""
        return {name: write_value(value) for name, value in self.canonical().items()}

    @classmethod
    def from_query(cls, query: Mapping[str, Any]) -> "RunConfig":
        """The config of `to_query`, from a link's names and texts: known names only, typed, limited in size.

        Raises `ConfigError` for an unknown name, a value of the wrong form, or one over 200 characters.
        """
        values = complete(query)
        for name, value in query.items():
            if not isinstance(value, str) or len(value) > LONGEST_QUERY_VALUE:
                raise ConfigError(name, value, f"a text of at most {LONGEST_QUERY_VALUE} characters in a link")
        return cls(**values)


a_config = instance_of(RunConfig, 'RunConfig(dataset="digits")')


def complete(values: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a written form, with their names checked and an omitted `hidden` set to its default."""
    if not isinstance(values, Mapping):
        raise ConfigError("a run's settings", values, 'names and values, such as {"dataset": "digits"}')
    known = [entry.name for entry in fields(RunConfig)]
    for name in values:
        if name not in known:
            raise ConfigError("a run's settings", name, "the names " + ", ".join(known))
    return ({"hidden": tuple(RunConfig.hidden)} if values.get("network") == "conv" else {}) | dict(values)
