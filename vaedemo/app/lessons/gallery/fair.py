"""A plain autoencoder sampled beside a VAE: with the same z, and, for a fair comparison, with densities fitted to its
codes."""

from string import Template

import streamlit as st
import torch
from torch import Tensor

from vaedemo.analysis import frechet, latent
from vaedemo.app import catalogue
from vaedemo.app.components.grid_row import Panel, grid_row
from vaedemo.app.components.press_button import press_button
from vaedemo.app.lessons.gallery import sources
from vaedemo.app.shell.links import Parameter
from vaedemo.app.shell.step_view import StepView
from vaedemo.rules import whole
from vaedemo.training import store

COLUMNS, SHOWN = 5, 15  # of the images in each panel
# number and seed of the samples for the distance: the same for every view, so it is computed once
DRAWN, FIRST_SEED = 1_000, 0
SEED = Parameter("beside", FIRST_SEED, whole(0, 99_999))
PANELS = {
    "vae": ("VAE, N(0, I)", "Fréchet, VAE"),
    "prior": ("Autoencoder, same z", "Fréchet, autoencoder"),
    "gaussian": ("Autoencoder, fitted Gaussian", "Fréchet, Gaussian"),
    "mixture": ("Autoencoder, fitted mixture", "Fréchet, mixture"),
}
CODE = Template("""\

plain = vd.load("$vae-autoencoder").model
test_images, _ = vd.datasets.first_view("$dataset")
codes = plain.encode(test_images.x).mean
z = latent.prior_samples($count, plain.latent_dim, torch.Generator().manual_seed($seed))
fitted = {
    "Gaussian": code_density.fit_gaussian(codes),
    "mixture": code_density.fit_mixture(codes),
}
decoded = {"VAE": vd.load("$vae").model.decode(z).mean, "autoencoder": plain.decode(z).mean}
for name, density in fitted.items():
    decoded[name] = plain.decode(density.sample($count, torch.Generator().manual_seed($seed))).mean
real = frechet.block_means(test_images.x)
for name, x in decoded.items():
    print(f"Fréchet, {name}: {frechet.frechet_distance(frechet.block_means(x), real):.3f}")
""")


def vae_of(name: str) -> str | None:
    """The shipped VAE of the pair to which this run belongs; None if no plain autoencoder ships beside it."""
    vae = name.removesuffix("-autoencoder")
    there = store.shipped()
    return vae if vae in there and f"{vae}-autoencoder" in there else None


@st.cache_resource(max_entries=4, show_spinner=False)
def real(dataset: str) -> Tensor:
    """The features of the real images, (N, 49)."""
    return frechet.block_means(catalogue.images(dataset)[0].x)


@st.cache_data(max_entries=4, show_spinner=False)
def distances(vae: str, digests: tuple[str, str]) -> dict[str, float]:
    """The Fréchet distance of each panel's samples to the real images."""
    data = real(catalogue.run(vae).config.dataset)
    drawn = samples(vae, DRAWN, FIRST_SEED)
    return {kind: frechet.frechet_distance(frechet.block_means(x), data) for kind, x in drawn.items()}


def samples(vae: str, count: int, seed: int) -> dict[str, Tensor]:
    """`count` images for each panel."""
    model, run = catalogue.run(vae).model, catalogue.run(f"{vae}-autoencoder")
    z = latent.prior_samples(count, model.latent_dim, torch.Generator().manual_seed(seed))
    decoded = {"vae": model.decode(z).mean, "prior": run.model.decode(z).mean}
    for kind in ("gaussian", "mixture"):
        fitted = sources.density(run.digest, kind, run)
        drawn = fitted.sample(count, torch.Generator().manual_seed(seed))
        decoded[kind] = run.model.decode(drawn).mean
    return decoded


def picture(view: StepView) -> None:
    """Four grids, two beside two, with their own seed, because they do not depend on the page's samples. The last two
    come after the question that asks for them."""
    vae = vae_of(view["run"])
    if vae is None:
        st.caption("Plain autoencoders ship for the two MNIST models: choose one of these to compare.")
        return
    names = (vae, f"{vae}-autoencoder")
    drawn = shown(vae, tuple(catalogue.run(name).digest for name in names), view[SEED.name])
    row = [Panel(title, drawn[kind].numpy(), f"Samples: {title}") for kind, (title, _) in PANELS.items()]
    grid_row(row[:2], COLUMNS, key=view.key("fair_row"))
    if not view.is_open:
        grid_row(row[2:], COLUMNS, key=view.key("fair_more"))


@st.cache_resource(max_entries=8, show_spinner=False)
def shown(vae: str, digests: tuple[str, str], seed: int) -> dict[str, Tensor]:
    """The images of each panel."""
    return samples(vae, SHOWN, seed)


def others(view: StepView) -> None:
    """The button that draws new samples."""
    key = view.key(SEED.name)

    def other(presses: int) -> None:
        st.session_state[key] = (st.session_state[key] + presses) % 100_000

    press_button("Other samples", icon=":material/casino:", on_press=other, key=view.key("fair_others"))


def figures(name: str) -> dict[str, str]:
    """The distances of a run's pair; empty if there is no pair to compare."""
    vae = vae_of(name)
    if vae is None:
        return {}
    away = of_pair(vae)
    return {label: f"{away[kind]:.3f}" for kind, (_, label) in PANELS.items()}


def of_pair(vae: str) -> dict[str, float]:
    """The distance of each panel's samples to the real images, for a VAE that has a plain autoencoder beside it."""
    return distances(vae, (catalogue.run(vae).digest, catalogue.run(f"{vae}-autoencoder").digest))


def code(name: str) -> str:
    """The lines of the view's script that print the distances; empty if there is no pair to compare."""
    vae = vae_of(name)
    if vae is None:
        return ""
    return CODE.substitute(vae=vae, dataset=catalogue.run(vae).config.dataset, count=DRAWN, seed=FIRST_SEED)
