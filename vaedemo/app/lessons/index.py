"""The lessons in their order. Navigation, home map, slide index, README and tests all read this list.

A new lesson is a folder, `lessons/<name>/<name>.py`, and a line here.
"""

from typing import NamedTuple


class Entry(NamedTuple):
    """One lesson. `icon`: a Material symbol; `slides`: numbers of the lecture's slides, none for a lesson outside
    it."""

    name: str
    section: str
    title: str
    icon: str
    slides: tuple[int, ...]

    @property
    def script(self) -> str:
        """The path of its page's script from main.py, as Streamlit's links need it."""
        return f"lessons/{self.name}/{self.name}.py"


LECTURE = "The lecture"
MODELS = "Generative models"
AUTOENCODERS = "Autoencoders"
NOISE = "From noise to data"
LIKELIHOOD = "The likelihood and its bound"
LOSS = "The loss"
TRAINED = "The trained VAE"

LESSONS = (
    Entry("home", LECTURE, "The whole VAE at a glance", "home", (1,)),
    Entry("discriminative", MODELS, "Discriminative against generative", "category", (2,)),
    Entry("taxonomy", MODELS, "A taxonomy of generative models", "account_tree", (3,)),
    Entry("autoencoder", AUTOENCODERS, "Encoder, code, decoder", "hourglass_empty", (4, 6, 9)),
    Entry("overcomplete", AUTOENCODERS, "Over-complete and sparse codes", "unfold_more", (5,)),
    Entry("pca", AUTOENCODERS, "PCA and the linear autoencoder", "straighten", (8,)),
    Entry("denoising", AUTOENCODERS, "Denoising", "blur_off", (10,)),
    Entry("pretraining", AUTOENCODERS, "Throw the decoder away", "content_cut", (7,)),
    Entry("holes", NOISE, "Generate from an autoencoder?", "blur_on", (11,)),
    Entry("ring", NOISE, "From noise to a ring", "trip_origin", (12, 13)),
    Entry("likelihood", LIKELIHOOD, "Why not just maximise the likelihood?", "casino", (14,)),
    Entry("elbo", LIKELIHOOD, "The evidence lower bound", "vertical_align_top", (15, 16, 17)),
    Entry("ppca", LIKELIHOOD, "pPCA, the VAE you can solve", "function", ()),
    Entry("losses", LOSS, "Reconstruction loss", "target", (18,)),
    Entry("kl", LOSS, "KL of Gaussians", "compare_arrows", (19,)),
    Entry("loss", LOSS, "The loss of a VAE", "add_circle", (20,)),
    Entry("reparameterization", LOSS, "The reparameterization trick", "alt_route", (22,)),
    Entry("lab", TRAINED, "Training lab", "science", ()),
    Entry("gallery", TRAINED, "Sampling gallery", "grid_view", (23,)),
    Entry("plane", TRAINED, "The latent plane", "explore", (23,)),
    Entry("beta", TRAINED, "The β trade-off", "balance", (21,)),
    Entry("interpolation", TRAINED, "Interpolation", "timeline", ()),
    Entry("axes", TRAINED, "Independent latent axes", "3d_rotation", (24,)),
)
HOME = LESSONS[0]
BY_NAME = {entry.name: entry for entry in LESSONS}
SECTIONS = tuple(dict.fromkeys(entry.section for entry in LESSONS))
