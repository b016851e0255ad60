"""A run that ended worse than it began is kept and found again, and every page that shows it says so with its rate."""

import pytest

from tests.app.pages import open_page
from vaedemo.config import RunConfig
from vaedemo.training import engine

HOT = RunConfig(dataset="ring", hidden=(16,), epochs=1, learning_rate=10)
SENTENCE = "with learning rate 10 the loss of the same training examples went from"


@pytest.mark.usefixtures("shared_cache")
@pytest.mark.parametrize("page", ["gallery", "plane", "lab", "lab compared"])
def test_pages_say_that_a_run_diverged(page):
    run = engine.train(HOT)
    assert run.status == "diverged"
    settings = HOT.to_query() | {"recipe": "textbook", "epochs": "1", "batch_size": "128", "learning_rate": "10"}
    query = {"lab": settings, "lab compared": {"compare": run.digest}}.get(page, {"run": run.digest})
    at = open_page(page.split()[0], query)
    assert not at.exception
    assert any(SENTENCE in warning.value for warning in at.warning)
    assert not any("Trained" in success.value for success in at.success)
