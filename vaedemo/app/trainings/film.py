"""The film of a run on a page: loss, codes and decoded sheet in step; the link stores the frame."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st

from vaedemo.app.components.film import film_player
from vaedemo.app.components.film.reel import Packed, Plane, pack
from vaedemo.app.components.film_pair import film_pair
from vaedemo.app.shared.chart import TYPE, plot, type_size
from vaedemo.app.shell.links import Parameter
from vaedemo.app.shell.view import View
from vaedemo.app.trainings import reels
from vaedemo.config import RunConfig
from vaedemo.figures import curves, film_pictures
from vaedemo.figures import gif as gif_file
from vaedemo.rules import whole
from vaedemo.training.film import MOST_FRAMES, Frame
from vaedemo.training.run import Run, Table

LAST = MOST_FRAMES  # the value in the link for the last frame, whatever their number
FRAME = Parameter("frame", LAST, whole(0, LAST))
NO_FILM = "This run kept no film; its loss curves are shown alone. A run that is trained here keeps one."
FAR = (
    "The codes are too far from 0 for a film; the loss curves are shown alone. Data nearer to 0 have one: subtract "
    "their mean and divide by their standard deviation before you bring them."
)
GIF_MILLISECONDS = 200
GIF_HOLD = 8  # the last frame is shown this many times as long
CURVE_HEIGHT = 240  # CSS pixels


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
    if not run.film or not is_finite(run.film):
        st.info(FAR if run.film else NO_FILM, icon=":material/movie_off:")
        draw_curves(run, key, type_size(view) if view else TYPE)
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


def is_finite(frames: Sequence[Frame]) -> bool:
    """Whether all codes of a film are numbers; those of data far from 0 are too large for its 16 bits."""
    return all(np.isfinite(frame.means).all() for frame in frames)


def moment(config: RunConfig, table: Table, frame: Frame, key: str, view: View) -> None:
    """Draw a training under way, as its film will show this step. Canvases: a browser redraws them in milliseconds."""
    film_player(pack(reels.of_moment(config, table, frame)), 0, key=key, low=bool(view["present"]))


def draw_curves(run: Run, key: str, size: int) -> None:
    """The terms of the loss side by side, each with its last value; nothing for a term that is finite in no epoch."""
    unit = "nats per point" if run.config.on_points else "nats per image"
    figures = curves.loss_curves(run.table, unit=unit, height=CURVE_HEIGHT)
    if not figures:
        return
    for (term, figure), place in zip(figures.items(), st.columns(len(figures), gap="small"), strict=True):
        with place:
            name = reels.NAMES[term]
            st.markdown(f"**{name}** {run.table[f'test_{term}'][-1]:.2f}")
            plot(figure, key=f"{key}.{term}", alt=f"{name} on training and test data over the epochs", pixels=size)


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
    return pack(reels.of_run(_run))


def film_gif(run: Run) -> bytes:
    """The film as a looping GIF with all its frames: codes on the left, decoded images or points on the right."""
    shown = reels.of_run(run)
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
