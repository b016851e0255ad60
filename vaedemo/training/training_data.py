"""The data of one training on its device: what it trains on, what it is measured on, what its film shows."""

import torch

from vaedemo.config import RunConfig
from vaedemo.datasets import ImageSet
from vaedemo.training.film import SHOWN_CODES
from vaedemo.training.subset import balanced


class TrainingData:
    """`x`, `y`: the training examples, images as bytes. `train`, `test`: (data, classes) of the examples that are
    evaluated, as the models read them. `shown`: the test examples of the film, and `shown_data` the same as data."""

    def __init__(
        self, config: RunConfig, train_set: ImageSet, test_set: ImageSet, device: torch.device, dtype: torch.dtype
    ):
        self.pixels, self.device, self.dtype = config.pixels, device, dtype
        self.x, self.y = train_set.x.to(device), train_set.y.to(device)
        self.shown = balanced(test_set, min(SHOWN_CODES, len(test_set)))
        self.test, self.shown_data = self._labelled(test_set), self._data(self.shown)
        self.train = self._labelled(balanced(train_set, min(len(train_set), len(test_set))))

    def _data(self, image_set: ImageSet) -> torch.Tensor:
        return image_set.as_data(self.pixels).to(self.device, self.dtype)

    def _labelled(self, image_set: ImageSet) -> tuple[torch.Tensor, torch.Tensor]:
        return self._data(image_set), image_set.y.to(self.device)
