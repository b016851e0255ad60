"""The digit that the shipped classifier reads in an image, and how sure it is."""

from torch import Tensor

from vaedemo.app import catalogue

READER = "digit-classifier"
READ = ("mnist", "mnist-55k", "digits")  # the data sets whose images it can read
SURE = 0.9


def probabilities(images: Tensor) -> Tensor:
    """p(y|x) of images (n, 1, 28, 28): (n, 10)."""
    return catalogue.run(READER).model.probabilities(images)


def digits(images: Tensor) -> Tensor:
    """The likeliest digit of each image, (n,)."""
    return probabilities(images).argmax(dim=1)


def sure(images: Tensor) -> Tensor:
    """Whether the classifier gives one digit more than `SURE`, for each image, (n,)."""
    return probabilities(images).max(dim=1).values > SURE
