"""What every public function does with its data first: turn it into a tensor, then check shape, range and finiteness.

Arrays of numpy, lists of numbers and tensors of any layout are meant as tensors. float32 and float64 stay as they are;
half precision and whole numbers become float32. A gradient flows through. Each error is one sentence that names the
argument, what it got and what is accepted: `ValueError`, or `TypeError` for a thing that is no array at all.
What a caller has checked goes to a twin whose name ends in `_unchecked`; training calls those alone.
"""

import math

import numpy
import torch
from torch import Tensor

from vaedemo.likelihood_index import POINT_LIKELIHOODS

WHOLE = (torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64, torch.bool)
PIXELS = "bytes: 0 … 255 as uint8; floats in [0, 1]"
ROUNDING = 1e-5  # a mean over grey levels may leave [0, 1] by this much, and is then moved back


def array(
    name: str,
    value,
    *shape,
    sizes: dict[str, int] | None = None,
    least: int = 0,
    low: float = -math.inf,
    high: float = math.inf,
    minus_infinity: bool = False,
) -> Tensor:
    """A tensor of float32 or float64, checked for its shape, for NaN and infinity, and for its range.

    `shape`: one entry an axis: a number, or a letter for any length, the same for the same letter in all calls that
    share `sizes`; `...` stands for any number of axes; nothing at all accepts every shape. `least`: of the first axis,
    the other axes hold at least 1. `low`, `high`: the ends of the range, both included. `minus_infinity`: accept −∞,
    the logarithm of 0.
    """
    tensor = floats(name, value)
    if shape:
        check_shape(name, tensor, shape, sizes, least)
    check_range(name, tensor, low, high, minus_infinity)
    return tensor


def pixels(
    name: str, value, *shape, sizes: dict[str, int] | None = None, least: int = 0, bounded: bool = True
) -> Tensor:
    """Images as floats in [0, 1]: uint8 is divided by 255, other whole numbers must all be 0 or 1.

    `bounded=False`, for a likelihood of real numbers, accepts all finite floats but bytes that were made floats.
    """
    tensor = as_tensor(name, value)
    if shape:
        check_shape(name, tensor, shape, sizes, least)
    if tensor.dtype == torch.uint8:
        return tensor.float() / 255
    whole, tensor = tensor.dtype in WHOLE, floats(name, tensor)
    lowest, highest = extremes(name, tensor)
    outside = lowest < -ROUNDING or highest > 1 + ROUNDING
    if outside and not (bounded or whole):
        outside = lowest >= 0 and bool((tensor - tensor.round()).abs().max() < ROUNDING)
    if outside or (whole and ((tensor != 0) & (tensor != 1)).any()):
        kind = "whole numbers" if whole else "floats"
        raise ValueError(f"{name} must hold pixels ({PIXELS}), got {kind} from {lowest:.6g} to {highest:.6g}.")
    return tensor.clamp(0, 1) if bounded and not 0 <= lowest <= highest <= 1 else tensor


def data_for(model, x, name: str = "x", least: int = 0) -> Tensor:
    """x (N, *data_shape) for a model: images in [0, 1] or finite points, in the model's own type, on its device.

    A model of images has a `data_shape` of three axes. One without `data_shape` gets any finite (N, ...). Where the
    model's `config` names a likelihood of real numbers, such as the gaussian, its images may leave [0, 1].
    """
    likelihood = getattr(getattr(model, "config", None), "resolved_likelihood", None)
    return data_like(x, getattr(model, "data_shape", None), first_parameter(model), name, least, likelihood)


def data_like(
    x,
    data_shape: tuple[int, ...] | None,
    like: Tensor,
    name: str = "x",
    least: int = 0,
    likelihood: str | None = None,
) -> Tensor:
    """x (N, *data_shape) as `data_for` makes it, in the type and on the device of `like`."""
    if data_shape is None:
        # Bytes are pixels, whatever the model says of its data.
        template, images = ("N", ...), getattr(x, "dtype", None) in (torch.uint8, numpy.uint8)
    else:
        template, images = ("N", *data_shape), len(data_shape) == 3
    if images:
        tensor = pixels(name, x, *template, least=least, bounded=likelihood not in POINT_LIKELIHOODS)
    else:
        tensor = array(name, x, *template, least=least)
    return to_like(name, tensor, like)


def codes_for(model, z, name: str = "z", least: int = 0) -> Tensor:
    """Finite codes z (N, latent_dim), in the model's own type, on its device."""
    return to_like(name, array(name, z, "N", getattr(model, "latent_dim", "d"), least=least), first_parameter(model))


def first_parameter(model) -> Tensor:
    """A tensor of the type that a model computes in: its first parameter, else an empty float32."""
    return next(iter(model.parameters()), torch.empty(0))


def to_like(name: str, tensor: Tensor, like: Tensor) -> Tensor:
    """A checked tensor in the type and on the device of another; numbers too large for that type are refused."""
    moved = tensor.to(like)
    if torch.finfo(like.dtype).max < torch.finfo(tensor.dtype).max:
        check_range(name, moved)
    return moved if torch.is_grad_enabled() else moved.detach()


def floats(name: str, value) -> Tensor:
    """A tensor of float32 or float64, of any shape and any numbers; its gradient is kept."""
    tensor = as_tensor(name, value)
    return tensor if tensor.dtype in (torch.float32, torch.float64) else tensor.float()


def as_tensor(name: str, value) -> Tensor:
    """The tensor that is meant by a tensor, an array, a number or nested lists of numbers, in its own type."""
    if not isinstance(value, Tensor):
        value = from_numpy(name, value)
    if value.is_complex() or value.is_quantized:
        raise ValueError(f"{name} must hold real numbers, got {kind_of(value)}.")
    return value.to_dense() if value.layout != torch.strided else value


def from_numpy(name: str, value) -> Tensor:
    """A tensor with the numbers of a numpy array, a data frame or nested lists."""
    try:
        found = numpy.asarray(value)
    except (ValueError, TypeError, RuntimeError):
        raise ValueError(f"{name} must be an array whose rows have one length, got {type(value).__name__}.") from None
    if found.dtype.kind == "c":
        raise ValueError(f"{name} must hold real numbers, got {found.dtype}.")
    if found.dtype.kind not in "buif":
        raise TypeError(f"{name} must be a tensor or an array of numbers, got {type(value).__name__}.")
    if found.dtype.kind == "u" and found.dtype.itemsize > 1:
        found = found.astype(numpy.int64)
    elif found.dtype.kind == "f" and (found.dtype.itemsize > 8 or not hasattr(value, "dtype")):
        # Python's own floats are read as torch reads them.
        found = found.astype(numpy.float64 if hasattr(value, "dtype") else numpy.float32)
    # A copy: torch takes no array that is read-only, reversed or of another byte order.
    return torch.from_numpy(numpy.array(found, dtype=found.dtype.newbyteorder("=")))


def check_shape(name: str, tensor: Tensor, template: tuple, sizes: dict[str, int] | None = None, least: int = 0):
    """Raise `ValueError` unless the shape fits the template of `array`; new letters are written into `sizes`."""
    known = {} if sizes is None else sizes
    found, wanted = list(tensor.shape), list(template)
    if ... in wanted:
        place, free = wanted.index(...), len(found) - len(wanted) + 1
        wanted[place : place + 1] = ["*"] * max(free, 0)
    here = {}
    fits = len(found) == len(wanted) and all(
        want == "*" or size == (want if isinstance(want, int) else here.setdefault(want, known.get(want, size)))
        for want, size in zip(wanted, found, strict=True)
    )
    if not fits:
        letters = [f"{each} = {known[each]}" for each in template if isinstance(each, str) and each in known]
        where = f" with {', '.join(dict.fromkeys(letters))}" if letters else ""
        raise ValueError(f"{name} must have shape {written(template)}{where}, got {tuple(found)}.")
    if found and found[0] < least:
        raise ValueError(
            f"{name} must hold at least {least} example{'s' * (least > 1)}, as {written(template)}, got {tuple(found)}."
        )
    if 0 in found[1:]:
        raise ValueError(f"{name} must have shape {written(template)} without empty axes, got {tuple(found)}.")
    known.update(here)


def check_broadcast(**tensors: Tensor | torch.Size):
    """Raise `ValueError` unless the shapes of these arguments, given by name, fit each other as torch broadcasts."""
    shapes = {name: tuple(getattr(each, "shape", each)) for name, each in tensors.items()}
    for axis in range(1, 1 + max(map(len, shapes.values()))):
        if len({shape[-axis] for shape in shapes.values() if len(shape) >= axis and shape[-axis] != 1}) > 1:
            found = " and ".join(map(str, shapes.values()))
            raise ValueError(f"{' and '.join(shapes)} must have one shape, up to axes of length 1, got {found}.")


def check_one_shape(**tensors: Tensor):
    """Raise `ValueError` unless these arguments, given by name, have one shape."""
    shapes = [tuple(each.shape) for each in tensors.values()]
    if len(set(shapes)) > 1:
        raise ValueError(f"{' and '.join(tensors)} must have one shape, got {' and '.join(map(str, shapes))}.")


def written(template: tuple) -> str:
    """A template as one writes a shape: (N, d), (D,), (..., 2)."""
    parts = ["..." if each is ... else str(each) for each in template]
    return f"({parts[0]},)" if len(parts) == 1 and parts[0] != "..." else f"({', '.join(parts)})"


def check_range(
    name: str, tensor: Tensor, low: float = -math.inf, high: float = math.inf, minus_infinity: bool = False
):
    """Raise `ValueError` for NaN, infinity, or numbers outside [low, high]: one pass over the tensor."""
    lowest, highest = extremes(name, tensor, minus_infinity)
    if lowest < low or highest > high:
        ends = f"at least {low:g}" if high == math.inf else f"at most {high:g}"
        accepted = f"in [{low:g}, {high:g}]" if -math.inf < low and high < math.inf else ends
        raise ValueError(f"{name} must be {accepted}, got numbers from {lowest:.6g} to {highest:.6g}.")


def check_positive(name: str, tensor: Tensor):
    """Raise `ValueError` unless every entry is above 0 and finite."""
    lowest, _ = extremes(f"{name} must be above 0, but it", tensor)
    if tensor.numel() and not lowest > 0:
        raise ValueError(f"{name} must be above 0, got numbers from {lowest:.6g} up.")


def extremes(name: str, tensor: Tensor, minus_infinity: bool = False) -> tuple[float, float]:
    """The smallest and the largest entry, (∞, −∞) of nothing; raises `ValueError` for NaN or infinity."""
    if tensor.numel() == 0:
        return math.inf, -math.inf
    try:
        lowest, highest = (float(end) for end in tensor.detach().aminmax())
    except RuntimeError as error:
        # Inside torch.func.vmap no number can be looked at; the function is mapped without this check.
        if "vmap" not in str(error):
            raise
        return math.inf, -math.inf
    if math.isnan(lowest) or highest == math.inf or (lowest == -math.inf and not minus_infinity):
        nan, total = int(tensor.isnan().sum()), tensor.numel()
        what = f"{nan:,} of {total:,} are NaN" if nan else f"{int(tensor.isinf().sum()):,} of {total:,} are infinite"
        raise ValueError(f"{name} has an entry that is not a finite number: {what}.")
    return lowest, highest


def kind_of(value) -> str:
    """What a thing is, in a few letters: a tensor's or an array's type of number, else the class."""
    return str(getattr(value, "dtype", type(value).__name__)).removeprefix("torch.")
