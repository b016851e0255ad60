"""The training loop of all models of this project, single or in a stack."""

from collections.abc import Callable, Sequence

import torch

from vaedemo.config import RunConfig
from vaedemo.datasets import ImageSet
from vaedemo.training import device as devices
from vaedemo.training.fitting import Fitting
from vaedemo.training.progress import Progress
from vaedemo.training.run import Run
from vaedemo.training.state import Keeper, State

OnProgress = Callable[[Progress], None]
ShouldStop = Callable[[], bool]


def fit(
    config: RunConfig,
    train_set: ImageSet,
    test_set: ImageSet,
    on_progress: OnProgress | None = None,
    should_stop: ShouldStop | None = None,
    start: Run | None = None,
) -> Run:
    """Train the model of a config and evaluate it on the test set, without reading or writing the store.

    `on_progress` is called at most 5 times a second and at the end of each epoch. `should_stop` is called once per
    batch; True ends the training with a partial run (status "stopped"). `start`: the run that the config starts from.
    A loss that becomes NaN or infinite ends the training (status "diverged") with the last good weights. A run whose
    final loss is above its loss before the first step has diverged too.

    Data other than the set that the config names give a run with another digest, which `store.save` refuses. Raises
    `ValueError` for empty sets, points that are not finite, and examples or classes that do not fit the config or each
    other; all data are checked once. A batch size above the set's length means the whole set.
    """
    return fit_stack([config], train_set, test_set, on_progress, should_stop, [start])[0]


def fit_stack(
    configs: Sequence[RunConfig],
    train_set: ImageSet,
    test_set: ImageSet,
    on_progress: OnProgress | None = None,
    should_stop: ShouldStop | None = None,
    starts: Sequence[Run | None] | None = None,
    dtype: torch.dtype = torch.float32,
    model: torch.nn.Module | None = None,
    states: Sequence[State] | None = None,
    keeper: Keeper | None = None,
) -> list[Run]:
    """Train models of one form together: equal to `fit` for each, up to rounding.

    Order and noise come from each config's own seed. A model that diverges does not affect the others. `dtype`: the
    type of the models and of all arithmetic; float64 is for tests. `model`: trained, in place, in the place of that of
    the one config; `own_network.prepared` makes it. `states`: one per config, all after the same step: the training
    goes on from there, with the results of one that never stopped. `keeper`: gets the states that it wants. Raises
    ValueError for different forms, and for states that do not fit.
    """
    with devices.threads_for(configs[0]):
        starts = starts or [None] * len(configs)
        fitting = Fitting(configs, train_set, test_set, on_progress, should_stop, starts, dtype, model, keeper)
        return fitting.run(states)
