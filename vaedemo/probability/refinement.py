r"""The integral of p(x, z) over a lattice that is refined, image by image, where the image's mass lies."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from vaedemo.probability.lattice import Lattice, log_joint_at, log_joint_everywhere

__all__: list[str] = []  # the inside of `quadrature`: its arguments are checked there

LEAST_MASS = math.log(1e-6)  # a cell that may hold more of its image's mass is subdivided
COARSEST = 1.25  # the largest spacing, in local standard deviations of the posterior
COARSEST_SEARCH = 4.0  # the largest spacing, in standard deviations of q: nothing narrower is overlooked under q
TOLERANCE = 0.009  # nats: an image is refined until a doubled spacing would change less; its error is then well below
LARGEST_RISE = 25.0  # nats by which a peak between the nodes may rise above them
LAST_LEVEL = 10
STEEPEST = 0.95  # of the mass of one ring to that of the ring inside it: above it the series is not to be summed
MOST_CELLS = 40_000  # an image that would need more is left with the error it has


@dataclass(frozen=True)
class Cells:
    """Pairs of an image and a cell: `image` (P,) rows, `cell` (P, d), `curvature` (P,), `log_mass` (P,) in nats."""

    image: Tensor
    cell: Tensor
    curvature: Tensor
    log_mass: Tensor

    def where(self, mask: Tensor) -> "Cells":
        return Cells(self.image[mask], self.cell[mask], self.curvature[mask], self.log_mass[mask])


@dataclass(frozen=True)
class Integral:
    """log p(x) of N images: `log_marginal` and `error` (N,), float64, nats.

    `beyond`: (N,), the mass that may lie outside the lattice, as a share of what lies in it; infinite where it rises
    towards the edge.
    `leaves`: for each level, the cells that the images finished there ended with; their mass is all but the last
    millionths of the image's.
    """

    log_marginal: Tensor
    error: Tensor
    beyond: Tensor
    leaves: dict[int, Cells]


def integrate(
    model,
    lattice: Lattice,
    x: Tensor,
    mu: Tensor,
    logvar: Tensor,
    tolerance: float = TOLERANCE,
    last_level: int = LAST_LEVEL,
) -> Integral:
    r"""log ∫ p(x|z) p(z) dz for each of N images, refined until the estimated error is below `tolerance`.

    A level is fine enough for an image when its spacing is at most `COARSEST` local standard deviations of the
    posterior and the sums over every second node agree with the sum over all. Before that, the cells that may hold
    more than a millionth of the image's mass are subdivided; "may", because a peak can hide between nodes, where the
    curvature of log p(x, z) says by how much it can rise above them. An image whose posterior is never resolved has
    an infinite error. `mu`, `logvar`: (N, d), of q(z|x).
    """
    values = log_joint_everywhere(model, x, lattice)
    total = log_sum(values) + lattice.log_volume()
    beyond = share_beyond(values, total, lattice)
    deviation = (0.5 * logvar).exp()
    current = first_cells(values, total, lattice, mu, deviation)
    settled = total + torch.log1p(-share(current, total).clamp(max=1))
    del values
    result, error = total.clone(), torch.full_like(total, math.inf)
    pending, quiet_error = total.isfinite(), torch.zeros_like(total)
    leaves = {}
    for level in range(last_level + 1):
        total = torch.logaddexp(settled, log_sum_of_each(current, len(x)))
        change = (total - result).abs() if level else torch.zeros_like(total)
        result = torch.where(pending, total, result)
        estimate = torch.maximum(change, disagreement(current, total, lattice.dimension)) + beyond
        estimate = torch.maximum(estimate, quiet_error)
        spacing = lattice.spacing(level)
        resolved = spacing**2 * mean_curvature(current, total) <= COARSEST**2
        narrow = spacing > COARSEST_SEARCH * deviation.amin(1)
        error = torch.where(pending, torch.where(resolved & ~narrow, estimate, math.inf), error)
        # An image that is fine but for a narrow q is only looked at under q: something may hide there.
        quiet = resolved & (estimate <= tolerance)
        quiet_error = torch.where(quiet, estimate, quiet_error)
        pending = pending & ~(quiet & ~narrow)

        promising = worth_splitting(current, total, lattice, level, mu, deviation, narrow, quiet)
        next_cells = torch.bincount(current.image[promising], minlength=len(x)) * 2**lattice.dimension
        affordable = (next_cells > 0) & (next_cells <= MOST_CELLS)
        pending = pending & affordable if level < last_level else torch.zeros_like(pending)
        going_on = pending[current.image]
        leaves[level] = current.where(~going_on)
        if not pending.any():
            break
        settled = torch.logaddexp(settled, log_sum_of_each(current.where(going_on & ~promising), len(x)))
        current = split(model, x, lattice, level, current.where(going_on & promising))
    return Integral(result, error, beyond, leaves)


def first_cells(values: Tensor, total: Tensor, lattice: Lattice, mu: Tensor, deviation: Tensor) -> Cells:
    """The cells of level 0 that may matter to an image: within reach of its mass, or under q while q is narrow."""
    lowest = (total - lattice.log_volume() + LEAST_MASS - LARGEST_RISE).to(values.dtype)
    candidate = values >= lowest.unsqueeze(1)
    narrow = (lattice.spacing() > deviation.amin(1)).nonzero().squeeze(1)
    centres = lattice.centres(torch.arange(lattice.points, device=values.device), 0, mu)
    near = (centres - mu[narrow].unsqueeze(2)).abs() <= (6 * deviation[narrow] + lattice.spacing() / 2).unsqueeze(2)
    box = near[:, 0].unsqueeze(2) & near[:, 1].unsqueeze(1) if lattice.dimension == 2 else near[:, 0]
    candidate[narrow] |= box.flatten(1)
    image, column = candidate.nonzero(as_tuple=True)
    curvature = steepest_curvature(values, lattice, image, column)
    cell = torch.stack([column // lattice.points**axis % lattice.points for axis in reversed(range(mu.shape[1]))], 1)
    cells = Cells(image, cell, curvature, values[image, column].double() + lattice.log_volume())
    under_q = box.flatten(1).new_zeros(values.shape[0], box.flatten(1).shape[1])
    under_q[narrow] = box.flatten(1)
    return cells.where(may_hold(cells, total, lattice, 0) | under_q[image, column])


def steepest_curvature(values: Tensor, lattice: Lattice, image: Tensor, column: Tensor) -> Tensor:
    r"""The largest eigenvalue of −∇² log p(x, z) at nodes of level 0, by second differences; at least 0.

    Its inverse is the variance of the posterior, were it Gaussian, along its narrowest direction.
    """
    last = values.shape[1] - 1

    def at(step: int) -> Tensor:
        return values[image, (column + step).clamp(0, last)].double()

    steps = [lattice.points**axis for axis in range(lattice.dimension)]
    centre = at(0)
    along = [2 * centre - at(step) - at(-step) for step in steps]
    largest = along[0]
    if lattice.dimension == 2:
        one, other = steps
        across = (at(one + other) - at(one - other) - at(other - one) + at(-one - other)) / 4
        largest = (along[0] + along[1]) / 2 + torch.hypot((along[0] - along[1]) / 2, across)
    return torch.nan_to_num(largest, nan=0, posinf=0, neginf=0).clamp(min=0) / lattice.spacing() ** 2


def may_hold(cells: Cells, total: Tensor, lattice: Lattice, level: int) -> Tensor:
    """Which cells may hold more than a millionth of their image's mass, were there a peak between the nodes."""
    rise = cells.curvature * lattice.spacing(level) ** 2 * lattice.dimension / 8
    return cells.log_mass + rise.clamp(max=LARGEST_RISE) >= total[cells.image] + LEAST_MASS


def worth_splitting(cells: Cells, total, lattice: Lattice, level: int, mu, deviation, narrow, quiet) -> Tensor:
    """Which cells to subdivide: those under q while the spacing has not resolved q; unless quiet, those with mass."""
    reach = 6 * deviation + lattice.spacing(level) / 2
    distance = (lattice.centres(cells.cell, level, mu) - mu[cells.image]).abs()
    under_q = (distance <= reach[cells.image]).all(1) & narrow[cells.image]
    return (may_hold(cells, total, lattice, level) & ~quiet[cells.image]) | under_q


def split(model, x: Tensor, lattice: Lattice, level: int, cells: Cells) -> Cells:
    """The cells of the next level in these, each with its mass."""
    children = lattice.children(cells.cell)
    count = children.shape[1]
    image, cell = cells.image.repeat_interleave(count), children.flatten(0, 1)
    values = log_joint_at(model, x, lattice, level + 1, image, cell)
    curvature = cells.curvature.repeat_interleave(count)
    return Cells(image, cell, curvature, values + lattice.log_volume(level + 1))


def disagreement(cells: Cells, total: Tensor, dimension: int) -> Tensor:
    r"""By how much, relatively, each image's sum would differ were it taken over every second node.

    $$\sum_{s} \Bigl| \sum_c s_c\, w_c \Bigr|, \qquad s_c = \pm 1 \text{ by turns along each axis and both}$$

    The error of a rule of second order is a third of that; where the posterior is smooth it is far smaller.
    """
    weight = (cells.log_mass - total[cells.image]).exp()
    signs = [1 - 2 * (axis % 2) for axis in cells.cell.T]
    if dimension == 2:
        signs.append(signs[0] * signs[1])
    return sum(torch.zeros_like(total).index_add(0, cells.image, weight * sign).abs() for sign in signs)


def mean_curvature(cells: Cells, total: Tensor) -> Tensor:
    """Each image's curvature, averaged over its mass: one over the local variance of the posterior.

    Mass that is no longer looked at counts as flat.
    """
    weight = (cells.log_mass - total[cells.image]).exp()
    return torch.zeros_like(total).index_add(0, cells.image, weight * cells.curvature)


def share(cells: Cells, total: Tensor) -> Tensor:
    """The part of each image's total that lies in these cells."""
    weight = (cells.log_mass - total[cells.image]).exp()
    return torch.zeros_like(total).index_add(0, cells.image, weight)


def log_sum_of_each(cells: Cells, images: int) -> Tensor:
    """The log of each image's mass in these cells, (images,), its largest cell taken out; −∞ where it has none."""
    largest = cells.log_mass.new_full((images,), -math.inf)
    largest = largest.scatter_reduce(0, cells.image, cells.log_mass, "amax")
    shift = torch.where(largest.isfinite(), largest, 0.0)
    return shift + share(cells, shift).log()


def log_sum(values: Tensor) -> Tensor:
    """log Σ exp over the columns of (N, G), a few rows at a time, added up in float64."""
    sums = []
    for rows in values.split(max(1, 2**20 // values.shape[1])):
        largest = rows.amax(1, keepdim=True)
        shift = torch.where(largest.isfinite(), largest, 0.0)
        sums.append((rows - shift).exp().sum(1, dtype=torch.float64).log() + shift.squeeze(1))
    return torch.cat(sums)


def share_beyond(values: Tensor, total: Tensor, lattice: Lattice) -> Tensor:
    """The mass that may lie outside the box, as a share of `total`: the two outermost rings of cells, continued as a
    geometric series. Infinite where the rings hold mass and do not fall outwards: then nobody knows how much follows.
    """
    cells = lattice.all_cells(values.device)
    ring = torch.minimum(cells, lattice.points - 1 - cells).amin(1)
    outer, inner = (torch.logsumexp(values[:, ring == depth].double(), 1) for depth in (0, 1))
    ratio = torch.nan_to_num((outer - inner).exp(), nan=0.0)
    rising = (ratio > STEEPEST) & (outer + lattice.log_volume() - total > LEAST_MASS)
    ratio = ratio.clamp(max=STEEPEST)
    beyond = outer + torch.log(ratio) - torch.log1p(-ratio) + lattice.log_volume()
    return torch.where(rising, math.inf, torch.nan_to_num((beyond - total).exp(), nan=0.0))
