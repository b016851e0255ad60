"""Denoising autoencoders: the arrows they learn are the score of the noisy data; their effect on images."""

from vaedemo.analysis import denoising, psnr
from vaedemo.app.lessons.denoising import images, ring
from vaedemo.app.shell import frame, parts
from vaedemo.models.corruption import corrupt
from vaedemo.probability import ring_score

PARTS = {
    "ring": ("Arrows on the ring", ring),
    "images": ("Images", images),
}

LESSON = frame.Lesson(
    name="denoising",
    question="What does an autoencoder learn when its input is noisy and its target is clean?",
    look_for=(
        "**Arrows on the ring.** Orange on blue: the learned arrows are the exact score times σ². The faint ones lie "
        "where training never went, and there r may say anything.",
        "**Apply r again.** Points run to the crest of $p_\\sigma$, near the data, and stop. They do not become "
        "samples: all end on one thin line.",
        "**Images.** A denoiser is good at the noise that it knows. The one trained on half-masked digits is worse on "
        "**clean** ones: it takes them for masked, and adds what is not missing. The plain autoencoder is best where "
        "there is little noise or none, and may beat a denoiser under a noise that is new to both.",
    ),
    explained=(
        corrupt,
        ring_score.blurred_log_density,
        ring_score.blurred_score,
        ring_score.posterior_mean,
        denoising.match,
        denoising.iterate,
        psnr.psnr,
    ),
    references=(
        "P. Vincent, H. Larochelle, I. Lajoie, Y. Bengio, P.-A. Manzagol, *Stacked Denoising Autoencoders*, JMLR 11, "
        "2010.",
        "P. Vincent, *A Connection Between Score Matching and Denoising Autoencoders*, Neural Computation 23, 2011.",
        "G. Alain, Y. Bengio, *What Regularized Auto-Encoders Learn from the Data-Generating Distribution*, JMLR 15, "
        "2014, [arXiv 1211.4246](https://arxiv.org/abs/1211.4246).",
        "H. Robbins, *An Empirical Bayes Approach to Statistics*, 1956; B. Efron, *Tweedie's Formula and Selection "
        "Bias*, JASA 106, 2011.",
    ),
    table=parts.table(PARTS),
)

PREDICTION = frame.Prediction(
    "A denoising autoencoder is trained on points of a ring with noise σ. Where does it send a point x̃ from outside?",
    (
        "To the clean point that it came from",
        "To the mean of all clean points that it may have come from",
        "To the nearest point of the ring",
    ),
    right="To the mean of all clean points that it may have come from",
    because="Squared error is least at E[x|x̃], and by Tweedie's formula that is "
    "$\\tilde x + \\sigma^2 \\nabla \\log p_\\sigma(\\tilde x)$. The nearest point is the answer only while σ is "
    "small; with much noise the mean lies further in, where there are few data or none.",
)


with frame.lesson_page(LESSON) as view:
    view.prediction = PREDICTION
    frame.exhibit(view, lambda view: parts.draw(view, PARTS))
