r"""Arithmetic with codes: the mean code of each class, and shifts along the difference of two of them."""

from collections.abc import Sequence

import torch
from torch import Tensor

from vaedemo.analysis.check_arguments import exact_numbers, whole_numbers
from vaedemo.probability import check_numbers, checks


def mean_codes(codes: Tensor, labels: Tensor, classes: int) -> Tensor:
    r"""The mean code of each class.

    $$m_c = \frac{1}{N_c} \sum_{i:\, y_i = c} \mu(x_i)$$

    `codes`: (N, d), the means of q(z|x) or an autoencoder's codes. `labels`: int64 (N,) from 0 to classes − 1.
    Returns (classes, d). Raises `ValueError` for a class without an example, labels outside the classes, or codes that
    are not finite.
    """
    sizes: dict[str, int] = {}
    codes = checks.array("codes", codes, "N", "d", sizes=sizes)
    labels = whole_numbers("labels", labels, "N", sizes=sizes)
    classes = check_numbers.count("classes", classes)
    counts = torch.bincount(labels, minlength=classes)
    if len(counts) > classes or not counts.all():
        raise ValueError(f"Each class from 0 to {classes - 1} needs at least one code, got {counts.tolist()}.")
    sums = codes.new_zeros(classes, codes.shape[1], dtype=torch.float64).index_add_(0, labels, codes.double())
    return (sums / counts[:, None]).to(codes.dtype)


def shifted(code: Tensor, plus: Tensor, minus: Tensor, strengths: Sequence[float]) -> Tensor:
    r"""A code shifted along the difference of two mean codes, by several strengths s.

    $$z(s) = c + s\,(m_a - m_b)$$

    `code` c, `plus` m_a, `minus` m_b: (d,). Returns (len(strengths), d); s = 0 gives c and s = 1 gives c + m_a − m_b.
    Source: Larsen et al. 2016 (arXiv 1512.09300), section 4.2; Radford et al. 2016 (arXiv 1511.06434), section 6.3.2.
    Raises `ValueError` for other shapes or numbers that are not finite.
    """
    sizes: dict[str, int] = {}
    code, plus, minus = (
        checks.array(name, value, "d", sizes=sizes)
        for name, value in (("code", code), ("plus", plus), ("minus", minus))
    )
    strengths = exact_numbers("strengths", strengths, "S").to(code)
    return code + strengths[:, None] * (plus - minus)
