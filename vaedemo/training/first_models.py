"""The models of a training before its first step."""

from collections.abc import Sequence

from torch import nn

from vaedemo.config import RunConfig
from vaedemo.datasets import ImageSet
from vaedemo.models import build
from vaedemo.models.ensemble import is_own
from vaedemo.training.data_initialization import DataInitialization
from vaedemo.training.member import started
from vaedemo.training.recipes import Recipe
from vaedemo.training.run import Run


def first_models(
    configs: Sequence[RunConfig], starts: Sequence[Run | None], train_set: ImageSet, recipe: Recipe
) -> list[nn.Module]:
    """A model for each config, with the weights of its start run if any, initialized as the recipe says."""
    shape = tuple(train_set.x.shape[1:])
    models = [started(build(each, shape), start) for each, start in zip(configs, starts, strict=True)]
    if recipe.data_initialization and is_own(models[0]):  # only for this package's own networks
        data_initialization = DataInitialization(train_set, configs[0])
        for model, start in zip(models, starts, strict=True):
            data_initialization.apply(model, fresh=start is None)
    return models
