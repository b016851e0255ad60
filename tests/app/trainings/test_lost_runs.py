"""Kept runs that are damaged or removed under a running app: a sentence at most, and every page goes on."""

import os
import shutil
import warnings

import pytest

from tests.app.pages import link_of, open_page, script_of, sentences
from vaedemo.config import RunConfig
from vaedemo.training import engine, files, store

CONFIG = RunConfig(dataset="ring", hidden=(6,), epochs=2, batch_size=50, train_size=200)
GALLERY, LAB, PLANE, AXES = "gallery", "lab", "plane", "axes"
EXPLORE = {"step": "explore"}
CHOOSES = {GALLERY: EXPLORE, PLANE: EXPLORE, AXES: {"part": "along"}}  # the pages with a menu of all runs
DEFAULTS = {GALLERY: "mnist-2d", PLANE: "mnist-2d", AXES: "mnist-20d"}
pytestmark = pytest.mark.filterwarnings("ignore::vaedemo.training.store.StoreWarning")


@pytest.fixture
def kept(own_settings):
    """The digest of a run that is in the cache, and its folder."""
    digest = engine.train(CONFIG).digest
    return digest, own_settings / "runs" / digest


def cut(folder):
    os.truncate(folder / files.CONFIG, 20)


DAMAGES = {"cut": cut, "removed": shutil.rmtree}


def model_of(at):
    """What the menu of models shows."""
    (menu,) = [each for each in at.selectbox if each.label == "Model"]
    return menu.value


@pytest.mark.parametrize("page", [*CHOOSES, LAB])
def test_a_cut_run_that_is_only_listed_disturbs_nobody(kept, page):
    digest, folder = kept
    before = open_page(page, CHOOSES.get(page, EXPLORE))
    assert sentences(before) == [] and not before.exception
    cut(folder)
    for at in (before.run(), open_page(page, CHOOSES.get(page, EXPLORE))):
        assert sentences(at) == [] and not at.exception
    assert not folder.exists() and store.folder_of(digest) is None


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("page", CHOOSES)
def test_a_link_to_a_lost_run_is_a_sentence_and_the_default_run(kept, page, damage):
    digest, folder = kept
    query = CHOOSES[page] | {"run": digest}
    assert not open_page(page, query).exception  # it is in the memory of the process now
    DAMAGES[damage](folder)
    at = open_page(page, query)
    assert not at.exception
    assert [each for each in sentences(at) if digest in each]
    assert model_of(at) == DEFAULTS[page] and "run" not in link_of(at)


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("page", [GALLERY, PLANE])
def test_a_run_lost_while_it_is_on_the_screen_is_a_sentence_and_the_default_run(kept, page, damage):
    digest, folder = kept
    at = open_page(page, {"run": digest})
    assert model_of(at) == digest
    DAMAGES[damage](folder)
    at = at.run()
    assert not at.exception
    assert len([each for each in sentences(at) if digest in each]) == 1
    assert model_of(at) == DEFAULTS[page]
    assert sentences(at.run()) == []


@pytest.mark.parametrize("damage", DAMAGES)
def test_the_lab_compares_what_is_left_and_does_not_restore_what_is_not(kept, damage):
    digest, folder = kept
    at = open_page(LAB, {"compare": f"{digest},mnist-2d"})
    (chosen,) = at.multiselect
    assert chosen.value == [digest, "mnist-2d"]
    DAMAGES[damage](folder)
    for each in (at.run(), open_page(LAB, {"compare": f"{digest},mnist-2d"})):
        assert not each.exception
        assert len([sentence for sentence in sentences(each) if digest in sentence]) == 1
        (chosen,) = each.multiselect
        assert chosen.value == ["mnist-2d"]
        assert link_of(each) == {"compare": "mnist-2d"}
        plain = each.switch_page(script_of(GALLERY)).run().switch_page(script_of(LAB)).run()
        assert sentences(plain) == [] and not plain.exception


def test_a_damaged_shipped_run_is_not_chosen_twice(tmp_path, monkeypatch):
    """Also one whose name nobody knows: its title comes from its settings."""
    checkpoints = tmp_path / "checkpoints"
    for name in ("mnist-2d", "mnist-20d"):
        shutil.copytree(store.shipped()[name], checkpoints / name)
    shutil.copytree(checkpoints / "mnist-20d", checkpoints / "own-run")
    for name in ("mnist-20d", "own-run"):
        os.truncate(checkpoints / name / files.CONFIG, 20)
    monkeypatch.setenv("VAEDEMO_CHECKPOINTS", str(checkpoints))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in ("mnist-20d", "own-run"):
            at = open_page(GALLERY, {"run": name})
            assert [each for each in sentences(at) if f"The shipped run {name} is damaged" in each]
            assert model_of(at) == "mnist-2d"
