"""The page on the taxonomy: its leaves, its numbers against what is known, and three models that can be trained."""

import pytest

from tests.app.in_process import check_numbers
from tests.app.pages import code_of, figures, link_of, open_page, sentences
from vaedemo.app.lessons import index
from vaedemo.app.lessons.taxonomy import form
from vaedemo.app.lessons.taxonomy.leaves import FAMILIES
from vaedemo.config import RunConfig
from vaedemo.training import shipped_runs

PAGE = "taxonomy"


def numbers(query: dict[str, str]) -> dict[str, float]:
    return {label: float(value.split()[0]) for label, value in figures(open_page(PAGE, query)).items()}


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.key)
def test_every_leaf_has_its_card(family):
    at = open_page(PAGE, {"leaf": family.key, "step": "explore"})
    assert not at.exception
    words = "\n".join(each.value for each in at.markdown)
    for part in (family.name, family.maximises, family.because, family.sampling, family.paper):
        assert part in words
    assert set(family.pages) <= set(index.BY_NAME)
    assert ("How the" in "".join(each.value for each in at.subheader)) == bool(family.model)


@pytest.mark.parametrize("source", ["ring", "moons"])
def test_no_model_beats_the_truth_and_bounds_are_in_their_order(source):
    shown = numbers({} if source == "ring" else {"source": source})
    exact = {name: shown[name] for name in ("Autoregressive, exact", "Flow, exact")}
    assert all(shown["Truth"] < value < shown["Truth"] + 0.2 for value in exact.values())
    assert shown["Truth"] < shown["VAE, IWAE-100"] < shown["VAE, −ELBO"]


@pytest.mark.parametrize(
    "query", [{"source": "moons", "leaf": "flow", "layers": "3"}, {"leaf": "gan"}, {"part": "making"}]
)
def test_the_code_of_a_view_prints_its_numbers(query):
    check_numbers(PAGE, query)


def test_own_settings_ask_before_they_train():
    at = open_page(PAGE, {"source": "own", "dataset": "gaussians", "epochs": "7", "couplings": "3"})
    assert sentences(at) == []
    assert not at.metric and "vd.sweep(configs)" in code_of(at)
    assert "Train 3 models" in [each.label for each in at.button]
    assert link_of(at) == {"source": "own", "dataset": "gaussians", "couplings": "3", "epochs": "7"}


def test_own_settings_are_three_configs():
    at = open_page(PAGE, {"source": "own"})
    values = {name: at.session_state[f"taxonomy.{name}"] for name in ("dataset", "width", "couplings", "components")}
    values |= {name: at.session_state[f"taxonomy.{name}"] for name in ("epochs", "seed")}
    configs = form.configs_of(values)
    assert [config.model for config in configs] == ["vae", "flow", "autoregressive"]
    assert len({config.digest for config in configs}) == 3


@pytest.mark.parametrize("source", form.SHIPPED)
def test_what_ships_is_of_the_kinds_and_the_points_that_its_names_say(source):
    configs: list[RunConfig] = [shipped_runs.NAMED[name] for name in form.SHIPPED[source]]
    assert [config.model for config in configs] == list(form.KINDS)
    assert {config.dataset for config in configs} == {source}


def test_a_slider_that_a_smaller_flow_has_no_room_for_is_put_back():
    at = open_page(PAGE, {"leaf": "flow", "layers": "16"})
    assert at.slider(key="taxonomy.layers").value == 8
    assert link_of(at) == {"leaf": "flow"}
