"""`vaedemo.fit`: train on images or points of one's own."""

import dataclasses

from torch import nn

from vaedemo import datasets, settings
from vaedemo.config import RunConfig, a_config
from vaedemo.datasets import ImageSet, image_folder
from vaedemo.datasets.arrays import display_name
from vaedemo.rules import ConfigError
from vaedemo.training import caps, engine, loop
from vaedemo.training.loop import OnProgress
from vaedemo.training.own_network import prepared, settings_for
from vaedemo.training.run import DATA_NAME, Run


def fit(
    images,
    config: RunConfig | None = None,
    *,
    labels=None,
    model: nn.Module | None = None,
    name: str | None = None,
    on_progress: OnProgress | None = None,
) -> Run:
    """Train on images or 2-D points of one's own, in this process.

    `images`, `labels`, `name`: as `vaedemo.datasets.from_arrays` takes them, or its result as `images`. A fixed random
    fifth of each class, at least 2 examples, is the test set. `config`: the settings; its `dataset` is replaced by the
    name of these data, which contains the sha256 of their content, so the run's digest does too. The same data and
    settings are not trained twice.

    `model`: a network of one's own: `vaedemo.models.VAE(config, data_shape, encoder=…, decoder=…)`, or any module with
    `loss(x, y, generator)` for x (N, C, H, W), floats in [0, 1], or points (N, 2), and classes y (N,). It returns a
    dictionary of tensors (N,), of which `total` is minimised, or that tensor alone. All random numbers should come from
    the generator, which is on the device of x. A copy of the model is trained and is the run's `model`; the caller's
    stays as it is. Parts in eval mode stay so if the whole model is in training mode. Such a run is always trained and
    is not kept in the store: `run.save(folder)` keeps it. Its digest contains the class's name and the sha256 of the
    first weights.

    Raises `ConfigError` for settings that do not suit the data or the model, `ValueError` for a loss of another form or
    one that is not finite, and what `from_arrays` and `datasets.register` raise.
    """
    config = config if config is None else a_config("config", config)
    if on_progress is not None and not callable(on_progress):
        raise ConfigError("on_progress", on_progress, "a function, or None")
    config = (config or RunConfig()) if model is None else settings_for(model, config)
    own = own_set(images, labels, name)
    config = config.replace(dataset=datasets.register(own))
    if config.model == "classifier" and labels is None and not isinstance(images, ImageSet):
        raise ConfigError("labels", labels, "a class for each image when the model is a classifier")
    if model is not None:
        train_set, test_set = (datasets.load(config.dataset, part) for part in ("train", "test"))
        network = prepared(model, config, train_set)
        return loop.fit_stack([config], train_set, test_set, on_progress, model=network)[0]
    check_size(config)
    run = engine.train(config, on_progress)
    # A stored run may have been trained when the same data had another name.
    return dataclasses.replace(run, metrics=run.metrics | {DATA_NAME: own.name})


def fit_folder(folder: str, dataset: str | None, config: RunConfig, on_progress: OnProgress | None = None) -> Run:
    """Train on the images of a folder, whose subfolders are classes; as `python -m vaedemo train --images`.

    Raises what `fit` and `image_folder.read` raise, and `ConfigError` for a `dataset` beside the folder.
    """
    if dataset is not None:
        raise ConfigError("dataset", dataset, "nothing beside --images, which gives the data")
    images, class_names = image_folder.read(folder)
    datasets.register(images, class_names)
    return fit(images, config, on_progress=on_progress)


def check_size(config: RunConfig) -> None:
    """Raise `ConfigError` for a network whose weights would fill a larger file than is read again."""
    needed, most = caps.FLOAT * caps.parameters(config), settings.current().max_run_bytes
    if needed > 0.8 * most:
        shape = " × ".join(map(str, datasets.data_shape(config.dataset)))
        accepts = f"widths whose weights take at most {0.8 * most / 1e6:,.0f} MB for examples of {shape}"
        raise ConfigError("hidden", config.hidden, f"{accepts} ({needed / 1e6:,.0f} MB asked)")


def own_set(images, labels, name: str | None) -> ImageSet:
    """The data as an `ImageSet` with its name for titles."""
    if not isinstance(images, ImageSet):
        return datasets.from_arrays(images, labels, name=name)
    if labels is not None:
        raise ConfigError("labels", labels, "nothing where images is an ImageSet, which has classes")
    return images if name is None else dataclasses.replace(images, name=display_name("name", name))
