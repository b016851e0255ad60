r"""log p(x) without sampling and without a bound, for models with one or two latent axes."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from vaedemo.probability import checks
from vaedemo.probability.check_models import one_image
from vaedemo.probability.check_numbers import count, number, shown
from vaedemo.probability.hermite import LARGEST_DIMENSION
from vaedemo.probability.lattice import Lattice, log_joint_everywhere
from vaedemo.probability.likelihood_matrix import log_likelihood_unchecked, log_prior_unchecked
from vaedemo.probability.refinement import LAST_LEVEL, TOLERANCE, Integral, integrate, log_sum

__all__ = ["PosteriorGrid", "log_marginal_grid", "posterior_box", "posterior_grid"]

LEAST_DRAWN = math.log(1e-6)  # cells of a picture's box hold at least this share of the image's mass
GRID_VALUES = 2**24  # numbers on the coarse grid of the images that are worked on at once
MOST_IMAGES = 2048
MOST_WIDENINGS = 3  # of a box that an image's posterior leaves: each doubles it
MOST_BEYOND = 1e-4  # share of an image's mass that may lie outside the box
MOST_POINTS = {1: 2**20, 2: 2**11}  # an axis, by the number of axes: what fits into memory


@torch.no_grad()
def log_marginal_grid(
    model,
    x: Tensor,
    points: int = 101,
    extent: float | None = None,
    return_error: bool = False,
    refine: bool = True,
    tolerance: float = TOLERANCE,
) -> Tensor | tuple[Tensor, Tensor]:
    r"""The exact log-likelihood of each image, by quadrature over a grid that is refined where the mass lies.

    $$\log p(x) = \log \int p(x \mid z)\, p(z)\, dz
    \approx \log \sum_{c} h_c^{d}\; p(x \mid z_c)\, p(z_c)$$

    First a grid of `points` an axis over [−extent, extent]^d; then every cell that may hold more than a millionth of
    an image's mass is subdivided until the spacing is at most 1.25 local standard deviations of the posterior and the
    estimated error is small. `extent` None is the larger of 5 and the largest |μ| + 6σ in the batch, and the double of
    it, up to three times, for images whose posterior reaches further.

    `x`: (N, ...), as the model reads it. Returns log p(x), (N,) in float64, in nats per image; with
    `return_error=True` also an estimate (N,) of its absolute error: what a doubled spacing would change, and what may
    lie beyond the box. It is below 0.01, or it says so (infinite where the spacing stayed too wide for the posterior);
    the true error is mostly a tenth of it. `tolerance`: the estimate at which an image is no longer refined.
    `refine=False` stops at the coarse grid.
    Raises `ValueError` for latent_dim > 2, fewer than 5 points, an extent or a tolerance that is not positive, and x of
    another shape, not finite, or outside [0, 1] where it is of images.
    """
    x = checks.data_for(model, x)
    tolerance = number("tolerance", tolerance, above=0)
    lattice, mu, logvar = prepare(model, x, points, extent)
    if len(x) == 0:
        nothing = torch.zeros(0, dtype=torch.float64, device=mu.device)
        return (nothing, nothing.clone()) if return_error else nothing
    if not refine and not return_error:
        sums = [log_sum(log_joint_everywhere(model, part, lattice)) for part in x.split(images_at_once(lattice))]
        return torch.cat(sums) + lattice.log_volume()
    widenings = MOST_WIDENINGS if extent is None and refine else 0
    found = integrate_all(model, lattice, x, mu, logvar, tolerance, LAST_LEVEL if refine else 0, widenings)
    return found if return_error else found[0]


def integrate_all(
    model, lattice: Lattice, x: Tensor, mu: Tensor, logvar: Tensor, tolerance: float, last_level: int, widenings: int
) -> tuple[Tensor, Tensor]:
    """log p(x) and its error, a few images at a time; those whose posterior leaves the box get a wider one."""
    rows = images_at_once(lattice)
    blocks = zip(x.split(rows), mu.split(rows), logvar.split(rows), strict=True)
    found = [integrate(model, lattice, *block, tolerance=tolerance, last_level=last_level) for block in blocks]
    log_marginal, error, beyond = (
        torch.cat([getattr(each, name) for each in found]) for name in ("log_marginal", "error", "beyond")
    )
    far = beyond > MOST_BEYOND
    if widenings and far.any():
        log_marginal[far], error[far] = integrate_all(
            model, lattice.wider(), x[far], mu[far], logvar[far], tolerance, last_level, widenings - 1
        )
    return log_marginal, error


def images_at_once(lattice: Lattice) -> int:
    """How many images to hold the coarse grid of at once."""
    return min(MOST_IMAGES, max(1, GRID_VALUES // lattice.points**lattice.dimension))


def of_one(model, x: Tensor) -> tuple[Integral, Lattice, Tensor, Tensor]:
    """The integral of one image over a box that is wide enough, the box, and the encoder's mu and logvar."""
    lattice, mu, logvar = prepare(model, x, 101, None)
    integral = integrate(model, lattice, x, mu, logvar)
    for _ in range(MOST_WIDENINGS):
        if not integral.beyond > MOST_BEYOND:
            break
        lattice = lattice.wider()
        integral = integrate(model, lattice, x, mu, logvar)
    return integral, lattice, mu, logvar


@dataclass(frozen=True)
class PosteriorGrid:
    r"""log p(x, z) of one image on a regular grid of codes.

    `axes`: d tensors (points,), the values of z_1 (and z_2). `log_joint`: float64; (points,) for d = 1; for d = 2
    (points, points), the row is z_2 and the column z_1, as a heat map wants it. `log_marginal`: log p(x) in nats, from
    `log_marginal_grid`, so it does not depend on this grid.
    """

    axes: tuple[Tensor, ...]
    log_joint: Tensor
    log_marginal: float

    @property
    def log_posterior(self) -> Tensor:
        r"""$\log p(z|x) = \log p(x, z) - \log p(x)$, a log-density, of `log_joint`'s shape."""
        return self.log_joint - self.log_marginal

    @property
    def spacing(self) -> tuple[float, ...]:
        """The distance of neighbouring codes on each axis."""
        return tuple(float(axis[-1] - axis[0]) / (len(axis) - 1) for axis in self.axes)


@torch.no_grad()
def posterior_grid(model, x: Tensor, points: int = 101, box=None) -> PosteriorGrid:
    r"""log p(x, z) of one image on a regular grid, for a picture of the posterior.

    $$\log p(z \mid x) = \log p(x \mid z) + \log p(z) - \log p(x)$$

    `x`: (1, ...). `points`: codes an axis. `box`: ((low, high), ...) one pair an axis; None is `posterior_box`.
    Returns a `PosteriorGrid`. Raises `ValueError` for more than one image or latent_dim > 2.
    """
    x = one_image("posterior_grid", model, x)
    integral, lattice, mu, logvar = of_one(model, x)
    like, points = mu, count("points", points, 2, MOST_POINTS[lattice.dimension])
    box = checked_box(box, lattice.dimension) if box is not None else box_around(integral, lattice, mu, logvar)
    axes = tuple(torch.linspace(low, high, points, dtype=torch.float64) for low, high in box)
    codes = torch.cartesian_prod(*reversed(axes)).reshape(-1, len(axes)).flip(1).to(like)
    values = torch.cat(
        [
            log_likelihood_unchecked(model.decode(z), x).double()[0] + log_prior_unchecked(z.double())
            for z in codes.split(2048)
        ]
    )
    return PosteriorGrid(axes, values.reshape([points] * len(axes)), float(integral.log_marginal))


@torch.no_grad()
def posterior_box(model, x: Tensor) -> tuple[tuple[float, float], ...]:
    """The smallest box around the cells that hold all but a hundred-thousandth of one image's posterior, and q's ±4σ.

    `x`: (1, ...). Returns ((low, high), ...), one pair an axis. Raises `ValueError` for latent_dim > 2.
    """
    x = one_image("posterior_box", model, x)
    return box_around(*of_one(model, x))


def box_around(integral: Integral, lattice: Lattice, mu: Tensor, logvar: Tensor) -> tuple[tuple[float, float], ...]:
    """The box of `posterior_box`, from the cells that the refinement ended with."""
    reach = 4 * (0.5 * logvar).exp()
    corners = [(mu - reach).double(), (mu + reach).double()]
    for level, cells in integral.leaves.items():
        kept = cells.where(cells.log_mass >= integral.log_marginal[cells.image] + LEAST_DRAWN)
        corners.append(lattice.centres(kept.cell, level, corners[0]))
    corners = torch.cat(corners)
    return tuple(zip(corners.amin(0).tolist(), corners.amax(0).tolist(), strict=True))


def checked_box(box, dimension: int) -> list[tuple[float, float]]:
    """The ends of each axis; raises `ValueError` unless there is one (low, high) an axis, with low < high."""
    ends = checks.array("box", box, ..., 2).double()
    if ends.shape != (dimension, 2) or not (ends[:, 0] < ends[:, 1]).all():
        raise ValueError(
            f"The box needs one (low, high) with low < high for each of {dimension} axes, got {shown(box)}."
        )
    return [tuple(pair) for pair in ends.tolist()]


def prepare(model, x: Tensor, points: int, extent: float | None) -> tuple[Lattice, Tensor, Tensor]:
    """The lattice for a batch of checked x, and the encoder's mu and logvar."""
    if model.latent_dim > LARGEST_DIMENSION:
        raise ValueError(
            f"Quadrature works for latent_dim 1 or 2, not {model.latent_dim}: use bounds.iwae with many samples."
        )
    points = count("points", points, 5, MOST_POINTS[model.latent_dim])
    mu, logvar = model.posterior(x)
    if extent is None:
        extent = max(5.0, float((mu.abs() + 6 * (0.5 * logvar).exp()).max())) if len(x) else 5.0
    extent = number("extent", extent, above=0)
    return Lattice(extent, points, model.latent_dim), mu, logvar
