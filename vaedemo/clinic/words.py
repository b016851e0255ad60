"""A loss of any size as a short text: a sick program's are from a millionth of a nat to 10¹¹ nats."""

WHOLE, LARGE = 1_000, 100_000  # from here on without decimals; from here on with a power of ten
SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def nats(value: float) -> str:
    """Two decimals; from 1,000 on none, from 100,000 on a power of ten. With a true minus sign.

    >>> nats(160.833), nats(-0.001), nats(-4321.7), nats(6.8137e11)
    ('160.83', '0.00', '−4,322', '6.8 × 10¹¹')
    """
    if abs(value) < LARGE:
        text = f"{value:z,.0f}" if abs(value) >= WHOLE else f"{value:z.2f}"
    else:
        digits, _, exponent = f"{value:.1e}".partition("e+")
        text = f"{digits} × 10{str(int(exponent)).translate(SUPERSCRIPTS)}"
    return text.replace("-", "−")
