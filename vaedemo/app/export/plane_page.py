"""The exported page of the latent plane: its steps, and the decoders, which the browser runs as in the app."""

from typing import Any

from vaedemo.analysis.portable import on_plane
from vaedemo.app.components import explorer, image_grid
from vaedemo.app.export.page import Page, Shown, told
from vaedemo.app.lessons import index
from vaedemo.app.lessons.plane import controls, decoder, measures, picture
from vaedemo.app.lessons.plane.steps import STEPS
from vaedemo.app.shared import own_digit
from vaedemo.app.shell.step_links import StepTable
from vaedemo.app.shell.steps import Values

TABLE = StepTable(STEPS, (), *controls.PARAMETERS, own_digit.PARAMETER)


def page() -> Page:
    views = {name: TABLE.view_of(name) for name in TABLE.steps}
    return Page(
        "plane",
        index.BY_NAME["plane"].title,
        "What does each place of the latent plane decode to, and how often is it drawn?",
        [told(TABLE, name, shown, **moving(name, view)) for name, view in views.items()],
        {view["run"]: decoder_of(view["run"]) for view in views.values()},
    )


def moving(name: str, view: Values) -> dict[str, Any]:
    """The first step's formula has the place z under its symbols, so it follows the pointer."""
    if name != STEPS[0].name:
        return {}
    numbers = {axis: f"{view[axis]:.2f}".replace("-", "−") for axis in ("z1", "z2")}
    return {"numbers": numbers, "reported": tuple(numbers)}


def decoder_of(run: str) -> bytes:
    """The decoder of a shipped run, as the app's browser fetches it."""
    chosen = measures.plane_of(run)
    return decoder.carried(chosen, chosen.extent(0)).decoder.content


def shown(name: str, view: Values, is_open: bool) -> list[Shown]:
    """The plane of a view, and the images along its path; while a question is open nothing that answers it."""
    chosen = measures.plane_of(view["run"])
    has_path = -1 not in (view["start"], view["end"])
    path = measures.path(chosen, view["start"], view["end"]) if has_path else None
    plane = picture.layered(view, chosen, chosen.extent(view["reach"]), path)
    place = (view["z1"], view["z2"])
    used = "" if is_open and picture.hides(TABLE.steps[name], view) else view["run"]
    drawn = [Shown("explorer", explorer.pack(plane, place, used, picture.label(view, chosen)))]
    if path is not None and not is_open:
        images = chosen.run.model.decode(on_plane(chosen.base, chosen.axes, path)).mean.numpy()
        label = f"{len(images)} images along the path, its start on the left"
        strip = image_grid.pack(images, len(images), label, None, None, picture.SCALE, False)
        drawn.append(Shown("image_grid", strip[0]))
    return drawn
