"""The lessons' formulas as MathML, which browsers draw without a script or a font of ours.

It reads the commands that the steps use, and refuses any other. Numbers below a symbol keep their minus sign, so that
they are one element each.
"""

import re
from html import escape

SYMBOLS = {
    "Sigma": "<mi>Σ</mi>",
    "mu": "<mi>μ</mi>",
    "theta": "<mi>θ</mi>",
    "top": "<mo>⊤</mo>",
    "mid": '<mo stretchy="false">|</mo>',
    "lVert": '<mo stretchy="false">‖</mo>',
    "rVert": '<mo stretchy="false">‖</mo>',
    ",": '<mspace width="0.17em" />',
}
NAMES = {"log": "log", "exp": "exp"}
TALL = {"big": 1.2, "Big": 1.8}  # heights of brackets in em
FRACTIONS = ("frac", "dfrac", "tfrac")
TOKEN = re.compile(r"\\[a-zA-Z]+|\\.|\s+|.", re.DOTALL)
NUMBER = re.compile(r"-?\d+(\.\d+)?")


def mathml(latex: str, *, block: bool) -> str:
    """A formula in LaTeX as a <math> element; `block`: displayed on a line of its own.

    Raises:
        ValueError: a command that is not known here, or braces that do not match.
    """
    reader = Reader(latex)
    row = reader.row(end=None)
    display = ' display="block"' if block else ""
    return f"<math{display}>{row}</math>"


class Reader:
    """Reads the tokens of a formula from left to right."""

    def __init__(self, latex: str):
        self.latex = latex
        self.tokens = [token for token in TOKEN.findall(latex) if not token.isspace()]
        self.place = 0

    def next(self) -> str:
        """The next token. Raises ValueError at the end."""
        if self.place >= len(self.tokens):
            raise ValueError(f"The formula ends too early: {self.latex!r}.")
        self.place += 1
        return self.tokens[self.place - 1]

    def peek(self) -> str | None:
        return self.tokens[self.place] if self.place < len(self.tokens) else None

    def row(self, end: str | None) -> str:
        """All atoms up to the token `end`, which is read too; None: up to the end of the formula."""
        atoms = []
        while (token := self.peek()) != end:
            if token is None:
                raise ValueError(f"The formula lacks {end!r}: {self.latex!r}.")
            atoms.append(self.scripted())
        if end is not None:
            self.next()
        return f"<mrow>{''.join(atoms)}</mrow>"

    def scripted(self) -> str:
        """An atom with what stands below and above its line."""
        base, scripts = self.atom(), {}
        while (mark := self.peek()) in ("_", "^"):
            self.next()
            scripts[mark] = self.argument()
        match scripts:
            case {"_": low, "^": high}:
                return f"<msubsup>{base}{low}{high}</msubsup>"
            case {"_": low}:
                return f"<msub>{base}{low}</msub>"
            case {"^": high}:
                return f"<msup>{base}{high}</msup>"
        return base

    def argument(self) -> str:
        """A group in braces, or one token."""
        if self.peek() != "{":
            return self.atom(single=True)
        self.next()
        return self.row(end="}")

    def text(self) -> str:
        """The plain text of a group in braces."""
        if self.next() != "{":
            raise ValueError(f"Braces are missing: {self.latex!r}.")
        found = []
        while (token := self.next()) != "}":
            found.append(token)
        return "".join(found)

    def atom(self, single: bool = False) -> str:
        """One element; `single`: only one digit of a number."""
        token = self.next()
        if token == "{":
            return self.row(end="}")
        if token.startswith("\\"):
            return self.command(token[1:])
        if token.isdigit():
            while not single and (self.peek() or "").isdigit():
                token += self.next()
            return f"<mn>{token}</mn>"
        if token in "½":
            return f"<mn>{token}</mn>"
        if token.isalpha():
            return f"<mi>{token}</mi>"
        if token in "}&_^":
            raise ValueError(f"{token!r} is not expected here: {self.latex!r}.")
        return f'<mo stretchy="false">{escape({"-": "−"}.get(token, token))}</mo>'

    def command(self, name: str) -> str:
        """The element of a command, with its arguments."""
        if name in SYMBOLS:
            return SYMBOLS[name]
        if name in NAMES:
            return f"<mi>{NAMES[name]}</mi>{SYMBOLS[',']}"
        if name in FRACTIONS:
            style = {"dfrac": ' displaystyle="true"', "tfrac": ' displaystyle="false"'}.get(name, "")
            return f"<mstyle{style}><mfrac>{self.argument()}{self.argument()}</mfrac></mstyle>"
        if name == "underset":
            below, base = self.text(), self.argument()
            if not NUMBER.fullmatch(below):
                raise ValueError(f"Below a symbol stands a number, got {below!r}.")
            return f"<munder>{base}<mn>{below.replace('-', '−')}</mn></munder>"
        if name == "hat":
            return f'<mover accent="true">{self.argument()}<mo stretchy="false">ˆ</mo></mover>'
        if name in ("mathrm", "operatorname"):
            space = SYMBOLS[","] if name == "operatorname" else ""
            return f'<mi mathvariant="normal">{escape(self.text())}</mi>{space}'
        if name in TALL:
            size = f"{TALL[name]}em"
            return f'<mo stretchy="true" minsize="{size}" maxsize="{size}">{escape(self.next())}</mo>'
        raise ValueError(f"\\{name} is not a command that the exported pages know.")
