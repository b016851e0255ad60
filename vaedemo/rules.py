"""Rules for single values: each takes a name and a value and returns it typed, or raises `ConfigError`.

`rule.accepts` is the description of valid values in the error and in `--help`.
"""

import numbers
import re
from collections.abc import Callable
from typing import Any


class ConfigError(ValueError):
    """A value that a `RunConfig` does not accept; names the field, the value it got and what it accepts."""

    def __init__(self, name: str, got: Any, accepts: str):
        self.field, self.got, self.accepts = name, got, accepts
        super().__init__(f"{name} accepts {accepts}, got {shorten(got)}.")


def shorten(value: Any, limit: int = 60) -> str:
    """`repr` of a value, shortened so that a hostile one cannot fill a page."""
    try:
        text = ascii(value) if not isinstance(value, str) or len(value) <= limit else ascii(value[:limit])
    except Exception as error:  # repr of a foreign object may fail; name its type instead
        text = f"<{type(value).__name__} that cannot be printed: {type(error).__name__}>"
    return text if len(text) <= limit else text[: limit - 1] + "…"


def accepting(words: str) -> Callable[[Callable], Callable]:
    """Set a rule's `accepts`."""

    def mark(rule: Callable) -> Callable:
        rule.accepts = words
        return rule

    return mark


def one_of(*names: str):
    """A rule that accepts exactly these names."""

    @accepting("one of " + ", ".join(names))
    def check(name: str, value: Any) -> str:
        if not isinstance(value, str) or value not in names:
            raise ConfigError(name, value, check.accepts)
        return value

    return check


def optional(rule):
    """The rule that also accepts None (in a query string: an empty value)."""

    @accepting(rule.accepts)
    def check(name: str, value: Any):
        return None if value is None or value == "" else rule(name, value)

    return check


def instance_of(kind: type, example: str):
    """A rule that accepts the instances of a class; `example`: code that makes one."""

    @accepting(f"a {kind.__name__}, such as {example}")
    def check(name: str, value: Any):
        if not isinstance(value, kind):
            raise ConfigError(name, value, check.accepts)
        return value

    return check


def whole(low: int, high: int):
    """A rule for integers from `low` to `high`; 2.0 is accepted as 2, True is not a number."""

    accepts = f"a whole number from {low:,} to {high:,}"

    @accepting(accepts)
    def check(name: str, value: Any) -> int:
        if isinstance(value, str):
            if not re.fullmatch(r"-?[0-9]{1,12}", value):
                raise ConfigError(name, value, accepts)
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, numbers.Real):
            raise ConfigError(name, value, accepts)
        # The bounds first: an integer of 400 digits has no float for isfinite.
        if not low <= value <= high or value != int(value):
            raise ConfigError(name, value, accepts)
        return int(value)

    return check


def real(low: float, high: float, *, above: bool = False, below: bool = False):
    """A rule for finite numbers from `low` to `high`; `above`/`below` exclude the end points."""

    accepts = f"a number {'above' if above else 'from'} {low:g} {'and below' if below else 'to'} {high:g}"

    @accepting(accepts)
    def check(name: str, value: Any) -> float:
        if isinstance(value, str):
            if not re.fullmatch(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]{1,3})?", value):
                raise ConfigError(name, value, accepts)
            value = float(value)
        if isinstance(value, bool) or not isinstance(value, numbers.Real):
            raise ConfigError(name, value, accepts)
        inside = (value > low if above else value >= low) and (value < high if below else value <= high)
        if not inside:  # also excludes NaN and infinity
            raise ConfigError(name, value, accepts)
        return float(value) + 0.0  # -0.0 becomes 0.0, so that both have the same digest

    return check


def real_or(word: str, rule):
    """The rule that also accepts one word."""

    @accepting(f"{rule.accepts}, or the word {word}")
    def check(name: str, value: Any):
        if isinstance(value, str) and value == word:
            return word
        try:
            return rule(name, value)
        except ConfigError:
            raise ConfigError(name, value, check.accepts) from None

    return check


@accepting("up to 6 widths, whole numbers from 1 to 4,096, separated by commas")
def widths(name: str, value: Any) -> tuple[int, ...]:
    """The rule for `hidden`: up to six widths from 1 to 4,096; written "400,200" in a query string."""
    if isinstance(value, str):
        value = [part.strip() for part in value.split(",")] if value else []
    elif isinstance(value, numbers.Real) and not isinstance(value, bool):
        value = [value]
    if not isinstance(value, (list, tuple)) or len(value) > 6:
        raise ConfigError(name, value, widths.accepts)
    try:
        return tuple(whole(1, 4096)(name, width) for width in value)
    except ConfigError:
        raise ConfigError(name, value, widths.accepts) from None


@accepting("the 16 hexadecimal digits of a run's digest, or nothing")
def digest_or_empty(name: str, value: Any) -> str:
    """The rule for `start_from`: the 16 hexadecimal digits of a run's digest, or empty."""
    if not isinstance(value, str) or not re.fullmatch(r"([0-9a-f]{16})?", value):
        raise ConfigError(name, value, digest_or_empty.accepts)
    return value


def write_value(value: Any) -> str:
    """One field as query text: tuples as "400,200", floats in their shortest exact form, None as ""."""
    if isinstance(value, (tuple, list)):
        return ",".join(map(str, value))
    if isinstance(value, float):
        return f"{value:g}" if float(f"{value:g}") == value else repr(value)
    return "" if value is None else str(value)


def as_json(value: Any) -> Any:
    """A field's value with lists for tuples and plain dictionaries, as it comes back from JSON."""
    if isinstance(value, tuple):
        return [as_json(entry) for entry in value]
    return dict(value) if isinstance(value, dict) else value
