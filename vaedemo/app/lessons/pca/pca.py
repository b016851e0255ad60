"""PCA: an image as a sum of rank-one terms, a data set with k numbers per image, and the plane of a linear
autoencoder."""

from vaedemo.analysis import rank_one, reduction, subspaces
from vaedemo.app.lessons.pca import equal, form, planes, terms
from vaedemo.app.shell import frame, parts
from vaedemo.models import pca

PARTS = {
    "terms": ("One image, term by term", terms),
    "equal": ("Three encoders, equal k", equal),
    "planes": ("Same plane, other axes", planes),
}

LESSON = frame.Lesson(
    name="pca",
    question="What can k numbers keep of an image, and what does a non-linear encoder gain?",
    look_for=(
        "**One image.** Each term is one column of pixels times one row. The first few hold nearly all of the "
        "squared norm; fine detail takes many.",
        "**Equal k.** PCA is the best of all *linear* autoencoders: on the training images none beats it. "
        "With hidden layers the plane may bend, and the error falls below PCA's.",
        "**Same plane.** The linear autoencoder's columns are not PCA's axes, but they span the same plane: "
        "recombined, they are the axes.",
    ),
    explained=(
        rank_one.RankOneSum,
        rank_one.RankOneSum.partial,
        pca.PCA.reconstruct,
        reduction.pca_errors,
        reduction.decoder_columns,
        subspaces.principal_angles,
        reduction.recombined,
    ),
    references=(
        "K. Pearson, *On lines and planes of closest fit to systems of points in space*, 1901.",
        "C. Eckart, G. Young, *The approximation of one matrix by another of lower rank*, 1936.",
        "P. Baldi, K. Hornik, *Neural networks and principal component analysis*, 1989.",
        "G. Hinton, R. Salakhutdinov, *Reducing the dimensionality of data with neural networks*, 2006.",
        "Å. Björck, G. Golub, *Numerical methods for computing angles between linear subspaces*, 1973.",
    ),
    table=parts.table(PARTS, *form.PARAMETERS),
)

PREDICTION = frame.Prediction(
    "A linear autoencoder with k codes is trained until its error no longer falls. What are the k columns of its "
    "decoder?",
    (
        "PCA's first k axes, in their order",
        "PCA's first k axes, in some other order",
        "Other vectors that span the same plane as PCA's first k axes",
    ),
    right="Other vectors that span the same plane as PCA's first k axes",
    because="x̂ = W V x stays the same when V is multiplied by any invertible matrix and W by its inverse. The loss "
    "sees the plane alone, so nothing turns the columns into orthogonal axes. Open **Same plane, other axes**.",
)


with frame.lesson_page(LESSON) as view:
    view.prediction = PREDICTION
    frame.exhibit(view, lambda view: parts.draw(view, PARTS))
