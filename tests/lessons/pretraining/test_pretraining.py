"""The page on pre-training: figures, the verdict's words against the figures, and nets of one's own."""

import pytest

from tests.app.in_process import check_numbers
from tests.app.pages import figures, link_of, open_page, sentences
from vaedemo.app.lessons.pretraining import own, view
from vaedemo.training import engine, label_curve

PAGE = "pretraining"


def table(labels: int, **means: float) -> list[label_curve.Row]:
    """Two seeds with these means, half a point below and above."""
    return [label_curve.Row(m, labels, seed, mean + (seed - 1.5) / 100) for m, mean in means.items() for seed in (1, 2)]


@pytest.mark.parametrize(
    "query", [{}, {"part": "gains", "code": "32"}, {"part": "gains", "use": "finetuned"}, {"labels": "10"}]
)
def test_numbers_are_the_code_s(query):
    check_numbers(PAGE, query)


def test_the_verdict_names_the_best_and_says_what_starting_from_the_encoder_is_worth():
    words = view.verdict(table(20, finetuned=0.9, scratch=0.8, frozen=0.7, pca=0.6, pixels=0.5), 20)
    assert "With 20 labels the best is **the encoder, fine-tuned**, 90.0%" in words
    assert "10.0 points better than the same net from scratch, ahead with 2 of 2 seeds" in words
    assert "The better use of the encoder beats a linear classifier on PCA features by 30.0 points" in words


def test_a_baseline_that_wins_is_said_to_win():
    words = view.verdict(table(4000, finetuned=0.8, scratch=0.804, frozen=0.7, pca=0.6, pixels=0.93), 4000)
    assert "With 4,000 labels the best is **a linear classifier on raw pixels**, 93.0%" in words
    assert "0.4 points worse than the same net from scratch, ahead with 0 of 2 seeds" in words
    assert "A linear classifier on raw pixels beats the better use of the encoder by 13.0 points" in words


def test_the_figures_are_those_of_the_labels_asked_for():
    for labels in (10, 4000):
        at = label_curve.summary(label_curve.read(), labels)
        shown = figures(open_page(PAGE, {"labels": str(labels)}))
        assert shown == {title: f"{at[method].mean:.1%}" for method, title in label_curve.METHODS.items()}


def test_fewer_labels_than_classes_are_refused_in_one_sentence():
    at = open_page(PAGE, {"source": "own", "own_labels": "5"})
    (sentence,) = sentences(at)
    assert "own_labels accepts a whole number from 10 to 4,000" in sentence


@pytest.mark.usefixtures("shared_cache")
def test_nets_of_one_s_own(monkeypatch):
    query = {"source": "own", "own_labels": "10", "seeds": "1"}
    at = open_page(PAGE, query)
    assert [each.label for each in at.button if each.label.startswith("Train")] == ["Train the classifiers"]
    assert not figures(at) and link_of(at) == query
    monkeypatch.setattr(label_curve, "STEPS", 20)
    engine.sweep(own.configs_of({"own_labels": 10, "seeds": 1, "encoder": "shipped"}))
    check_numbers(PAGE, query)


def test_an_encoder_of_one_s_own_is_trained_first():
    at = open_page(PAGE, {"source": "own", "encoder": "own"})
    assert [each.label for each in at.button if each.label.startswith("Train")] == ["Train the autoencoder first"]
