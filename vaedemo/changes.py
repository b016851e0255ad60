"""Settings that change while a training runs: `RunConfig.changes`, its rule, and the values in force at a step."""

from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any, NamedTuple

from vaedemo.rules import ConfigError, accepting, real, whole, write_value

CHANGEABLE = {  # by field, the rule for a new value
    "beta": real(0.0, 1e6),
    "learning_rate": real(0.0, 10.0, above=True),
    "noise_variance": real(1e-6, 1e6),
}
MOST_CHANGES = 8
LATEST_STEP = 100_000_000
SEPARATOR = "~"  # needs no escape in a link
SHORT = {"beta": "β", "learning_rate": "learning rate", "noise_variance": "σ²"}


class Values(dict):
    """The new values of one change by field: a dictionary that cannot be changed, so it has a hash."""

    def __hash__(self) -> int:
        return hash(frozenset(self.items()))

    def _refuse(self, *arguments, **named):
        raise TypeError("The values of a change cannot be changed: make another config.")

    __setitem__ = __delitem__ = __ior__ = clear = pop = popitem = setdefault = update = _refuse


class Change(NamedTuple):
    """After `step` optimizer steps these `values` replace those of the same fields; equal to (step, values)."""

    step: int
    values: Values

    def __str__(self) -> str:
        """The form in a link: 400~beta~4."""
        parts = [str(self.step), *(text for name in self.values for text in (name, write_value(self.values[name])))]
        return SEPARATOR.join(parts)

    def __repr__(self) -> str:
        return f"({self.step}, {dict(self.values)!r})"

    @property
    def title(self) -> str:
        """For readers: "β 4 from step 400"."""
        return f"{self.short} from step {self.step:,}"

    @property
    def short(self) -> str:
        """The new values for readers: "β 4"."""
        return ", ".join(f"{SHORT[name]} {value:g}" for name, value in self.values.items())


class InForce(NamedTuple):
    """The settings of one step that a change or a schedule can change; `beta` is the weight of the KL at this step."""

    beta: float
    learning_rate: float
    noise_variance: float | str


@accepting(
    f"up to {MOST_CHANGES} changes at ascending steps from 1, each of {', '.join(CHANGEABLE)}, "
    "such as 400~beta~4,900~learning_rate~0.0005"
)
def changes(name: str, value: Any) -> tuple[Change, ...]:
    """The rule for `changes`: pairs (step, {field: value}), or their text in a link."""
    if isinstance(value, str):
        value = [_read(name, text) for text in value.split(",", MOST_CHANGES)] if value else []
    if not isinstance(value, (list, tuple)) or len(value) > MOST_CHANGES:
        raise ConfigError(name, value, changes.accepts)
    found = tuple(_change(name, entry) for entry in value)
    if any(after.step <= before.step for before, after in pairwise(found)):
        raise ConfigError(name, ",".join(map(str, found)), "changes at ascending steps")
    return found


def _read(name: str, text: str) -> tuple[str, dict[str, str]]:
    step, *parts = text.split(SEPARATOR)
    if not parts or len(parts) % 2 or len(set(parts[::2])) < len(parts[::2]):
        raise ConfigError(name, text, changes.accepts)
    return step, dict(zip(parts[::2], parts[1::2], strict=True))


def _change(name: str, entry: Any) -> Change:
    pair = isinstance(entry, (list, tuple)) and len(entry) == 2
    if not pair or not isinstance(entry[1], Mapping) or not entry[1] or not set(entry[1]) <= set(CHANGEABLE):
        raise ConfigError(name, entry, changes.accepts)
    step = whole(1, LATEST_STEP)(f"a step in {name}", entry[0])
    values = {
        field: rule(f"{field} in {name}", entry[1][field]) for field, rule in CHANGEABLE.items() if field in entry[1]
    }
    return Change(step, Values(values))


def effective(found: Iterable[Change], first: Mapping[str, Any], until: int) -> tuple[Change, ...]:
    """The changes that have an effect: of the fields in `first`, to a new value, and before the step `until` (0: none).

    `first`: the value of each field that has an effect at all, before the first change.
    """
    now, kept = dict(first), []
    for change in found:
        new = {name: value for name, value in change.values.items() if name in now and now[name] != value}
        if new and not (until and change.step >= until):
            kept.append(Change(change.step, Values(new)))
            now |= new
    return tuple(kept)


def ramp(step: int, steps: int, warm_up: float, cycles: int) -> float:
    r"""The share of beta at a step s = 0 … S − 1: in each of `cycles` equal parts it rises from 0 to 1, then stays.

    $$\min\Big(1,\ \frac{\tau}{R}\Big),\qquad \tau = \frac{(s\,M) \bmod S}{S}$$

    with M cycles and the share R = `warm_up` of a cycle; 1 for R = 0. One cycle: the KL warm-up of Bowman et al. 2016
    (arXiv 1511.06349) and Sønderby et al. 2016 (1602.02282). Several: the cyclic schedule of Fu et al. 2019
    (1903.10145, eq. 6).
    """
    if not warm_up:
        return 1.0
    return min(1.0, (step * cycles % steps) / steps / warm_up)
