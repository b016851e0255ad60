"""Interpolation: paths from one real image to another, through the latent space and through the pixels."""

import streamlit as st
import torch

from vaedemo import datasets
from vaedemo.analysis import attributes, latent, paths
from vaedemo.app import catalogue
from vaedemo.app.components.image_grid import image_grid
from vaedemo.app.components.sketch import sketch
from vaedemo.app.lessons.interpolation import arithmetic, code, facts, motion, picker, sketches
from vaedemo.app.shell import frame
from vaedemo.app.shell.links import LinkTable, Parameter
from vaedemo.rules import one_of, whole
from vaedemo.training.run import Run

FEWEST_STEPS, MOST_STEPS = 3, 15

LESSON = frame.Lesson(
    name="interpolation",
    question="What lies between two images, and does the way there stay among images?",
    look_for=(
        "**Half-way.** A path of codes passes through digits that somebody could have written; the cross-fade of "
        "pixels is two transparencies on top of each other.",
        "**Length.** On 20 axes the prior's codes lie in a thin shell. The straight path cuts through its empty "
        "middle, the spherical one stays near the shell. Yet the decoder rarely minds: look at both strips.",
        "**Plain autoencoder.** Nothing ever asked it to fill the space between codes, so half-way it often draws "
        "a blend or a blot. Compare several pairs before you judge.",
        "**Arithmetic.** 9 − 7 is a direction that closes a loop: added to a 3, it gives an 8.",
    ),
    explained=(
        latent.lerp,
        latent.slerp,
        paths.shell,
        paths.through,
        attributes.mean_codes,
        attributes.shifted,
    ),
    references=(
        "T. White, *Sampling Generative Networks*, 2016, [arXiv 1609.04468](https://arxiv.org/abs/1609.04468).",
        "K. Shoemake, *Animating rotation with quaternion curves*, SIGGRAPH 1985.",
        "A. B. L. Larsen, S. K. Sønderby, H. Larochelle, O. Winther, *Autoencoding beyond pixels using a learned "
        "similarity metric*, 2016, section 4.2, [arXiv 1512.09300](https://arxiv.org/abs/1512.09300).",
        "University of Georgia, *Deep Learning & Engineering Applications*, lecture 12.",
    ),
    table=LinkTable(
        Parameter("run", facts.RUNS[0], one_of(*facts.RUNS)),
        Parameter("stops", picker.DEFAULT, picker.stops_rule),
        Parameter("stop", 1, whole(1, picker.MOST)),
        Parameter("steps", 11, whole(FEWEST_STEPS, MOST_STEPS)),
        Parameter("seed", 0, whole(0, 99_999)),
        Parameter("from_class", picker.EVERY_CLASS, whole(picker.EVERY_CLASS, 9)),
        *arithmetic.PARAMETERS,
    ),
)
PREDICTION = frame.Prediction(
    "Two codes of length 4.4 on 20 axes, at right angles to each other. How long is the code half-way on the "
    "straight path?",
    ("4.4, as long as its ends", "About 3.1", "0: it passes the origin"),
    right="About 3.1",
    because="‖(a + b)/2‖ = ‖a‖/√2 when a and b are at right angles, as independent codes on many axes nearly are. "
    "That is almost two standard deviations inside the shell of 4.42 ± 0.70.",
)


def controls(view: frame.View) -> Run:
    def fit() -> None:
        """Draw new stops if the new data set has fewer images."""
        shown, _ = catalogue.images(catalogue.run(view["run"]).config.dataset)
        if max(view["stops"]) >= len(shown):
            view["stops"] = picker.random_stops(shown, len(view["stops"]), view["seed"])

    st.selectbox("Model", facts.RUNS, format_func=catalogue.title, key=view.key("run"), on_change=fit, width=300)
    return catalogue.run(view["run"])


def draw_strips(view: frame.View, run: Run, plain: Run | None, x: torch.Tensor) -> None:
    """One row of images per path, and the number of images in a row between two stops."""
    st.slider("Images from stop to stop", FEWEST_STEPS, MOST_STEPS, key=view.key("steps"), width=300)
    strips = facts.strips(run, plain, x, view["steps"])
    for name, images in strips.images.items():
        st.markdown(f"**{facts.NAMES[name]}**")
        image_grid(
            images.numpy(),
            len(images),
            key=view.key(f"strip_{name}"),
            label=facts.NAMES[name],
            scale_hint=3,
            clickable=False,
        )
    if plain is None:
        st.caption("Plain autoencoders ship for MNIST alone, so there is none in this view.")


def geometry(view: frame.View, run: Run, codes: facts.Codes, labels: torch.Tensor, stops: torch.Tensor) -> None:
    """The length of the codes along each path, and the paths on the latent plane."""
    axes = run.model.latent_dim
    middle, right = st.columns(2, gap="large")
    shell, rough = paths.shell(axes), paths.roughly_shell(axes)
    with middle:
        st.markdown("**How long is z on the way?**")
        label = "The length of z along both paths, and the shell where the prior's codes lie"
        drawn = sketches.norms(view["run"], run.digest, view["stops"], stops)
        sketch(drawn, key=view.key("norms"), label=label, height=330)
        if axes > 2:
            st.caption(
                f"Prior: length {shell.mean:.3f} ± {shell.deviation:.3f} exactly; √(d − ½) = {rough.mean:.3f} and 0.71 "
                "are the rules of thumb."
            )
        else:
            st.caption(
                "**On two axes a spherical path means nothing**: the prior has no shell there (length "
                f"{shell.mean:.2f} ± {shell.deviation:.2f}, and its density is highest at 0). It is drawn for contrast."
            )
    with right:
        st.markdown("**The path on the latent plane**")
        drawn = sketches.plane(view["run"], run.digest, view["stops"], codes, labels, stops)
        sketch(drawn, key=view.key("plane"), label="Both paths over the codes of test images", height=330)
        first, second = (axis + 1 for axis in codes.axes)
        st.caption(
            f"Codes of {facts.SCATTERED:,} test images by class, and the prior's circles at 1 and 2."
            if axes == 2
            else f"A projection on axes {first} and {second}, those of largest KL: z is longer than it looks here."
        )


def numbers(stops: torch.Tensor, half: dict[str, float]) -> None:
    straight, spherical = (paths.lengths(path).min().item() for path in sketches.both(stops))
    shell = paths.shell(stops.shape[1])
    shown = {
        "Lengths of the stops": ", ".join(f"{length:.3f}" for length in paths.lengths(stops).tolist()),
        "Shortest, straight": f"{straight:.3f}",
        "Shortest, spherical": f"{spherical:.3f}",
        "Prior's shell": f"{shell.mean:.3f} ± {shell.deviation:.3f}",
    }
    frame.numbers(shown, {"Shortest, straight": "The least length of z on the way."})
    frame.numbers(
        {code.HALFWAY[name]: f"{distance:.3f}" for name, distance in half.items()},
        {
            code.HALFWAY["straight"]: "From the image half-way between stops 1 and 2 to the nearest real "
            "image: Euclidean distance over all pixels, each from 0 to 1."
        },
    )


def draw(view: frame.View) -> None:
    run = controls(view)
    shown, sentence = catalogue.images(run.config.dataset)
    picker.check(view, shown)
    picker.draw(view, shown)
    plain = facts.partner(view["run"])
    codes = facts.codes(view["run"], run.digest)
    x = shown.x[list(view["stops"])].float() / 255
    stops = run.model.encode(x).mean
    st.subheader("Four ways from stop to stop" if plain else "Three ways from stop to stop", anchor="ways")
    left, right = st.columns([2.4, 1], gap="large")
    with left:
        # A fragment: no number and no other picture of the page depends on the number of images.
        frame.fragment(view, lambda: draw_strips(view, run, plain, x))
    with right:
        motion.moving(view, facts.smooth(view["run"], run.digest, view["stops"]))
    geometry(view, run, codes, shown.y, stops)
    numbers(stops, facts.halfway_to_nearest(view["run"], run.digest, *view["stops"][:2]))
    arithmetic.section(view, run, codes, stops[0])
    st.caption(f"From the run {view['run']}: {run.config.title}. Images: {sentence}")
    classes = len(datasets.class_names(run.config.dataset))
    view.script = code.script(view.values(), run.config.dataset, classes, sketches.FINE, plain is not None)


with frame.lesson_page(LESSON) as view:
    view.prediction = PREDICTION
    frame.exhibit(view, draw)
