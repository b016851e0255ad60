"""Displayed formulas with a view's own number under each symbol."""


def under(symbol: str, value: float, digits: int = 2) -> str:
    r"""A symbol in LaTeX with its value below it: $\underset{0.25}{V}$."""
    return f"\\underset{{{value:.{digits}f}}}{{{symbol}}}"
