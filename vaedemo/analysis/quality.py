r"""The quality of a trained model: its active latent axes, the nearest training images, a linear probe of its codes."""

import torch
from torch import Tensor

from vaedemo.analysis.check_arguments import length_of, whole_numbers
from vaedemo.probability import check_numbers, checks

# Examples per chunk of encoding and distances, to limit memory.
ENCODE_CHUNK = 2000
IMAGE_CHUNK = 256
LIBRARY_CHUNK = 1024  # fits a processor's cache: ten times as fast as 8,192
# Additional candidates from the fast formula, before the exact distances are computed.
SPARE_CANDIDATES = 8


@torch.no_grad()
def active_units(model, x: Tensor, threshold: float = 0.01) -> int:
    r"""The number of latent axes whose code depends on the example.

    $$A_j = \operatorname{Var}_{x}\bigl(\mathbb{E}_{q(z \mid x)}[z_j]\bigr) > 0.01$$

    `model`: anything whose `encode(x)` has a `.mean` of shape (N, latent_dim). `x`: data as the model reads it,
    (N, ...). `threshold`: in units of z squared. Returns an integer from 0 to latent_dim.
    Raises `ValueError` for fewer than two examples, a negative threshold, or data or codes that are not finite.
    Source: Burda, Grosse & Salakhutdinov 2016 (arXiv 1509.00519), section 5.2.
    """
    threshold = check_numbers.number("threshold", threshold, 0)
    x = checks.as_tensor("x", x)
    checks.check_shape("x", x, ("N", ...), least=2)
    means = torch.cat([model.encode(chunk).mean for chunk in x.split(ENCODE_CHUNK)])
    # A model with a NaN weight has NaN codes: without this check, no axis would count as active.
    means = checks.array("encode(x).mean", means, "N", "d").double()
    return int((means.var(0) > threshold).sum())


@torch.no_grad()
def nearest(images: Tensor, library: Tensor, k: int = 1) -> tuple[Tensor, Tensor]:
    r"""The k nearest images of a library for each image, by the distance of their pixels.

    $$d(x, y) = \lVert x - y \rVert = \sqrt{\sum_i (x_i - y_i)^2}$$

    `images`: (n, ...), `library`: (M, ...), each uint8 (read as x/255) or any other numbers, also codes or points.
    Returns `indices` int64 (n, k) into the library and `distances` float32 (n, k), in units of the data, nearest first,
    ties by index.
    Candidates come from the fast ‖x − c‖² + ‖y − c‖² − 2 (x − c)ᵀ(y − c), with c the library's mean, in float64. For a
    library of bytes, which are never far from 0, c is 0 and float32 is enough. The returned distances are computed
    from the differences, so that a copy has distance exactly 0.
    Raises `ValueError` for k outside 1 to M, examples of different shapes or numbers that are not finite.
    """
    images, library = _sound_images("images", images), _sound_images("library", library, least=1)
    if images.shape[1:] != library.shape[1:]:
        raise ValueError(
            f"The images have shape {tuple(images.shape[1:])}, those of the library {tuple(library.shape[1:])}."
        )
    k = check_numbers.count("k", k, 1, len(library))
    if len(images) == 0:
        return torch.empty(0, k, dtype=torch.int64), torch.empty(0, k)
    # A library of bytes stays in bytes, where squared distances are integers; the few images are converted.
    unit = 255 if library.dtype == torch.uint8 else 1
    centre = None if unit == 255 else sum(_rows(part).sum(0) for part in library.split(LIBRARY_CHUNK)) / len(library)
    found = []
    for chunk in images.split(IMAGE_CHUNK):
        scale = unit / 255 if chunk.dtype == torch.uint8 else unit
        found.append(_nearest_of_chunk(scale * _rows(chunk), library, centre, k))
    indices, distances = zip(*found, strict=True)
    return torch.cat(indices), (torch.cat(distances) / unit).float()


def _sound_images(name: str, images: Tensor, least: int = 0) -> Tensor:
    """Examples (N, ...): bytes unchanged, everything else as finite floats."""
    tensor = checks.as_tensor(name, images)
    if tensor.dtype != torch.uint8:
        return checks.array(name, tensor, "N", ..., least=least)
    checks.check_shape(name, tensor, ("N", ...), least=least)
    return tensor


def _nearest_of_chunk(rows: Tensor, library: Tensor, centre: Tensor | None, k: int) -> tuple[Tensor, Tensor]:
    """`nearest` of a few rows (n, D), float64, in the library's unit; `centre` (D,), None for bytes."""
    wanted = min(k + SPARE_CANDIDATES, len(library))
    doubled = 2 * (rows.float() if centre is None else rows - centre)
    scores, candidates = doubled[:, :0], torch.empty(len(rows), 0, dtype=torch.int64, device=rows.device)
    for start in range(0, len(library), LIBRARY_CHUNK):
        chunk = _rows(library[start : start + LIBRARY_CHUNK], doubled.dtype)
        chunk = chunk if centre is None else chunk - centre
        # ‖x‖² is constant within a row and does not change the order.
        score = torch.linalg.vecdot(chunk, chunk) - doubled @ chunk.T
        score, index = score.topk(min(wanted, len(chunk)), largest=False)
        scores = torch.cat([scores, score], 1)
        candidates = torch.cat([candidates, index + start], 1)
        scores, best = scores.topk(min(wanted, scores.shape[1]), largest=False)
        candidates = candidates.gather(1, best)
    candidates = candidates.sort(1).values
    away = _rows(library.index_select(0, candidates.flatten())).view(*candidates.shape, -1) - rows.unsqueeze(1)
    distances = away.norm(dim=2) if library.dtype == torch.uint8 else length_of(away)
    distances, order = distances.sort(dim=1, stable=True)
    return candidates.gather(1, order)[:, :k], distances[:, :k]


def _rows(images: Tensor, kind: torch.dtype = torch.float64) -> Tensor:
    """Each example as one row of the type given, in its unit."""
    return (images.flatten(1) if images.ndim > 1 else images.unsqueeze(1)).to(kind)


def linear_probe(z_train: Tensor, y_train: Tensor, z_test: Tensor, y_test: Tensor) -> float:
    r"""The test accuracy of a linear classifier that predicts the class from the code.

    $$p(y = c \mid z) \propto \exp(w_c^{\top} \tilde{z} + b_c), \qquad
    \tilde{z}_j = \frac{z_j - \operatorname{mean}(z_j)}{\operatorname{sd}(z_j)}$$

    Multinomial logistic regression (scikit-learn, L2 penalty with C = 1), fitted to the training codes, which also
    give the means and standard deviations. `z_*`: (N, d), `y_*`: (N,) integers. Returns the accuracy, from 0 to 1.
    Raises `ValueError` when codes and classes differ in number or kind, the test set is empty, training has only one
    class, or a code is not finite.
    Source: Alain & Bengio 2016 (arXiv 1610.01644).
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    sizes: dict[str, int] = {}
    z_train = checks.array("z_train", z_train, "N", "d", sizes=sizes, least=1)
    z_test = checks.array("z_test", z_test, "M", "d", sizes=sizes, least=1)
    y_train = whole_numbers("y_train", y_train, "N", sizes=sizes)
    y_test = whole_numbers("y_test", y_test, "M", sizes=sizes)
    if len(torch.unique(y_train)) < 2:
        raise ValueError("A linear probe needs training codes of at least 2 classes, got 1.")
    probe = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
    probe.fit(z_train.detach().double().cpu().numpy(), y_train.cpu().numpy())
    return float(probe.score(z_test.detach().double().cpu().numpy(), y_test.cpu().numpy()))
