"""Reconstruction loss: its value for one pixel, why σ² and β are one knob, their effect, and the range of losses."""

from vaedemo.app.lessons.losses import axes, floor, knob, pixel
from vaedemo.app.shell import frame, parts
from vaedemo.probability import covariance, cross_entropy, grey_levels, losses

PARTS = {
    "pixel": ("One pixel", pixel),
    "knob": ("σ² and β: one knob", knob),
    "axes": ("Which axes live", axes),
    "floor": ("Floor and ceiling", floor),
}

LESSON = frame.Lesson(
    name="losses",
    question="What does a reconstruction loss assume about a pixel?",
    look_for=(
        "**One pixel.** The lecture's ½(x − x̂)² (dashed) is the Gaussian with σ² = 1 without its constant: nearly flat "
        "on [0, 1]. Lower σ², and the same mistake costs more.",
        "**σ² and β.** Only βσ² decides what is learned: an axis of the data lives when its variance is above it.",
        "**Floor and ceiling.** Cross-entropy of grey pixels never reaches 0, however good the model: their own "
        "entropy is the floor.",
    ),
    explained=(
        losses.pixel_loss,
        grey_levels.one_hot,
        losses.one_knob,
        covariance.axes_kept,
        cross_entropy.self_entropy,
        cross_entropy.mean_image_cross_entropy,
    ),
    references=(
        "D. P. Kingma, M. Welling, *Auto-Encoding Variational Bayes*, 2013, appendix C, "
        "[arXiv 1312.6114](https://arxiv.org/abs/1312.6114).",
        "G. Loaiza-Ganem, J. P. Cunningham, *The continuous Bernoulli*, 2019, "
        "[arXiv 1907.06845](https://arxiv.org/abs/1907.06845).",
        "J. Lucas, G. Tucker, R. Grosse, M. Norouzi, *Don't Blame the ELBO!*, 2019, "
        "[arXiv 1911.02469](https://arxiv.org/abs/1911.02469).",
        "M. E. Tipping, C. M. Bishop, *Probabilistic principal component analysis*, 1999.",
    ),
    table=parts.table(PARTS),
)

PREDICTION = frame.Prediction(
    "Squared error with σ² = 1 on pixels in [0, 1], and β = 1: how many of MNIST's 784 principal axes does a linear "
    "VAE keep?",
    ("All that vary, over 600", "About 100", "12"),
    right="12",
    because="An axis lives only when its variance λ is above βσ², and only 12 are above 1. The rest are taken for "
    "noise. It is neither the network nor the optimiser, but the σ² = 1 that nobody chose. Open **Which axes live** "
    "and lower it.",
)


with frame.lesson_page(LESSON) as view:
    view.prediction = PREDICTION
    frame.exhibit(view, lambda view: parts.draw(view, PARTS))
