"""Can we generate from an autoencoder? Its codes beside a VAE's, the same z decoded by both, and the holes between
codes."""

from functools import partial
from string import Template

import streamlit as st
import torch

from vaedemo.analysis import code_density, holes, quality
from vaedemo.app.components.image_grid import image_grid
from vaedemo.app.components.press_button import press_button
from vaedemo.app.components.sketch import sketch
from vaedemo.app.lessons.holes import data, form
from vaedemo.app.lessons.holes.form import TITLES
from vaedemo.app.lessons.holes.sketches import plane_sketch, window
from vaedemo.app.shared.forms import coordinate
from vaedemo.app.shell import frame, widgets
from vaedemo.app.shell.links import LinkTable, Parameter
from vaedemo.rules import ConfigError, one_of, whole

SIDE = 5
FARTHEST = 40.0
WINDOWS = {"codes": "All codes", "prior": "Where N(0, I) is"}


def place(name: str, value) -> float:
    """The rule for a coordinate of z on this page."""
    number = coordinate(name, value)
    if abs(number) > FARTHEST:
        raise ConfigError(name, value, f"a number from -{FARTHEST:g} to {FARTHEST:g}")
    return number


LESSON = frame.Lesson(
    name="holes",
    question="Does a decoder turn any z into a digit, or only the codes it was trained on?",
    look_for=(
        "**Drag z.** The autoencoder's codes lie wherever the encoder put them: far out, in streaks with gaps. Between "
        "the streaks it decodes to something that is no digit.",
        "**Samples.** z ~ N(0, I) reaches a small part of the autoencoder's codes: some classes come often, others "
        "next to never, many are blurred. A Gaussian fitted to its codes reaches them all, and the holes between.",
        "The **VAE** was trained for N(0, I): the KL draws the codes there, and the noise in z closes the gaps.",
    ),
    explained=(
        holes.code_spacing,
        holes.in_holes,
        holes.beyond_prior,
        code_density.fit_gaussian,
    ),
    references=(
        "D. P. Kingma, M. Welling, *Auto-Encoding Variational Bayes*, 2013, "
        "[arXiv 1312.6114](https://arxiv.org/abs/1312.6114).",
        "P. Ghosh, M. Sajjadi, A. Vergari, M. Black, B. Schölkopf, *From variational to deterministic autoencoders*, "
        "2020, [arXiv 1903.12436](https://arxiv.org/abs/1903.12436).",
        "T. Kynkäänniemi, T. Karras, S. Laine, J. Lehtinen, T. Aila, *Improved precision and recall metric*, 2019, "
        "[arXiv 1904.06991](https://arxiv.org/abs/1904.06991).",
    ),
    table=LinkTable(
        *form.PARAMETERS,
        Parameter("window", "codes", one_of(*WINDOWS)),
        Parameter("z1", 1.0, place),
        Parameter("z2", -1.0, place),
        Parameter("draw", data.FIRST_DRAW, whole(0, 99_999)),
    ),
)
PREDICTION = frame.Prediction(
    "A plain autoencoder with two code numbers reconstructs digits well. You decode z ~ N(0, I). What do you get?",
    (
        "All ten digits, about equally often",
        "Noise",
        "Some digits often and others next to never, many of them blurred",
    ),
    right="Some digits often and others next to never, many of them blurred",
    because="Nothing told the encoder to put its codes where N(0, I) is, or to leave no gaps. The decoder is "
    "continuous, so it answers everywhere, but it was only ever trained at the codes themselves.",
)
SCRIPT = Template("""\
import torch
import vaedemo as vd
from vaedemo.analysis import code_density, holes, latent

$runs
images, which = vd.datasets.first_view(vae.config.dataset)
codes = autoencoder.model.encode(images.as_data()).mean
q = vae.model.encode(images.as_data())
noise = torch.randn(q.mean.shape, generator=torch.Generator().manual_seed($seed))
places = {"Autoencoder": codes, "VAE": q.mean + q.stddev * noise}
z = latent.prior_samples($drawn, 2, torch.Generator().manual_seed($draw))
fitted = code_density.fit_gaussian(codes).sample($drawn, torch.Generator().manual_seed($draw))

for name, z_of, title in (("Autoencoder", z, "N(0, I)"), ("Autoencoder", fitted, "N(m, S)"), ("VAE", z, "N(0, I)")):
    share = holes.in_holes(z_of, places[name], holes.code_spacing(places[name])).double().mean().item()
    print(f"{name}, {title} in holes: {100 * share:.1f} %")
for name, own in places.items():
    print(f"{name}, codes out of reach: {100 * holes.beyond_prior(own).double().mean().item():.1f} %")
""")


def draw(view: frame.View) -> None:
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
        form.choose_source(view)
        press_button(
            "z ~ N(0, I)",
            icon=":material/casino:",
            on_press=partial(jump, view),
            help="Draw one z at random.",
            key=view.key("jump"),
        )
        widgets.choose(view, "window", WINDOWS, "Window")
    runs = form.find(view)
    if runs is None:
        return
    shown = data.shown(runs)
    z = data.drawn(shown.codes["vae"], "prior", SIDE**2, view["draw"])
    frame.fragment(view, lambda: planes(view, shown, z))
    samples(view, shown, z)
    numbers(view, shown)
    st.caption(
        f"Codes of {shown.sentence} Drawn: {len(shown.rows):,} of them, means for the VAE. Shares: of "
        f"{data.DRAWN:,} z each. Both models: {runs['vae'].config.title.replace(' · VAE', '')}."
    )
    view.script = SCRIPT.substitute(
        runs=form.code_of_runs(view.values()), seed=data.SEED, drawn=data.DRAWN, draw=view["draw"]
    )


def planes(view: frame.View, shown: data.Shown, z: torch.Tensor) -> None:
    """z in number fields, and the plane of each model."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        for name, label in (("z1", "z₁"), ("z2", "z₂")):
            st.number_input(label, -FARTHEST, FARTHEST, step=0.25, format="%.3f", key=view.key(name), width=150)
    for kind, column in zip(shown.runs, st.columns(2, gap="large"), strict=True):
        with column:
            one_plane(view, shown, kind, z)


def jump(view: frame.View, presses: int) -> None:
    """Set z to the first code of a new draw."""
    view["draw"] = (view["draw"] + presses) % 100_000
    generator = torch.Generator().manual_seed(view["draw"])
    z = data.latent.prior_samples(1, 2, generator)[0]
    view["z1"], view["z2"] = (round(number, 3) for number in z.tolist())


def one_plane(view: frame.View, shown: data.Shown, kind: str, z: torch.Tensor) -> None:
    """A model's codes, its image decoded from z, and the test image with the nearest code."""
    codes, at = shown.codes[kind], (view["z1"], view["z2"])
    st.markdown(f"**{TITLES[kind]}**")
    still = data.picture_of(shown.runs[kind].digest, kind, shown)
    picture = plane_sketch(still.layers, z.numpy(), at, window(still.means, at, view["window"] == "prior"))

    def moved(x: float, y: float) -> None:
        view["z1"], view["z2"] = (round(min(max(number, -FARTHEST), FARTHEST), 3) for number in (x, y))

    label = f"Codes of the {TITLES[kind]} by class, the prior's circles, and z at ({at[0]:.2f}, {at[1]:.2f})"
    sketch(picture, key=view.key(f"plane.{kind}"), label=label, height=400, on_moved=moved)
    place_of = torch.tensor([at])
    index, distance = (each[0, 0] for each in quality.nearest(place_of, codes.means))
    decoded = shown.runs[kind].model.decode(place_of).mean
    image_grid(
        torch.cat([decoded, shown.images.x[index][None] / 255]).numpy(),
        2,
        key=view.key(f"decoded.{kind}"),
        label=f"What the {TITLES[kind]} decodes z to, and the test image with the nearest code",
        captions=["decoded z", f"nearest code: {distance:.3f} away"],
        scale_hint=5,
        clickable=False,
    )


def samples(view: frame.View, shown: data.Shown, z: torch.Tensor) -> None:
    """The same z decoded by both models, and z from the Gaussian of the autoencoder's codes."""
    fitted = data.drawn(shown.codes["autoencoder"], "fitted", SIDE**2, view["draw"])
    cases = (
        ("autoencoder", "prior", z, "**Autoencoder**, z ~ N(0, I)"),
        ("vae", "prior", z, "**VAE**, the same z"),
        ("autoencoder", "fitted", fitted, "**Autoencoder**, z ~ N(m, S) of its codes"),
    )
    for (kind, source, codes, title), column in zip(cases, st.columns(3, gap="medium"), strict=True):
        with column:
            st.markdown(title)

            def pick(index: int, codes=codes) -> None:
                view["z1"], view["z2"] = (
                    round(min(max(number, -FARTHEST), FARTHEST), 3) for number in codes[index].tolist()
                )

            image_grid(
                shown.runs[kind].model.decode(codes).mean.numpy(),
                SIDE,
                key=view.key(f"samples.{kind}.{source}"),
                label=f"{title.replace('*', '')}: {SIDE**2} samples; a click moves z there",
                scale_hint=2.2,
                on_click=pick,
            )


def numbers(view: frame.View, shown: data.Shown) -> None:
    values = {}
    for kind, source, title in data.SHARES:
        share = data.share_in_holes(shown.runs[kind].digest, source, view["draw"], shown.codes[kind])
        values[f"{TITLES[kind]}, {title} in holes"] = f"{100 * share:.1f} %"
    for kind in shown.runs:
        values[f"{TITLES[kind]}, codes out of reach"] = f"{100 * shown.codes[kind].beyond:.1f} %"
    frame.numbers(
        values,
        {
            "Autoencoder, N(0, I) in holes": "z farther from every code than 99 % of the codes are from their nearest. "
            "1 % where z is distributed as the codes are.",
            "Autoencoder, codes out of reach": "Codes outside the circle that holds 99 % of N(0, I).",
            "VAE, codes out of reach": "One z from each q(z|x). 1 % if they were N(0, I).",
        },
    )


def closing() -> None:
    query = {"present": "1"} if view["present"] else {}
    label = "Next: from noise to a ring, a function that turns N(0, I) into data"
    frame.link_to("ring", query, label=label, icon="arrow_forward")


with frame.lesson_page(LESSON) as view:
    view.prediction = PREDICTION
    view.closing = closing
    frame.exhibit(view, draw)
