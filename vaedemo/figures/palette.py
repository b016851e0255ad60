"""What each colour means, on every page and in both themes.

Every role keeps a contrast of at least 2.5 against white and against the dark theme's background, and any two
roles (any two classes) stay apart for readers with protanopia, deuteranopia and tritanopia; the tests compute both.
"""

# One hue per quantity of the lecture.
DATA = "#1f6fd6"  # x, what was observed
RECONSTRUCTION = "#cf8410"  # x̂ and samples of x: what the decoder says; also the reconstruction term
PRIOR = "#c67ff0"  # p(z)
POSTERIOR = "#c22d28"  # q(z|x)
KL = "#2fae72"  # the distance between the two
ELBO = "#80508a"  # the total
NEUTRAL = "#808792"  # whatever carries no meaning of its own

ROLES = {
    "data": DATA,
    "reconstruction": RECONSTRUCTION,
    "prior": PRIOR,
    "posterior": POSTERIOR,
    "kl": KL,
    "elbo": ELBO,
    "neutral": NEUTRAL,
}

# Ordered so that the first few are the farthest apart and the dark ones come last.
CLASS_COLOURS = (
    "#387ec1",  # blue
    "#c4a006",  # gold
    "#97266e",  # plum
    "#1eb5be",  # teal
    "#768200",  # olive
    "#a18cff",  # lavender
    "#aa6378",  # rosewood
    "#fa758a",  # coral
    "#4f45b1",  # indigo
    "#6a520a",  # brown
)

# The second channel: a class is also known by its shape.
CLASS_MARKERS = (
    "circle",
    "square",
    "diamond",
    "triangle-up",
    "triangle-down",
    "pentagon",
    "star",
    "cross",
    "hexagram",
    "x",
)

# Ten steps of one hue, from near the page to full ink, for densities and other continuous quantities.
SEQUENTIAL_LIGHT = (
    "#eef4fc",
    "#d8e6f8",
    "#bdd5f2",
    "#9fc2ec",
    "#7fade4",
    "#5e97dd",
    "#3f82d7",
    "#1f6fd6",
    "#1859ad",
    "#114284",
)
SEQUENTIAL_DARK = (
    "#14243b",
    "#17345c",
    "#1a457c",
    "#1c569c",
    "#1e63b9",
    "#1f6fd6",
    "#4b8ade",
    "#77a6e7",
    "#a4c3ef",
    "#d2e2f8",
)
# Ten steps from reconstruction-orange over the page's grey to data-blue, for signed quantities.
DIVERGING = (
    "#8a5405",
    "#ab6c0b",
    "#cf8410",
    "#dfab5c",
    "#ecd2aa",
    "#b6cfef",
    "#79a8e4",
    "#3f82d7",
    "#1f6fd6",
    "#114e9b",
)


def class_colour(index: int) -> str:
    """The colour of class `index`; after ten classes the colours start again."""
    return CLASS_COLOURS[index % len(CLASS_COLOURS)]


def class_marker(index: int) -> str:
    """The marker of class `index`; after ten classes shape and colour go out of step, so pairs stay unique."""
    return CLASS_MARKERS[(index + index // len(CLASS_COLOURS)) % len(CLASS_MARKERS)]


def translucent(colour: str, opacity: float) -> str:
    """A "#rrggbb" colour as "rgba(r, g, b, opacity)", for fills that let both themes shine through."""
    red, green, blue = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return f"rgba({red}, {green}, {blue}, {opacity:g})"
