"""Own data in the app: menus, links, the dialog's choices, clearing."""

import io

import numpy as np
import pytest

import vaedemo as vd
from tests.app.pages import link_of, open_page, sentences
from vaedemo import datasets
from vaedemo.app import catalogue
from vaedemo.app.shell import own_sets
from vaedemo.app.shell.config_code import file_of
from vaedemo.app.trainings import runs
from vaedemo.app.trainings.own_data import clearing, looking
from vaedemo.datasets import own
from vaedemo.training import engine, store
from vaedemo.uploads.decoder import Decoded

UPLOAD = "upload:" + "0" * 64
SMALL = vd.RunConfig(hidden=(4,), epochs=1)
LEARNT = "Model"


def images(count: int = 60, classes: int = 2) -> Decoded:
    """Faint noise with a bright row for each class, in classes of the same size."""
    pictures = np.random.default_rng(0).integers(0, 30, (count, 28, 28), np.uint8)
    labels = np.arange(count) % classes
    pictures[np.arange(count), 2 * labels + 1] = 250
    framings = {"whole": pictures, "square": pictures}
    return Decoded("images", labels, tuple("abcdefghijklm"[:classes]), framings)


@pytest.fixture
def kept():
    """A run on own images that the server keeps, newer than one on the ring."""
    ring = engine.train(SMALL.replace(dataset="ring", train_size=100))
    names = []
    found = images()
    looking.keep(found.framings["whole"], found, names.append)
    run = engine.train(SMALL.replace(dataset=names[0]))
    yield ring, run, names[0]
    own.forget(names[0])
    catalogue.forget()


def options(at, label: str) -> list[str]:
    return next(box for box in at.selectbox if box.label == label).options


def test_menus_list_them_for_their_own_session_alone(kept):
    ring, run, name = kept
    assert [entry["digest"] for entry in store.recent()] == [run.digest, ring.digest]
    assert catalogue.menu_names()[-1] == ring.digest and run.digest not in catalogue.menu_names()
    assert run.digest not in catalogue.menu_names([UPLOAD])
    assert run.digest in catalogue.menu_names([name])


@pytest.mark.parametrize("page", ["plane", "gallery", "interpolation"])
def test_a_link_shows_one_and_puts_it_into_this_session_s_menus(kept, page):
    _, run, name = kept
    at = open_page(page, {"step": "explore", "run": run.digest})
    assert not at.exception and sentences(at) == []
    assert link_of(at)["run"] == run.digest
    assert at.session_state[own_sets.NAMES] == [name]
    assert catalogue.title(run.digest) in options(at, LEARNT)
    assert catalogue.title(run.digest) not in options(open_page(page, {"step": "explore"}), LEARNT)


@pytest.mark.parametrize("page", ["plane", "gallery"])
def test_a_link_to_one_whose_data_are_gone_is_a_sentence_and_the_default_run(kept, page):
    _, run, name = kept
    own.forget(name)
    at = open_page(page, {"step": "explore", "run": run.digest})
    assert not at.exception
    (sentence,) = sentences(at)
    assert "own images" in sentence and "no page can show it: upload the same data again" in sentence


@pytest.mark.parametrize("page", ["lab", "beta", "autoencoder", "denoising", "pca"])
def test_a_link_with_data_that_are_not_here_is_refused_in_one_sentence(page):
    at = open_page(page, {"step": "explore", "dataset": UPLOAD})
    assert not at.exception
    (sentence,) = sentences(at)
    assert sentence.startswith("dataset accepts one of digits, ") and "upload:" in sentence
    assert "dataset" not in link_of(at)


@pytest.mark.parametrize(("page", "more"), [("lab", {}), ("beta", {"sweep": "own"})])
def test_a_link_with_data_that_are_here_offers_them(kept, page, more):
    _, _, name = kept
    at = open_page(page, {"step": "explore", "dataset": name} | more)
    assert not at.exception and sentences(at) == []
    assert link_of(at)["dataset"] == name
    assert any(each.startswith("Own images: 60,") for each in options(at, "Data"))
    assert not any(each.startswith("Own") for each in options(open_page(page, {"step": "explore"} | more), "Data"))


def test_what_is_downloaded_gives_the_same_name_again(kept):
    _, _, name = kept
    with np.load(io.BytesIO(looking.packed(name)), allow_pickle=False) as file:
        again = datasets.register(datasets.from_arrays(file["x"], file["y"]))
    assert again == name and file_of(name) == f"own-images-{name[7:15]}.npz"


def test_clear_leaves_nothing_of_them(kept):
    ring, run, name = kept
    assert isinstance(runs.state_of(run.config), runs.Finished)
    clearing.clear(name)
    assert store.find(run.digest) is None and store.find(ring.digest) is not None
    assert runs.state_of(run.config) == runs.Absent()
    assert own_sets.is_gone(name) and catalogue.menu_names([name])[-1] == ring.digest
    with pytest.raises(store.RunNotFound):
        catalogue.run(run.digest)


@pytest.mark.parametrize(("count", "classes", "names"), [(40, 2, ("a", "b")), (7, 3, ("all",)), (12, 4, tuple("abcd"))])
def test_classes_too_small_to_be_tested_are_put_into_one(count, classes, names):
    found, sentence = looking.with_classes(images(count, classes))
    assert found.class_names == names and set(found.labels) == set(range(len(names)))
    assert ("fewer than 3" in sentence) == (names == ("all",))


def test_the_summary_counts_classes_and_parts():
    assert looking.summary(images()) == (
        "**60 images** in 2 classes: a (30), b (30). A fixed random fifth of each class is held out: 48 to train on, "
        "12 to test on."
    )
    assert looking.summary(images(1, 1)) == "**1 image**."


@pytest.mark.parametrize("classes", [1, 2, 13])
@pytest.mark.parametrize("page", ["lab", "plane", "gallery", "interpolation"])
def test_pages_show_sets_of_few_and_of_many_classes(page, classes):
    found, names = images(max(52, 6 * classes), classes), []
    looking.keep(found.framings["whole"], found, names.append)
    run = engine.train(SMALL.replace(dataset=names[0]))
    at = open_page(
        page, {"step": "explore"} | ({"dataset": names[0], "hidden": "4"} if page == "lab" else {"run": run.digest})
    )
    assert not at.exception and not [each for each in sentences(at) if "stops" not in each]
    own.forget(names[0])
