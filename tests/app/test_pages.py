"""Every page without a browser: by itself, from a link, from a broken link; what a link means inside a session."""

import pytest

from tests.app.pages import APP, PAGES, figures, link_of, open_page, script_of, sentences
from vaedemo.app.shell.links import TRACKING
from vaedemo.app.shell.view import SHOWN
from vaedemo.training import shipped_runs

HOME, LAB, GALLERY = "home", "lab", "gallery"
REPARAMETERIZATION = "reparameterization"

# Of each page, a link that asks for a view other than the first.
SOUND = [
    (HOME, {"image": "4999", "noise": "7"}),
    (LAB, {"dataset": "ring", "hidden": "64,64", "noise_variance": "0.01", "epochs": "60"}),
    (LAB, {"dataset": "fashion", "network": "conv", "hidden": "32,64", "beta": "4", "learning_rate": "0.01"}),
    (LAB, {"model": "autoencoder", "latent_dim": "16", "pixels": "binary", "seed": "4294967295"}),
    (LAB, {"network": "linear", "likelihood": "gaussian", "noise_variance": "learned", "compare": "mnist-2d,ring-2d"}),
    (LAB, {"likelihood": "categorical", "levels": "16", "train": "1", "present": "1"}),
    (LAB, {"frame": "7"}),
    ("plane", {"run": "fashion-2d", "frame": "12"}),
    (GALLERY, {"run": "fashion-20d", "seed": "3", "side": "4", "truncation": "1.5", "show": "sample", "picked": "7"}),
    (GALLERY, {"run": "ring-2d", "temperature": "0.5"}),
    (GALLERY, {"source": "walk", "start": "7", "stride": "0.5", "within": "3"}),
    (GALLERY, {"run": "mnist-20d-autoencoder", "source": "mixture"}),
    ("interpolation", {"run": "mnist-2d", "stops": "3,900,77", "stop": "2", "from_class": "4"}),
    ("losses", {"part": "axes", "data": "fashion", "axes_variance": "0.03", "axes_beta": "2"}),
    ("losses", {"x": "0.3", "prediction": "0.9", "variance": "0.015", "levels": "8", "present": "1"}),
    ("kl", {"part": "modes", "target": "image", "start": "right", "digit": "2"}),
    ("kl", {"axes": "1", "q_mean1": "-3.5", "p_sd1": "0.25"}),
    ("plane", {"run": "fashion-20d", "across": "4", "z1": "-1.5", "ellipses": "1", "side": "4"}),
    ("axes", {"part": "along", "run": "fashion-20d", "image": "12", "axis": "4"}),
    ("axes", {"digit": "3", "theta": "60", "present": "1"}),
    ("autoencoder", {"network": "conv", "size": "32", "image": "12"}),
    ("overcomplete", {"part": "units", "source": "16", "kind": "kl", "unit": "5"}),
    ("overcomplete", {"part": "noise", "noise": "12", "draw": "4", "present": "1"}),
    ("pca", {"part": "planes", "k": "2"}),
    ("pca", {"images": "fashion", "image": "4", "terms": "6", "present": "1"}),
    ("holes", {"window": "prior", "z1": "-3.5", "z2": "2", "draw": "7"}),
    ("discriminative", {"x1": "-1.25", "draw": "3"}),
    ("pretraining", {"labels": "1000"}),
    ("discriminative", {"part": "images", "ask": "2", "uphill": "5", "draws": "300", "digit_seed": "8"}),
    ("taxonomy", {"leaf": "autoregressive", "source": "moons", "x1": "-1.5"}),
    ("taxonomy", {"leaf": "flow", "show": "density", "layers": "3", "present": "1"}),
    ("denoising", {"sigma": "0.1", "x1": "-0.4", "present": "1"}),
    ("denoising", {"part": "images", "kind": "masking", "level": "0.3", "steps": "4", "noise": "7"}),
    ("ppca", {"lambda1": "4", "lambda2": "12.5", "variance": "0.25", "theta": "90", "beta": "0.1"}),
    ("ppca", {"data": "mnist-55k", "other": "20", "theta": "45"}),
    ("ppca", {"data": "ring", "variance": "0.1"}),
    (REPARAMETERIZATION, {"image": "7", "seed": "3", "draw": "1999", "k": "100", "pair": "logvar"}),
    (REPARAMETERIZATION, {"run": "ring-2d", "angle": "95", "score": "baseline", "axes": "own", "pair": "axis2"}),
    ("lens", {"when": "untrained", "stage": "5", "rate": "0.01", "beta": "20", "seed": "4", "digit": "12"}),
    ("lens", {"part": "repeat", "n": "50", "noise": "new", "present": "1"}),
]

# Of each page, one wrong parameter, and words that the sentence about it must have: the field and what it accepts.
BROKEN = [
    (HOME, "image", "99999999", "image accepts a whole number from 0 to 4,999"),
    (HOME, "image", "-1", "image accepts a whole number from 0 to 4,999"),
    (HOME, "noise", "1.5", "noise accepts a whole number"),
    (LAB, "beta", "-1", "beta accepts a number from 0"),
    (LAB, "beta", "nan", "beta accepts a number from 0"),
    (LAB, "latent_dim", "1000000000", "latent_dim accepts a whole number from 1 to 1,024"),
    (LAB, "hidden", "0", "hidden accepts up to 6 widths"),
    (LAB, "hidden", "400,-3", "hidden accepts up to 6 widths"),
    (LAB, "hidden", "", "hidden accepts at least one width when the network is mlp"),
    (LAB, "dataset", "nonsense", "dataset accepts one of digits, mnist"),
    (LAB, "learning_rate", "inf", "learning_rate accepts a number above 0"),
    (LAB, "epochs", "5000", "epochs accepts a whole number from 1 to 200"),
    (LAB, "levels", "1e99", "levels accepts a whole number"),
    (LAB, "likelihood", "poisson", "likelihood accepts one of bernoulli"),
    (LAB, "noise_variance", "0", "noise_variance accepts a number from 1e-06"),
    (LAB, "compare", "mnist-2d,../x", "compare accepts a run's name or digest"),
    (LAB, "compare", "a,b,c,d,e,f,g", "compare accepts at most 6"),
    (LAB, "compare", "0123456789abcdef", "No run is called '0123456789abcdef'"),
    (LAB, "frame", "31", "frame accepts a whole number from 0 to 30"),
    (GALLERY, "run", "../../etc/passwd", "run accepts a run's name or digest"),
    (GALLERY, "within", "1000", "within accepts a whole number from -1 to 999"),
    (GALLERY, "side", "21", "side accepts a whole number from 2 to 20"),
    (GALLERY, "temperature", "inf", "temperature accepts a number from 0 to 3"),
    (GALLERY, "show", "everything", "show accepts one of mean, sample"),
    (GALLERY, "source", "thin air", "source accepts one of prior, posterior, gaussian, mixture, walk"),
    (GALLERY, "stride", "1.5", "stride accepts a number from 0 to 1"),
    ("ppca", "data", "mnist", "data accepts one of gaussian, mnist-55k, fashion, ring"),
    ("ppca", "theta", "181", "theta accepts a whole number from 0 to 180"),
    ("ppca", "beta", "0", "beta accepts a number from 0.1 to 10"),
    ("ppca", "variance", "-1", "variance accepts a number from 0.05 to 5"),
    ("ppca", "lambda2", "nan", "lambda2 accepts a number from 0.5 to 20"),
    ("ppca", "other", "1", "other accepts a whole number from 2 to 20"),
    ("lens", "n", "3", "n accepts one of the 5 steps from 1 to 50"),
    ("lens", "stage", "9", "stage accepts a whole number from 0 to 8"),
    ("lens", "drawing", "AAAA", "drawing accepts 392 of the characters"),
    (REPARAMETERIZATION, "run", "mnist-20d", "run accepts one of mnist-2d, ring-2d"),
    (REPARAMETERIZATION, "k", "3", "k accepts one of 1, 2, 5, 10, 20, 50, 100"),
    (REPARAMETERIZATION, "k", "1000000", "k accepts one of 1, 2, 5"),
    (REPARAMETERIZATION, "draw", "2000", "draw accepts a whole number from 0 to 1,999"),
    (REPARAMETERIZATION, "pair", "z", "pair accepts one of mu, logvar"),
    (REPARAMETERIZATION, "angle", "-5", "angle accepts a whole number from 0 to 355"),
    (REPARAMETERIZATION, "image", "5000", "image accepts a whole number from 0 to 4,999"),
    ("interpolation", "run", "ring-2d", "run accepts one of mnist-20d, mnist-2d"),
    ("interpolation", "stops", "3", "stops accepts 2 to 4 images, whole numbers from 0 to 9,999"),
    ("interpolation", "steps", "99", "steps accepts a whole number from 3 to 15"),
    ("losses", "variance", "0.0123", "variance accepts one of the 25 steps from 0.001 to 10"),
    ("losses", "prediction", "1", "prediction accepts a number from 0.01 to 0.99"),
    ("losses", "part", "everything", "part accepts one of pixel, density, levels, grey, knob, axes, floor"),
    ("kl", "q_sd1", "0", "q_sd1 accepts a number from 0.2 to 3"),
    ("kl", "p_correlation", "1", "p_correlation accepts a number from -0.95 to 0.95"),
    ("plane", "z1", "1e3", "z1 accepts a number from -100 to 100"),
    ("plane", "across", "0", "across accepts a whole number from 1 to 1,024"),
    ("pretraining", "own_labels", "9", "own_labels accepts a whole number from 10 to 4,000"),
    ("pretraining", "labels", "30", "labels accepts one of the 7 steps from 10 to 4000"),
    ("discriminative", "x1", "2.5", "x1 accepts a number from -2.2 to 2.2"),
    ("discriminative", "draws", "nan", "draws accepts a whole number from 100 to 2,000"),
    ("axes", "theta", "44", "theta accepts a multiple of 5 from 0 to 90"),
    ("axes", "shapes", "shapes-beta3", "shapes accepts one of shapes-beta1"),
    ("autoencoder", "sizes", "2,2", "sizes accepts 1 to 8 different whole numbers from 1 to 1,024"),
    ("autoencoder", "network", "linear", "network accepts one of mlp, conv"),
    ("overcomplete", "target", "1", "target accepts a number from 0.001 to 0.999"),
    ("overcomplete", "d", "1025", "d accepts a whole number from 2 to 1,024"),
    ("overcomplete", "l1_strength", "nan", "l1_strength accepts a number from 0.001 to 100"),
    ("pca", "terms", "29", "terms accepts a whole number from 0 to 28"),
    ("pca", "sizes", "2,785", "sizes accepts 1 to 6 whole numbers from 1 to 256"),
    ("holes", "z1", "41", "z1 accepts a number from -40 to 40"),
    ("taxonomy", "leaf", "gpt", "leaf accepts one of autoregressive, flow, vae"),
    ("taxonomy", "x1", "9", "x1 accepts a number from -2.5 to 2.5"),
    ("taxonomy", "couplings", "0", "couplings accepts a whole number from 1 to 16"),
    ("denoising", "own_sigma", "-0.1", "own_sigma accepts a number from 0.02 to 1"),
    ("denoising", "level", "nan", "level accepts a number from 0 to 1"),
]

# Settings that are sound one by one and not together: the sentence, and the link that is left.
UNFIT = [
    ({"dataset": "ring", "network": "conv"}, "network accepts mlp or linear", {"dataset": "ring"}),
    ({"dataset": "ring", "likelihood": "bernoulli"}, "likelihood accepts gaussian", {"dataset": "ring"}),
    ({"network": "linear", "hidden": "64"}, "hidden accepts no widths", {"network": "linear", "hidden": ""}),
]

BROKEN_ANYWHERE = [
    ({"no_such_parameter": "1"}, "This page's link has no 'no_such_parameter'; it accepts "),
    ({"present": "2"}, "present accepts a whole number from 0 to 1"),
    ({"<script>alert(1)</script>": "x"}, "This page's link has no '<script>"),
    ({"seed": "x" * 100_000}, "The link was ignored: it has 100,004 characters, at most 4,000 are read."),
]


def check_whole(at):
    """The page has all its parts, and what it shows is drawn."""
    assert not at.exception, at.exception[0].stack_trace
    assert at.get("plotly_chart") or at.get("bidi_component")
    assert len(at.title) == 1
    if "present" in link_of(at):
        assert len(at.expander) == 0, "the stage has title, words and picture alone"
        return
    assert figures(at)
    labels = [each.label for each in at.expander]
    for part in ("The mathematics", "The numbers of this view", "References"):
        (expander,) = [each for each in at.expander if each.label.startswith(part)]
        assert [*expander.markdown], labels


def check_link(page, query):
    """A link opens its view, says nothing against it, and stays."""
    at = open_page(page, query)
    check_whole(at)
    assert sentences(at) == []
    assert link_of(at) == query


def check_refused(page, name, value, words):
    """A wrong value is one sentence that starts with these words; the page goes on with the default."""
    at = open_page(page, {name: value})
    check_whole(at)
    (sentence,) = sentences(at)
    assert sentence.startswith(words)
    assert link_of(at) == {}


def test_the_navigation_has_every_lesson():
    assert set(PAGES) == {path.parent.name for path in (APP / "lessons").glob("*/__init__.py")}


@pytest.mark.parametrize("page", PAGES)
def test_the_first_view_is_whole_and_its_link_is_empty(page):
    at = open_page(page)
    check_whole(at)
    assert sentences(at) == []
    assert link_of(at) == {}


@pytest.mark.parametrize("page", PAGES)
def test_the_mathematics_is_rendered_from_docstrings(page):
    (mathematics,) = [each for each in open_page(page).expander if each.label.startswith("The mathematics")]
    text = "\n".join(each.value for each in mathematics.markdown)
    assert "vaedemo." in text
    assert text.count("$") >= 2


@pytest.mark.parametrize(("page", "query"), SOUND)
def test_a_link_opens_its_view_and_stays(page, query):
    check_link(page, query)


@pytest.mark.parametrize("page", PAGES)
def test_every_page_has_a_projector_view_and_what_mail_and_chat_programs_add_is_taken_away(page):
    tracked = {"utm_source": "newsletter", "utm_medium": "email", "fbclid": "IwAR0", "gclid": "Cj0", "mc_eid": "1"}
    at = open_page(page, {**tracked, "present": "1"})
    check_whole(at)
    assert sentences(at) == [] and link_of(at) == {"present": "1"}
    assert not set(at.session_state[SHOWN][page]) & TRACKING, "no page calls a parameter of its own so"


# Each page has one of these links, and each link several pages: the frame reads them.
@pytest.mark.parametrize(
    ("page", "query", "words"),
    [(page, *BROKEN_ANYWHERE[place % len(BROKEN_ANYWHERE)]) for place, page in enumerate(PAGES)],
)
def test_what_no_link_has_is_refused_in_one_sentence(page, query, words):
    at = open_page(page, query)
    check_whole(at)
    (sentence,) = sentences(at)
    assert sentence.startswith(words)
    assert len(sentence) < 1000
    assert link_of(at) == {}


@pytest.mark.parametrize(("page", "name", "value", "words"), BROKEN)
def test_a_wrong_value_is_refused_in_one_sentence(page, name, value, words):
    at = open_page(page, {name: value})
    check_whole(at)
    (sentence,) = sentences(at)
    assert sentence.startswith(words)
    # No widths are sound for a linear network; a run that is not there is found out when Explore compares it.
    assert link_of(at) == {"": {"hidden": ""}, "0123456789abcdef": {"step": "explore"}}.get(value, {})


@pytest.mark.parametrize(("query", "words", "left"), UNFIT)
def test_settings_that_do_not_fit_together_are_put_back(query, words, left):
    at = open_page(LAB, query)
    check_whole(at)
    (sentence,) = sentences(at)
    assert sentence.startswith(words)
    assert link_of(at) == left
    assert sentences(at.run()) == []


def test_no_text_links_to_the_root_of_the_server():
    """Under `--server.baseUrlPath` such a link leads out of the app."""
    assert [path.name for path in APP.rglob("*.py") if "](/" in path.read_text(encoding="utf-8")] == []


def test_sound_parts_of_a_broken_link_are_kept():
    at = open_page(LAB, {"beta": "4", "latent_dim": "nan", "epochs": "7"})
    assert len(sentences(at)) == 1
    assert link_of(at) == {"beta": "4", "epochs": "7"}


def test_many_wrong_parts_are_few_sentences():
    at = open_page(LAB, {name: "?" for name in ("dataset", "model", "beta", "epochs", "seed", "levels", "foo")})
    check_whole(at)
    assert len(sentences(at)) == 4
    assert sentences(at)[-1].startswith("4 more parts of the link")


def test_a_refusal_is_said_once():
    at = open_page(LAB, {"step": "explore", "beta": "-1"})
    assert len(sentences(at)) == 1
    at.number_input(key="lab.latent_dim").set_value(3).run()
    assert sentences(at) == []
    assert link_of(at) == {"latent_dim": "3"}


def test_a_parameter_with_its_default_value_is_left_out_of_the_link():
    assert link_of(open_page(LAB, {"beta": "1.0", "epochs": "20", "hidden": "400", "latent_dim": "5"})) == {
        "latent_dim": "5"
    }


def test_widgets_write_the_link():
    at = open_page(GALLERY, {"step": "explore"})
    at.slider(key="gallery.side").set_value(4).run()
    at.segmented_control(key="gallery.show").set_value("sample").run()
    assert link_of(at) == {"side": "4", "show": "sample"}


def test_a_click_counts_although_the_browser_tells_the_link_of_before():
    """Two fast clicks: the second request was sent before the first one's link arrived."""
    at = open_page(GALLERY, {"step": "explore"})
    at.slider(key="gallery.side").set_value(4).run()
    assert link_of(at) == {"side": "4"}
    at.query_params.clear()
    at.query_params["step"] = "explore"  # as it was opened
    at.slider(key="gallery.temperature").set_value(2.0).run()
    assert link_of(at) == {"side": "4", "temperature": "2"}


def test_the_back_button_brings_the_view_of_before():
    at = open_page(GALLERY, {"step": "explore"})
    at.slider(key="gallery.side").set_value(4).run()
    at.query_params.clear()
    at.run()
    assert at.session_state["gallery.side"] == 8, "the bare address is the first step"
    assert link_of(at) == {}


def test_a_page_is_found_as_it_was_left():
    at = open_page(LAB, {"beta": "4"})
    at.number_input(key="lab.latent_dim").set_value(3).run()
    at.query_params.clear()  # the links of the menu carry no parameters
    at.switch_page(script_of(HOME)).run()
    assert link_of(at) == {}
    at.switch_page(script_of(LAB)).run()
    assert link_of(at) == {"latent_dim": "3", "beta": "4"}
    assert at.number_input(key="lab.beta").value == 4.0


def test_a_link_to_a_page_seen_before_opens_its_own_view():
    at = open_page(LAB, {"beta": "4"})
    at.query_params.clear()
    at.switch_page(script_of(HOME)).run()
    at.query_params["latent_dim"] = "3"
    at.switch_page(script_of(LAB)).run()
    assert link_of(at) == {"latent_dim": "3"}


def test_the_projector_view_is_taken_along():
    at = open_page(LAB, {"beta": "4", "present": "1"})
    at.switch_page(script_of(HOME))
    at.query_params.clear()
    at.query_params["present"] = "1"  # as the links on the page do
    assert link_of(at.run()) == {"present": "1"}
    assert link_of(at.switch_page(script_of(LAB)).run()) == {"beta": "4", "present": "1"}


def test_data_set_and_network_bring_the_settings_that_suit_them():
    at = open_page(LAB, {"network": "conv", "hidden": "8,16"})
    at.selectbox(key="lab.dataset").set_value("ring").run()
    assert not at.exception
    assert sentences(at) == []
    ring = {"dataset": "ring", "hidden": "64,64", "noise_variance": "0.01"}
    assert link_of(at) == ring | {"learning_rate": "0.01"}
    at.segmented_control(key="lab.recipe").set_value("textbook").run()
    textbook = {"recipe": "textbook", "batch_size": "128", "learning_rate": "0.001"}
    assert link_of(at) == ring | textbook | {"epochs": "60"}
    at.selectbox(key="lab.dataset").set_value("fashion").run()
    at.segmented_control(key="lab.network").set_value("linear").run()
    assert link_of(at) == {"dataset": "fashion", "network": "linear", "hidden": ""} | textbook | {"epochs": "5"}
    at.segmented_control(key="lab.recipe").set_value("fast").run()
    assert link_of(at) == {
        "dataset": "fashion", "network": "linear", "hidden": "", "epochs": "3", "batch_size": "128"
    }  # fmt: skip


def test_another_latent_size_brings_its_preset_unless_the_sizes_were_set_by_hand():
    at = open_page(LAB, {"step": "explore"})
    at.number_input(key="lab.latent_dim").set_value(20).run()
    assert link_of(at) == {"latent_dim": "20", "epochs": "15", "learning_rate": "0.006"}
    at.number_input(key="lab.epochs").set_value(7).run()
    at.number_input(key="lab.latent_dim").set_value(2).run()
    assert link_of(at) == {"epochs": "7", "learning_rate": "0.006"}


def test_a_run_that_is_too_large_for_the_server_is_refused():
    at = open_page(LAB, {"hidden": "4096,4096,4096"})
    check_whole(at)
    (sentence,) = sentences(at)
    assert sentence.startswith("hidden accepts widths that give at most 20,000,000 parameters")
    assert "Train" not in [button.label for button in at.button]


def test_without_shipped_runs_pages_say_so(monkeypatch, tmp_path):
    monkeypatch.setenv("VAEDEMO_CHECKPOINTS", str(tmp_path / "none"))
    for page in PAGES:
        at = open_page(page)
        assert not at.exception, page
        for sentence in sentences(at):
            if sentence.startswith("The shipped curves, "):
                assert sentence.endswith(" cannot be read: restore them from the repository.")
                continue
            run, rest = sentence.removeprefix("No run is called '").split("'", 1)
            assert run in shipped_runs.NAMED, page
            assert rest == "; shipped runs: none is shipped; others go by their 16-digit digest."
        assert len(sentences(at)) <= 1, page
    assert len(sentences(open_page(HOME))) == 1
