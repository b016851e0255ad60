"""Durations, counts and lists of names as text for sentences on the page."""

from collections.abc import Iterable

MOST_NAMES = 8  # names of runs in a sentence
SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def span(seconds: float) -> str:
    """A duration in seconds as text: "4 s", "2 min"."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    return f"{round(seconds / 60)} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def count(number: int, singular: str) -> str:
    """A number with its noun: "one training", "two trainings", "13 trainings"."""
    words = SMALL[number] if number < len(SMALL) else f"{number:,}"
    return f"{words} {singular}" if number == 1 else f"{words} {singular}s"


def list_names(names: Iterable[str]) -> str:
    """The first names of runs, and the number of further ones. Names that differ only in their last number are one."""
    families: dict[str, list[str]] = {}
    for name in names:
        stem, _, last = name.rpartition("-")
        families.setdefault(stem if last.isdecimal() else name, []).append(name)
    for members in families.values():
        members.sort(key=lambda name: (len(name), name))
    shown = [members[0] if len(members) == 1 else f"{members[0]} to {members[-1]}" for members in families.values()]
    more = [f"and {len(shown) - MOST_NAMES} more"] if len(shown) > MOST_NAMES else []
    return ", ".join(shown[:MOST_NAMES] + more)
