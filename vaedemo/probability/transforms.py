"""Maps that push a standard normal to another distribution."""

import torch
from torch import Tensor


def ring(z: Tensor) -> Tensor:
    r"""Push codes of a standard normal onto a ring of radius about 1.

    $$g(z) = \frac{z}{10} + \frac{z}{\lVert z \rVert}$$

    `z`: real, shape (N, 2). Returns x of the same shape and type, with $\lVert x \rVert = 1 + \lVert z \rVert / 10$.
    At z = 0, where the map has no limit, the direction (1, 0) is taken, the limit along the first axis.
    Raises `ValueError` when z is not of shape (N, 2).

    Source: C. Doersch, Tutorial on variational autoencoders, arXiv 1606.05908, figure 2.
    """
    if z.ndim != 2 or z.shape[1] != 2:
        raise ValueError(f"ring accepts codes of shape (N, 2), got {tuple(z.shape)}.")
    # The direction does not depend on the length, so dividing by the largest entry first keeps the square of a
    # tiny or a huge code inside the range of floats.
    largest = z.detach().abs().amax(dim=1, keepdim=True)
    at_zero = largest == 0
    scaled = z / torch.where(at_zero, torch.ones_like(largest), largest)
    scaled = torch.where(at_zero, scaled.new_tensor([1.0, 0.0]), scaled)
    return z / 10 + scaled / torch.linalg.vector_norm(scaled, dim=1, keepdim=True)
