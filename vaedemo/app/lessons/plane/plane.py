"""The latent plane: where images are encoded, and the image decoded at the pointer."""

import streamlit as st

from vaedemo.analysis import latent, portable
from vaedemo.app import catalogue
from vaedemo.app.components.explorer import Plane, explorer
from vaedemo.app.components.image_grid import image_grid
from vaedemo.app.lessons.plane import code, controls, decoder
from vaedemo.app.lessons.plane import codes as plane_codes
from vaedemo.app.shared.symbols import subscript
from vaedemo.app.shell import frame
from vaedemo.app.shell.links import LinkTable, Parameter
from vaedemo.app.trainings import film as film_exhibit
from vaedemo.figures import points, style
from vaedemo.probability import likelihood_matrix

LARGEST_SIDE = 20
LESSON = frame.Lesson(
    name="plane",
    question="What does every place of the latent space decode to?",
    look_for=(
        "**Move the pointer** from class to class: the decoder is continuous, so one digit turns into the next. "
        "On the way pixels are undecided and the image blurs.",
        "**Gaps and borders**: where no code lies the decoder still answers. Far outside the prior's circles images "
        "are extreme, not noise.",
        "The **manifold** covers the plane in equal shares of the prior, so it shows each image as often as "
        "the model would sample it.",
    ),
    explained=(latent.manifold_grid, portable.Layers, portable.sheet, likelihood_matrix.log_prior),
    references=(
        "D. P. Kingma, M. Welling, *Auto-Encoding Variational Bayes*, 2013, figure 4, "
        "[arXiv 1312.6114](https://arxiv.org/abs/1312.6114).",
        "C. Doersch, *Tutorial on variational autoencoders*, 2016, "
        "[arXiv 1606.05908](https://arxiv.org/abs/1606.05908).",
    ),
    table=LinkTable(*controls.PARAMETERS, Parameter("side", 10, controls.sides(LARGEST_SIDE)), film_exhibit.FRAME),
)
PREDICTION = frame.Prediction(
    "You move z in a straight line from the cluster of 1s to the cluster of 0s. What does the decoder show on the way?",
    ("A cross-fade of the two, half transparent", "Other digits, each turning into the next", "Noise"),
    right="Other digits, each turning into the next",
    because="The line runs through the codes of other classes, and every place between is decoded to something that "
    "belongs there. A cross-fade mixes pixels; here the code moves, and the pixels follow.",
)


def plane(view: frame.View, chosen: plane_codes.Chosen) -> None:
    """The explorer, and a note if it cannot run the decoder."""
    codes, axes = chosen.codes, list(chosen.axes)
    extent = chosen.extent(view["reach"])
    carried = decoder.carried(chosen, extent)
    on_points = chosen.run.config.on_points

    def settle(place: tuple[float, float]) -> None:
        view["z1"], view["z2"] = place

    shown = Plane(
        means=codes.means[:, axes].numpy(),
        classes=codes.labels.numpy(),
        names=codes.names,
        off_plane=plane_codes.off_plane(chosen),
        base=chosen.base.numpy(),
        axes=chosen.axes,
        axis_names=tuple(f"z{subscript(axis + 1)}" for axis in axes),
        extent=extent,
        prior=codes.deviations is not None,
        deviations=plane_codes.ellipses(chosen) if view["ellipses"] else None,
        tiles=bool(view["tiles"]) and not on_points,
        data=codes.images.x.numpy() if on_points else None,
    )
    label = f"The latent plane with {len(codes.means):,} codes by class; the pointer or the arrow keys move z"
    explorer(shown, (view["z1"], view["z2"]), carried.decoder, key=view.key("explorer"), label=label, on_settled=settle)
    if carried.note:
        st.info(carried.note, icon=":material/grid_on:")
    frame.numbers(plane_codes.figures(chosen, (view["z1"], view["z2"])), plane_codes.HELPS)
    st.caption(
        f"From the run {view['run']}: {chosen.run.config.title}. The plane shows {len(codes.means):,} codes, "
        f"each the mean of q(z|x) of one of {codes.sentence}"
    )
    return carried


def manifold(view: frame.View, chosen: plane_codes.Chosen) -> None:
    """The decoded plane, on a grid with equal shares of the prior."""
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
        decoded = decoder.manifold(chosen, side)
        if chosen.run.config.on_points:
            lines = [*decoded.reshape(side, side, 2), *decoded.reshape(side, side, 2).transpose(1, 0, 2)]
            figure = points.points_plane(chosen.codes.images.x.numpy(), lines=lines, height=420, view="plane manifold")
            st.plotly_chart(
                figure, config=style.CONFIG, key=view.key("points"), alt="The decoded grid of z on the data points"
            )
            return
        places = codes[:, list(chosen.axes)].round(decimals=3).tolist()

        def jump(index: int) -> None:
            view["z1"], view["z2"] = (round(number, 3) for number in places[index])

        now = [index for index, place in enumerate(places) if jumped(place, view)]
        label = f"{side**2} images decoded from codes on a grid of quantiles"
        clicked = image_grid(
            decoded,
            side,
            key=view.key("manifold"),
            label=label,
            selected=now[0] if now else None,
            scale_hint=2.2,
            on_click=jump,
        )
        if clicked is not None:
            st.rerun()  # redraws the plane at the new place


def jumped(place: list[float], view: frame.View) -> bool:
    """Whether the current place is this one of the grid."""
    return all(abs(number - view[name]) < 5e-4 for number, name in zip(place, ("z1", "z2"), strict=True))


def exhibit(view: frame.View) -> None:
    """The plane and its manifold, and the run's film. The film is a fragment that the plane's reruns do not redraw."""
    above, below = st.container(), st.container()
    filmed: list[str] = []  # the run of the film ("" for none), once the whole page is drawn

    def draw(view: frame.View) -> None:
        if filmed and filmed[0] != view["run"]:
            st.rerun()  # the full page, because the run and so the film changed
        chosen = controls.controls(view)
        for note in chosen.run.notes:
            st.warning(note)
        plane(view, chosen)
        st.subheader("The decoded manifold", anchor="manifold")
        frame.fragment(view, lambda: manifold(view, chosen))
        image = view["image"] if view["base"] == "image" else None
        view.script = code.script(chosen, view["run"], (view["z1"], view["z2"]), image)

    def film() -> None:
        st.subheader("How it was learned", anchor="film")
        film_exhibit.film(catalogue.run(view["run"]), view.key("film"), view)

    with above:
        frame.exhibit(view, draw)
    if view.script:
        with below:
            frame.fragment(view, film)
    filmed.append(view["run"] if view.script else "")


with frame.lesson_page(LESSON) as view:
    view.prediction = PREDICTION
    exhibit(view)
