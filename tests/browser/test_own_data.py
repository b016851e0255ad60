"""Own data through the browser: three visitors, what is left on the disk, and a server that takes none."""

import io
import re
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.browser.fixtures import wait_until_idle
from tests.browser.reading import box_at_rest
from vaedemo.datasets import drawing

CLASSES = ("bars", "boxes")
EACH = 30
LAB = "/lab?step=explore&hidden=32&epochs=2&recipe=textbook"
DROP_WORDS = """place => {
    const words = new DataTransfer();
    words.setData("text/plain", "no file");
    place.dispatchEvent(new DragEvent("drop", { dataTransfer: words, cancelable: true }));
}"""
TRAINED = "These settings were trained already"


def button(where: Page | Locator, name: str) -> Locator:
    """A button of a page, its dialog or a component."""
    return where.get_by_role("button", name=name, exact=True)


def shape(kind: str, number: int) -> np.ndarray:
    """A bright bar or box on black, at a place of its own."""
    image = np.zeros((28, 28), np.uint8)
    row, column = 2 + number % 6 * 3, 2 + number // 6 * 3
    if kind == "bars":
        image[row : row + 3] = 255
    else:
        image[row : row + 8, column : column + 8] = 200
    return image


@pytest.fixture
def archive(tmp_path) -> Path:
    """A zip of PNG files in two folders."""
    path = tmp_path / "shapes.zip"
    with zipfile.ZipFile(path, "w") as file:
        for kind in CLASSES:
            for number in range(EACH):
                content = io.BytesIO()
                Image.fromarray(shape(kind, number)).save(content, "PNG")
                file.writestr(f"shapes/{kind}/{number:02}.png", content.getvalue())
    return path


def opened(page: Page) -> Locator:
    """The dialog for own data, once its script is there: before that a file would fall on deaf ears."""
    button(page, "Your own data").click()
    dialog = page.get_by_role("dialog")
    dialog.locator(".hint:not(:empty)").wait_for()
    return dialog


def bring(page: Page, path: Path) -> Locator:
    """Upload a file, and wait for its preview."""
    dialog = opened(page)
    dialog.locator("input.of-files").set_input_files(path)
    expect(button(dialog, "Use these")).to_be_enabled()
    return dialog


def drop(page: Page, place: Locator, path: Path) -> None:
    """Drop a file or folder of this disk, as a hand does from another window."""
    box = place.bounding_box()
    at = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    tools = page.context.new_cdp_session(page)
    for kind in ("dragEnter", "dragOver", "drop"):
        held = {"items": [], "files": [str(path)], "dragOperationsMask": 1}
        tools.send("Input.dispatchDragEvent", {"type": kind, "data": held, **at})
    tools.detach()


def use(page: Page, dialog: Locator) -> str:
    """Take what is shown; returns the name of the data in the page's link."""
    button(dialog, "Use these").click()
    expect(dialog).to_have_count(0)
    page.wait_for_url(re.compile("dataset=upload"))
    wait_until_idle(page)
    return re.search(r"dataset=(upload[^&]*)", page.url)[1]


def menu(page: Page, label: str) -> list[str]:
    """The entries of a menu."""
    page.get_by_role("combobox", name=label).click()
    listed = page.get_by_role("option")
    listed.first.wait_for()
    found = listed.all_inner_texts()
    page.keyboard.press("Escape")
    return found


def kept(server) -> set[str]:
    """The files of own data and the runs on the server's disk."""
    uploads = {path.name for path in (server.cache / "uploads").glob("*.safetensors")}
    configs = server.cache.glob("runs/*/config.json")
    return uploads | {path.parent.name for path in configs if "upload:" in path.read_text()}


def test_a_folder_is_dropped_with_its_classes(visit, archive):
    with zipfile.ZipFile(archive) as file:
        file.extractall(archive.parent)
    dialog = opened(visit(LAB))
    place = dialog.locator(".drop")
    for path in (archive.with_suffix(""), archive):
        dialog.locator(".hint:not(:empty)").wait_for()
        box_at_rest(place)
        drop(dialog.page, place, path)
        expect(dialog).to_contain_text("60 images in 2 classes: bars (30), boxes (30).")
        button(dialog, "Bring others").click()


def test_a_zip_is_trained_shown_by_link_and_cleared(visit, server, archive):
    page = visit(LAB)
    dialog = bring(page, archive)
    expect(dialog).to_contain_text(
        "60 images in 2 classes: bars (30), boxes (30). A fixed random fifth of each class is held out"
    )
    name = use(page, dialog)
    assert len(kept(server)) == 1
    button(page, "Train").click()
    expect(page.get_by_text(TRAINED)).to_be_visible(timeout=60_000)
    (digest,) = [each for each in kept(server) if len(each) == 16]
    link = page.url

    # A second visitor opens the link and finds it, and its samples are in the gallery.
    second = visit(link.removeprefix(server.url), visitor="second")
    expect(second.get_by_text(TRAINED)).to_be_visible()
    assert any(each.startswith("Own images: 60") for each in menu(second, "Data"))
    assert button(opened(second), "Clear").count() == 0, "who has the link cannot clear"
    samples = visit(f"/gallery?step=explore&run={digest}", visitor="second")
    expect(samples.locator("canvas").first).to_be_visible()
    assert samples.url.endswith(f"run={digest}")

    # A third visitor's menus have neither the data nor the run.
    third = visit("/gallery?step=explore", visitor="third")
    assert not any("own images" in each or digest[:4] in each for each in menu(third, "Model"))
    third.goto(server.url + "/lab?step=explore")
    wait_until_idle(third)
    assert not any(each.startswith("Own") for each in menu(third, "Data"))

    # Cleared, it is gone from the disk, and the others are told in one sentence.
    button(opened(page), "Clear").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    wait_until_idle(page)
    assert kept(server) == set()
    assert "upload" not in page.url
    second.goto(link)
    wait_until_idle(second)
    expect(second.get_by_text(re.compile("dataset accepts one of digits"))).to_be_visible()
    samples.reload()
    wait_until_idle(samples)
    expect(samples.get_by_text(re.compile("No run is called|no longer on this server"))).to_be_visible()
    assert name.removeprefix("upload%3A")[:8] not in samples.locator("body").inner_text()


def test_points_are_drawn_and_pasted(visit, server):
    page = visit("/lab?step=explore")
    dialog = opened(page)
    dialog.get_by_text("Points", exact=True).click()
    plane = dialog.locator("canvas.plane")
    plane.scroll_into_view_if_needed()
    box = plane.bounding_box()
    page.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + 0.3 * box["height"])
    page.mouse.down()
    for share in np.linspace(0.3, 0.9, 40):
        page.mouse.move(box["x"] + share * box["width"], box["y"] + share * box["height"])
    page.mouse.up()
    drawn = int(re.search(r"(\d+) points", dialog.locator("button.use").inner_text())[1])
    assert drawn >= 50
    dialog.locator("button.use").click()
    expect(dialog).to_contain_text(f"{drawn} points. A fixed random fifth is held out")
    button(dialog, "Bring others").click()
    dialog.get_by_text("Points", exact=True).click()
    dialog.locator("textarea").fill("a word\n1, 2")
    button(dialog, "Read what is pasted").click()
    visit.expected.append("HTTP 400: .*upload")
    expect(dialog.get_by_role("alert")).to_contain_text("pasted.csv")
    dialog.locator("canvas.plane").click()
    expect(dialog.locator("button.use")).to_have_text(re.compile("Use these [1-9]"))
    expect(dialog.locator(".error")).to_be_empty()
    dialog.locator("textarea").fill("\n".join(f"{x / 10};{x * x / 100}" for x in range(60)))
    button(dialog, "Read what is pasted").click()
    expect(dialog).to_contain_text("60 points")
    assert use(page, dialog).startswith("upload-points")
    expect(page.get_by_role("combobox", name="Data")).to_have_value(re.compile("Own points: 60"))


def test_a_hand_that_presses_twice_and_a_file_that_is_none(visit, server, tmp_path):
    visit.expected.append("HTTP 400: .*upload")
    before = kept(server)
    page = visit("/beta?step=explore&sweep=own")
    dialog = opened(page)
    words = tmp_path / "notes.txt"
    words.write_text("not a picture")
    for _ in range(2):
        dialog.locator("input.of-files").set_input_files(words)
    expect(dialog.get_by_role("alert")).to_contain_text("notes.txt")
    large = tmp_path / "large.png"
    large.write_bytes(bytes(21_000_000))
    dialog.locator("input.of-files").set_input_files(large)
    expect(dialog.get_by_role("alert")).to_contain_text("20 MB in all")
    dialog.locator(".drop").evaluate(DROP_WORDS)
    expect(dialog.get_by_role("alert")).to_have_text("What was dropped is no file.")
    dialog.get_by_text("Points", exact=True).click()
    expect(dialog.locator(".error")).to_be_empty()
    assert kept(server) == before


def test_a_picture_becomes_the_digit_x_in_the_browser_alone(visit, tmp_path):
    """Ink on white paper is swapped; nothing is uploaded."""
    paper = np.full((200, 300), 240, np.uint8)
    paper[40:160, 140:160] = 10
    path = tmp_path / "one.png"
    Image.fromarray(paper).save(path)
    page = visit("/elbo?step=explore")
    sent = []
    page.on("request", lambda request: sent.append(request.url) if request.method in ("POST", "PUT") else None)
    page.get_by_text("Your own digit").click()
    draw = page.locator(".draw")
    expect(draw.locator(".paper")).to_have_attribute("aria-label", re.compile("Field to draw"))
    draw.locator("input.file").set_input_files(path)
    expect(draw.locator(".digit")).to_have_attribute("aria-label", "Your digit x, 28 by 28 pixels")
    page.wait_for_url(re.compile("drawing="))
    text = re.search(r"drawing=([\w-]+)", page.url)[1]
    pixels = drawing.read(text)[0].numpy()
    assert pixels[14, 14] > 200 and pixels[14, 3] < 40 and pixels[1, 14] < 40
    button(draw, "Invert").click()
    page.wait_for_url(lambda url: text not in url)
    swapped = drawing.read(re.search(r"drawing=([\w-]+)", page.url)[1])[0].numpy()
    assert (swapped.astype(int) + pixels == 255).all()
    words = tmp_path / "words.png"
    words.write_text("no picture")
    draw.locator("input.file").set_input_files(words)
    expect(draw.get_by_role("status")).to_contain_text("cannot read that file")
    assert not [url for url in sent if "upload" in url]


def test_a_server_that_takes_no_uploads(another_server, visit):
    with another_server(VAEDEMO_UPLOADS="0") as closed:
        page = visit("/lab?step=explore", server=closed, visitor="elsewhere")
        expect(page.get_by_text("This server accepts no data of your own.")).to_be_visible()
        assert button(page, "Your own data").count() == 0
        visit.expected.append("HTTP 403")
        for method, path in (("POST", "/vaedemo/upload"), ("PUT", "/_stcore/upload_file/any/one")):
            asked = "([method, path]) => fetch(path, {method, body: 'x'}).then(async (a) => [a.status, await a.text()])"
            status, text = page.evaluate(asked, [method, path])
            assert status == 403 and "accepts no uploads" in text
        page.close()
        assert not list(closed.cache.glob("uploads/*"))
