"""Discriminative against generative: what p(y|x) does not contain about x, on points and on images."""

from vaedemo.analysis import best_input, histograms
from vaedemo.app.lessons.discriminative import digits, points
from vaedemo.app.shell import frame, parts
from vaedemo.datasets import same_posterior
from vaedemo.models.classifier import Classifier

PARTS = {
    "points": ("Same p(y|x), other p(x)", points),
    "images": ("Ask both for a class", digits),
}

LESSON = frame.Lesson(
    name="discriminative",
    question="What does a model of p(y|x) know about x?",
    look_for=(
        "**Points.** Each classifier saw one set, and both found the same p(y|x): they differ by a few hundredths, "
        "mostly along the border. What the VAEs draw is plainly not the same, because p(x) is not.",
        "**Images, left.** A few steps turn noise into an input that the classifier is certain of, and it is still "
        "noise: nothing in p(y|x) says what an image looks like.",
        "**Images, right.** p(x|y) is p(y|x) p(x) / p(y). With a model of p(x) the very same classifier is enough to "
        "get an image of a class: it need only choose among draws.",
    ),
    explained=(
        same_posterior.posterior,
        Classifier,
        histograms.total_variation,
        best_input.ascend,
        best_input.draw_class,
    ),
    references=(
        "A. Ng, M. Jordan, *On Discriminative vs. Generative Classifiers*, NIPS 2001.",
        "K. Simonyan, A. Vedaldi, A. Zisserman, *Deep Inside Convolutional Networks*, 2013, "
        "[arXiv 1312.6034](https://arxiv.org/abs/1312.6034).",
        "A. Nguyen, J. Yosinski, J. Clune, *Deep Neural Networks are Easily Fooled*, CVPR 2015, "
        "[arXiv 1412.1897](https://arxiv.org/abs/1412.1897).",
    ),
    table=parts.table(PARTS),
)

PREDICTION = frame.Prediction(
    "A classifier names nearly every test digit rightly. From noise you change pixels until it is certain of a 7. What "
    "do you see?",
    ("A clear 7", "A blurred mean of all 7s", "Noise, hardly changed"),
    right="Noise, hardly changed",
    because="The classifier was only ever asked which of ten classes fits an image best, never whether it is an image "
    "at all. A tiny push along the gradient of log p(y|x) is enough. Open **Ask both for a class** and take back the "
    "steps.",
)


with frame.lesson_page(LESSON) as view:
    view.prediction = PREDICTION
    frame.exhibit(view, lambda view: parts.draw(view, PARTS))
