"""What exported pages say and compute: kl.js beside Python, the film's words beside the run."""

import base64
import json
import math
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from vaedemo.app import catalogue
from vaedemo.app.components import sketch
from vaedemo.app.export import film_page, html, kl_page
from vaedemo.app.lessons.kl import integrand, sketches, steps

VIEWS = [(1.5, 0.5), (-3.0, 0.2), (0.0, 1.0), (0.5, 3.0), (2.5, 0.85), (-0.1, 1.05)]
SCRIPT = """
const [views, shown] = JSON.parse(require("fs").readFileSync(0, "utf-8"));
console.log(JSON.stringify(views.map(([e, sigma]) => follow({ e, sigma }, shown))));
"""


@pytest.fixture(scope="module")
def followed() -> list[dict]:
    """What kl.js makes of each view."""
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))
    node = shutil.which("node", path=path)
    if node is None and not os.environ.get("CI"):
        pytest.skip("There is no node here: kl.js was not run.")
    sent = [shown.data for shown in kl_page.shown("answer", kl_page.TABLE.view_of("answer"), False)]
    text = (html.FOLDER / "kl.js").read_text(encoding="utf-8") + SCRIPT
    given = json.dumps([VIEWS, sent])
    done = subprocess.run([node, "-e", text], input=given, capture_output=True, text=True, encoding="utf-8", timeout=60)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def as_python_draws(e: float, sigma: float) -> list[dict]:
    areas = integrand.areas(e, sigma)
    drawn = sketches.normals(integrand.GRID, e, sigma, []), sketches.area_picture(integrand.GRID, e, sigma, "qp", areas)
    return [sketch.pack(each, "a label", 200) for each in drawn]


@pytest.mark.parametrize("place", range(len(VIEWS)))
def test_the_sliders_draw_what_python_draws(followed, place):
    for message, expected in zip(followed[place]["messages"], as_python_draws(*VIEWS[place]), strict=True):
        found = json.loads(message[0])
        assert found["y"]["range"] == pytest.approx(expected["y"]["range"], abs=1e-4)
        assert found["y"]["ticks"] == expected["y"]["ticks"]
        assert len(found["layers"]) == len(expected["layers"])
        for ours, theirs in zip(found["layers"], expected["layers"], strict=True):
            same_layer(ours, theirs)


def same_layer(found: dict, expected: dict) -> None:
    """Numbers to 1e-4, as a sketch sends five decimals; all else equal."""
    assert found.keys() == expected.keys()
    for name, value in expected.items():
        if isinstance(value, sketch.Numbers):
            assert numbers_of(found[name]) == pytest.approx(list(value), abs=1e-4), name
        elif isinstance(value, float):
            assert found[name] == pytest.approx(value, abs=1e-4), name
        else:
            assert found[name] == value, name


def numbers_of(sent) -> list[float]:
    if isinstance(sent, list):
        return sent
    return np.frombuffer(base64.b64decode(sent["f4"]), "<f4").tolist()


@pytest.mark.parametrize("place", range(len(VIEWS)))
def test_the_sliders_write_the_numbers_of_the_step_s_sentence(followed, place):
    e, sigma = VIEWS[place]
    view = kl_page.TABLE.view_of("answer") | {"e": e, "sigma": sigma}
    numbers = followed[place]["texts"]
    assert numbers == kl_page.numbers(view)
    said = steps.price(view).replace("-", "−")
    for name, text in numbers.items():
        assert text in said, (name, text, said)


def test_claim_the_film_s_loss_falls_and_codes_of_one_class_lie_together():
    run = catalogue.run(film_page.RUN)
    losses = run.table["test_negative_elbo"]
    said = film_page.trained(run)
    assert losses[-1] < losses[0] and f"{losses[0]:.1f}" in said and f"**{losses[-1]:.1f}**" in said
    last = run.film[-1]
    inside = [last.means[last.labels == label] for label in np.unique(last.labels)]
    around = np.mean([np.linalg.norm(each - np.median(each, axis=0), axis=1).mean() for each in inside])
    assert around < 0.6 * np.linalg.norm(last.means - np.median(last.means, axis=0), axis=1).mean()


def test_claim_before_training_codes_lie_near_0_and_images_are_grey():
    run = catalogue.run(film_page.RUN)
    first, last = (np.asarray(run.film[frame].images, float).reshape(100, -1) / 255 for frame in (0, -1))
    assert run.film[0].step == 0
    assert np.abs(first.mean(axis=1) - 0.5).max() < 0.01
    assert np.abs(first - 0.5).mean() < 0.06 < 0.4 < np.abs(last - 0.5).mean()
    near, far = map(float, re.findall(r"\d\.\d\d", film_page.untrained(run)))
    assert math.isclose(near, film_page.spread(run, 0), abs_tol=0.005) and near < 0.2 * far
