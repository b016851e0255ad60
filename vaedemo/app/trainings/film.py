"""The film of a run on a page: loss, codes and decoded sheet in step; the link stores the frame."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st

from vaedemo import datasets
from vaedemo.app import catalogue
from vaedemo.app.components.film import film_player
from vaedemo.app.components.film.reel import Codes, Curve, Packed, Plane, Reel, Sheet, pack
from vaedemo.app.components.film_pair import film_pair
from vaedemo.app.shared.chart import TYPE, type_size
from vaedemo.app.shared.symbols import subscript
from vaedemo.app.shell.links import Parameter
from vaedemo.app.shell.view import View
from vaedemo.app.trainings import picture
from vaedemo.config import RunConfig
from vaedemo.figures import curves, film_pictures, points, style
from vaedemo.figures import gif as gif_file
from vaedemo.figures import latent as latent_figures
from vaedemo.rules import whole
from vaedemo.training.film import GRID_SIDE, MOST_FRAMES, Frame
from vaedemo.training.run import Run

LAST = MOST_FRAMES  # the value in the link for the last frame, whatever their number
FRAME = Parameter("frame", LAST, whole(0, LAST))
NO_FILM = "This run kept no film; its loss curves are shown alone. A run that is trained here keeps one."
GIF_MILLISECONDS = 200
GIF_HOLD = 8  # the last frame is shown this many times as long
MOST_DATA = 1_000  # at most this many data points are drawn beside a decoded plane
NAMES = {"negative_elbo": "−ELBO", "reconstruction": "Reconstruction", "kl": "KL"}


@dataclass(frozen=True)
class SentFilm:
    """The film that a page shows, the frame it was sent with, and the last frame on which page and browser agreed."""

    film: str
    start: int
    agreed: int


def film(run: Run, key: str, view: View | None = None, parameter: str = FRAME.name) -> None:
    """Draw a run's film and, but for the stage, its GIF download. A run without a film gets its loss curves and a
    sentence.

    If the page's table has `parameter`, the first frame is read from it, and the frame at rest is written to it.
    """
    if not run.film:
        st.info(NO_FILM, icon=":material/movie_off:")
        picture.draw_curves(run.config, run.table, key, size=type_size(view) if view else TYPE)
        return
    packed = packed_film(name_of(run), run)
    start, settle = place(packed.name, packed.frames, key, view, parameter)
    on_stage = bool(view and view["present"])
    film_player(packed, start, key=key, on_settled=settle, low=on_stage)
    if on_stage:
        return
    st.download_button(
        "Film (GIF)",
        data=lambda: film_gif(run),
        file_name=f"vaedemo-{run.digest}.gif",
        mime="image/gif",
        on_click="ignore",
        icon=":material/gif_box:",
        key=f"{key}.gif",
    )


def pair(runs: Mapping[str, Run], key: str, view: View) -> None:
    """Draw the films of two runs of images, by the models' names; the second has at least as many steps."""
    (one, first), (other, second) = runs.items()
    films = [packed_film(name_of(run), run) for run in (first, second)]
    start, settle = place(" ".join(each.name for each in films), films[1].frames, key, view, FRAME.name)
    film_pair(*films, (one, other), start, key=key, on_settled=settle)


def place(
    name: str, frames: int, key: str, view: View | None, parameter: str
) -> tuple[int, Callable[[int], None] | None]:
    """The frame to send a film with, and what to call with the frame at rest, if the page's link stores it."""
    last = frames - 1
    in_link = view is not None and parameter in view.lesson.table.parameters
    wanted = min(view[parameter], last) if in_link else last
    sent = st.session_state.get(f"{key}.sent")
    # Send the film again only if the page asks for another frame, not if the browser moved there itself.
    if not isinstance(sent, SentFilm) or sent.film != name or (in_link and sent.agreed != wanted):
        sent = SentFilm(name, wanted, wanted)
    st.session_state[f"{key}.sent"] = sent

    def settle(rest: int) -> None:
        view[parameter] = LAST if rest == last else rest
        st.session_state[f"{key}.sent"] = SentFilm(sent.film, sent.start, rest)

    return sent.start, settle if in_link else None


def name_of(run: Run) -> str:
    """An identifier of the film: a run that was stopped early has the digest of the finished one."""
    return f"{run.digest} {run.metrics['status']} {run.metrics['steps_done']} {len(run.film or [])}"


@st.cache_resource(max_entries=16, show_spinner=False)
def packed_film(name: str, _run: Run) -> Packed:
    """A run's film, packed for the browser."""
    return pack(reel(_run))


def reel(run: Run) -> Reel:
    """Convert a run's film for the component. Its last frame is the picture that `picture.draw` draws of the run."""
    frames = list(run.film)
    batches = -(-run.metrics["train_images"] // run.config.batch_size)
    epochs = np.array(run.table["epoch"], dtype=int)
    return Reel(
        steps=[each.step for each in frames],
        curves=[
            Curve(NAMES[term], colour, *(_column(run, split, term) for split in ("train", "test")))
            for term, colour in curves.PANELS.items()
            if curves.curves_of(run.table, term)
        ],
        epoch_steps=(epochs * batches).tolist(),
        codes=codes(run.config, frames),
        decoded=decoded(run.config, frames),
        unit="nats per point" if run.config.on_points else "nats per image",
        first_epoch=int(epochs[0]) if len(epochs) else 1,
        changed=[(change.step, change.short) for change in run.config.changes if change.step < frames[-1].step],
    )


def _column(run: Run, split: str, term: str) -> Sequence[float]:
    name = f"{split}_{term}"
    return run.table.get(name) or [float("nan")] * len(run.table["epoch"])


def codes(config: RunConfig, frames: Sequence[Frame]) -> Codes:
    """The mean codes on the two axes that vary most in the last frame; all frames use the same two.

    The window never grows: each frame's window fits that frame and all later ones.
    """
    labels, names = frames[-1].labels, datasets.class_names(config.dataset)
    prior = config.model == "vae"
    if config.latent_dim == 1:
        rows = 0.85 - 1.7 * (labels + 0.5) / len(names)
        across = np.stack([each.means[:, 0].astype(np.float32) for each in frames])
        extents = largest_from([latent_figures.plane_extent(np.stack([z, z], axis=1)) for z in across])
        means = np.stack([np.stack([z, rows * extent], axis=1) for z, extent in zip(across, extents, strict=True)])
        radii = [(share, latent_figures.prior_interval(share)) for share in latent_figures.PRIOR_SHARES]
        return Codes(
            "Where the encoder puts test data, a row a class",
            means,
            labels,
            names,
            extents,
            radii if prior else (),
            ("z", ""),
            lines=True,
        )
    axes = picture.widest_axes(frames[-1].means)
    means = np.stack([each.means[:, axes].astype(np.float32) for each in frames])
    radii = [(share, latent_figures.prior_radius(share)) for share in latent_figures.PRIOR_SHARES]
    return Codes(
        "Where the encoder puts test data",
        means,
        labels,
        names,
        largest_from([latent_figures.plane_extent(each) for each in means]),
        radii if prior else (),
        tuple(f"z{subscript(axis + 1)}" for axis in axes),
    )


def largest_from(extents: Sequence[float]) -> list[float]:
    """Each value replaced by the maximum of itself and all later ones."""
    return np.maximum.accumulate(np.asarray(extents)[::-1])[::-1].tolist()


def decoded(config: RunConfig, frames: Sequence[Frame]) -> Sheet | Plane:
    """What the film's fixed codes decode to."""
    stacked = np.stack([each.images for each in frames])
    if not config.on_points:
        title = "What the plane decodes to" if config.latent_dim == 2 else "Decoded from 100 fixed codes"
        return Sheet(title, stacked, GRID_SIDE)
    data = catalogue.images(config.dataset)[0].x.numpy()
    data = data[style.every_kth(len(data), MOST_DATA)]
    mesh = GRID_SIDE if config.latent_dim == 2 else 0
    title = "The plane of z, bent by the decoder" if mesh else "Decoded from 100 fixed codes"
    return Plane(title, stacked, data, squared(points.window(data)), mesh)


def squared(window: tuple[tuple[float, float], tuple[float, float]]):
    """The window extended to a square around its centre, so that both axes have the same scale."""
    half = max(high - low for low, high in window) / 2
    return tuple(((low + high) / 2 - half, (low + high) / 2 + half) for low, high in window)


def film_gif(run: Run) -> bytes:
    """The film as a looping GIF with all its frames: codes on the left, decoded images or points on the right."""
    shown = reel(run)
    scatter, right = shown.codes, shown.decoded
    drawn = []
    for index, step in enumerate(shown.steps):
        if isinstance(right, Plane):
            other = film_pictures.plane_picture(right.decoded[index], right.data, right.window, right.mesh)
        else:
            other = film_pictures.sheet_picture(right.images[index], right.columns)
        left = film_pictures.codes_picture(
            scatter.means[index],
            scatter.labels,
            scatter.extents[index],
            [radius for _, radius in scatter.radii],
            upright=scatter.lines,
            side=len(other),
        )
        drawn.append(film_pictures.beside(left, other, f"step {step:,}"))
    return gif_file.gif([*drawn, *[drawn[-1]] * (GIF_HOLD - 1)], GIF_MILLISECONDS)
