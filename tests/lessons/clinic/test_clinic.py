"""The clinic's page: its numbers against the code that it shows, diagnoses in Explore, and its goals."""

import pytest

from tests.app.in_process import check_numbers
from tests.app.pages import open_page, sentences
from tests.lessons.test_steps import everything
from vaedemo.app.lessons.clinic import curves, facts, form, steps
from vaedemo.app.shell.step_view import NOT_SURE
from vaedemo.app.shell.steps import EXPLORE
from vaedemo.clinic.diseases import BY_NAME, BY_PATIENT, DISEASES
from vaedemo.clinic.records import PARTS

VIEW = {parameter.name: parameter.default for parameter in form.PARAMETERS}


@pytest.mark.parametrize(
    "query", [{}, {"patient": "3"}, {"patient": "8", "part": "pair"}, {"step": "rule"}, {"part": "rule"}]
)
def test_the_numbers_are_the_code_s(query):
    check_numbers("clinic", query)


@pytest.mark.parametrize("patient", BY_PATIENT)
def test_every_patient_can_be_diagnosed(patient):
    """A wrong diagnosis says what it would look like and shows no line; the right one shows the line and the issue."""
    disease = BY_PATIENT[patient]
    other = BY_PATIENT[patient % len(BY_PATIENT) + 1]
    wrong = open_page("clinic", {"patient": str(patient), "said": other.name}, numbers=False)
    assert not wrong.exception and sentences(wrong) == []
    assert f"Not this.** With this mistake {other.symptom}" in everything(wrong)
    right = open_page("clinic", {"patient": str(patient), "said": disease.name}, numbers=False)
    shown = [each.value for each in (*right.markdown, *right.caption)]
    assert any(disease.sick in each for each in shown) and any(disease.healthy in each for each in shown)
    assert disease.met in shown
    asked = [each.value for each in (*wrong.markdown, *wrong.caption)]
    assert not any(f"`{disease.sick}`" in each for each in asked) and disease.met not in asked


def test_another_patient_begins_without_a_diagnosis():
    at = open_page("clinic", {"patient": "4", "said": "sign"}, numbers=False)
    at.get("button_group")[1].set_value(5).run()
    assert at.session_state["clinic.patient"] == 5 and at.session_state["clinic.said"] == form.NOTHING


def test_each_disease_is_offered_once_and_in_another_order_than_the_patients():
    assert sorted(form.SHUFFLED) == sorted(BY_NAME)
    assert all(name != disease.name for name, disease in zip(form.SHUFFLED, DISEASES, strict=True))


def test_a_page_whose_patient_is_not_diagnosed_tells_no_issue():
    """Not in its closed parts either."""
    sent = everything(open_page("clinic", {"patient": "5"}))
    assert not any(disease.met in sent for disease in DISEASES)


def test_the_board_names_no_disease():
    sent = everything(open_page("clinic", {"part": "rule"}, numbers=False))
    assert not any(disease.title in sent or disease.sick in sent for disease in DISEASES)


def test_the_third_set_is_drawn_after_the_answer_alone():
    shown = {"Patient 9": facts.sick(9), "Healthy": facts.healthy(9)}
    for parts in (PARTS[:2], PARTS):
        drawn = curves.losses(shown, parts, 400)
        assert len(drawn.data) == 2 * len(parts)
        assert any("third" in each.text for each in drawn.layout.annotations) is ("third" in parts)
    at = open_page("clinic", {"step": "leak"}, numbers=False)
    assert "third" not in at.get("plotly_chart")[0].proto.spec
    at.button(key=f"clinic.option{NOT_SURE}").click().run()
    assert "third" in at.get("plotly_chart")[0].proto.spec


def test_the_goals_can_be_met_and_are_not_met_at_first():
    assert not any(goal.met(VIEW) for goal in steps.GOALS)
    for goal, patient in zip(steps.GOALS, (6, 4), strict=True):
        assert goal.met(VIEW | {"patient": patient, "said": BY_PATIENT[patient].name})
        assert not goal.met(VIEW | {"patient": patient, "said": BY_PATIENT[3].name})
        assert not goal.met(VIEW | {"patient": 3, "said": BY_PATIENT[3].name})


def test_each_goal_of_the_last_step_is_met_by_one_patient_who_is_not_shown_first():
    last = steps.STEPS[-1]
    met = [[patient for patient in BY_PATIENT if goal.met(last.view | {"patient": patient})] for goal in last.goals]
    assert met == [[8], [3]] and last.view["patient"] not in (8, 3)


def test_explore_opens_with_a_patient_of_its_goals():
    at = open_page("clinic", {"step": EXPLORE}, numbers=False)
    assert at.session_state["clinic.patient"] == 6 and "Diagnose patient 6." in everything(at)


def test_a_missing_record_is_one_sentence_on_the_page(monkeypatch, tmp_path):
    monkeypatch.setenv("VAEDEMO_CLINIC", str(tmp_path))
    at = open_page("clinic", numbers=False)
    assert not at.exception
    assert sentences(at) == ["The clinic's patient-7/program.txt cannot be read: No such file or directory."]
