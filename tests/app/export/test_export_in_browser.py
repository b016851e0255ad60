"""Exported files in Chromium and Firefox, opened from a folder: no request, no complaint, and what hands do."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from playwright.sync_api import expect

from tests.browser import engines, find_browsers
from tests.browser.engines import ALL, HARMLESS, LISTEN, SECONDS
from tests.test_house import REPOSITORY
from vaedemo.app import catalogue
from vaedemo.app.export import kl_page
from vaedemo.app.export.command import EXHIBITS
from vaedemo.app.export.exhibits import content
from vaedemo.app.shell.words import verdict

WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
# What the page's own policy refused is a complaint too.
REFUSED = """addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI }) =>
    window.complaints.push(`${effectiveDirective} refused ${blockedURI}`));
"""
FETCHED = "() => performance.getEntriesByType('resource').map(({ name }) => name)"
COMPONENTS = "count => document.querySelector('.exhibit').childElementCount === count"
STEP = "name => document.querySelector('.exhibit').dataset.step === name"
# Each visible canvas has a picture of more than one colour.
DRAWN = f"""() => {{
    {ALL}
    const canvases = all("canvas").filter((each) => each.width && each.checkVisibility());
    const empty = canvases.filter((each) => {{
        const blank = Object.assign(document.createElement("canvas"), {{ width: each.width, height: each.height }});
        blank.getContext("2d"); // Firefox notes in the PNG whether there was one
        return each.toDataURL() === blank.toDataURL();
    }});
    return canvases.length > 0 && empty.length === 0;
}}"""
# What a container that contains its layout draws beyond it does not scroll, and is cut off.
OVER_THE_EDGE = f"""() => {{
    {ALL}
    const visible = all("*").filter((each) => each.checkVisibility() && !each.closest("svg"));
    const over = visible.filter((each) => each.getBoundingClientRect().right > innerWidth + 0.5);
    return over.map((each) => each.outerHTML);
}}"""
SHOWN = f"""() => {{
    {ALL}
    const {{ place, mean }} = all(".explorer")[0].shown;
    const image = all(".image")[0];
    const pixels = [...image.getContext("2d").getImageData(0, 0, image.width, image.height).data];
    return {{ place, mean: [...mean], pixels: pixels.filter((_, index) => index % 4 === 0) }};
}}"""
POSITION = f"() => {{ {ALL} return Number(all('input[type=range]').at(-1).value); }}"


@pytest.fixture(scope="session")
def site(tmp_path_factory) -> Path:
    """All exhibits, exported by a process of its own."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "vaedemo", "export", *EXHIBITS, "-o", str(folder)]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=150)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    assert {path.stem for path in folder.iterdir()} == set(EXHIBITS)
    return folder


@pytest.fixture(scope="module", params=["chromium", "firefox"])
def window(request, playwright):
    """A page of the browser that keeps its requests in `requested`; Firefox does not report those for files."""
    if request.param == "chromium":
        page = request.getfixturevalue("browser").new_page(viewport=WIDE)
        page.add_init_script(LISTEN)
        yield heard(page)
        page.close()
        return
    path = find_browsers.firefox()
    if path is None:
        pytest.skip(find_browsers.skipped("firefox"))
    with engines.firefox(path, playwright) as firefox:
        yield heard(firefox.page)


def heard(page):
    page.set_default_timeout(1000 * SECONDS)
    page.add_init_script(REFUSED)
    page.requested = []
    page.on("request", lambda request: page.requested.append(request.url))
    return page


def visit(page, site: Path, name: str) -> None:
    page.set_viewport_size(WIDE)
    page.goto((site / f"{name}.html").as_uri())
    page.wait_for_function(STEP, arg=content(name).steps[0].name)
    page.wait_for_function(DRAWN)


def complaints(page) -> list[str]:
    return [each for each in page.evaluate("window.complaints") if HARMLESS not in each]


@pytest.fixture(autouse=True)
def nothing_goes_wrong(window):
    """Whatever a test does: no request leaves the file, and no script complains."""
    window.requested.clear()
    yield
    assert complaints(window) == []
    assert window.evaluate(FETCHED) == []
    assert [url for url in window.requested if not url.startswith(("file:", "data:", "blob:"))] == []


@pytest.mark.parametrize("name", EXHIBITS)
def test_every_step_draws_and_fits_a_phone(window, site, name):
    visit(window, site, name)
    window.set_viewport_size(PHONE)
    for step in content(name).steps:
        window.evaluate("name => (location.hash = name)", step.name)
        window.wait_for_function(STEP, arg=step.name)
        section = window.locator(f"[data-step={step.name}]")
        for is_open in (True, False) if step.question else (False,):
            if step.question and not is_open:
                section.get_by_role("button", name="Not sure").click()
                window.wait_for_function(COMPONENTS, arg=len(step.shown))
            window.wait_for_function(DRAWN)
            assert window.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], step.name
            assert window.evaluate(OVER_THE_EDGE) == [], step.name
            assert section.locator(".told").is_visible() != is_open


def test_a_question_comes_before_the_words_and_its_answer_shows_the_way(window, site):
    """Predict, do, see: nothing on the page tells the answer before."""
    visit(window, site, "ring")
    (step,) = (each for each in content("ring").steps if each.name == "linear")
    section, picture = (
        window.locator("[data-step=linear]"),
        "() => { " + ALL + " return all('canvas')[1].toDataURL(); }",
    )
    window.locator("nav [href='#linear']").click()
    window.wait_for_function(STEP, arg="linear")
    seen = window.locator("body").inner_text()
    assert step.question.text in seen
    assert not [told for told in (step.title, *step.question.giveaways) if told in seen]
    before = window.evaluate(picture)
    section.get_by_role("button", name=step.question.options[1].text).click()
    expect(section.locator(".verdict:visible")).to_have_text(verdict(step.question, 1).replace("**", ""))
    expect(section.get_by_text(step.question.giveaways[0])).to_be_visible()
    window.wait_for_function(f"before => ({picture})() !== before", arg=before)
    window.wait_for_function(f"() => ({POSITION})() === 1")
    section.get_by_role("button", name="Ask again").click()
    expect(section.get_by_role("button", name="Not sure")).to_be_visible()
    assert section.locator(".verdict:visible").count() == 0


def test_it_works_in_a_frame_without_any_rights(window, site):
    """As a learning platform embeds it: sandboxed, and without an address of its own."""
    window.goto("about:blank")  # a frame with srcdoc inherits the policy of the page around it
    window.set_viewport_size(WIDE)
    embed = """text => {
        const frame = Object.assign(document.createElement("iframe"), { srcdoc: text, width: 1000, height: 700 });
        frame.sandbox = "allow-scripts";
        document.body.replaceChildren(frame);
    }"""
    window.evaluate(embed, (site / "plane.html").read_text(encoding="utf-8"))
    frame = window.frame_locator("iframe")
    for step in content("plane").steps[:2]:
        frame.locator(f"nav [href='#{step.name}']").click()
        frame.locator(f".exhibit[data-step={step.name}]").wait_for()
        expect(frame.locator(".readout dd").first).to_have_text("(0.90, −0.60)")


def test_whatever_would_ask_for_something_is_refused(window, site):
    visit(window, site, "kl")
    assert window.evaluate("() => fetch('http://127.0.0.1:9/').then(() => 'sent', () => 'refused')") == "refused"
    window.wait_for_function("() => window.complaints.length === 1")
    assert complaints(window) == ["connect-src refused http://127.0.0.1:9/"]
    window.evaluate("window.complaints.length = 0")


def test_the_plane_decodes_as_the_server_does_and_its_formula_follows(window, site):
    visit(window, site, "plane")
    plane = window.locator(".plane")
    before = window.evaluate(SHOWN)["place"]
    for key in ("ArrowUp", "ArrowUp", "ArrowRight"):
        plane.press(key)
    window.wait_for_function("text => document.querySelector('[data-number=z1]').textContent !== text", arg="0.90")
    shown = window.evaluate(SHOWN)
    assert shown["place"] != before
    expected = catalogue.run("mnist-2d").model.decode(torch.tensor([shown["place"]])).mean[0, 0].flatten().numpy()
    assert np.abs(np.array(shown["mean"]) - expected).max() <= 1 / 255
    assert np.abs(np.array(shown["pixels"]) / 255 - expected).max() <= 1 / 255
    written = [window.locator(f"[data-number={name}]").text_content() for name in ("z1", "z2")]
    assert written == [f"{number:.2f}".replace("-", "−") for number in shown["place"]]
    there_and_back(window, "ruler", "map")
    assert window.evaluate(SHOWN)["place"] == before
    assert window.locator("[data-number=z1]").text_content() == "0.90"


def there_and_back(page, *names: str) -> None:
    for name in names:
        page.evaluate("name => (location.hash = name)", name)
        page.wait_for_function(STEP, arg=name)
        page.wait_for_function(DRAWN)


@pytest.mark.alone
@pytest.mark.parametrize("name", ["ring", "film"])
def test_it_plays_and_is_moved_by_hand(window, site, name):
    visit(window, site, name)
    end = window.evaluate(POSITION)
    window.locator("input[type=range]").last.press("Home")
    window.wait_for_function(f"end => ({POSITION})() < end", arg=end)
    start = window.evaluate(POSITION)
    window.locator(".play").click()
    window.wait_for_function(f"start => ({POSITION})() > start", arg=start)
    window.wait_for_function(f"end => ({POSITION})() === end", arg=end)
    assert window.evaluate(DRAWN)


def test_the_sliders_of_the_kl_move_q_and_the_numbers(window, site):
    visit(window, site, "kl")
    picture = "() => { " + ALL + " return all('canvas').map((each) => each.toDataURL()).join(' '); }"
    before = window.evaluate(picture)
    window.locator("[name=e]").press("ArrowLeft")
    window.locator("[name=sigma]").press("ArrowRight")
    expected = kl_page.numbers({"e": 1.4, "sigma": 0.55})
    found = {name: window.locator(f"[data-number={name}]").text_content() for name in expected}
    assert found == expected
    window.wait_for_function(f"before => ({picture})() !== before", arg=before)
    there_and_back(window, "width", "answer")
    assert window.locator("[name=e]").input_value() == "1.5"
    assert window.locator("[data-number=total]").text_content() == "1.44"
