"""Symbols in plain text."""


def subscript(number: int) -> str:
    """12 as ₁₂."""
    return "".join(chr(0x2080 + int(digit)) for digit in str(number))
