"""The steps of the lesson on the latent plane (slide 23): what each place decodes to, and how often it is drawn."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import torch

from vaedemo.analysis import quality
from vaedemo.app.lessons.plane import measures, regions
from vaedemo.app.lessons.plane.measures import RUN, TWENTY
from vaedemo.app.shared.formula import under
from vaedemo.app.shell.steps import Goal, Option, Question, Step, Values

MAP = {"tiles": 1, "dots": 0, "spacing": "prior"}
RULER = {"tiles": 1, "dots": 0, "spacing": "z"}
A_SIX = {"z1": 0.9, "z2": -0.6}  # no name of a digit stands there
NO_DIGIT = {"z1": -5.0, "z2": 2.5}  # sharp, and like no digit
ONE, ZERO, SEVEN = 1, 0, 7
NEAR, FAR = 0.5, 6.0  # the distances from 0 that the step on undecided pixels names
SHARP, GREY, ALONE = 0.05, 0.38, 1.5  # bounds of the two tasks


def each_tile(values: Values) -> str:
    shown = measures.tiles(RUN, "prior")
    filled = np.array([regions.share(shown, digit) for digit in range(10)])
    most, least = int(filled.argmax()), int(filled.argmin())
    return (
        f"$$\\hat x({under('z_1', values['z1'])}, {under('z_2', values['z2'])}) = \\mathrm{{E}}[x \\mid z]$$\n\n"
        "Each tile is the **mean of p(x|z)** at its middle. All tiles hold the same share of N(0, I). So the map shows "
        f"what this VAE draws, and how often: {most}s fill **{filled[most]:.0%}** of it, {least}s only "
        f"**{filled[least]:.0%}**."
    )


def equal_steps(values: Values) -> str:
    filled = regions.share(measures.tiles(RUN, "z"), SEVEN)
    mass = regions.masses(measures.plane_of(RUN).extent(0), "z")
    middle, corner = mass[regions.TILES // 2, regions.TILES // 2].item(), mass[0, 0].item()
    return (
        f"Here all tiles are equally wide in z, and {SEVEN}s fill **{filled:.0%}**. The decoder did not change, and "
        f"random z reach them as seldom as before: the corner holds about {rounded(middle / corner):,} times less of "
        "N(0, I) than the middle tile."
    )


def rounded(number: float) -> int:
    """A large number with two digits that count."""
    return int(float(f"{number:.1e}"))


def along(values: Values) -> str:
    *before, last = map(str, measures.digits_between(values["start"], values["end"]))
    between = f"{', '.join(before)} and {last}" if before else last
    return (
        f"From {values['start']} to {values['end']} the path passes {between}: **one digit turns into the next**. "
        "The code moves, and the strokes move with it. A cross-fade would mix the pixels of two images instead."
    )


def undecided(values: Values) -> str:
    near, far = measures.undecided_at(NEAR), measures.undecided_at(FAR)
    return (
        f"Orange: the share of undecided pixels, on average **{near:.0%}** at |z|\u00a0=\u00a0{NEAR:g} and "
        f"**{far:.0%}** at |z|\u00a0=\u00a0{FAR:g}, where no code lies. Far out the decoder's sums are large, so "
        "pixels saturate. A sharp image need not be a digit."
    )


def one_sheet(values: Values) -> str:
    shown = measures.tiles(TWENTY, "prior")
    digits = [regions.share(shown, digit) for digit in range(10)]
    most = int(np.argmax(digits))
    apart, drawn = measures.random_z_of_twenty()
    return (
        f"A classifier reads {most} in **{digits[most]:.0%}** of these blots, but in **{drawn[most]:.0%}** of "
        f"what random z decode to. They lie elsewhere: on average {apart:.1f} from this sheet. "
        "Only a code with two axes has a whole map."
    )


def shows(wanted: Mapping[str, Any]) -> Callable[[Values], bool]:
    """Whether a view shows these layers, wherever z is."""
    every = {"run": RUN, "reach": 0, "tiles": 0, "dots": 1, "undecided": 0, "spacing": "z", "start": -1, "end": -1}
    every |= {"base": "zero", "across": 1, "up": 2} | wanted
    return lambda values: all(values[name] == value for name, value in every.items())


STEPS = (
    Step(
        name="map",
        title="Every place, decoded",
        view=MAP | A_SIX,
        say=each_tile,
        holds=shows(MAP),
        ask=Question(
            "The codes of test digits. Now every place of this plane is decoded, also those between the codes. What "
            "does it show?",
            (
                Option("Digits at the codes, noise between them", "The decoder is continuous: it cannot jump there."),
                Option("A digit nearly everywhere", "Training filled the plane with noisy codes.", right=True),
                Option("At each place the nearest test digit", "It never saw them, and stores no image."),
            ),
            start={"tiles": 0, "dots": 1},
            giveaways=("what this VAE draws",),
        ),
        slides=(23,),
        notes="Move the pointer over the map: the large image is decoded at once. "
        "A tile is the mean of p(x|z), so it is smoother than a sample.",
    ),
    Step(
        name="ruler",
        title="Equal steps of z",
        view=RULER | A_SIX,
        say=equal_steps,
        holds=shows(RULER),
        ask=Question(
            "7s fill 6% of this map. The same plane is now drawn with equal steps of z. How much of it do 7s fill?",
            (
                Option("6% again: it is the same decoder", "Each z has the same image, but other z get more room."),
                Option("Less: random z rarely reach them", "This map does not ask how often a z is drawn."),
                Option("About a third", "The outer z get as much room as the inner ones.", right=True),
            ),
            start=MAP,
            giveaways=("equally wide",),
        ),
    ),
    Step(
        name="path",
        title="From 1 to 0",
        view={"start": ONE, "end": ZERO, "z1": -1.079, "z2": -2.204},
        say=along,
        holds=lambda values: shows({"start": values["start"], "end": values["end"]})(values) and between(values),
        controls=("path",),
        ask=Question(
            "z moves on a straight line from the 1s to the 0s. What does the decoder show on the way?",
            (
                Option("Other digits, one after another", "The line crosses their codes.", right=True),
                Option("A cross-fade of a 1 and a 0", "That mixes pixels. Here z moves, and the image is decoded."),
                Option("Noise, as no 1 or 0 lies there", "But codes of other digits do."),
            ),
            giveaways=("turns into the next",),
        ),
        slides=(23,),
        notes="Follow the line with the pointer. Then choose other ends: from 7 to 8, or from 4 to 9.",
    ),
    Step(
        name="undecided",
        title="Where images are sharp",
        view={"undecided": 1, "reach": 6} | NO_DIGIT,
        say=undecided,
        holds=shows({"undecided": 1, "reach": 6}),
        ask=Question(
            "A pixel between black and white is undecided. Where on the plane are there fewest of them?",
            (
                Option("In the middle, where codes are dense", "There many digits share a z, and their mean is grey."),
                Option("Along the borders between two digits", "There a z stands for both digits."),
                Option("Far outside, where no code is", "No data keeps the sums small there.", right=True),
            ),
            start={"undecided": 0, "z1": 0.0, "z2": 0.0},
            giveaways=("saturate",),
        ),
    ),
    Step(
        name="twenty",
        title="With twenty axes",
        view=MAP | {"run": TWENTY},
        say=one_sheet,
        holds=shows(MAP | {"run": TWENTY}),
        ask=Question(
            "A VAE with 20 axes. Its map moves z₁ and z₂, the other 18 axes stay at 0. What does the map show?",
            (
                Option("All ten digits, as with two axes", "To reach them the other axes must move as well."),
                Option("Blots, most of one kind", "It is a thin sheet of a large space.", right=True),
                Option("The mean image of each class", "0 is the mean of z, and no class lies there."),
            ),
            start={"tiles": 0, "dots": 1},
            giveaways=("A classifier reads",),
        ),
    ),
)


def between(values: Values) -> bool:
    """Whether a path has two ends and passes other digits."""
    ends = values["start"], values["end"]
    return -1 not in ends and ends[0] != ends[1] and bool(measures.digits_between(*ends))


def has_run(values: Values) -> bool:
    """Whether a view has the model that the goals are about."""
    return values["run"] == RUN


def at(values: Values) -> tuple[float, float]:
    """The share of undecided pixels at z, and the distance of the nearest code, of the run `RUN`."""
    plane, z = measures.plane_of(RUN), torch.tensor([[values["z1"], values["z2"]]])
    (share,) = measures.undecided_on(plane, z.tolist())
    return share, quality.nearest(z, plane.codes.means)[1].item()


GOALS = (
    Goal(
        f"Find a z of which more than {GREY:.0%} of the pixels are undecided.",
        lambda values: at(values)[0] > GREY,
        "Switch on the undecided pixels.",
        has_run,
    ),
    Goal(
        f"Find a sharp image, fewer than {SHARP:.0%} undecided, more than {ALONE:g} from every code.",
        lambda values: (found := at(values))[0] < SHARP and found[1] > ALONE,
        "Widen the plane to ±6.",
        has_run,
    ),
)
