"""Own data in Firefox and in WebKitGTK: files are chosen, points pasted, a picture becomes the digit x."""

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.browser.engines import ALL, DRAWN, FAILED, complaints, wait_for

LAB = "/lab?step=explore&hidden=32&epochs=2&recipe=textbook"
TRAINED = "These settings were trained already"
SECONDS_TO_TRAIN = 120
# No script runs, no widget waits for its code, and the element has been in one place for a while: it is where it will
# be pressed.
AT_REST = """const app = all("[data-testid=stApp]")[0];
const isIdle = app?.dataset.testScriptState === "notRunning" && !all("[data-testid=stSkeleton]").length;
const element = all(arguments[0]).find((each) => each.checkVisibility() && !each.disabled);
const place = isIdle && element ? JSON.stringify([arguments[0], element.getBoundingClientRect()]) : "";
if (place !== window.lastPlace) [window.lastPlace, window.atRestSince] = [place, performance.now()];
return place && performance.now() - window.atRestSince > 400;
"""
HAS_TEXT = "return all(arguments[0])[0]?.innerText.includes(arguments[1])"
# Whether a canvas of the dialog, in a shadow root of it, shows black and white.
PREVIEW = """const inDialog = (each) => each.getRootNode().host?.closest("[role=dialog]");
const canvas = all("canvas").find((each) => each.width && inDialog(each));
if (!canvas) return false;
const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
const reds = new Set(data.filter((_, index) => index % 4 === 0));
return reds.has(0) && reds.has(255);
"""
TAKEN = "return !all('[role=dialog]').length && location.search.includes('dataset=upload')"
GONE = "return !all('[role=dialog]').length && !location.search.includes('upload')"
# The field to draw in, the digit x beside it, and x's copy, which the plane's model decodes.
PICTURES = """const found = all(".draw .paper, .draw .digit, .explorer .image");
return found.length === 3 && found.map((each) => each.toDataURL());
"""
ALL_CHANGED = f"""const before = arguments[0], now = (function () {{ {ALL}{PICTURES} }})();
return now && now.every((each, index) => each !== before[index]);
"""
# Levels of red in the middle, at the left, and at the top of the digit x.
LEVELS = """const context = all(".draw .digit")[0].getContext("2d");
return [[14, 14], [3, 14], [14, 1]].map(([x, y]) => context.getImageData(x, y, 1, 1).data[0]);
"""


@pytest.fixture
def archive(tmp_path) -> Path:
    """A zip of 60 PNG files in two folders: bars across, and bars from top to bottom."""
    path = tmp_path / "shapes.zip"
    with zipfile.ZipFile(path, "w") as file:
        for number in range(30):
            image = np.zeros((28, 28), np.uint8)
            image[number % 14 : number % 14 + 3 + number // 14] = 255
            for kind, pixels in (("across", image), ("down", image.T)):
                content = io.BytesIO()
                Image.fromarray(pixels).save(content, "PNG")
                file.writestr(f"shapes/{kind}/{number:02}.png", content.getvalue())
    return path


def press(engine, selector: str) -> None:
    """Press an element once it can be pressed and stays where it is."""
    wait_for(engine, AT_REST, selector)
    engine.click(selector)


def open_dialog(engine, server) -> None:
    """The lab's dialog for own data, once its script is there: before that a file would fall on deaf ears."""
    engine.open(server.url + LAB)
    press(engine, ".st-key-lab-own_data button")
    wait_for(engine, AT_REST, ".upload .files")
    wait_for(engine, "return all('.upload .hint')[0].textContent")


def take(engine) -> None:
    """Use the data that are shown."""
    press(engine, ".st-key-lab-own_take button")
    wait_for(engine, TAKEN)


def clear(engine) -> None:
    """Delete this visitor's own data, and what was trained on them."""
    press(engine, ".st-key-lab-own_data button")
    press(engine, "[class*=own-clear] button")
    wait_for(engine, GONE)


def nothing_is_wrong(engine) -> bool:
    return engine.run(FAILED) == [] and complaints(engine) == []


@pytest.mark.timeout(300)
def test_a_zip_is_looked_at_and_trained(engine, server, archive):
    open_dialog(engine, server)
    engine.choose_files(".upload .of-files", archive)
    wait_for(engine, PREVIEW)
    wait_for(engine, HAS_TEXT, "[role=dialog]", "60 images in 2 classes: across (30), down (30)")
    take(engine)
    press(engine, ".st-key-controls [data-testid=stBaseButton-primary]")
    wait_for(engine, HAS_TEXT, "[data-testid=stMain]", TRAINED, seconds=SECONDS_TO_TRAIN)
    wait_for(engine, DRAWN)
    assert nothing_is_wrong(engine)
    clear(engine)
    assert nothing_is_wrong(engine)


@pytest.mark.timeout(300)
def test_pasted_points_are_taken(engine, server):
    open_dialog(engine, server)
    press(engine, ".st-key-lab-own_kind [role=radio][aria-checked=false]")
    wait_for(engine, AT_REST, ".upload .paste")
    engine.write(".upload textarea", "\n".join(f"{x / 10};{x * x / 100}" for x in range(60)))
    press(engine, ".upload .paste")
    wait_for(engine, HAS_TEXT, "[role=dialog]", "60 points")
    take(engine)
    wait_for(engine, DRAWN)
    assert nothing_is_wrong(engine)
    clear(engine)


@pytest.mark.timeout(300)
def test_a_file_that_is_none_is_told_in_one_sentence(engine, server, tmp_path):
    open_dialog(engine, server)
    words = tmp_path / "notes.txt"
    words.write_text("not a picture")
    for _ in range(2):
        engine.choose_files(".upload .of-files", words)
        told = wait_for(engine, "return all('.upload .error')[0].textContent")
        assert told == "'notes.txt' has no row of numbers."
    assert engine.run("return all('.upload .files')[0].checkVisibility()"), "others can be chosen"
    assert nothing_is_wrong(engine)


@pytest.mark.timeout(300)
def test_a_picture_becomes_the_digit_x(engine, server, tmp_path):
    """Ink on white paper is swapped."""
    paper = np.full((200, 300), 240, np.uint8)
    paper[40:160, 140:160] = 10
    path = tmp_path / "one.png"
    Image.fromarray(paper).save(path)
    engine.open(server.url + "/plane?step=explore")
    press(engine, ".st-key-plane-own_digit label")
    wait_for(engine, AT_REST, ".draw .paper[aria-label]")  # which the component's script sets
    before = wait_for(engine, PICTURES)
    engine.choose_files(".draw .file", path)
    wait_for(engine, ALL_CHANGED, before)
    wait_for(engine, "return location.search.includes('drawing=')")
    middle, left, top = engine.run(LEVELS)
    assert middle > 200 and left < 40 and top < 40
    assert nothing_is_wrong(engine)
