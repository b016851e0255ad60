r"""How good a trained model is: which latent axes it uses, whether it copies its data, what its codes know."""

import torch
from torch import Tensor

# Encoding and distances go in pieces of this many examples, to bound memory.
ENCODE_CHUNK = 2000
IMAGE_CHUNK = 256
LIBRARY_CHUNK = 1024  # small enough for a processor's cache: ten times as fast as one of 8,192
# Neighbours found by the fast formula beyond those asked for, before distances are taken exactly.
SPARE_CANDIDATES = 8


@torch.no_grad()
def active_units(model, x: Tensor, threshold: float = 0.01) -> int:
    r"""The number of latent axes whose code depends on the example.

    $$A_j = \operatorname{Var}_{x}\bigl(\mathbb{E}_{q(z \mid x)}[z_j]\bigr) > 0.01$$

    `model`: anything whose `encode(x)` has a `.mean` of shape (N, latent_dim). `x`: data as the model reads it,
    (N, ...). `threshold`: in units of z squared. Returns a whole number from 0 to latent_dim.
    Raises `ValueError` for fewer than two examples.
    Source: Burda, Grosse & Salakhutdinov 2016 (arXiv 1509.00519), section 5.2.
    """
    if len(x) < 2:
        raise ValueError(f"Active units are a variance over examples and need at least 2, got {len(x)}.")
    means = torch.cat([model.encode(chunk).mean for chunk in x.split(ENCODE_CHUNK)])
    return int((means.double().var(0) > threshold).sum())


@torch.no_grad()
def nearest(images: Tensor, library: Tensor, k: int = 1) -> tuple[Tensor, Tensor]:
    r"""The k images of a library that are nearest to each image, pixel by pixel.

    $$d(x, y) = \lVert x - y \rVert = \sqrt{\sum_i (x_i - y_i)^2}$$

    `images`: (n, ...), `library`: (M, ...), each uint8 (read as x/255) or float. Returns `indices` int64 (n, k) into
    the library and `distances` float32 (n, k), in units of the data, nearest first; equal ones by index.
    Candidates come from the fast ‖x‖² + ‖y‖² − 2 xᵀy; the distances given are those of the differences themselves,
    so that a copy is at distance 0 exactly.
    Raises `ValueError` for k outside 1 to M or examples of unlike shapes.
    """
    if images.shape[1:] != library.shape[1:]:
        raise ValueError(
            f"The images have shape {tuple(images.shape[1:])}, those of the library {tuple(library.shape[1:])}."
        )
    if not 1 <= k <= len(library):
        raise ValueError(f"k must be from 1 to the library's size {len(library)}, got {k}.")
    if len(images) == 0:
        return torch.empty(0, k, dtype=torch.int64), torch.empty(0, k)
    found = [nearest_of_chunk(as_rows(chunk), library, k) for chunk in images.split(IMAGE_CHUNK)]
    indices, distances = zip(*found, strict=True)
    return torch.cat(indices), torch.cat(distances)


def nearest_of_chunk(rows: Tensor, library: Tensor, k: int) -> tuple[Tensor, Tensor]:
    wanted = min(k + SPARE_CANDIDATES, len(library))
    scores, candidates = rows.new_empty(len(rows), 0), torch.empty(len(rows), 0, dtype=torch.int64, device=rows.device)
    for start in range(0, len(library), LIBRARY_CHUNK):
        chunk = library[start : start + LIBRARY_CHUNK].flatten(1).float()
        unit = 255 if library.dtype == torch.uint8 else 1  # the few rows are brought to the library's unit
        # ‖x‖² is the same for the whole row and changes no order.
        score = torch.linalg.vecdot(chunk, chunk) - (2 * unit * rows) @ chunk.T
        score, index = score.topk(min(wanted, len(chunk)), largest=False)
        scores = torch.cat([scores, score], 1)
        candidates = torch.cat([candidates, index + start], 1)
        scores, best = scores.topk(min(wanted, scores.shape[1]), largest=False)
        candidates = candidates.gather(1, best)
    candidates = candidates.sort(1).values
    distances = (
        as_rows(library.index_select(0, candidates.flatten())).view(*candidates.shape, -1) - rows.unsqueeze(1)
    ).norm(dim=2)
    distances, order = distances.sort(dim=1, stable=True)
    return candidates.gather(1, order)[:, :k], distances[:, :k]


def as_rows(images: Tensor) -> Tensor:
    """Each example as one row of float32; uint8 to [0, 1]."""
    return images.flatten(1).float() / 255 if images.dtype == torch.uint8 else images.flatten(1).float()


def linear_probe(z_train: Tensor, y_train: Tensor, z_test: Tensor, y_test: Tensor) -> float:
    r"""How well a linear classifier reads the class from the code: the share of test codes it gets right.

    $$p(y = c \mid z) \propto \exp(w_c^{\top} \tilde{z} + b_c), \qquad
    \tilde{z}_j = \frac{z_j - \operatorname{mean}(z_j)}{\operatorname{sd}(z_j)}$$

    Multinomial logistic regression (scikit-learn, L2 penalty with C = 1), fitted to the training codes, which also
    give the means and standard deviations. `z_*`: (N, d), `y_*`: (N,) whole numbers. Returns accuracy, from 0 to 1.
    Raises `ValueError` where codes and classes differ in number, the test set is empty or training has one class only.
    Source: Alain & Bengio 2016 (arXiv 1610.01644).
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    for part, z, y in (("training", z_train, y_train), ("test", z_test, y_test)):
        if len(z) != len(y) or len(z) == 0:
            raise ValueError(
                f"A linear probe needs one class for each {part} code, got {len(z)} codes, {len(y)} classes."
            )
    if len(torch.unique(y_train)) < 2:
        raise ValueError("A linear probe needs training codes of at least 2 classes, got 1.")
    probe = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
    probe.fit(z_train.detach().double().cpu().numpy(), y_train.cpu().numpy())
    return float(probe.score(z_test.detach().double().cpu().numpy(), y_test.cpu().numpy()))
