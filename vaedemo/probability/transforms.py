r"""Maps of the plane that push a standard normal to another distribution, and the exact densities of the results."""

import math
from collections.abc import Callable

import torch
from torch import Tensor

from vaedemo.probability import checks
from vaedemo.probability.check_numbers import number

__all__ = [
    "MAPS",
    "morph",
    "ring",
    "ring_density",
    "ring_radius_density",
    "scale",
    "scale_density",
    "spiral",
    "spiral_density",
    "two_modes",
    "two_modes_density",
]

FAR = 1e6  # beyond it each density here is 0 in float64 too


def ring(z: Tensor) -> Tensor:
    r"""Push codes of a standard normal onto a ring of radius about 1.

    $$g(z) = \frac{z}{10} + \frac{z}{\lVert z \rVert}$$

    `z`: real, shape (N, 2). Returns x of the same shape and type, with $\lVert x \rVert = 1 + \lVert z \rVert / 10$.
    At z = 0, where the map has no limit, the direction (1, 0) is taken, the limit along the first axis.
    Raises `ValueError` when z is not of shape (N, 2).

    Source: C. Doersch, Tutorial on variational autoencoders, arXiv 1606.05908, figure 2.
    """
    z = on_plane("z", z)
    # The direction does not depend on the length, so dividing by the largest entry first keeps the square of a
    # tiny or a huge code inside the range of floats.
    largest = z.detach().abs().amax(dim=1, keepdim=True)
    at_zero = largest == 0
    scaled = z / torch.where(at_zero, torch.ones_like(largest), largest)
    scaled = torch.where(at_zero, scaled.new_tensor([1.0, 0.0]), scaled)
    return z / 10 + scaled / torch.linalg.vector_norm(scaled, dim=1, keepdim=True)


def ring_radius_density(radius: Tensor) -> Tensor:
    r"""The density of the radius ρ = ‖g(z)‖ of points on the ring, z ~ N(0, I).

    $$p(\rho) = 100\, (\rho - 1)\, e^{-50 (\rho - 1)^2} \text{ for } \rho \ge 1, \qquad 0 \text{ below}$$

    ‖z‖ has a Rayleigh distribution and ρ = 1 + ‖z‖/10, so the mean is 1 + √(π/2)/10 and the variance (2 − π/2)/100.
    `radius`: at least 0, any shape. Returns the same shape, per unit of length.
    Raises `ValueError` for a negative radius, NaN or infinity.
    Source: change of variables.
    """
    return radius_density_unchecked(checks.array("radius", radius, low=0))


def radius_density_unchecked(radius: Tensor) -> Tensor:
    """`ring_radius_density` of a radius that may be infinite."""
    beyond = (radius - 1).clamp(0, FAR)
    return 100 * beyond * (-50 * beyond.square()).exp()


def ring_density(x: Tensor) -> Tensor:
    r"""The exact density on the plane of x = ring(z), z ~ N(0, I).

    $$p(x) = \frac{p(\rho)}{2 \pi \rho} = \frac{100\, (\rho - 1)\, e^{-50 (\rho - 1)^2}}{2 \pi \rho}
    \text{ for } \rho = \lVert x \rVert \ge 1, \qquad 0 \text{ inside}$$

    `x`: (N, 2). Returns (N,), per unit of area. Raises `ValueError` when x is not of shape (N, 2).
    """
    x = on_plane("x", x)
    radius = torch.hypot(x[:, 0], x[:, 1])
    return radius_density_unchecked(radius) / (2 * math.pi * radius.clamp(min=1))


def scale(z: Tensor, factors: tuple[float, float] = (2.0, 0.5)) -> Tensor:
    r"""Stretch each axis.

    $$g(z) = (a_1 z_1,\; a_2 z_2)$$

    `z`: (N, 2). `factors`: a₁, a₂. Returns (N, 2). Raises `ValueError` when z is not of shape (N, 2).
    """
    z = on_plane("z", z)
    return z * checks.array("factors", factors, 2).to(z)


def scale_density(x: Tensor, factors: tuple[float, float] = (2.0, 0.5)) -> Tensor:
    r"""The density of scale(z), z ~ N(0, I): the area of a cell grows by |a₁ a₂|, its density shrinks by as much.

    $$p(x) = \frac{1}{|a_1 a_2|}\, \varphi(x_1 / a_1)\, \varphi(x_2 / a_2), \qquad
    \varphi(u) = \tfrac{1}{\sqrt{2\pi}} e^{-u^2/2}$$

    `x`: (N, 2). `factors`: a₁, a₂, not 0. Returns (N,), per unit of area.
    """
    x, stretch = on_plane("x", x), checks.array("factors", factors, 2).double()
    if (stretch == 0).any():
        raise ValueError("factors must not be 0: the plane would become a line, which has no density.")
    return normal_density(x / stretch.to(x)).prod(1) / stretch.prod().abs().to(x)


SPIRAL_TURN = 3 * math.pi  # the angle from one end of the spiral to the other
SPIRAL_START = 0.25
SPIRAL_GROWTH = 1 / SPIRAL_TURN  # of the radius, per radian
SPIRAL_WIDTH = 0.03


def spiral(z: Tensor) -> Tensor:
    r"""Roll the plane into one arm of a spiral: z₁ says how far along, z₂ how far across.

    $$g(z) = r\, (\cos\theta, \sin\theta), \qquad \theta = 3\pi\, \Phi(z_1), \quad
    r = \tfrac{1}{4} + \frac{\theta}{3\pi} + 0.03\, z_2$$

    Φ is the distribution function of N(0, 1), so the angle is uniform. `z`: (N, 2). Returns (N, 2).
    Raises `ValueError` when z is not of shape (N, 2).
    """
    z = on_plane("z", z)
    angle = SPIRAL_TURN * torch.special.ndtr(z[:, 0])
    radius = SPIRAL_START + SPIRAL_GROWTH * angle + SPIRAL_WIDTH * z[:, 1]
    return torch.stack([radius * angle.cos(), radius * angle.sin()], dim=1)


def spiral_density(x: Tensor) -> Tensor:
    r"""The density of spiral(z), z ~ N(0, I): a sum over the arms that pass the direction of x.

    $$p(x) = \sum_{k:\; 0 \le \theta_k \le 3\pi} \frac{1}{3\pi\, \rho}\;
    \frac{1}{0.03}\, \varphi\Bigl(\frac{\rho - r(\theta_k)}{0.03}\Bigr), \qquad
    \theta_k = \operatorname{arg} x + 2\pi k$$

    `x`: (N, 2). Returns (N,), per unit of area; the mass of radii below 0, 10⁻¹⁶, is left out.
    """
    x = on_plane("x", x)
    radius = torch.hypot(x[:, 0], x[:, 1])
    direction = torch.atan2(x[:, 1], x[:, 0]) % (2 * math.pi)
    total = torch.zeros_like(radius)
    for turn in range(math.ceil(SPIRAL_TURN / (2 * math.pi))):
        angle = direction + 2 * math.pi * turn
        across = (radius - SPIRAL_START - SPIRAL_GROWTH * angle) / SPIRAL_WIDTH
        total += torch.where(angle <= SPIRAL_TURN, normal_density(across), 0.0)
    tiny = torch.finfo(x.dtype).tiny
    return total / (SPIRAL_TURN * SPIRAL_WIDTH * radius.clamp(min=tiny))


MODE_SHIFT = 2.0
MODE_STEEPNESS = 3.0


def two_modes(z: Tensor) -> Tensor:
    r"""Pull the left and the right half of the plane apart without tearing it.

    $$g(z) = (z_1 + 2 \tanh 3 z_1,\; z_2)$$

    The map is smooth and has an inverse.
    `z`: (N, 2). Returns (N, 2). Raises `ValueError` when z is not of shape (N, 2).
    """
    z = on_plane("z", z)
    return torch.stack([pulled_apart(z[:, 0]), z[:, 1]], dim=1)


def two_modes_density(x: Tensor) -> Tensor:
    r"""The density of two_modes(z), z ~ N(0, I), by the change of variables.

    $$p(x) = \frac{\varphi(z_1)\, \varphi(x_2)}{1 + 6 / \cosh^2 3 z_1}, \qquad z_1 + 2 \tanh 3 z_1 = x_1$$

    z₁ is found by halving an interval. `x`: (N, 2). Returns (N,), per unit of area.
    """
    x = on_plane("x", x)
    low, high = x[:, 0] - MODE_SHIFT, x[:, 0] + MODE_SHIFT
    for _ in range(60):
        middle = (low + high) / 2
        below = pulled_apart(middle) < x[:, 0]
        low, high = torch.where(below, middle, low), torch.where(below, high, middle)
    slope = 1 + MODE_SHIFT * MODE_STEEPNESS * (1 - torch.tanh(MODE_STEEPNESS * low).square())
    return normal_density(low) * normal_density(x[:, 1]) / slope


def pulled_apart(z: Tensor) -> Tensor:
    return z + MODE_SHIFT * torch.tanh(MODE_STEEPNESS * z)


# What a page offers: the name of a map, the map and its density.
MAPS: dict[str, tuple[Callable[[Tensor], Tensor], Callable[[Tensor], Tensor]]] = {
    "ring": (ring, ring_density),
    "scale": (scale, scale_density),
    "spiral": (spiral, spiral_density),
    "two modes": (two_modes, two_modes_density),
}


def morph(z: Tensor, t: float, transform: Callable[[Tensor], Tensor]) -> Tensor:
    r"""A map on its way from the identity to g.

    $$x(t) = (1 - t)\, z + t\, g(z)$$

    `z`: (N, 2). `t`: from 0, where x = z, to 1, where x = g(z). `transform`: g. Returns (N, 2).
    Raises `ValueError` for t outside [0, 1] and z of another shape or not finite.
    """
    z, t = on_plane("z", z), number("t", t, 0, 1)
    return (1 - t) * z + t * transform(z)


def normal_density(u: Tensor) -> Tensor:
    return (-0.5 * u.square()).exp() / math.sqrt(2 * math.pi)


def on_plane(name: str, points: Tensor) -> Tensor:
    """Finite points (N, 2) as floats; raises `ValueError` for others."""
    return checks.array(name, points, "N", 2)
