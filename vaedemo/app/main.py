"""Navigation: which pages there are. Streamlit runs this script for every visitor, then the page they asked for."""

from pathlib import Path

import streamlit as st

from vaedemo.app.components.contents import contents
from vaedemo.app.turns import drawing

ICON = Path(__file__).parent / "assets" / "icon.png"

st.set_page_config(page_icon=str(ICON), layout="wide")  # before the navigation, which has icons from the internet

PAGES = {
    "The lecture": [
        st.Page("lessons/home.py", title="The whole VAE at a glance", icon=":material/home:", default=True),
    ],
    "Generative models": [
        st.Page("lessons/discriminative.py", title="Discriminative against generative", icon=":material/category:"),
        st.Page("lessons/taxonomy.py", title="A taxonomy of generative models", icon=":material/account_tree:"),
    ],
    "Autoencoders": [
        st.Page("lessons/autoencoder.py", title="Encoder, code, decoder", icon=":material/hourglass_empty:"),
        st.Page("lessons/overcomplete.py", title="Over-complete and sparse codes", icon=":material/unfold_more:"),
        st.Page("lessons/pca.py", title="PCA and the linear autoencoder", icon=":material/straighten:"),
        st.Page("lessons/denoising.py", title="Denoising", icon=":material/blur_off:"),
        st.Page("lessons/pretraining.py", title="Throw the decoder away", icon=":material/content_cut:"),
    ],
    "From noise to data": [
        st.Page("lessons/holes.py", title="Generate from an autoencoder?", icon=":material/blur_on:"),
        st.Page("lessons/ring.py", title="From noise to a ring", icon=":material/trip_origin:"),
    ],
    "The likelihood and its bound": [
        st.Page("lessons/likelihood.py", title="Why not just maximise the likelihood?", icon=":material/casino:"),
        st.Page("lessons/elbo.py", title="The evidence lower bound", icon=":material/vertical_align_top:"),
        st.Page("lessons/ppca.py", title="pPCA, the VAE you can solve", icon=":material/function:"),
    ],
    "The loss": [
        st.Page("lessons/losses.py", title="Reconstruction loss", icon=":material/target:"),
        st.Page("lessons/kl.py", title="KL of Gaussians", icon=":material/compare_arrows:"),
        st.Page("lessons/reparameterization.py", title="Reparameterization trick", icon=":material/alt_route:"),
    ],
    "The trained VAE": [
        st.Page("lessons/lab.py", title="Training lab", icon=":material/science:"),
        st.Page("lessons/gallery.py", title="Sampling gallery", icon=":material/grid_view:"),
        st.Page("lessons/plane.py", title="The latent plane", icon=":material/explore:"),
        st.Page("lessons/beta.py", title="The β trade-off", icon=":material/balance:"),
        st.Page("lessons/interpolation.py", title="Interpolation", icon=":material/timeline:"),
        st.Page("lessons/axes.py", title="Independent latent axes", icon=":material/3d_rotation:"),
    ],
}

with drawing.turn():
    here = st.navigation(PAGES, position="hidden")
    st.set_page_config(page_title=f"{here.title} · vaedemo")
    if st.query_params.get("present") != "1":
        with st.sidebar:
            contents(PAGES, here, key="main.contents", label="The pages of the lecture")
    here.run()
