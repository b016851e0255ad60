"""The picture of the page: the plane of z with its layers, the image decoded at the pointer, the strip of a path."""

import streamlit as st
import torch

from vaedemo.analysis.portable import on_plane
from vaedemo.app import catalogue
from vaedemo.app.components.explorer import Plane, explorer
from vaedemo.app.components.image_grid import image_grid
from vaedemo.app.lessons.plane import codes as plane_codes
from vaedemo.app.lessons.plane import controls, decoder, explored, measures, regions
from vaedemo.app.lessons.plane.codes import Chosen
from vaedemo.app.shared import own_digit
from vaedemo.app.shared.symbols import subscript
from vaedemo.app.shell.step_view import StepView
from vaedemo.app.shell.steps import EXPLORE, Step, Values

SIZE, WITH_STRIP = 27.5, 22.5  # the largest side of the plane in rem, alone and above a strip
ZOOM, ZOOM_WITH_STRIP = 14, 6  # the largest side of one pixel of the decoded image in CSS pixels
OUTWARD = 0.1  # how far the names of a path's ends stand beyond them, as a share of half the plane
SCALE = 3.0  # of the strip's images
SHORT = 3  # letters of the longest names that are written on the plane; longer ones stand in a legend
OUT = 0.86  # how far out, as a share of the plane, shares of undecided pixels are written


def picture(view: StepView) -> None:
    """The plane; in Explore the manifold and the film below it."""
    chosen = controls.chosen(view)
    for note in chosen.run.notes:
        st.warning(note)
    plane(view, chosen)
    if view["step"] == EXPLORE:
        st.caption(
            f"{catalogue.title(view['run'])}. The plane shows {len(chosen.codes.means):,} codes, each the mean of "
            f"q(z|x) of one of {chosen.codes.sentence}"
        )
        explored.manifold(view, chosen)
        explored.learned(view, chosen)


def plane(view: StepView, chosen: Chosen) -> None:
    """The explorer, a note if it cannot run the decoder, and the strip of the path."""
    extent = chosen.extent(view["reach"])
    carried = decoder.carried(chosen, extent)
    has_path = not chosen.run.config.on_points and -1 not in (view["start"], view["end"])
    walked = measures.path(chosen, view["start"], view["end"]) if has_path else None
    has_strip = has_path and not view.is_open

    def settle(place: tuple[float, float]) -> None:
        view["z1"], view["z2"] = place

    explorer(
        layered(view, chosen, extent, walked),
        (view["z1"], view["z2"]),
        None if covers(view) else carried.decoder,
        key=view.key("explorer"),
        label=label(view, chosen),
        on_settled=settle,
    )
    if carried.note:
        st.info(carried.note, icon=":material/grid_on:")
    if has_strip:
        images = chosen.run.model.decode(on_plane(chosen.base, chosen.axes, walked)).mean
        words = f"{len(images)} images along the path, its start on the left"
        image_grid(images.numpy(), len(images), key=view.key("strip"), label=words, scale_hint=SCALE, clickable=False)


def covers(view: StepView) -> bool:
    """Whether a decoded image would answer the open question: it asks what the tiles will show."""
    return view.is_open and hides(view.step, view)


def hides(step: Step, view: Values) -> bool:
    """Whether the start of a step's question shows no tiles, and its own view does."""
    return bool(step.view.get("tiles")) and not view["tiles"]


def layered(view: StepView, chosen: Chosen, extent: float, path: torch.Tensor | None) -> Plane:
    """The layers that the view asks for; `path` (n, 2): its places."""
    codes, axes = chosen.codes, list(chosen.axes)
    on_points, short = chosen.run.config.on_points, max(map(len, codes.names)) <= SHORT
    fits = short and view["reach"] == 0 and len(chosen.base) == 2
    prior = codes.deviations is not None
    spacing = view["spacing"] if prior else "z"
    tiles, undecided = view["tiles"] and not on_points, view["undecided"] and not on_points and spacing == "z"
    shown = regions.classes(chosen, extent, spacing) if tiles and fits and not view["dots"] else None
    if undecided:
        labels = shares(chosen, extent)
    elif not fits or on_points:
        labels = []
    elif shown is None:
        labels = regions.names_on_codes(chosen, extent)
        if path is not None:
            labels = beyond(labels, path, {view["start"], view["end"]}, OUTWARD * extent)
    else:
        labels = regions.names_on_tiles(shown, extent, spacing, codes.names)
    text = own_digit.text_of(view)
    own = [(*plane_codes.own_mean(chosen.run, text)[axes].tolist(), "x")] if text else []
    return Plane(
        means=codes.means[:, axes].numpy(),
        classes=codes.labels.numpy(),
        names=codes.names,
        off_plane=plane_codes.off_plane(chosen),
        base=chosen.base.numpy(),
        axes=chosen.axes,
        axis_names=tuple(f"z{subscript(axis + 1)}" for axis in axes),
        extent=extent,
        prior=prior,
        deviations=plane_codes.ellipses(chosen) if view["ellipses"] else None,
        tiles=bool(tiles),
        data=codes.images.x.numpy() if on_points else None,
        spacing=spacing,
        dots=bool(view["dots"]),
        legend=bool(view["dots"]) and not labels,
        labels=[*labels, *own],
        regions=shown,
        path=() if path is None else path.tolist(),
        field=measures.field(chosen, extent) if undecided else None,
        size=SIZE if path is None else WITH_STRIP,
        zoom=ZOOM if path is None else ZOOM_WITH_STRIP,
    )


def beyond(labels: list[regions.Label], path: torch.Tensor, ends: set[int], by: float) -> list[regions.Label]:
    """The names, with those of the path's two classes moved a little beyond its ends."""
    first, last = path[0], path[-1]
    step = by * (last - first) / (last - first).norm()
    moved = []
    for label, (x, y, text) in enumerate(labels):
        if label in ends:
            near_first = (path.new_tensor([x, y]) - first).norm() < (path.new_tensor([x, y]) - last).norm()
            x, y = (first - step if near_first else last + step).tolist()
        moved.append((x, y, text))
    return moved


def shares(chosen: Chosen, extent: float) -> list[regions.Label]:
    """The share of undecided pixels in the middle of the plane and far out, where it is written."""
    far = OUT * extent
    places = [(0.0, 0.0), (far, 0.0), (-far, 0.0), (0.0, far), (0.0, -far)]
    found = measures.undecided_on(chosen, places)
    return [(*place, f"{share:.0%}") for place, share in zip(places, found, strict=True)]


def label(view: StepView, chosen: Chosen) -> str:
    """What the plane shows, for screen readers."""
    codes = f"{len(chosen.codes.means):,} codes by class" if view["dots"] else "the digit that each tile shows"
    return f"The latent plane with {codes}; the pointer or the arrow keys move z"
