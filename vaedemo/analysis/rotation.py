r"""A VAE with rotated latent axes: the same p(x), another family of diagonal q."""

import math

import torch
from torch import Tensor, nn

from vaedemo.probability import check_numbers, checks


def turn(angle: float, latent_dim: int = 2, axes: tuple[int, int] = (0, 1)) -> Tensor:
    r"""The rotation matrix for an angle in the plane of two latent axes, float64 (d, d).

    $$R(\alpha) = \begin{pmatrix} \cos\alpha & -\sin\alpha \\ \sin\alpha & \cos\alpha \end{pmatrix}$$

    `angle`: α in radians. Raises `ValueError` unless the axes are two different ones of the d.
    """
    angle, latent_dim = check_numbers.number("angle", angle), check_numbers.count("latent_dim", latent_dim, 2)
    axes = tuple(check_numbers.count("axis", axis, 0, latent_dim - 1) for axis in axes)
    if len(axes) != 2 or axes[0] == axes[1]:
        raise ValueError(f"axes must be two different latent axes of {latent_dim}, got {axes}.")
    first, second = axes
    matrix = torch.eye(latent_dim, dtype=torch.float64)
    matrix[first, first] = matrix[second, second] = math.cos(angle)
    matrix[first, second], matrix[second, first] = -math.sin(angle), math.sin(angle)
    return matrix


class Rotated(nn.Module):
    r"""A trained VAE with its latent space rotated and its decoder counter-rotated.

    $$z' = R z, \qquad p'(x \mid z') = p(x \mid R^{\top} z'), \qquad p'(z') = \mathcal{N}(0, I)$$

    The prior is the same in every rotated basis, so p'(x) = ∫ p(x | Rᵀz') p(z') dz' = p(x) for every x. But a diagonal
    q over z, rotated, is no longer diagonal over z'.
    `posterior` is the model's q with its mean rotated and only the diagonal of its rotated covariance, because q must
    be diagonal. `rotation`: (d, d), orthogonal. Raises `ValueError` for another shape or a matrix that is not
    orthogonal.
    """

    def __init__(self, model, rotation: Tensor):
        super().__init__()
        exact = checks.array("rotation", rotation, model.latent_dim, model.latent_dim).double()
        if not torch.allclose(exact @ exact.T, torch.eye(len(exact), dtype=torch.float64), atol=1e-6):
            raise ValueError("A rotation's columns have length 1 and are at right angles; these are not.")
        self.model = model
        self.register_buffer("rotation", exact.to(next(model.parameters()).dtype))

    @property
    def latent_dim(self) -> int:
        return self.model.latent_dim

    @property
    def config(self):
        return self.model.config

    def as_data(self, x: Tensor) -> Tensor:
        return self.model.as_data(x)

    def decode(self, z: Tensor):
        """p'(x|z') for codes (N, d)."""
        z = checks.array("z", z, "N", self.latent_dim)
        return self.model.decode(z @ self.rotation.to(z.dtype))

    def posterior(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """mu and logvar (N, d) of the rotated q, without its off-diagonal covariances."""
        mu, logvar = self.model.posterior(x)
        # By log-sum-exp, because the variance of a narrow axis would underflow.
        log_shares = self.rotation.square().log()
        return mu @ self.rotation.T, (logvar[:, None] + log_shares).logsumexp(2)
