"""Where the names of the classes are written on a plane of codes."""

from collections.abc import Sequence

import numpy as np

from vaedemo.app.shared.places import apart

APART = {1: 0.1, 4: 0.26}  # the least distance of two names by the number of panels, as a share of half the width


def placed(
    codes: np.ndarray, labels: Sequence[int], reach: float, together: bool, panels: int
) -> list[tuple[float, float, str]]:
    """(x, y, name) for each class of codes (N, 2), near the middle of its codes.

    `reach`: half the width of the plane, one of so many `panels`. `together`: all classes share one place,
    so one name stands for all.
    """
    kinds = sorted({int(label) for label in labels})
    if together:
        return [(0.0, 0.0, f"{kinds[0]}–{kinds[-1]}")]
    middles = np.array([np.median(codes[np.asarray(labels) == kind], axis=0) for kind in kinds], float)
    at = apart(middles, APART[panels] * reach).clip(-0.9 * reach, 0.9 * reach)
    return [(float(x), float(y), str(kind)) for (x, y), kind in zip(at.round(3), kinds, strict=True)]
