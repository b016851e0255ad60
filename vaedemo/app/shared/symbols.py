"""Symbols in plain text."""

SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


def subscript(number: int) -> str:
    """12 as ₁₂."""
    return "".join(chr(0x2080 + int(digit)) for digit in str(number))


def power_of_ten(exponent: int) -> str:
    """12 as 10¹²."""
    return "10" + str(exponent).translate(SUPERSCRIPTS)


def signed(value: float, digits: int = 2) -> str:
    """A number with a true minus sign; one that rounds to 0 has none."""
    return f"{value:z.{digits}f}".replace("-", "−")
