"""The learned half of the ring page: choose a network, train it, watch its grid and its film."""

from string import Template

import streamlit as st

from vaedemo import settings
from vaedemo.analysis import warp as plane
from vaedemo.app import catalogue
from vaedemo.app.components.sketch import Sketch, sketch
from vaedemo.app.components.warp import Settled, warp
from vaedemo.app.lessons.ring.radii import radii_sketch
from vaedemo.app.lessons.ring.scenes import (
    HOLE,
    LEARNED_PANES,
    LONGEST,
    exact_radii,
    learned_scene,
    live_scene,
    samples,
)
from vaedemo.app.shell import frame
from vaedemo.app.trainings import own_trainings, panel, runs, words
from vaedemo.config import RunConfig
from vaedemo.figures import palette
from vaedemo.rules import ConfigError
from vaedemo.training.film import MOST_FRAMES
from vaedemo.training.run import Run

SHIPPED = "ring-2d"
WIDTHS = (8, 32, 128)
EPOCHS = 150
DECODED = 10_000
LAST = MOST_FRAMES  # the value in the link for the last frame, whatever their number
HELPS = {
    "Decoder: inside ρ < 0.9": f"Decoder means of {DECODED:,} prior samples. The exact g puts none there.",
}
CODE = Template("""\
run = $run
decoded = run.model.decode(z[:$decoded]).mean
print(f"Decoder: inside ρ < $hole: {100 * warp.share_inside(decoded, $hole):.2f} %")
print(f"Decoder: mean radius: {warp.radius_moments(decoded)[0]:.4f}")
""")


def width(name: str, value) -> int:
    """The rule for the units of a hidden layer."""
    if str(value) not in map(str, WIDTHS):
        raise ConfigError(name, value, "one of " + ", ".join(map(str, WIDTHS)))
    return int(value)


def config_of(view: frame.View) -> RunConfig:
    return RunConfig(
        dataset="ring",
        hidden=(view["width"], view["width"]),
        noise_variance=0.004,
        epochs=min(EPOCHS, settings.current().max_epochs),
        batch_size=200,
        seed=view["train_seed"],
    )


def section(view: frame.View) -> None:
    """Draw controls, the two panes, histogram and numbers."""
    st.subheader("The same map, learned", anchor="learned")
    st.markdown("A VAE never sees z or g: it is shown points on the ring, and its decoder finds a map of its own.")
    config = config_of(view)
    training = controls(view, config)
    if isinstance(training, runs.UnderWay) and (training.mine or training.job.stopping):
        live(config, training)
        return
    panel.say_why(training, asked=bool(view["train"]))
    own_trainings.link_to_others([config])
    finished(view, shown_run(training))


def controls(view: frame.View, config: RunConfig) -> runs.State:
    """Draw network, seed and button; return the state of the training that the link asks for."""
    if view["train"]:
        runs.join(config)
    training = runs.state_of(config) if view["train"] else runs.Absent()
    changed = {"on_change": drop_train_flag, "args": (view,)}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        st.segmented_control("Units in each hidden layer", WIDTHS, key=view.key("width"), required=True, **changed)
        st.number_input("Training seed", 0, 99_999, key=view.key("train_seed"), width=140, **changed)
        if isinstance(training, runs.UnderWay) and training.mine:
            st.button("Stop", icon=":material/stop:", on_click=leave, args=(view, config), width=160)
        elif isinstance(training, runs.Finished):
            st.button("Next seed", icon=":material/refresh:", on_click=next_seed, args=(view,), width=160)
        else:
            st.button(
                "Train", icon=":material/play_arrow:", type="primary", on_click=begin, args=(view, config), width=160
            )
    return training


def drop_train_flag(view: frame.View) -> None:
    """Drop the request to train from the link, because the settings changed."""
    view["train"] = 0


def begin(view: frame.View, config: RunConfig) -> None:
    runs.start(config)
    view["train"], view["frame"] = 1, LAST
    own_trainings.remember(view, [config])


def leave(view: frame.View, config: RunConfig) -> None:
    runs.stop(config)
    view["train"] = 0


def next_seed(view: frame.View) -> None:
    view["train_seed"] = (view["train_seed"] + 1) % 100_000
    view["train"] = 0


def live(config: RunConfig, training: runs.UnderWay) -> None:
    """The decoder's grid during the training, redrawn twice a second. The page reruns at the end of the job."""
    job = training.job

    @st.fragment(run_every=0.5)
    def redraw() -> None:
        if not job.in_flight:
            st.rerun()
        # The progress is below the panes, so that the panes stay in place at the end of the job.
        warp(live_scene(job.preview()), LEARNED_PANES, Settled(), key="ring.live")
        words.warn_restarted(job)
        st.progress(words.done(config, job), text=words.progress(config, job))
        st.caption(words.other_visitors(job))

    redraw()


def shown_run(training: runs.State) -> Run:
    return training.run if isinstance(training, runs.Finished) else catalogue.run(SHIPPED)


def finished(view: frame.View, run: Run) -> None:
    """A trained run: its film, where prior samples are mapped, and the share that falls into the hole."""
    for note in run.notes:
        st.warning(note, icon=":material/warning:")
    scene = learned_scene(run)
    last = len(scene.frames) - 1
    state = Settled(min(view["frame"], last), view["learned_show"], view["learned_brush"])

    def settle(settled: Settled) -> None:
        position = round(settled.position)
        view["frame"] = LAST if position == last else position
        view["learned_show"], view["learned_brush"] = settled.shows, settled.brush

    warp(scene, LEARNED_PANES, state, key="ring.learned", on_settled=settle)
    st.caption(
        f"From the run {name_of(run)}: {run.config.title}, {run.metrics['epochs_done']} epochs. Dots are the film's "
        "100 codes; before the last frame smooth curves join them, in the last frame the curves are decoded "
        "themselves. The learned map may be turned or mirrored: N(0, I) looks the same from every side."
    )
    drawn, shown = spread(run.digest, run, view["seed"])
    left, right = st.columns([3, 2], gap="large", vertical_alignment="center")
    with left:
        label = "Histogram of the radii of decoded prior samples beside the exact density; some lie inside 0.9"
        sketch(drawn, key="ring.learned_radii", label=label, height=320)
    with right:
        frame.numbers(shown, HELPS)


def name_of(run: Run) -> str:
    return SHIPPED if run.digest == catalogue.run(SHIPPED).digest else run.digest


@st.cache_resource(max_entries=24, show_spinner=False)
def spread(digest: str, _run: Run, seed: int) -> tuple[Sketch, dict[str, str]]:
    """The histogram of the radii of the first 10,000 samples of z, decoded to their means, and two figures of them."""
    decoded = _run.model.decode(samples(seed)[:DECODED]).mean
    drawn = radii_sketch(
        decoded.norm(dim=1).numpy(),
        name="decoded prior samples",
        colour=palette.RECONSTRUCTION,
        density=exact_radii("ring"),
        mark=HOLE,
        upper=LONGEST["ring"],
    )
    return drawn, {
        f"Decoder: inside ρ < {HOLE}": f"{100 * plane.share_inside(decoded, HOLE):.2f} %",
        "Decoder: mean radius": f"{plane.radius_moments(decoded)[0]:.4f}",
    }


def code(view: frame.View) -> str:
    """The lines of the page's script for this half."""
    config = config_of(view)
    training = runs.state_of(config) if view["train"] else runs.Absent()
    if isinstance(training, runs.Finished):
        settings_text = ", ".join(f"{name}={value!r}" for name, value in config.canonical().items())
        return CODE.substitute(run=f"vd.train(vd.RunConfig({settings_text}))", hole=HOLE, decoded=DECODED)
    return CODE.substitute(run=f'vd.load("{SHIPPED}")', hole=HOLE, decoded=DECODED)
