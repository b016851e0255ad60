"""Large float32 products of a training step by oneDNN, on processors where torch's own choice is the slower one.

torch gives float32 products to MKL, which on AMD processors leaves their 512-bit instructions unused: a layer of
784 × 400 on 500 images takes oneDNN half the time. What is computed is the same, up to rounding.
"""

from contextlib import AbstractContextManager, nullcontext
from functools import cache

import torch
from torch import Tensor
from torch.autograd import Function
from torch.autograd.function import once_differentiable
from torch.nn import functional
from torch.overrides import TorchFunctionMode

# Multiplications from which oneDNN takes less time: under autograd, whose every call of ours costs Python, and without.
LARGE, MEDIUM = 20_000_000, 4_500_000


@cache
def faster() -> bool:
    """Whether this processor's float32 products are faster by oneDNN: known of AMD's with 512-bit instructions."""
    able = torch.cpu.get_capabilities()
    there = torch.backends.mkldnn.is_available() and hasattr(torch.ops.mkldnn, "_linear_pointwise")
    return there and str(able.get("cpu_name", "")).startswith("AMD") and bool(able.get("avx512_f"))


def quickest() -> AbstractContextManager:
    """The context in which this processor's large float32 products take the least time."""
    return LargeByOneDnn() if faster() else nullcontext()


class LargeByOneDnn(TorchFunctionMode):
    """The context in which large linear layers compute their products, forwards and backwards, by oneDNN."""

    def __torch_function__(self, function, types, args=(), kwargs=None):
        if function is functional.linear and not kwargs and large(*args):
            return Linear.apply(*args)
        return function(*args, **(kwargs or {}))


def large(x: Tensor, weight: Tensor, bias: Tensor | None = None) -> bool:
    """Whether x (N, inputs) times weight (outputs, inputs) is float32, on the CPU and worth the trouble."""
    plain = x.dtype == weight.dtype == torch.float32 and x.device.type == "cpu"
    return plain and bias is not None and x.ndim == 2 and x.numel() * len(weight) >= LARGE


class Linear(Function):
    r"""$y = x W^\top + b$ for x (N, inputs), W (outputs, inputs), b (outputs,), with its three gradients."""

    @staticmethod
    def forward(ctx, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
        ctx.save_for_backward(x, weight)
        return product(x, weight, bias)

    @staticmethod
    @once_differentiable
    def backward(ctx, gradient: Tensor) -> tuple[Tensor | None, Tensor | None, Tensor | None]:
        x, weight = ctx.saved_tensors
        of_x, of_weight, of_bias = ctx.needs_input_grad
        return (
            product(gradient, weight.t()) if of_x else None,
            product(gradient.t(), x.t()) if of_weight else None,
            gradient.sum(0) if of_bias else None,
        )


def product(a: Tensor, b: Tensor, bias: Tensor | None = None, relu: bool = False) -> Tensor:
    """a (n, k) times the transpose of b (m, k), plus bias (m,), and what is negative then 0 if `relu`: (n, m).

    By oneDNN where that is faster, and by torch's own choice elsewhere.
    """
    if faster() and a.dtype == torch.float32 and a.numel() * len(b) >= MEDIUM:
        return torch.ops.mkldnn._linear_pointwise.default(a, b, bias, "relu" if relu else "none", [], "")
    y = functional.linear(a, b, bias)
    return y.relu_() if relu else y
