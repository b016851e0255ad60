"""Steps in a browser: the stage holds each of them, a presenter's keys walk the lecture, a question is answered."""

import random
import re
from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect

from tests.app.pages import PAGES
from tests.browser.reading import button, query, wait_for_query
from tests.browser.stage import QUESTION, SMALLEST, boxes_outside, small_texts
from tests.lessons.test_steps import STEPS, query_of, walked
from vaedemo.app.lessons import index
from vaedemo.app.shell.steps import EXPLORE, Step

LARGE = {"width": 1920, "height": 1080}
OPEN_ALL = "document.querySelectorAll('.stMain details:not([open]) summary').forEach((each) => each.click())"
DRAWN = "canvas, .js-plotly-plot, .graphs, .tree"  # what a page's picture is drawn with
BACKGROUND_IS = """scheme => {
    const colour = getComputedStyle(document.querySelector("[data-testid=stApp]")).backgroundColor;
    const [red, green, blue] = colour.match(/\\d+/g).map(Number);
    return (red + green + blue > 384) === (scheme === "light");
}"""
PRESSES = 24  # of the walk that are looked at one by one
HERE = "[data-testid=stMain] .stepper [aria-current=step]"


def presses_in(step: Step, asks: bool) -> list[int | str]:
    """What the presses in a step do after the one that opened it: show a part, by its number, or the "answer"."""
    parts, at = ([*range(2, step.reveals.last + 1)], step.reveals.asks_at - 1) if step.reveals else ([], 0)
    return [*parts[:at], *(["answer"] if asks else []), *parts[at:]]


def path_of(lesson: str) -> str:
    return "/" if lesson == index.HOME.name else f"/{lesson}"


def next_button(page):
    return page.locator(".stepper .next")


@pytest.mark.parametrize("page_name", PAGES)
def test_every_step_fits_the_stage(visit, wait_until_idle, page_name):
    first, *later = STEPS[page_name]
    if index.BY_NAME[page_name].slides:  # in the walk the first step asks too
        stops = [press[:2] for press in lecture() if press[2] is None]
        page = visit(f"{path_of(page_name)}?walk={stops.index((page_name, first.name)) + 1}&present=1", height=720)
        expect(page.locator(".st-key-question")).to_have_count(1)
        go_through(page, wait_until_idle, first, [*presses_in(first, True), ""])
    else:
        page = visit(f"{path_of(page_name)}?present=1", height=720)
        go_through(page, wait_until_idle, first, [*presses_in(first, False), ""])
    page.locator(f".stepper [data-step={later[0].name}]").click()  # out of the walk
    for step in later:
        expect(page.locator(HERE)).to_have_attribute("data-step", step.name)
        go_through(page, wait_until_idle, step, [*presses_in(step, bool(step.ask)), "on"])
    expect(page.locator(HERE)).to_have_attribute("data-step", EXPLORE)
    page.keyboard.press("PageUp")
    expect(page.locator(HERE)).to_have_attribute("data-step", later[-1].name)
    # Type and pictures scale with the window, so one step stands for all in a larger one of the same shape.
    page.set_viewport_size(LARGE)
    wait_until_idle(page)
    assert boxes_outside(page) == []


def go_through(page, wait_until_idle, step: Step, presses: list[int | str]) -> None:
    """Look at what is shown before each of these presses: a part, the "answer", "on" to the next step, "" for none."""
    for press in presses:
        wait_until_idle(page)
        assert boxes_outside(page) == [], (step.name, press)
        assert small_texts(page, SMALLEST) == [], (step.name, press)
        if press == "answer":
            assert small_texts(page, QUESTION, ".st-key-question") == []
        if press:
            page.keyboard.press("PageDown")
        if press == "answer":
            expect(page.locator(".st-key-question")).to_have_count(0)
        elif press not in ("on", ""):
            wait_for_query(page, **{step.reveals.name: str(press)})


@pytest.mark.parametrize("page_name", PAGES)
def test_a_phone_scrolls_down_only_follows_the_theme_and_says_nothing_wrong(visit, wait_until_idle, page_name):
    page = visit(path_of(page_name), width=390, height=844)
    page.locator(DRAWN).first.wait_for()
    for _ in STEPS[page_name]:
        page.evaluate(OPEN_ALL)
        wait_until_idle(page)
        main = page.get_by_test_id("stMain")
        assert main.evaluate("main => main.scrollWidth - main.clientWidth") <= 0
        assert next_button(page).is_visible()
        box = next_button(page).bounding_box()
        assert box["y"] + box["height"] <= 844, "the stepper is within the thumb's reach"
        assert page.locator(".katex-error").all_text_contents() == []
        assert page.locator("[data-testid=stException], [data-testid=stAlert]").all_inner_texts() == []
        next_button(page).click()
        wait_until_idle(page)
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)
        page.wait_for_function(BACKGROUND_IS, arg=scheme)


def lecture() -> list[tuple[str, str, int | str | None]]:
    """The presses of the whole walk: a stop (lesson, step, None), or what a press shows there: see `presses_in`."""
    made = []
    for slide in sorted({slide for entry in index.LESSONS for slide in entry.slides}):
        for entry in index.LESSONS:
            for step in STEPS[entry.name]:
                if slide in step.slides:
                    made += [(entry.name, step.name, press) for press in (None, *presses_in(step, bool(step.ask)))]
    return made


def test_page_down_walks_the_lecture_and_page_up_comes_back(visit, wait_until_idle):
    """The first presses and the last ones, one by one; all that lie between are pressed below."""
    page = visit("/taxonomy", height=720)
    page.get_by_role("button", name="Walk the slides").click()
    wait_for_query(page, walk="1", present="1")
    wait_until_idle(page)
    presses = lecture()
    stops = [press for press in presses if press[2] is None]
    page.locator(".stepper .place").wait_for()
    walk_down(page, wait_until_idle, presses[1:PRESSES], stops)
    start = len(stops) - PRESSES // 4
    lesson, step, _ = stops[start - 1]
    there = urlencode(({"step": step} if step else {}) | {"walk": start, "present": 1})
    page.goto(page.url.split("?")[0].rsplit("/", 1)[0] + f"{path_of(lesson)}?{there}")
    expect(page.locator(".stepper .place")).to_contain_text(f"{start} of {len(stops)}")
    walk_down(page, wait_until_idle, presses[presses.index(stops[start - 1]) + 1 :], stops)
    assert query(page)["walk"] == str(len(stops))
    for place in range(len(stops) - 1, len(stops) - 5, -1):
        page.keyboard.press("PageUp")
        page.wait_for_function("place => new URLSearchParams(location.search).get('walk') === place", arg=str(place))
        wait_until_idle(page)


def walk_down(page, wait_until_idle, presses, stops):
    """Press PageDown for each of these, and look where it leads."""
    for lesson, step, shown in presses:
        page.keyboard.press("PageDown")
        if shown == "answer":
            expect(page.locator(".st-key-question")).to_have_count(0)
            continue
        if shown:
            (name,) = {each.reveals.name for each in STEPS[lesson] if each.name == step}
            wait_for_query(page, **{name: str(shown)})
            wait_until_idle(page)
            continue
        place = str(stops.index((lesson, step, None)) + 1) if stops.count((lesson, step, None)) == 1 else None
        page.wait_for_function(
            "place => !place || new URLSearchParams(location.search).get('walk') === place", arg=place
        )
        expect(page.locator(".stepper .place")).to_contain_text(f"of {len(stops)}")
        wait_until_idle(page)
        expect(page.get_by_role("heading", name=index.BY_NAME[lesson].title, exact=True)).to_be_visible()
        assert boxes_outside(page) == [], (lesson, step)


def test_fast_presses_are_all_counted(visit, wait_until_idle):
    page = visit("/?walk=1&present=1")
    page.locator(".stepper .place").wait_for()
    presses = lecture()
    for _ in presses[1:]:
        page.keyboard.press("PageDown")
    last = str(len([press for press in presses if press[2] is None]))
    page.wait_for_function("place => new URLSearchParams(location.search).get('walk') === place", arg=last)
    wait_until_idle(page)
    assert query(page)["walk"] == last
    for _ in range(6):
        page.keyboard.press("PageUp")
    page.wait_for_function(
        "place => new URLSearchParams(location.search).get('walk') === place", arg=str(int(last) - 6)
    )
    wait_until_idle(page)


def test_presses_to_and_fro_end_where_they_lead(visit, wait_until_idle):
    """The page draws old places while new presses come: an old drawing of a place is no end of the way there."""
    page = visit("/holes?step=explore&present=1")
    back = "noise"
    for step in ("afterwards", back):
        page.keyboard.press("PageUp")
        wait_for_query(page, step=step)
    for key in ("PageDown", "PageDown", "PageDown", "PageUp"):  # two questions are answered: now a press is a step
        page.keyboard.press(key)
        wait_until_idle(page)
    expect(page.locator(HERE)).to_have_attribute("data-step", back)
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 6})  # drawings come late
    pauses = random.Random(0)
    for _ in range(6):
        for key in ("PageDown", "PageDown", "PageUp", "PageUp"):
            page.keyboard.press(key)
            page.wait_for_timeout(pauses.uniform(0, 150))
    wait_until_idle(page)
    expect(page.locator(HERE)).to_have_attribute("data-step", back)
    assert query(page)["step"] == back


def test_a_question_is_answered_asked_again_and_left(visit, wait_until_idle):
    page = visit("/kl?step=width")
    button(page, "Half the width").click()
    expect(page.locator(".st-key-question")).to_have_count(0)
    wait_until_idle(page)
    assert query(page) == {"step": "width"}
    page.locator(".stepper .reset").click()
    expect(page.locator(".st-key-question")).to_have_count(1)
    next_button(page).click()  # "Show me"
    expect(page.locator(".st-key-question")).to_have_count(0)
    next_button(page).click()
    page.wait_for_url("**/kl?step=direction")
    page.go_back()
    page.wait_for_url("**/kl?step=width")
    wait_until_idle(page)
    expect(page.locator(".st-key-question")).to_have_count(0)


def a_question(place: int, page_name: str) -> Step:
    """One step of a lesson that asks, another one than of the lesson before."""
    asking = [step for step in STEPS[page_name] if step.ask]
    return asking[place % len(asking)]


# A question of every third lesson: what the server sends for all of them `test_nothing_tells_the_answer_before` reads.
@pytest.mark.parametrize(
    ("page_name", "step"), [(page_name, a_question(place, page_name)) for place, page_name in enumerate(PAGES[::3])]
)
def test_no_frame_of_the_connection_tells_an_answer_before(visit, wait_until_idle, page_name, step):
    frames: list[bytes | str] = []
    context = visit.context("listener", 1280, 900, "light")

    def listen(socket):
        socket.on("framereceived", lambda frame: frames.append(frame))

    context.on("page", lambda page: page.on("websocket", listen))

    def received() -> str:
        return "\n".join(each if isinstance(each, str) else each.decode(errors="replace") for each in frames)

    first = step is STEPS[page_name][0]
    link = urlencode(walked(page_name, step) if first else query_of(page_name, step))
    page = visit(f"{path_of(page_name)}?{link}", visitor="listener")
    page.evaluate(OPEN_ALL)
    wait_until_idle(page)
    sent = received()
    assert step.ask.text in sent, "the frames are readable"
    for giveaway in step.ask.giveaways:
        found = re.search(rf"(?<![\d.]){re.escape(giveaway)}(?!\d*(rem|\) \*))", sent)  # rem: of the style
        assert not found, sent[found.start() - 80 : found.end() + 20]
    next_button(page).click()  # "Show me"
    expect(page.locator(".st-key-question")).to_have_count(0)
    wait_until_idle(page)
    assert all(giveaway in received() for giveaway in step.ask.giveaways), "what is hidden before is said after"


def test_keys_in_a_field_are_text_and_off_the_stage_nothing(visit, wait_until_idle):
    page = visit("/kl")
    page.keyboard.press("PageDown")
    wait_until_idle(page)
    assert query(page) == {}
    page = visit("/kl?present=1", visitor="second")
    slider = page.get_by_test_id("stSlider").first.locator("input[type=range], [role=slider]").first
    slider.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**e=1.6**")
    wait_until_idle(page)
    assert query(page) == {"step": "answer", "e": "1.6", "present": "1"}


def test_the_exhibit_alone_has_no_sidebar_and_any_width(visit, wait_until_idle):
    page = visit("/kl?only=exhibit", width=390, height=844)
    assert page.get_by_test_id("stSidebar").count() == 0 or not page.get_by_test_id("stSidebar").is_visible()
    assert page.locator("[data-testid=stMain] h1").count() == 0
    assert page.get_by_test_id("stMain").evaluate("main => main.scrollWidth - main.clientWidth") <= 0
