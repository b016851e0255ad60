"""Exhibit: the map that a VAE's decoder learned, beside the exact one; its film, and a training of one's own."""

from string import Template

import streamlit as st

from vaedemo import settings
from vaedemo.analysis import warp as plane
from vaedemo.app import catalogue
from vaedemo.app.components.sketch import Sketch, sketch
from vaedemo.app.components.warp import SHOWS, Settled, brush_text, warp
from vaedemo.app.lessons.ring.radii import radii_sketch
from vaedemo.app.lessons.ring.scenes import (
    HOLE,
    LEARNED_PANES,
    LONGEST,
    exact_radii,
    learned_scene,
    live_scene,
    not_moved,
    samples,
)
from vaedemo.app.shell.config_code import arguments
from vaedemo.app.shell.links import Parameter
from vaedemo.app.shell.step_view import StepView
from vaedemo.app.shell.steps import Values
from vaedemo.app.trainings import branches, hold_controls, holding, own_trainings, panel, runs, words
from vaedemo.config import RunConfig
from vaedemo.figures import palette
from vaedemo.rules import ConfigError, one_of, whole
from vaedemo.training.film import GRID_SIDE, MOST_FRAMES
from vaedemo.training.run import Run

SHIPPED = "ring-2d"
WIDTHS = (8, 32, 128)
EPOCHS = 150
DECODED = 10_000
WAITING_HEIGHT = 400
LAST = MOST_FRAMES  # the value in the link for the last frame, whatever their number
CODE = Template("""\
run = $run
decoded = run.model.decode(z[:$decoded]).mean
print(f"Decoder: samples: {len(decoded):,}")
print(f"Decoder: inside ρ < $hole: {100 * warp.share_inside(decoded, $hole):.2f} %")
print(f"Decoder: mean radius: {warp.radius_moments(decoded)[0]:.4f}")
""")


def width(name: str, value) -> int:
    """The rule for the units of a hidden layer."""
    if str(value) not in map(str, WIDTHS):
        raise ConfigError(name, value, "one of " + ", ".join(map(str, WIDTHS)))
    return int(value)


PARAMETERS = (
    Parameter("width", 128, width),
    Parameter("train_seed", 0, whole(0, 99_999)),
    Parameter("train", 0, whole(0, 1)),
    *holding.PARAMETERS,
    Parameter("frame", LAST, whole(0, LAST)),
    Parameter("learned_show", "both", one_of(*SHOWS)),
    Parameter("learned_brush", "", brush_text),
)


def config_of(values: Values) -> RunConfig:
    return RunConfig(
        dataset="ring",
        hidden=(values["width"], values["width"]),
        noise_variance=0.004,
        epochs=min(EPOCHS, settings.current().max_epochs),
        batch_size=200,
        seed=values["train_seed"],
        changes=values["changes"],
        until=values["until"],
    )


def training_of(values: Values) -> runs.State:
    """The state of the training that the link asks for."""
    return runs.state_of(config_of(values)) if values["train"] else runs.Absent()


def shown_run(values: Values) -> Run:
    """The run of the view: the visitor's own once it is finished, else the shipped one."""
    training = training_of(values)
    return training.run if isinstance(training, runs.Finished) else catalogue.run(SHIPPED)


def picture(view: StepView) -> None:
    """The two panes with the film, or the training that is under way."""
    config, training = config_of(view), training_of(view)
    if isinstance(training, runs.UnderWay) and (training.mine or training.job.stopping):
        live(view, config, training)
        return
    panel.say_why(training, asked=bool(view["train"]))
    own_trainings.link_to_others([config])
    finished(view, shown_run(view))
    if isinstance(training, runs.Finished):
        branches.draw(view, config)


def network(view: StepView) -> None:
    """Network, seed and buttons of a training of one's own."""
    config = config_of(view)
    if view["train"]:
        runs.join(config)
    training = training_of(view)
    changed = {"on_change": drop_train_flag, "args": (view,)}
    st.segmented_control("Units in each hidden layer", WIDTHS, key=view.key("width"), required=True, **changed)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.number_input("Training seed", 0, 99_999, key=view.key("train_seed"), width=140, **changed)
        if isinstance(training, runs.UnderWay) and training.mine:
            hold_controls.pause_button(view, config, training)
            st.button("Stop", icon=":material/stop:", on_click=leave, args=(view, config))
        elif isinstance(training, runs.Finished):
            st.button("Next seed", icon=":material/refresh:", on_click=next_seed, args=(view,))
        else:
            label = f"Train to step {config.until:,}" if config.until else "Train"
            st.button(label, icon=":material/play_arrow:", type="primary", on_click=begin, args=(view, config))
    hold_controls.say_refused(view)
    if isinstance(training, runs.Finished):
        hold_controls.draw(view, config, training.run)


def drop_train_flag(view: StepView) -> None:
    """Show the whole training of other settings, without the request to train and the held step."""
    view["train"], view["changes"], view["until"] = 0, (), 0


def begin(view: StepView, config: RunConfig) -> None:
    runs.start(config)
    view["train"], view["frame"] = 1, LAST
    own_trainings.remember(view, [config])


def leave(view: StepView, config: RunConfig) -> None:
    runs.stop(config)
    view["train"] = 0


def next_seed(view: StepView) -> None:
    view["train_seed"] = (view["train_seed"] + 1) % 100_000
    drop_train_flag(view)


def live(view: StepView, config: RunConfig, training: runs.UnderWay) -> None:
    """The decoder's grid during the training, redrawn twice a second. The page reruns at the end of the job."""
    job = training.job

    @st.fragment(run_every=0.5)
    def redraw() -> None:
        if holding.settle(view, config) or not job.in_flight:
            view.rerun()
        # The progress is below the panes, so that the panes stay in place at the end of the job.
        preview = job.preview()
        if preview is None:
            words.waiting("The learned map appears here when the training has begun.", WAITING_HEIGHT)
        else:
            warp(live_scene(preview), LEARNED_PANES, Settled(), key="ring.live")
        words.warn_restarted(job)
        st.progress(words.done(config, job), text=words.progress(config, job))
        st.caption(words.other_visitors(job))

    redraw()


def finished(view: StepView, run: Run) -> None:
    """A trained run: its film; in Explore also where prior samples are mapped."""
    for note in run.notes:
        st.warning(note, icon=":material/warning:")
    scene, panes = learned_scene(run), LEARNED_PANES
    last = len(scene.frames) - 1

    def settle(settled: Settled) -> None:
        position = round(settled.position)
        view["frame"] = LAST if position == last else position
        view["learned_show"], view["learned_brush"] = settled.shows, settled.brush

    if view.is_open and view["frame"] == 0:
        scene, panes = not_moved(scene, panes, "decoder(z), not trained yet")
    state = Settled(min(view["frame"], last), view["learned_show"], view["learned_brush"])
    warp(scene, panes, state, key=view.key("learned"), on_settled=None if view.is_open else settle)
    if view.step is not None:
        return
    st.caption(
        f"{name_of(run)}, trained for {run.metrics['epochs_done']} epochs. The panes draw the {GRID_SIDE**2} codes of "
        "the film. Before its last frame smooth curves join them; in the last frame the curves are decoded themselves. "
        f"The histogram and the numbers count {DECODED:,} random z."
    )
    drawn, _ = spread(run.digest, run, view["seed"])
    label = "Histogram of the radii of decoded prior samples beside the exact density; some lie inside 0.9"
    sketch(drawn, key=view.key("learned_radii"), label=label, height=260)


def name_of(run: Run) -> str:
    """What the caption calls a run: the visitor's own has its digest, which opens it on other pages."""
    own = "" if run.digest == catalogue.run(SHIPPED).digest else f" (run {run.digest})"
    return f"A VAE with {' + '.join(map(str, run.config.hidden))} hidden units{own}"


@st.cache_resource(max_entries=24, show_spinner=False)
def spread(digest: str, _run: Run, seed: int) -> tuple[Sketch, dict[str, str]]:
    """The histogram of the radii of the first 10,000 samples of z, decoded to their means, and figures of them."""
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
        "Decoder: samples": f"{DECODED:,}",
        f"Decoder: inside ρ < {HOLE}": f"{100 * plane.share_inside(decoded, HOLE):.2f} %",
        "Decoder: mean radius": f"{plane.radius_moments(decoded)[0]:.4f}",
    }


def work(view: StepView) -> tuple[dict[str, str], str]:
    """The figures of the decoder, and the lines that print them from z."""
    run = shown_run(view)
    told = f'vd.load("{SHIPPED}")'
    if isinstance(training_of(view), runs.Finished):
        settings_text = arguments(run.config)
        told = f"vd.train(vd.RunConfig({settings_text}))"
    return spread(run.digest, run, view["seed"])[1], CODE.substitute(run=told, hole=HOLE, decoded=DECODED)


CONTROLS = {"network": network}
