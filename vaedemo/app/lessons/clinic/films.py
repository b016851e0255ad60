"""The films of the clinic: one patient alone, or beside the healthy program that differs in one line."""

import numpy as np
import streamlit as st

from vaedemo.app.components.film import film_player
from vaedemo.app.components.film.reel import Codes, Curve, Packed, Reel, Sheet, pack
from vaedemo.app.components.film_pair import film_pair
from vaedemo.app.lessons.clinic import facts
from vaedemo.app.shell.step_view import StepView
from vaedemo.app.trainings.film import place
from vaedemo.app.trainings.reels import largest_from
from vaedemo.clinic.making import SIDE
from vaedemo.clinic.records import Record
from vaedemo.datasets import class_names
from vaedemo.figures import latent as latent_figures
from vaedemo.figures import palette

CURVES = {"reconstruction": ("Reconstruction", palette.RECONSTRUCTION), "kl": ("KL", palette.KL)}
CURVES["loss"] = ("Loss", palette.ELBO)
DRAWN = "What the decoder draws from z ~ N(0, I)"


@st.cache_resource(max_entries=11, show_spinner=False)
def packed(name: str, _record: Record) -> Packed:
    """A record's film, packed for the browser."""
    return pack(reel(_record))


def film_of(record: Record) -> Packed:
    return packed(f"{record.name} {hash(record.program)} {record.last('loss')}", record)


def reel(record: Record) -> Reel:
    """A record's film for the component. Losses are shown from the end of the first epoch."""
    frames, epochs = list(record.film), record.curves["epoch"][1:]
    batches = frames[1].step  # of an epoch
    means = np.stack([each.means.astype(np.float32) for each in frames])
    return Reel(
        steps=[each.step for each in frames],
        curves=[
            Curve(name, colour, *(record.curves[f"{part}_{term}"][1:] for part in ("train", "test")))
            for term, (name, colour) in CURVES.items()
        ],
        epoch_steps=[round(epoch) * batches for epoch in epochs],
        codes=Codes(
            "Where the encoder puts test images",
            means,
            frames[-1].labels,
            class_names("digits"),
            largest_from([latent_figures.plane_extent(each) for each in means]),
            [(share, latent_figures.prior_radius(share)) for share in latent_figures.PRIOR_SHARES],
        ),
        decoded=Sheet(DRAWN, np.stack([each.images for each in frames]), SIDE),
    )


def one(view: StepView) -> None:
    """The film of the patient alone, and below it what a healthy VAE of its size ends with."""
    film = film_of(facts.sick(view["patient"]))
    start, settle = place(film.name, film.frames, view.key("one"), view, "frame")
    film_player(film, start, key=view.key("one"), on_settled=settle, low=bool(view["present"]))
    twin = facts.healthy(view["patient"])
    st.caption(
        f"Healthy: reconstruction {twin.last('reconstruction'):.1f}, KL {twin.last('kl'):.1f}, "
        f"loss {twin.last('loss'):.1f}. Mean image: {facts.mean_image():.0f} nats."
    )


def both(view: StepView) -> None:
    """The patient's film beside that of the healthy program."""
    patient = view["patient"]
    films = [film_of(facts.sick(patient)), film_of(facts.healthy(patient))]
    key = view.key("both")
    start, settle = place(" ".join(each.name for each in films), films[1].frames, key, view, "frame")
    film_pair(*films, (f"Patient {patient}", "Healthy"), start, key=key, on_settled=settle, decoded=DRAWN)
