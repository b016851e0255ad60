"""The shared checks: what is meant becomes a tensor, everything else is one sentence."""

import math

import numpy
import pandas
import pytest
import torch

from vaedemo.probability import check_numbers, checks

NUMBERS = torch.tensor([[0.5, 1.0], [0.0, -2.0]])
MEANT = {
    "lists": NUMBERS.tolist(),
    "numpy": NUMBERS.numpy(),
    "numpy in double": NUMBERS.double().numpy(),
    "numpy read-only": numpy.broadcast_to(NUMBERS.numpy(), (2, 2)),
    "numpy reversed": NUMBERS.numpy()[::-1][::-1],
    "numpy of another byte order": NUMBERS.numpy().astype(">f4"),
    "a data frame": pandas.DataFrame(NUMBERS.numpy()),
    "half": NUMBERS.half(),
    "bfloat16": NUMBERS.bfloat16(),
    "double": NUMBERS.double(),
    "transposed": NUMBERS.T.contiguous().T,
    "requiring grad": NUMBERS.clone().requires_grad_(),
}


@pytest.mark.parametrize("meant", MEANT.values(), ids=MEANT)
def test_what_is_meant_becomes_a_tensor(meant):
    found = checks.array("x", meant, "N", 2)
    wide = str(getattr(meant, "dtype", "")).endswith("float64")
    assert found.dtype == (torch.float64 if wide else torch.float32)
    assert torch.equal(found.float(), NUMBERS)


@pytest.mark.parametrize("dtype", [torch.bool, torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64])
def test_whole_numbers_become_float32_so_that_nothing_is_cut_off(dtype):
    found = checks.array("x", torch.tensor([0, 1], dtype=dtype))
    assert found.dtype == torch.float32 and found.tolist() == [0, 1]
    assert (checks.array("x", numpy.array([0, 2], dtype="uint16")) / 4).tolist() == [0, 0.5]


def test_gradients_flow_through():
    x = torch.tensor([0.25, 0.5], requires_grad=True)
    (checks.array("x", x).square().sum() + checks.pixels("x", x).sum()).backward()
    assert x.grad.tolist() == [1.5, 2.0]


@pytest.mark.parametrize("thing", ["word", None, object(), {"a": 1}, b"bytes", ["a", "b"]])
def test_what_is_no_array_is_a_type_error(thing):
    with pytest.raises(TypeError, match=r"^x must be a tensor or an array of numbers, got \w+\.$"):
        checks.array("x", thing)


@pytest.mark.parametrize("thing", [[[1.0], [1.0, 2.0]], torch.zeros(2, dtype=torch.complex64), numpy.ones(2) * 1j])
def test_ragged_lists_and_complex_numbers_are_refused(thing):
    with pytest.raises(ValueError, match=r"^x must .*\.$"):
        checks.array("x", thing)


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_numbers_that_are_not_finite_are_counted(bad):
    what = "are NaN" if math.isnan(bad) else "are infinite"
    with pytest.raises(ValueError, match=f"^mu has an entry that is not a finite number: 1 of 4 {what}"):
        checks.array("mu", torch.tensor([0.0, 1.0, bad, 2.0]))
    with pytest.raises(ValueError, match="not a finite number"):
        checks.to_like("mu", torch.tensor([1e300], dtype=torch.float64), torch.zeros(1))


def test_minus_infinity_is_accepted_where_it_is_the_logarithm_of_nothing():
    assert checks.array("w", torch.tensor([-math.inf, 0.0]), minus_infinity=True)[0] == -math.inf
    for bad in (math.nan, math.inf):
        with pytest.raises(ValueError, match="not a finite number"):
            checks.array("w", torch.tensor([-math.inf, bad]), minus_infinity=True)


def test_shapes_are_templates_whose_letters_agree():
    sizes = {}
    checks.array("mu", torch.zeros(5, 2), "N", "d", sizes=sizes)
    assert sizes == {"N": 5, "d": 2}
    with pytest.raises(ValueError, match=r"^logvar must have shape \(N, d\) with N = 5, d = 2, got \(5, 3\)\.$"):
        checks.array("logvar", torch.zeros(5, 3), "N", "d", sizes=sizes)
    with pytest.raises(ValueError, match=r"^c must have shape \(\.\.\., d, d\), got \(4, 2, 3\)\.$"):
        checks.array("c", torch.zeros(4, 2, 3), ..., "d", "d")
    with pytest.raises(ValueError, match=r"^z must hold at least 1 example, as \(N, 2\), got \(0, 2\)\.$"):
        checks.array("z", torch.zeros(0, 2), "N", 2, least=1)
    with pytest.raises(ValueError, match=r"without empty axes, got \(4, 0\)"):
        checks.array("z", torch.zeros(4, 0), "N", "d")
    assert checks.array("z", torch.zeros(0, 2), "N", 2).shape == (0, 2)


BYTES = r"bytes: 0 … 255 as uint8; floats in \[0, 1\]"


@pytest.mark.parametrize(
    "bad, found",
    [
        (torch.arange(256.0), "floats from 0 to 255"),
        (torch.arange(256), "whole numbers from 0 to 255"),
        (torch.tensor([-0.25, 1.0]), "floats from -0.25 to 1"),
        (torch.tensor([0, 2]), "whole numbers from 0 to 2"),
    ],
)
def test_pixels_outside_zero_and_one_are_named_with_their_range(bad, found):
    with pytest.raises(ValueError, match=rf"^x must hold pixels \({BYTES}\), got {found}\.$"):
        checks.pixels("x", bad)


def test_pixels_may_be_bytes_bits_or_floats():
    assert checks.pixels("x", torch.tensor([0, 51, 255], dtype=torch.uint8)).tolist() == pytest.approx([0, 0.2, 1])
    for bits in (torch.tensor([True, False]), torch.tensor([1, 0]), numpy.array([1, 0], dtype=numpy.int8)):
        assert checks.pixels("x", bits).tolist() == [1, 0]
    # A mean over grey levels that rounding has moved is moved back.
    assert checks.pixels("x", torch.tensor([-1e-6, 1 + 1e-6])).tolist() == [0, 1]


def test_a_gaussian_likelihood_takes_any_picture_but_bytes_as_floats():
    assert checks.pixels("x", torch.tensor([-1.5, 3.25]), bounded=False).tolist() == [-1.5, 3.25]
    with pytest.raises(ValueError, match=BYTES):
        checks.pixels("x", torch.arange(256.0), bounded=False)


@pytest.mark.parametrize("bad", [0, -1, 2.0, 1.5, math.nan, math.inf, "3", None, True, torch.tensor(2.5), [1]])
def test_counts_are_whole_numbers(bad):
    with pytest.raises(ValueError, match=r"^samples must be a whole number of at least 1, got "):
        check_numbers.count("samples", bad)
    assert check_numbers.count("samples", numpy.int64(3)) == check_numbers.count("samples", torch.tensor(3)) == 3


@pytest.mark.parametrize("bad", [-1, math.nan, math.inf, "3", None, True, torch.zeros(2), 10**400])
def test_numbers_are_finite_and_in_range(bad):
    with pytest.raises(ValueError, match=r"^beta must be a finite number of at least 0, got "):
        check_numbers.number("beta", bad, 0)
    assert check_numbers.number("beta", numpy.float32(0.5), 0) == check_numbers.number("beta", torch.tensor(0.5)) == 0.5


@pytest.mark.parametrize("bad", [None, 0, "seed"])
def test_a_generator_is_a_generator(bad):
    with pytest.raises(TypeError, match=r"^generator must be a torch\.Generator, got "):
        check_numbers.one_generator(bad)


def test_checks_are_passed_over_inside_vmap_and_nowhere_else():
    mapped = torch.func.vmap(lambda x: checks.array("x", x) * 2)(torch.tensor([1.0, 2.0]))
    assert mapped.tolist() == [2, 4]
