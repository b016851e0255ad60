"""What Explore shows below the plane: the decoded manifold, and the film of the run's training."""

import streamlit as st

from vaedemo.app.components.image_grid import image_grid
from vaedemo.app.lessons.plane import decoder
from vaedemo.app.lessons.plane.codes import Chosen
from vaedemo.app.shared.chart import chart
from vaedemo.app.shell.step_view import StepView
from vaedemo.app.shell.view import View
from vaedemo.app.trainings import film
from vaedemo.figures import points

LARGEST_SIDE = 20


def manifold(view: View, chosen: Chosen) -> None:
    """The decoded plane, on a grid with equal shares of the prior."""
    st.header("The decoded manifold", anchor="manifold")
    left, right = st.columns([2, 1], gap="large")
    with right:
        st.slider("Codes per side", 2, LARGEST_SIDE, key=view.key("side"))
        side = view["side"]
        codes = chosen.manifold(side)
        edge = codes[:, list(chosen.axes)].max().item()
        st.markdown(
            f"The grid is even in the normal's **quantiles**, not in z: each of the {side**2} cells holds the same "
            f"share of the prior, {100 / side**2:.2f} %. So cells lie close together near 0 and reach out to "
            f"±{edge:.2f}, and what takes up much room here is what the model samples often."
        )
        if chosen.codes.deviations is None:
            st.markdown("An autoencoder has no prior: N(0, I) is here a grid like any other, and may miss its codes.")
        if not chosen.run.config.on_points:
            st.caption("Click an image: z jumps there.")
    with left:
        if chosen.run.config.on_points:
            bent(view, chosen, side)
        else:
            images(view, chosen, side)


def bent(view: View, chosen: Chosen, side: int) -> None:
    """The grid's lines as the decoder bends them, on the data."""
    decoded = decoder.manifold(chosen, side)
    lines = [*decoded.reshape(side, side, 2), *decoded.reshape(side, side, 2).transpose(1, 0, 2)]
    figure = points.points_plane(chosen.codes.images.x.numpy(), lines=lines, height=420, view="plane manifold")
    chart(view, figure, name="points", alt="The decoded grid of z on the data points")


def images(view: View, chosen: Chosen, side: int) -> None:
    """The grid's images; a click moves z there."""
    places = chosen.manifold(side)[:, list(chosen.axes)].round(decimals=3).tolist()

    def jump(index: int) -> None:
        view["z1"], view["z2"] = (round(number, 3) for number in places[index])

    now = [index for index, place in enumerate(places) if jumped(place, view)]
    image_grid(
        decoder.manifold(chosen, side),
        side,
        key=view.key("manifold"),
        label=f"{side**2} images decoded from codes on a grid of quantiles",
        selected=now[0] if now else None,
        scale_hint=2.2,
        on_click=jump,
    )


def jumped(place: list[float], view: View) -> bool:
    """Whether the current place is this one of the grid."""
    return all(abs(number - view[name]) < 5e-4 for number, name in zip(place, ("z1", "z2"), strict=True))


def learned(view: StepView, chosen: Chosen) -> None:
    """The film of the run's training."""
    st.header("How it was learned", anchor="film")
    film.film(chosen.run, view.key("film"), view)
