"""KL of Gaussians: term by term, axis by axis, and the best fit of each direction to a target of another shape."""

from vaedemo.app.lessons.kl import axis, correlated, modes, pair
from vaedemo.app.shell import frame, parts
from vaedemo.probability import divergences, gaussian_fits, kl_descent

PARTS = {
    "pair": ("Two Gaussians", pair),
    "axis": ("One axis", axis),
    "modes": ("Two modes", modes),
    "correlated": ("Correlated target", correlated),
}

LESSON = frame.Lesson(
    name="kl",
    question="What does the KL make q pay for, and what does it let pass?",
    look_for=(
        "**Two Gaussians.** Make q much narrower than p, then much wider: KL(q‖p) and KL(p‖q) are two different "
        "prices for the same pair.",
        "**One axis.** The lecture's ½(V − log V − 1 + E²): one valley, with its floor at V = 1, E = 0, the prior.",
        "**Two modes, correlated target.** KL(q‖p), the ELBO's direction, punishes q where p is small: it leaves modes "
        "out and makes q too narrow. KL(p‖q) does the opposite.",
    ),
    explained=(
        divergences.kl_terms,
        divergences.kl_diagonal_per_axis,
        kl_descent.kl_descent,
        gaussian_fits.fit_seeking,
        gaussian_fits.fit_covering,
        gaussian_fits.mean_field_variance,
    ),
    references=(
        "D. P. Kingma, M. Welling, *Auto-Encoding Variational Bayes*, 2013, appendix B, "
        "[arXiv 1312.6114](https://arxiv.org/abs/1312.6114).",
        "C. M. Bishop, *Pattern Recognition and Machine Learning*, 2006, sections 10.1.2 and 10.7.",
        "T. Minka, *Divergence measures and message passing*, 2005.",
    ),
    table=parts.table(PARTS),
)

PREDICTION = frame.Prediction(
    "A target has two modes, far apart, with 60 % of its mass in one and 40 % in the other. Where does the best "
    "Gaussian under KL(q‖p) end, the direction that the ELBO has?",
    (
        "Between them, wide enough for both",
        "On one of them, whichever it starts near",
        "On the larger one, wherever it starts",
    ),
    right="On one of them, whichever it starts near",
    because="Between the modes p is almost 0, and q pays log q/p wherever it has mass. Either mode is a local minimum; "
    "the larger one is only the cheaper of the two, by log(0.6/0.4) ≈ 0.41 nats. See **Two modes**.",
)


with frame.lesson_page(LESSON) as view:
    view.prediction = PREDICTION
    frame.exhibit(view, lambda view: parts.draw(view, PARTS))
