"""A drawing as text: there and back, against base64's own alphabet, and what is refused."""

import base64

import pytest
import torch

from vaedemo.datasets import drawing
from vaedemo.rules import ConfigError


def test_text_is_the_levels_as_base64url_of_their_bits():
    generator = torch.Generator().manual_seed(0)
    levels = torch.randint(0, 8, (784,), generator=generator).tolist()
    pixels = torch.tensor([round(255 * level / 7) for level in levels], dtype=torch.uint8).reshape(1, 28, 28)
    bits = "".join(f"{level:03b}" for level in levels)
    assert drawing.write(pixels) == base64.urlsafe_b64encode(int(bits, 2).to_bytes(294)).decode()
    assert torch.equal(drawing.read(drawing.write(pixels)), pixels)


def test_other_bytes_become_the_nearest_level():
    pixels = torch.arange(784).remainder(256).to(torch.uint8).reshape(1, 28, 28)
    there_and_back = drawing.read(drawing.write(pixels))
    assert (there_and_back.int() - pixels.int()).abs().max() <= 18  # half of 255 / 7
    assert torch.equal(drawing.read(drawing.BLANK), torch.zeros(1, 28, 28, dtype=torch.uint8))


@pytest.mark.parametrize("text", ["", "A", "A" * 391, "A" * 393, "A" * 391 + "=", "A" * 391 + "é", "A" * 392 + "\n", 7])
def test_a_forged_drawing_is_refused(text):
    with pytest.raises(ConfigError, match="drawing accepts 392"):
        drawing.read(text)
