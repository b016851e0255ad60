"""The steps of the lesson on the ring: the exact map (slide 12) and the one that a decoder learned (slide 13)."""

from collections.abc import Callable

from vaedemo.analysis import warp
from vaedemo.app.lessons.ring import exact, learned, measures
from vaedemo.app.lessons.ring.scenes import HOLE
from vaedemo.app.shell.steps import Goal, Option, Question, Step, Values

EXACT, LEARNED = {"part": "exact"}, {"part": "learned"}
AROUND_ZERO = "left,-0.4,-0.4,0.4,0.4,1"  # the marked z of the step "tear"
IN_THE_HOLE = "right,-0.4,-0.75,0.75,0.52,27"  # the codes in the hole, marked in the film's last frame
BETWEEN = 1.0  # |x₁| below it lies between the two modes


def moved(values: Values) -> str:
    mean, _ = warp.radius_moments(exact.images(values))
    return (
        "**One function turns pure noise into a ring.** It keeps the direction of each z (its colour) and sets the "
        f"length to 1\u00a0+\u00a0‖z‖/10, on average {mean:.2f}. In a VAE the decoder learns such a function."
        "\n\n$$g(z) = \\dfrac{z}{10} + \\dfrac{z}{\\lVert z \\rVert}$$"
    )


def linear(values: Values) -> str:
    return (
        "The cloud is stretched by 2 and by ½, and **stays a Gaussian**, densest in its middle. A ring is empty "
        "there. So g must bend the plane: a decoder needs layers that are not linear."
    )


def torn(values: Values) -> str:
    drawn = exact.drawn_of(values)
    inside = round(drawn * warp.share_inside(exact.images(values)[:drawn], 1.0))
    return (
        "Neighbours around z = 0 fly apart, each along its own ray: **g tears the plane**. "
        f"Of the {drawn:,} points drawn, {inside or 'none'} lies nearer to the middle than 1. "
        "At z = 0 itself g has no limit."
    )


def another(values: Values) -> str:
    mean, _ = warp.radius_moments(measures.decoded(values))
    exact_mean, _ = warp.ring_radius_moments()
    colours = "run the other way round" if measures.turning()[0] == -1 else "are turned"
    return (
        f"Random z land near the ring (mean radius {mean:.2f}, exact {exact_mean:.2f}), but $g_θ$ is **another map**: "
        f"its colours {colours}. N(0, I) looks the same from every side: a turned or mirrored map has the same p(x)."
    )


def bridged(values: Values) -> str:
    share = warp.share_inside(measures.decoded(values), HOLE)
    return (
        f"**{100 * share:.1f} %** of random z land in the hole (‖x‖\u00a0<\u00a0{HOLE}). g jumps at z = 0. "
        "A network cannot: it is continuous, so the z around 0 fill the hole. "
        "Training made this share small, and cannot make it 0."
    )


def between(values: Values) -> str:
    share = (exact.images(values)[:, 0].abs() < BETWEEN).double().mean().item()
    return (
        f"**{100 * share:.0f} %** of the samples lie between the modes (|x₁|\u00a0<\u00a0{BETWEEN:g}). "
        "g is steep there, but it does not tear. A continuous decoder passes through such a region between any two "
        "classes: see [the latent plane](plane)."
    )


def shows(name: str) -> Callable[[Values], bool]:
    """Whether a view shows this exact map."""
    return lambda values: (values["part"], values["map"]) == ("exact", name)


def shows_trained(values: Values) -> bool:
    """Whether a view shows the shipped decoder at the end of its training."""
    return values["part"] == "learned" and not values["train"] and values["frame"] == learned.LAST


STEPS = (
    Step(
        name="map",
        title="Noise becomes a ring",
        view=EXACT,
        say=moved,
        holds=shows("ring"),
        ask=Question(
            "g(z) = z/10 + z/‖z‖ turns this noise into a ring. How does it move a point z?",
            (
                Option("To a random place on the ring", "All chance is in z. The same z always goes to the same x."),
                Option("Round the middle, at the same distance", "Then the cloud would stay as it is."),
                Option("In or out, along its own ray", "Both terms of g point in the direction of z.", right=True),
            ),
            start={"t": 0.0},
            giveaways=("keeps the direction",),
        ),
        slides=(12,),
        notes="Press Play, or pull t slowly. Each colour is one direction: follow one colour. "
        "Then drag across a few points: the same ones light up in both panes.",
    ),
    Step(
        name="linear",
        title="A matrix does not do",
        view=EXACT | {"map": "scale"},
        say=linear,
        holds=shows("scale"),
        ask=Question(
            "Now g is linear, x = Az: a matrix stretches and turns the noise. Which A makes a ring of it?",
            (
                Option("No matrix at all", "A matrix keeps a Gaussian a Gaussian.", right=True),
                Option("One with the right four numbers", "A can make an ellipse or a line, but z = 0 stays at 0."),
                Option("One with more columns, for a longer z", "Then Az adds up more Gaussians: still a Gaussian."),
            ),
            start={"t": 0.0},
            giveaways=("stays a Gaussian",),
        ),
    ),
    Step(
        name="tear",
        title="A tear at z = 0",
        view=EXACT | {"brush": AROUND_ZERO},
        say=torn,
        holds=shows("ring"),
        ask=Question(
            "Back to the ring. The marked z lie close to 0. Where does g send them?",
            (
                Option("Into the middle, close together", "z/‖z‖ has length 1, however short z is."),
                Option("To one place on the ring", "A continuous map keeps neighbours together. Look at z/‖z‖ at 0."),
                Option("All round its inner edge", "Each one moves outwards along its own ray.", right=True),
            ),
            start={"t": 0.0},
            giveaways=("tears",),
        ),
        slides=(12,),
        notes="The slide does not say it: g has no limit at 0. "
        "Neighbours on opposite sides of 0 land on opposite sides of the ring.",
    ),
    Step(
        name="learned",
        title="The same, learned",
        view=LEARNED,
        say=another,
        holds=shows_trained,
        ask=Question(
            "A VAE is shown points x of the ring, never z or g. What does its decoder $g_θ$ learn?",
            (
                Option("This g, the only map to this ring", "Turn or mirror the noise first: the same ring."),
                Option("Another map to nearly this ring", "Many maps turn N(0, I) into this ring.", right=True),
                Option(
                    "Some cloud, as no pairs (z, x) are given", "None are needed: the encoder proposes a z for each x."
                ),
            ),
            start={"frame": 0},
            giveaways=("the other way round",),
        ),
        slides=(13,),
        notes="In the picture g_θ is the decoder. Play the film: 100 codes, from the first training step to the last. "
        "Compare the colours of both rings.",
    ),
    Step(
        name="hole",
        title="What it cannot learn",
        view=LEARNED | {"learned_brush": IN_THE_HOLE},
        say=bridged,
        holds=shows_trained,
        ask=Question(
            "A few codes lie in the hole, where no data are. Training goes on and on. Where does their share go?",
            (
                Option("Down, but never to 0", "$g_θ$ gets steeper around z = 0, and does not tear.", right=True),
                Option("Down to 0 in the end", "Then $g_θ$ would have to tear the plane, as g does."),
                Option("Up again, by overfitting", "Overfitting follows the data, and none lie in the hole."),
            ),
            start={"learned_brush": ""},
            giveaways=("g jumps at",),
        ),
        slides=(13,),
        notes="Marked on the left: the inner edge of the ring, z near 0. On the right they bridge the hole. "
        "In Explore a smaller network can be trained: more lands in the hole.",
    ),
    Step(
        name="bridge",
        title="Two modes",
        view=EXACT | {"map": "two_modes"},
        say=between,
        holds=shows("two_modes"),
        ask=Question(
            "Another g, a smooth one: it pulls the left and the right half of the noise apart. What is between them?",
            (
                Option("An empty gap", "It needs a tear: at z₁ = 0 the halves touch."),
                Option("Some points still", "The z near z₁ = 0 have to go somewhere between.", right=True),
                Option("Most of the points", "Most are pulled far apart: two dense places."),
            ),
            start={"t": 0.0},
            giveaways=("does not tear",),
        ),
    ),
)
GOALS = (
    Goal(
        "In the film, find the first frame with fewer than 50 of its 100 codes in the hole.",
        measures.first_below_half,
        "Pull its slider: the line below counts.",
    ),
    Goal(
        f"Train a decoder that leaves more than {100 * measures.MANY:.0f} % of random z in the hole.",
        measures.trained_badly,
        "A small network is not steep enough.",
    ),
)
