r"""Codes in the latent space: paths between codes, the grid of the decoded manifold, samples from the prior."""

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from vaedemo.analysis.check_arguments import exact_numbers, length_of
from vaedemo.probability import check_numbers, checks

# Directions closer than this many rounding errors count as parallel (or, with opposite sign, as antipodal).
PARALLEL_ROUNDINGS = 16
HOTTEST = 1e30  # largest temperature, so that every sample is a finite float32


def lerp(a: Tensor, b: Tensor, t: float | Tensor) -> Tensor:
    r"""The straight path from code a to code b.

    $$z(t) = (1 - t)\, a + t\, b$$

    `a`, `b`: shape (..., d), no units; integers are read as floats. `t`: a number, or a tensor of T numbers; 0 gives a
    and 1 gives b, exactly. Returns (..., d), or (T, ..., d) for T numbers. In many dimensions the middle of the path is
    much nearer to the origin than its ends; the prior has almost no mass there.
    Raises `ValueError` when a and b differ in shape, t has more than one axis, or a number is not finite.
    """
    a, b, t = _path_between(a, b, t)
    return (1 - t) * a + t * b


def slerp(a: Tensor, b: Tensor, t: float | Tensor) -> Tensor:
    r"""The spherical path from code a to code b: the direction turns at constant speed, the length changes linearly.

    $$z(t) = \bigl((1 - t) \lVert a \rVert + t \lVert b \rVert\bigr) \,
    \frac{\sin((1 - t)\, \Omega)\, \hat{a} + \sin(t\, \Omega)\, \hat{b}}{\sin \Omega}, \qquad
    \hat{a} = \frac{a}{\lVert a \rVert}, \quad \hat{b} = \frac{b}{\lVert b \rVert}, \quad
    \cos \Omega = \hat{a}^{\top} \hat{b}$$

    So the norm stays between the norms of the ends (with Shoemake's formula for a and b themselves it does not).
    `a`, `b`: shape (..., d), no units. `t`: a number from 0 to 1, or a tensor of T of them; 0 gives a and 1 gives b,
    exactly. Returns (..., d), or (T, ..., d) for T numbers.
    If the ends are parallel or one is zero, the path is the straight `lerp`. Antipodal ends (b = −k a) have no unique
    shortest turn: they turn in the plane of a and the coordinate axis with the least |a_j| (the first if equal),
    through the positive side of that axis. With d = 1 there is no plane, and the path is straight.
    Raises `ValueError` when a and b differ in shape, t has more than one axis or is outside 0 to 1, or a number is
    not finite.
    Source: Shoemake 1985, "Animating rotation with quaternion curves"; White 2016 (arXiv 1609.04468).
    """
    a, b, t = _path_between(a, b, t)
    if not ((t >= 0) & (t <= 1)).all():
        raise ValueError("A spherical path is defined for t from 0 to 1 only.")
    rounding = PARALLEL_ROUNDINGS * torch.finfo(a.dtype).eps
    norm_a, norm_b = length_of(a, keepdim=True), length_of(b, keepdim=True)
    has_direction = (norm_a > 0) & (norm_b > 0)
    unit_a = a / torch.where(has_direction, norm_a, 1)
    unit_b = b / torch.where(has_direction, norm_b, 1)

    cosine = (unit_a * unit_b).sum(-1, keepdim=True)
    side = _across(unit_b, unit_a)
    sine = side.norm(dim=-1, keepdim=True)
    antipodal = has_direction & (sine <= rounding) & (cosine < 0) & (a.shape[-1] > 1)
    axis = torch.zeros_like(unit_a).scatter_(-1, unit_a.abs().argmin(-1, keepdim=True), 1)
    side = torch.where(antipodal, _across(axis, unit_a), side)
    straight = ~antipodal & (~has_direction | (sine <= rounding))

    angle = torch.where(antipodal, math.pi, torch.atan2(sine, cosine))
    side = side / torch.where(straight, 1, side.norm(dim=-1, keepdim=True))
    # The arc of the equation, written with â and the direction orthogonal to it, without a division by sin Ω.
    arc = torch.cos(t * angle) * unit_a + torch.sin(t * angle) * side
    path = torch.where(straight, (1 - t) * a + t * b, ((1 - t) * norm_a + t * norm_b) * arc)
    return torch.where(t == 0, a, torch.where(t == 1, b, path))


def manifold_grid(n: int, latent_dim: int = 2, axes: Sequence[int] = (0, 1)) -> Tensor:
    r"""Codes on an n × n grid; each cell has the same mass 1/n² of the prior N(0, I).

    $$z_i = \Phi^{-1}\Bigl(\frac{i + \frac{1}{2}}{n}\Bigr), \qquad i = 0, \dots, n - 1$$

    `axes`: the latent axis that increases to the right and the one that increases upwards; all other axes are 0. A
    single axis gives one row of n codes. Returns float32 (n · n, latent_dim), in reading order: the first row of images
    is the top one, with the largest value on `axes[1]`.
    Raises `ValueError` for n below 1 or axes that are repeated or do not exist.
    Source: Kingma & Welling 2013 (arXiv 1312.6114), figure 4.
    """
    n, latent_dim = check_numbers.count("n", n), check_numbers.count("latent_dim", latent_dim)
    axes = tuple(check_numbers.count("axis", axis, 0, latent_dim - 1) for axis in axes)
    if len(axes) not in (1, 2) or len(set(axes)) != len(axes):
        raise ValueError(f"A manifold grid takes 1 or 2 different axes from 0 to {latent_dim - 1}, got {tuple(axes)}.")
    quantiles = torch.special.ndtri((torch.arange(n, dtype=torch.float64) + 0.5) / n).float()
    rows = n if len(axes) == 2 else 1
    codes = torch.zeros(rows, n, latent_dim)
    codes[:, :, axes[0]] = quantiles
    if len(axes) == 2:
        codes[:, :, axes[1]] = quantiles.flip(0).unsqueeze(1)
    return codes.reshape(rows * n, latent_dim)


def prior_samples(
    n: int,
    latent_dim: int,
    generator: torch.Generator,
    temperature: float = 1.0,
    truncation: float | None = None,
) -> Tensor:
    r"""Samples from the prior, scaled by a temperature T and truncated to |z| ≤ c on every axis.

    $$z_j = T \sqrt{2}\; \operatorname{erf}^{-1}\!\Bigl((2 u_j - 1) \operatorname{erf} \frac{c}{T \sqrt{2}}\Bigr),
    \qquad u_j \sim \mathcal{U}(0, 1)$$

    That is N(0, T² I) conditioned on |z_j| ≤ c: the exact truncated normal, by its inverse distribution function. Each
    u gives one z, so a generator in the same state gives corresponding samples, in the same order, at every
    temperature and truncation.
    `temperature`: T from 0 to 10³⁰, the standard deviation before the truncation; 0 gives the origin. `truncation`:
    c > 0, in the units of z, or None for no truncation. Returns float32 (n, latent_dim).
    Raises `ValueError` for another temperature, a truncation that is not positive and finite, or a negative n.
    """
    n, latent_dim = check_numbers.count("n", n, 0), check_numbers.count("latent_dim", latent_dim)
    temperature = check_numbers.number("temperature", temperature, 0, HOTTEST)
    if truncation is not None:
        truncation = check_numbers.number("truncation", truncation, above=0)
    generator = check_numbers.one_generator(generator)
    u = torch.rand(n, latent_dim, generator=generator, dtype=torch.float64, device=generator.device)
    if temperature == 0:
        return torch.zeros(n, latent_dim, device=generator.device)
    scale = temperature * math.sqrt(2)
    mass = 1.0 if truncation is None else math.erf(truncation / scale)
    # u = 0 would give −∞.
    largest = 1 - torch.finfo(torch.float64).eps
    z = scale * torch.erfinv(((2 * u - 1) * mass).clamp(-largest, largest))
    return z.float() if truncation is None else z.float().clamp(-truncation, truncation)


def _across(vector: Tensor, unit: Tensor) -> Tensor:
    """The component of a vector orthogonal to a unit vector; computed twice, to remove rounding errors along it."""
    for _ in range(2):
        vector = vector - (vector * unit).sum(-1, keepdim=True) * unit
    return vector


def _path_between(a: Tensor, b: Tensor, t: float | Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Both ends in one float type, and t shaped to broadcast with them: (1, …, 1) for one number, else (T, 1, …, 1)."""
    a, b = checks.array("a", a), checks.array("b", b)
    if a.shape != b.shape or a.ndim == 0:
        raise ValueError(f"A path needs two codes of the same shape, got {tuple(a.shape)} and {tuple(b.shape)}.")
    kind = torch.promote_types(a.dtype, b.dtype)
    t = exact_numbers("t", t).to(a.device, kind)
    if t.ndim > 1:
        raise ValueError(f"t must be a number or one row of numbers, got shape {tuple(t.shape)}.")
    return a.to(kind), b.to(kind), t.reshape(t.shape + (1,) * a.ndim)
