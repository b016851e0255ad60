r"""One image as a sum of rank-one terms: its singular value decomposition, term by term."""

from dataclasses import dataclass

import torch
from torch import Tensor

from vaedemo.models.check_data import bytes_or_floats
from vaedemo.probability import check_numbers, checks


@dataclass(frozen=True)
class RankOneSum:
    r"""A matrix as a sum of rank-one terms, the largest first.

    $$A = \sum_{i=1}^{r} s_i\, u_i v_i^{\top}, \qquad s_1 \ge s_2 \ge \dots \ge s_r > 0$$

    `values`: s, (r,), in the matrix's units. `terms`: $s_i u_i v_i^\top$, (r, H, W). Both float64; r is the rank.
    """

    values: Tensor
    terms: Tensor

    def __post_init__(self):
        sizes: dict[str, int] = {}
        object.__setattr__(self, "values", checks.array("values", self.values, "r", sizes=sizes, low=0))
        object.__setattr__(self, "terms", checks.array("terms", self.terms, "r", "H", "W", sizes=sizes))

    @property
    def rank(self) -> int:
        return len(self.values)

    def partial(self, k: int) -> Tensor:
        r"""The sum of the first k terms, (H, W), the nearest matrix of rank k to A.

        $$A_k = \sum_{i=1}^{k} s_i\, u_i v_i^{\top}, \qquad \lVert A - A_k \rVert_F^2 = \sum_{i > k} s_i^2
        \le \lVert A - B \rVert_F^2 \;\text{ for all } B \text{ of rank } k$$

        Raises `ValueError` for k outside 0 to the rank. Source: Eckart & Young 1936.
        """
        return self.terms[: check_numbers.count("k", k, 0, self.rank)].sum(0)

    def shares(self) -> Tensor:
        r"""Each term's share of the squared norm, (r,): $s_i^2 / \sum_j s_j^2$; their sum is 1."""
        squares = self.values.square()
        return squares / squares.sum()


def decompose(image: Tensor) -> RankOneSum:
    r"""The rank-one terms of an image, from its singular value decomposition.

    $$A = U \operatorname{diag}(s)\, V^{\top}$$

    `image`: (H, W), uint8 (read as x/255) or float. A singular value counts as zero below
    $s_1 \cdot \max(H, W) \cdot \epsilon$ with float32's ε, the precision of the data. The common sign of u and v is
    chosen so that the largest entry of u is positive. Raises `ValueError` for another shape or numbers that are not
    finite.
    """
    matrix = bytes_or_floats("image", image, "H", "W", least=1, kind=torch.float64).double()
    left, values, right = torch.linalg.svd(matrix, full_matrices=False)
    smallest = values[0] * max(matrix.shape) * torch.finfo(torch.float32).eps
    rank = int((values > smallest).sum())
    left, values, right = left[:, :rank], values[:rank], right[:rank]
    return RankOneSum(values, torch.einsum("hi,i,iw->ihw", left, values, right))
