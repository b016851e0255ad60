"""Numbers and times as the sentences for the page say them."""

SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def span(seconds: float) -> str:
    """Seconds in words: "4 s", "2 min"."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    return f"{round(seconds / 60)} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def count(number: int, singular: str) -> str:
    """How many there are of something: "one training", "two trainings", "13 trainings"."""
    words = SMALL[number] if number < len(SMALL) else f"{number:,}"
    return f"{words} {singular}" if number == 1 else f"{words} {singular}s"
