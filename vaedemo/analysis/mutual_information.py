r"""The mutual information of latent axes and generating factors, from bins, and the gap between the best two (MIG)."""

import torch
from torch import Tensor

from vaedemo.analysis.check_arguments import whole_numbers
from vaedemo.probability import check_numbers, checks


def bins(values: Tensor, count: int) -> Tensor:
    r"""Each value's bin when the values are divided by rank into `count` bins of equal size.

    $$b_n = \Bigl\lfloor \frac{\text{count}}{N} \bigl(\bar{r}_n + \tfrac{1}{2}\bigr) \Bigr\rfloor$$

    with $\bar{r}_n$ the mean rank, from 0, of all values equal to the n-th. So equal values share a bin, a constant is
    in one bin, and only the order matters. `values`: (N,), finite. Returns int64 (N,), 0 to count − 1.
    Raises `ValueError` for a count below 1 or values that are not finite.
    """
    count, values = check_numbers.count("count", count), checks.array("values", values, "N")
    return (count * _doubled_ranks(values)).div(2 * len(values), rounding_mode="floor")


def _doubled_ranks(values: Tensor) -> Tensor:
    """Twice the mean rank plus one, int64 (N,): an integer, so that rounding cannot change a bin."""
    _, place, ties = values.unique(return_inverse=True, return_counts=True)
    before = ties.cumsum(0) - ties
    return (2 * before + ties)[place]


def mutual_information(first: Tensor, second: Tensor) -> Tensor:
    r"""The mutual information of two labellings of the same examples, by their joint histogram.

    $$I(a; b) = \sum_{a, b} \hat{p}(a, b) \log \frac{\hat{p}(a, b)}{\hat{p}(a)\, \hat{p}(b)}$$

    `first`, `second`: integers from 0, (N,). Returns a float64 number () in nats, at least 0, and exactly 0 if one of
    them is constant. Two independent labellings with k and l values give about (k − 1)(l − 1) / 2N, not 0.
    Raises `ValueError` for empty labellings, different lengths, and numbers that are no integers.
    Source: Miller 1955, "Note on the bias of information estimates", for the bias.
    """
    sizes: dict[str, int] = {}
    first = whole_numbers("first", first, "N", sizes=sizes, least=1)
    second = whole_numbers("second", second, "N", sizes=sizes)
    # Renumber the values from 0: the table below has a cell for each pair of values.
    return _mutual_information(*(each.unique(return_inverse=True)[1] for each in (first, second)))


def _mutual_information(first: Tensor, second: Tensor) -> Tensor:
    rows, columns = int(first.max()) + 1, int(second.max()) + 1
    joint = torch.bincount(first * columns + second, minlength=rows * columns).reshape(rows, columns).double()
    expected = joint.sum(1, keepdim=True) * joint.sum(0, keepdim=True) / len(first)
    ratio = torch.where(joint > 0, joint / expected.clamp(min=1e-300), 1.0)
    return ((joint * ratio.log()).sum() / len(first)).clamp(min=0)


def information_matrix(factors: Tensor, codes: Tensor, levels: int | None = None) -> Tensor:
    r"""The share of each factor's entropy that each latent axis explains.

    $$A_{kj} = \frac{I(v_k;\, b_k(z_j))}{H(v_k)}$$

    `factors`: (N, K), NaN where a factor is undefined; its row omits those examples. `codes`: (N, d).
    b_k divides an axis into as many bins as the factor has levels. The bins contain the same shares of the examples as
    the levels, in the order of the levels along the axis (by mean rank). So an axis on which each level has its own
    interval gives exactly 1, for any shares of the levels and either direction of the axis.
    With `levels`, factors are continuous and are divided into this number of bins of equal size, by `bins`.
    An axis independent of the factor gives about (L − 1)² / (2 N H(v_k)) for L levels, not 0: see
    `mutual_information`. Returns float64 (K, d), from 0 to 1. A factor of one level has no entropy and a row of zeros.
    Raises `ValueError` when factors and codes differ in number, a factor is undefined everywhere, or a code is not
    finite.
    Source: Chen et al. 2018 (arXiv 1802.04942), section 4.1; here with z_j = μ_j(x) and bins in place of samples.
    """
    sizes: dict[str, int] = {}
    factors = checks.floats("factors", factors)
    checks.check_shape("factors", factors, ("N", "K"), sizes, least=1)
    checks.check_range("factors where they are defined", factors[~factors.isnan()])
    codes = checks.array("codes", codes, "N", "d", sizes=sizes)
    rows = []
    for column in factors.T:
        known = ~column.isnan()
        if not known.any():
            raise ValueError("A factor that is undefined for every example tells nothing.")
        values = column[known] if levels is None else bins(column[known], levels)
        label = values.unique(return_inverse=True)[1]
        entropy = _mutual_information(label, label)
        told = torch.stack([_mutual_information(label, _cut_like(axis, label)) for axis in codes[known].T])
        rows.append(told / entropy if entropy > 0 else torch.zeros_like(told))
    return torch.stack(rows)


def _cut_like(values: Tensor, label: Tensor) -> Tensor:
    """Each value's bin, int64 (N,), numbered by the level of `label`, 0 to L − 1, that has the bin's size.

    The order of the bins along the values is that of the levels' mean ranks. Equal values share a bin.
    """
    doubled = _doubled_ranks(values)
    counts = label.bincount()
    order = (label.bincount(doubled.double()) / counts).argsort(stable=True)
    return order[torch.searchsorted(2 * counts[order].cumsum(0), doubled, right=True)]


def gaps(matrix: Tensor) -> Tensor:
    """The difference between the best and the second-best axis of each factor: (K,) from a matrix (K, d)."""
    matrix = checks.array("matrix", matrix, "K", "d")
    if matrix.shape[1] == 1:
        return matrix[:, 0]
    best = matrix.topk(2, dim=1).values
    return best[:, 0] - best[:, 1]


def mig(matrix: Tensor) -> float:
    r"""The mutual information gap: it is large if one axis alone explains each factor.

    $$\mathrm{MIG} = \frac{1}{K} \sum_k \bigl( A_{k j_1} - A_{k j_2} \bigr), \qquad
    A_{k j_1} \ge A_{k j_2} \ge \dots$$

    `matrix`: from `information_matrix`, (K, d). From 0 to 1. It is invariant to permutations and scales of the axes,
    but not to rotations. Raises `ValueError` for no factor or numbers that are not finite.
    Source: Chen et al. 2018 (arXiv 1802.04942), equation 6.
    """
    return gaps(checks.array("matrix", matrix, "K", "d", least=1)).mean().item()


def best_two(matrix: Tensor, first: int, second: int) -> tuple[int, int]:
    """The best axis of one factor (a row of the matrix), and the best of the other axes for another factor.

    Raises `ValueError` for a matrix with a single axis or a row that does not exist.
    """
    matrix = checks.array("matrix", matrix, "K", "d", least=1)
    first, second = (
        check_numbers.count(name, row, 0, len(matrix) - 1) for name, row in (("first", first), ("second", second))
    )
    if matrix.shape[1] < 2:
        raise ValueError("Two axes are needed, the matrix has 1.")
    axis = int(matrix[first].argmax())
    others = matrix[second].clone()
    others[axis] = -1
    return axis, int(others.argmax())
