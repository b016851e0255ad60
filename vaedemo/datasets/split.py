"""The fixed division of a data set into a training and a test part, the same share of each class."""

import numpy as np

SPLIT_SEED = 5000
TEST_SHARE = 0.2


def split_indices(y: np.ndarray, least: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Row indices of the training and the test part: a fixed random fifth of each class is for testing.

    `y`: the classes (N,). `least`: the test part has at least so many rows, also where the classes are small.
    """
    # NumPy guarantees that RandomState's stream never changes (NEP 19), so the split stays the same.
    random = np.random.RandomState(SPLIT_SEED)
    train, test = [], []
    for label in np.unique(y):
        rows = random.permutation(np.flatnonzero(y == label))
        held_out = round(TEST_SHARE * len(rows))
        test.append(rows[:held_out])
        train.append(rows[held_out:])
    train, test = random.permutation(np.concatenate(train)), random.permutation(np.concatenate(test))
    lacking = max(least - len(test), 0)
    return train[lacking:], np.concatenate([test, train[:lacking]])
