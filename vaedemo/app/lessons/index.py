"""The lessons in their order, and the slides. Navigation, home map, slide index, README and tests all read this list.

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


class Slide(NamedTuple):
    """What a slide of the lecture writes: its `symbols`, and `slips`, where it abbreviates. A formula has no | in it,
    which would end a cell of the table: write \\vert instead."""

    symbols: str = ""
    slips: str = ""


LECTURE = "The lecture"
MODELS = "Generative models"
AUTOENCODERS = "Autoencoders"
NOISE = "From noise to data"
LIKELIHOOD = "The likelihood and its bound"
LOSS = "The loss"
TRAINED = "The trained VAE"
ASIDES = "Asides"  # on no slide, and beside the lecture's order

LESSONS = (
    Entry("home", LECTURE, "The whole VAE at a glance", "home", (1,)),
    Entry("discriminative", MODELS, "Discriminative against generative", "category", (2,)),
    Entry("taxonomy", MODELS, "A taxonomy of generative models", "account_tree", (3,)),
    Entry("autoencoder", AUTOENCODERS, "Encoder, code, decoder", "hourglass_empty", (4, 6, 9)),
    Entry("overcomplete", AUTOENCODERS, "Over-complete codes", "unfold_more", (5,)),
    Entry("pretraining", AUTOENCODERS, "Throw the decoder away", "content_cut", (7,)),
    Entry("pca", AUTOENCODERS, "PCA and the linear autoencoder", "straighten", (8,)),
    Entry("denoising", AUTOENCODERS, "Denoising", "blur_off", (10,)),
    Entry("holes", NOISE, "Holes in an autoencoder", "blur_on", (11,)),
    Entry("ring", NOISE, "From noise to a ring", "trip_origin", (12, 13)),
    Entry("likelihood", LIKELIHOOD, "Why not just maximise the likelihood?", "casino", (14,)),
    Entry("elbo", LIKELIHOOD, "The evidence lower bound", "vertical_align_top", (15, 16, 17)),
    Entry("losses", LOSS, "Reconstruction loss", "target", (18,)),
    Entry("kl", LOSS, "KL of Gaussians", "compare_arrows", (19,)),
    Entry("loss", LOSS, "The loss of a VAE", "add_circle", (20,)),
    Entry("beta", LOSS, "The β trade-off", "balance", (21,)),
    Entry("collapse", LOSS, "Collapse and its cures", "compress", ()),
    Entry("reparameterization", LOSS, "The reparameterization trick", "alt_route", (22,)),
    Entry("lens", LOSS, "One training step", "slow_motion_video", ()),
    Entry("gallery", TRAINED, "Sampling gallery", "grid_view", (23,)),
    Entry("plane", TRAINED, "The latent plane", "explore", (23,)),
    Entry("axes", TRAINED, "Independent latent axes", "3d_rotation", (24,)),
    Entry("ppca", ASIDES, "pPCA, the VAE you can solve", "function", ()),
    Entry("interpolation", ASIDES, "Interpolation", "timeline", ()),
    Entry("lab", ASIDES, "Training lab", "science", ()),
    Entry("clinic", ASIDES, "The clinic", "stethoscope", ()),
)
HOME = LESSONS[0]
BY_NAME = {entry.name: entry for entry in LESSONS}
SECTIONS = tuple(dict.fromkeys(entry.section for entry in LESSONS))

SLIDES = {
    1: Slide(),
    2: Slide("$p(y \\vert x)$, $p(x)$"),
    3: Slide("explicit or implicit density"),
    4: Slide("$x \\to z \\to \\hat x$", "Papers often write h for the code; here h are the hidden layers."),
    5: Slide("$\\dim z < \\dim x$, $\\dim z \\ge \\dim x$"),
    6: Slide(),
    7: Slide("encoder $\\to$ softmax"),
    8: Slide("$U_k U_k^\\top x$"),
    9: Slide(),
    10: Slide("$\\tilde x \\to \\hat x$"),
    11: Slide("$z \\sim N(0, I)$"),
    12: Slide("$g(z) = z/10 + z/\\lVert z \\rVert$"),
    13: Slide("$g_\\theta(z)$"),
    14: Slide("$\\frac1K \\sum_i p(x \\vert z^{(i)})$"),
    15: Slide(),
    16: Slide(),
    17: Slide(
        "$\\text{LL} \\ge E_z[\\log p(x \\vert z)] - \\mathrm{KL}$",
        "Slides write LL for the bound; it is at most log p(x). The encoder's weights, φ in the papers, are w there.",
    ),
    18: Slide(
        "$l_{recon} = \\frac12 \\lVert x - \\hat x \\rVert^2$, $l_{recon} = -\\sum x \\log p(z)$",
        "σ² is set to 1 and the constant C dropped, and so is $E_z$: one sampled z stands for the mean over z. "
        "The class index c is left to the reader: the sum is over pixels and over classes, $x_c \\log p_c(z)$.",
    ),
    19: Slide(
        "$l_{KL} = \\frac12 \\sum_i V(z_i) - \\log V(z_i) - 1 + E(z_i)^2$",
        "$V(z_i)$ is $\\sigma_i^2$, the code has its logarithm as logvar; $E(z_i)$ is $\\mu_i$.",
    ),
    20: Slide(
        "$l_{recon} + \\frac\\beta2 \\sum_i V(z_i) - \\log V(z_i) - 1 + E(z_i)^2$",
        "$E(z_i)$ and $V(z_i)$ are the encoder's answers for one x, not moments of a batch.",
    ),
    21: Slide("$\\beta$"),
    22: Slide("$z = E(z) + \\sqrt{V(z)}\\,\\varepsilon$"),
    23: Slide("$z \\sim N(0, I)$, $\\hat x(z_1, z_2)$"),
    24: Slide("diagonal $V(z)$", "A diagonal V(z) gives each q(z|x) independent axes. Those of q(z) need not be."),
}
