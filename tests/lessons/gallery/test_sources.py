"""Where the gallery's codes come from: what is said of each, what is refused, and which codes they are."""

import gc

import pytest
import torch

from tests.app.pages import code_of, figures, link_of, open_page, press, sentences
from vaedemo.analysis import code_density
from vaedemo.app import catalogue
from vaedemo.app.lessons.gallery import fair, files

PAGE = "gallery"


def test_an_autoencoder_has_no_posterior_to_sample():
    at = open_page(PAGE, {"run": "mnist-2d-autoencoder", "source": "posterior"})
    (sentence,) = sentences(at)
    assert sentence.startswith("source accepts prior, gaussian, mixture or walk for an autoencoder")
    assert (
        figures(at)["Mean length of z"] == figures(open_page(PAGE, {"run": "mnist-2d-autoencoder"}))["Mean length of z"]
    )


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"run": "mnist-2d", "start": "5000"}, "start accepts an example from 0 to 4,999, got 5000."),
        ({"run": "moonless", "start": "1"}, "No run is called 'moonless'"),
    ],
)
def test_a_walk_from_nowhere_is_one_sentence(query, words):
    at = open_page(PAGE, {"source": "walk"} | query)
    (sentence,) = sentences(at)
    assert sentence.startswith(words) and figures(at) and not at.exception


def test_a_mixture_s_codes_are_as_long_as_the_codes_it_was_fitted_to():
    run = catalogue.run("mnist-20d-autoencoder")
    codes = run.model.encode(catalogue.images("mnist-55k")[0].x).mean
    shown = figures(open_page(PAGE, {"run": "mnist-20d-autoencoder", "source": "mixture"}))
    assert float(shown["Mean length of z"]) == pytest.approx(codes.norm(dim=1).mean().item(), rel=0.1)
    prior = figures(open_page(PAGE, {"run": "mnist-20d-autoencoder"}))
    assert float(shown["Mean length of z"]) > 2 * float(prior["Mean length of z"])


def test_fitted_densities_bring_the_autoencoder_near_and_the_prior_does_not():
    shown = figures(open_page(PAGE, {"run": "mnist-20d"}))
    distance = {name: float(shown[f"Fréchet, {name}"]) for name in ("VAE", "autoencoder", "Gaussian", "mixture")}
    assert distance["autoencoder"] > 10 * distance["VAE"]
    assert distance["mixture"] < distance["Gaussian"] < 0.1 * distance["autoencoder"]


def test_both_decoders_get_the_same_z():
    vae, plain = catalogue.run("mnist-2d"), catalogue.run("mnist-2d-autoencoder")
    drawn = fair.samples("mnist-2d", fair.SHOWN, 5)
    from vaedemo.analysis.latent import prior_samples

    z = prior_samples(fair.SHOWN, 2, torch.Generator().manual_seed(5))
    for kind, model in (("vae", vae.model), ("prior", plain.model)):
        torch.testing.assert_close(drawn[kind], model.decode(z).mean, rtol=0, atol=1e-5)


def test_other_models_say_that_none_ships_beside_them():
    at = open_page(PAGE, {"run": "fashion-2d"})
    assert any("Plain autoencoders ship for the two MNIST models" in each.value for each in at.caption)
    assert "Fréchet, VAE" not in figures(at) and not at.exception


def test_the_footer_is_enough_to_make_it_again():
    values = {"run": "mnist-2d", "seed": 7, "temperature": 0.7, "truncation": 1.5, "show": "sample"}
    values |= {"start": 3, "stride": 0.25, "within": 4}
    run = catalogue.run("mnist-2d")
    first, second = files.footer(values, "prior", run)
    assert run.digest in first
    assert all(words in second for words in ("seed 7", "temperature 0.7", "truncation 1.5", "draw from p(x|z)"))
    _, walk = files.footer(values, "walk", run)
    assert all(words in walk for words in ("start 3", "stride 0.25", "class 4")) and "temperature" not in walk


def test_a_run_s_density_is_fitted_to_its_own_codes():
    run = catalogue.run("mnist-2d")
    codes = run.model.encode(catalogue.images("mnist-55k")[0].x).mean
    fitted = code_density.fit_gaussian(codes)
    torch.testing.assert_close(fitted.means[0].float(), codes.mean(0), rtol=1e-4, atol=1e-5)


def test_new_samples_have_another_image_in_the_picked_place():
    at = open_page(PAGE, {"side": "4", "picked": "6"})
    length = figures(at)["Length of its z"]
    at = press(at, "gallery.new")
    assert link_of(at) == {"side": "4", "seed": "1", "picked": "6"}
    assert figures(at)["Length of its z"] != length and "Nearest real image" in code_of(at)
    at.number_input(key="gallery.seed").set_value(0).run()
    assert link_of(at) == {"side": "4", "picked": "6"} and figures(at)["Length of its z"] == length


def test_the_comparison_has_a_seed_of_its_own():
    at = open_page(PAGE, {"side": "2"})
    distances = {label: value for label, value in figures(at).items() if label.startswith("Fréchet")}
    at = press(at, "gallery.fair_others")
    assert link_of(at) == {"side": "2", "beside": "1"}
    assert distances.items() <= figures(at).items() and len(distances) == 4


def test_no_samples_are_kept_when_others_are_shown():
    """They would lie about until Python looks for garbage, 300 kB of each change on the page."""
    at = open_page(PAGE, {"side": "3", "picked": "-1"})
    gc.collect()
    gc.disable()
    try:
        for seed in range(1, 5):
            at.number_input(key="gallery.seed").set_value(seed).run()
        # `type` rather than isinstance, which would wake lazy proxies.
        left = [each for each in gc.get_objects() if type(each) is torch.Tensor and each.shape == (9, 1, 28, 28)]
        assert left == []
    finally:
        gc.enable()
