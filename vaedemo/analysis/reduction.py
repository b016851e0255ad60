r"""Images reduced to k numbers: errors per pixel of PCA and of autoencoders, and a linear decoder's columns."""

import torch
from torch import Tensor

from vaedemo.models.check_data import bytes_or_floats
from vaedemo.models.pca import PCA
from vaedemo.probability import check_numbers, checks


def pixel_error(reconstructed: Tensor, x: Tensor) -> float:
    r"""The mean squared error per pixel, in squared units of the data.

    $$\frac{1}{N D} \sum_{n=1}^{N} \lVert x_n - \hat{x}_n \rVert^2$$

    `reconstructed`, `x`: (N, ...) with D values each, uint8 read as x/255; nothing is clamped. Raises `ValueError` for
    different shapes, no example or numbers that are not finite.
    """
    reconstructed = bytes_or_floats("reconstructed", reconstructed, "N", "D", ..., least=1, kind=torch.float64)
    x = bytes_or_floats("x", x, "N", "D", ..., least=1, kind=torch.float64)
    if reconstructed.shape != x.shape:
        raise ValueError(f"x̂ has shape {tuple(reconstructed.shape)} and x {tuple(x.shape)}; they must be alike.")
    return (reconstructed.double() - x.double()).square().mean().item()


def pca_errors(found: PCA, x: Tensor) -> Tensor:
    r"""PCA's error per pixel with its first 0, 1, … k axes, from one pass over the data.

    $$E_k = \frac{1}{N D} \sum_n \Bigl( \lVert x_n - \bar{x} \rVert^2 - \sum_{j \le k} c_{nj}^2 \Bigr), \qquad
    c = U^{\top} (x - \bar{x})$$

    `x`: (N, ...), uint8 read as x/255. Returns float64 (k + 1,); entry j is the `pixel_error` of j axes.
    Raises `ValueError` for no example, another size or numbers that are not finite. Source: Pearson 1901.
    """
    rows = bytes_or_floats("x", x, "N", "D", ..., least=1, kind=torch.float64).flatten(1)
    checks.check_shape("x, as rows,", rows, ("N", len(found.mean)))
    centred = rows.double() - found.mean.double()
    squares = (centred @ found.components.double().T).square().mean(0)
    whole = centred.square().sum(1).mean()
    left = whole - torch.cat([squares.new_zeros(1), squares.cumsum(0)])
    return left.clamp(min=0) / centred.shape[1]


def first_axes(found: PCA, k: int) -> PCA:
    r"""The same PCA with fewer axes; its noise variance is the mean of all omitted variances.

    $$\sigma_k^2 = \frac{1}{D - k} \Bigl( \sum_{k < j \le K} \lambda_j + (D - K)\, \sigma_K^2 \Bigr)$$

    `found`: with K axes in D dimensions. Raises `ValueError` for k outside 1 to K. Source: Tipping & Bishop 1999.
    """
    most, dimension = len(found.variances), len(found.mean)
    k = check_numbers.count("k", k, 1, most)
    left = found.variances[k:].double().sum().item() + (dimension - most) * found.noise_variance
    noise_variance = left / (dimension - k) if dimension > k else 0.0
    return PCA(found.mean, found.components[:k], found.variances[:k], noise_variance)


def decoder_columns(model) -> Tensor:
    r"""The columns of a linear autoencoder's decoder: one image per axis of the code.

    $$\hat{x} = W z + b$$

    `model`: an autoencoder with network linear and linear code units. Returns W, float64 (D, k).
    Raises `ValueError` for a model that is not linear. Source: Baldi & Hornik 1989.
    """
    config = model.config
    if config.network != "linear" or config.resolved_code_units != "linear":
        raise ValueError(f"Only a linear decoder has columns; this model is {config.title}.")
    zero = torch.zeros(1, model.latent_dim)
    b = model.decode(zero).mean.flatten(1).double()
    return (model.decode(torch.eye(model.latent_dim)).mean.flatten(1).double() - b).T


def recombined(columns: Tensor, target: Tensor) -> Tensor:
    r"""The linear combinations of given columns that are nearest to target vectors.

    $$W A, \qquad A = \arg\min_A \lVert W A - U \rVert_F^2$$

    `columns`: W, (D, k); `target`: U, (D, m). Returns float64 (D, m): U itself if the columns span it.
    Raises `ValueError` for columns of different lengths or numbers that are not finite.
    """
    sizes: dict[str, int] = {}
    columns = checks.array("columns", columns, "D", "k", sizes=sizes, least=1)
    target = checks.array("target", target, "D", "m", sizes=sizes)
    return columns.double() @ torch.linalg.lstsq(columns.double(), target.double()).solution
