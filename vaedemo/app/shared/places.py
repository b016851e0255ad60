"""Places for words that lie close together on a plane."""

import numpy as np

ROUNDS = 60


def apart(places: np.ndarray, least: float) -> np.ndarray:
    """The places (n, 2), moved until no two are nearer than about `least`."""
    moved = places.copy()
    for _ in range(ROUNDS):
        between = moved[:, None] - moved[None]
        distance = np.linalg.norm(between, axis=2)
        short = np.clip(least - distance, 0, None) / 2
        np.fill_diagonal(short, 0)
        if not short.any():
            break
        moved += (between / np.maximum(distance, 1e-6)[..., None] * short[..., None]).sum(1)
    return moved
