"""The dart: places on the latent plane that the visitor chose or drew from N(0, I), the last ten of them."""

import zlib

import torch
from torch import Tensor

from vaedemo.app.shell.links import Parameter
from vaedemo.rules import ConfigError

MOST, REACH = 10, 4.0
Place = tuple[float, float]


def read(text: str) -> list[Place]:
    """The places of a text such as "0.40,-0.90;1.00,2.00", oldest first. Raises ValueError for any other text."""
    places = []
    for pair in text.split(";"):
        first, second = map(float, pair.split(","))
        if not (abs(first) <= REACH and abs(second) <= REACH):
            raise ValueError(f"{pair} is not within {REACH:g} of 0.")
        places.append((first, second))
    return places


def write(places: list[Place]) -> str:
    """The newest ten places as a text, with two decimals."""
    return ";".join(f"{first:z.2f},{second:z.2f}" for first, second in places[-MOST:])


def rule(name: str, value: object) -> str:
    """The rule of the link's parameter: one to ten places, in canonical form."""
    try:
        places = read(value)
    except (AttributeError, ValueError):
        places = []
    if not 1 <= len(places) <= MOST:
        accepts = (
            f'one to {MOST} places z₁,z₂ from −{REACH:g} to {REACH:g}, separated by semicolons, such as "0.50,-1.25"'
        )
        raise ConfigError(name, value, accepts)
    return write(places)


FIRST = write(torch.randn(MOST, 2, generator=torch.Generator().manual_seed(0)).tolist())  # ten z ~ N(0, I), seed 0
PARAMETER = Parameter("darts", FIRST, rule)


def drawn(text: str, count: int) -> str:
    """`count` more darts from N(0, I). The seed is the text itself, so that the same link draws the same."""
    z = torch.randn(count, 2, generator=torch.Generator().manual_seed(zlib.crc32(text.encode())))
    return write([*read(text), *map(tuple, z.clamp(-REACH, REACH).tolist())])


def aimed(text: str, x: float, y: float) -> str:
    """One more dart, where the plane was clicked."""
    return write([*read(text), (min(max(x, -REACH), REACH), min(max(y, -REACH), REACH))])


def codes(text: str) -> Tensor:
    """The darts as z, (n, 2), oldest first."""
    return torch.tensor(read(text))
