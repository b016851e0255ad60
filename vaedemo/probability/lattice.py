r"""A lattice of cells over the latent space, and log p(x, z) at their centres, for many images at once."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from vaedemo.probability.likelihood_matrix import codes_at_once, log_likelihood_unchecked, log_prior_unchecked

__all__: list[str] = []  # the inside of `quadrature`: its arguments are checked there

PATCH = 32  # nodes a side that are decoded together, because the same images look at them


@dataclass(frozen=True)
class Lattice:
    r"""Cells whose centres, at level 0, are `points` numbers from −extent to extent on each of `dimension` axes.

    $$z = -E - \tfrac{1}{2} h_0 + \bigl(c + \tfrac{1}{2}\bigr) h_\ell, \qquad h_0 = \frac{2E}{\text{points} - 1},
    \quad h_\ell = 2^{-\ell} h_0$$

    A cell is a row of whole numbers c, one an axis; at the next level it falls into 2^d cells, 2c and 2c + 1 on each
    axis. At every level the sum over the centres times h^d is a trapezoidal rule, so it converges faster than any
    power of h where the integrand is smooth and dies out before the edge.
    """

    extent: float
    points: int
    dimension: int

    def spacing(self, level: int = 0) -> float:
        """h at a level, in the units of z."""
        return 2 * self.extent / (self.points - 1) / 2**level

    def log_volume(self, level: int = 0) -> float:
        """log h^d: what is added to a log-density to make it the log-mass of a cell."""
        return self.dimension * math.log(self.spacing(level))

    def centres(self, cells: Tensor, level: int, like: Tensor) -> Tensor:
        """The centres of cells (P, d), in the type of `like`."""
        offset = -self.extent - 0.5 * self.spacing()
        return (offset + (cells.double() + 0.5) * self.spacing(level)).to(like)

    def wider(self) -> "Lattice":
        """Twice the extent at the same spacing."""
        return Lattice(2 * self.extent, 2 * self.points - 1, self.dimension)

    def all_cells(self, device=None) -> Tensor:
        """Every cell of level 0, (points^d, d), the last axis running fastest."""
        axis = torch.arange(self.points, device=device)
        return torch.cartesian_prod(*[axis] * self.dimension).reshape(-1, self.dimension)

    def children(self, cells: Tensor) -> Tensor:
        """The 2^d cells of the next level in each of P cells: (P, 2^d, d)."""
        halves = torch.cartesian_prod(*[torch.arange(2, device=cells.device)] * self.dimension)
        return 2 * cells.unsqueeze(1) + halves.reshape(-1, self.dimension)

    def patch_key(self, cells: Tensor, level: int) -> Tensor:
        """One whole number a cell: cells of one patch of `PATCH` a side follow each other."""
        patches = (self.points << level) // PATCH + 1
        key = torch.zeros_like(cells[:, 0])
        for axis in cells.T:
            key = key * patches + axis // PATCH
        for axis in cells.T:
            key = key * PATCH + axis % PATCH
        return key


def log_joint_everywhere(model, x: Tensor, lattice: Lattice) -> Tensor:
    """log p(x, z) of N images at every centre of level 0: (N, points^d)."""
    like = next(model.parameters())
    cells = lattice.all_cells(like.device)
    values, start = None, 0
    for part in cells.split(codes_at_once(model, x)):
        z = lattice.centres(part, 0, like)
        piece = log_likelihood_unchecked(model.decode(z), x) + log_prior_unchecked(z)
        if values is None:
            values = piece.new_empty(len(x), len(cells))
        values[:, start : start + len(part)] = piece
        start += len(part)
    return values


def log_joint_at(model, x: Tensor, lattice: Lattice, level: int, image: Tensor, cells: Tensor) -> Tensor:
    """log p(x, z) of P pairs of an image (its row of x) and a cell of a level: (P,), float64.

    Each cell is decoded once, however many images look at it.
    """
    like = next(model.parameters())
    values = torch.empty(len(image), dtype=torch.float64, device=like.device)
    _, position = lattice.patch_key(cells, level).unique(return_inverse=True)
    position, order = position.sort()
    first_of = torch.searchsorted(position, torch.arange(int(position[-1]) + 2, device=position.device))
    at_once = codes_at_once(model, x)
    for start in range(0, len(first_of) - 1, at_once):
        stop = min(start + at_once, len(first_of) - 1)
        pairs = order[first_of[start] : first_of[stop]]
        column = position[first_of[start] : first_of[stop]] - start
        z = lattice.centres(cells[order[first_of[start:stop]]], level, like)
        rows, row = image[pairs].unique(return_inverse=True)
        matrix = log_likelihood_unchecked(model.decode(z), x[rows])
        values[pairs] = matrix[row, column].double() + log_prior_unchecked(z.double())[column]
    return values
