"""Checks of what a function of a model takes beside x: one image, a q of one's own, draws."""

from torch import Tensor

from vaedemo.probability import checks


def one_image(caller: str, model, x) -> Tensor:
    """x (1, *data_shape) for a model, as `checks.data_for` makes it; an image without its first axis gets one."""
    shape = tuple(getattr(model, "data_shape", ()))
    if shape and tuple(getattr(x, "shape", ())) == shape:
        x = x[None]
    x = checks.data_for(model, x)
    if len(x) != 1:
        raise ValueError(f"{caller} takes one image, got {len(x)}.")
    return x


def q_for(model, x: Tensor, mu=None, logvar=None) -> tuple[Tensor, Tensor]:
    """mu and logvar (N, d) of the q that is given, in the model's type; the encoder's where none is.

    `x`: checked. Raises `ValueError` where one of the two is missing or the shape is not that of the model's code.
    """
    if mu is None and logvar is None:
        return model.posterior(x)
    if mu is None or logvar is None:
        raise ValueError(f"A q needs both mu and logvar, or neither: {'mu' if mu is None else 'logvar'} is None.")
    sizes = {"N": len(x), "d": model.latent_dim}
    like = checks.first_parameter(model)
    mu, logvar = checks.array("mu", mu, "N", "d", sizes=sizes), checks.array("logvar", logvar, "N", "d", sizes=sizes)
    return checks.to_like("mu", mu, like), checks.to_like("logvar", logvar, like)
