"""The meaning of each colour, on every page and in both themes.

Every role has a contrast of at least 2.5 against white and against the dark theme's background. Any two roles (and any
two classes) are distinguishable with protanopia, deuteranopia and tritanopia. Two classes at `CLASS_OPACITY` differ by
a CIEDE2000 of at least 10 on both backgrounds, also with protanopia and deuteranopia. The tests compute all three.
"""

# One hue per quantity of the lecture.
DATA = "#1f6fd6"  # x, the observed data
RECONSTRUCTION = "#cf8410"  # x̂ and samples of x, the decoder's output; also the reconstruction term
PRIOR = "#c67ff0"  # p(z)
POSTERIOR = "#c22d28"  # q(z|x)
KL = "#2fae72"  # the divergence between the two
ELBO = "#80508a"  # the total
NEUTRAL = "#808792"  # everything without a meaning of its own

ROLES = {
    "data": DATA,
    "reconstruction": RECONSTRUCTION,
    "prior": PRIOR,
    "posterior": POSTERIOR,
    "kl": KL,
    "elbo": ELBO,
    "neutral": NEUTRAL,
}

# Ordered so that the first ones are the most different and the dark ones come last.
CLASS_COLOURS = (
    "#237db5",  # blue
    "#bf9e00",  # gold
    "#a40e75",  # plum
    "#36a6b6",  # teal
    "#837a14",  # olive
    "#a591ff",  # lavender
    "#b65279",  # rosewood
    "#de6f7b",  # coral
    "#5b20f3",  # indigo
    "#6e5324",  # brown
)

CLASS_OPACITY = 0.8  # of the dots of a class, where all classes are shown; the fainter, the closer the colours come

# A class also has its own shape, as a second channel.
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

# Ten steps of one hue, from near the page's background to full colour, for densities and other continuous quantities.
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
# Ten steps from the reconstruction's orange through grey to the data's blue, for signed quantities.
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
    """The colour of class `index`; after ten classes the colours repeat."""
    return CLASS_COLOURS[index % len(CLASS_COLOURS)]


def class_marker(index: int) -> str:
    """The marker of class `index`; after ten classes the pairing with colours shifts, so that pairs stay unique."""
    return CLASS_MARKERS[(index + index // len(CLASS_COLOURS)) % len(CLASS_MARKERS)]


def translucent(colour: str, opacity: float) -> str:
    """A "#rrggbb" colour as "rgba(r, g, b, opacity)", for fills that suit both themes."""
    red, green, blue = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return f"rgba({red}, {green}, {blue}, {opacity:g})"
