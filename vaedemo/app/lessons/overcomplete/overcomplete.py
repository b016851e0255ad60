"""Under-complete, over-complete, sparse: codes as wide as the image or wider, and what prevents a plain copy."""

from vaedemo.analysis import hidden_units
from vaedemo.app.lessons.overcomplete import form, noise, sizes, units
from vaedemo.app.shell import frame, parts
from vaedemo.models.autoencoder import Autoencoder
from vaedemo.models.networks import UnitColumnLinear

PARTS = {
    "sizes": ("Error against d", sizes),
    "units": ("What the units look at", units),
    "noise": ("Noise", noise),
}

LESSON = frame.Lesson(
    name="overcomplete",
    question="What does an autoencoder learn when nothing in it is narrower than the image?",
    look_for=(
        "**Error against d.** Without a penalty the error falls and falls. Choose **Noise that passes**: it rises just "
        "as steadily. The net is on its way to copying its input. With few units rectified nets are behind even PCA: "
        "many of their units never fire.",
        "**What the units look at.** Without a penalty most units fire for every digit, and hardly one has a meaning "
        "of its own. Under a penalty few fire, each for a stroke or a blob that many digits share.",
        "**Noise.** Pixels in random order are no digit. What nevertheless comes back was copied, not recognised.",
    ),
    explained=(
        Autoencoder,
        UnitColumnLinear,
        hidden_units.encoder_features,
        hidden_units.decoder_features,
        hidden_units.noise_passed,
        hidden_units.error_on,
    ),
    references=(
        "A. Ng, *Sparse autoencoder*, CS294A lecture notes, 2011, "
        "[web.stanford.edu](https://web.stanford.edu/class/cs294a/sparseAutoencoder_2011new.pdf).",
        "B. A. Olshausen, D. J. Field, *Emergence of simple-cell receptive field properties by learning a sparse code "
        "for natural images*, Nature 381, 1996.",
        "I. Goodfellow, Y. Bengio, A. Courville, *Deep Learning*, 2016, section 14.2, "
        "[deeplearningbook.org](https://www.deeplearningbook.org/contents/autoencoders.html).",
    ),
    table=parts.table(PARTS, *form.PARAMETERS),
)
PREDICTION = frame.Prediction(
    "Without a penalty, d grows from 16 units to 1,024. What becomes of noise that is added to a digit?",
    (
        "It is removed: the net has seen nothing but digits",
        "More and more of it comes out again",
        "The same share comes out at every d",
    ),
    right="More and more of it comes out again",
    because="Every further unit is one more way for anything at all to get through. The error falls with d, and "
    "that alone says nothing: the identity has error 0 and has learned nothing. A penalty on the code leaves the "
    "units and limits what they may say at once.",
)


with frame.lesson_page(LESSON) as view:
    view.prediction = PREDICTION
    frame.exhibit(view, lambda view: parts.draw(view, PARTS))
