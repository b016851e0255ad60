"""The training film in a real browser: three panes that move together, and nothing asked of the server meanwhile."""

import io
import re

from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.browser.reading import box_at_rest, button, query, wait_for_query
from vaedemo.app import catalogue

STEPS = [frame.step for frame in catalogue.run("mnist-2d").film]
LAST = len(STEPS) - 1
SUM = """canvas => {
    const {data} = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    let sum = 0;
    for (let index = 0; index < data.length; index += 1) sum = (sum * 31 + data[index]) % 1000003;
    return sum;
}"""
PANES = """film => [...film.querySelectorAll(".pane")].map(pane => Number(pane.dataset.frame))"""
WATCH = """film => {
    window.seen = [];
    const look = () => {
        window.seen.push([...film.querySelectorAll(".pane")].map(pane => Number(pane.dataset.frame)));
        window.watching = requestAnimationFrame(look);
    };
    look();
}"""


# From here on a frame of the browser is 50 ms after the one before, however busy the machine is: none is left out.
EVEN_FRAMES = """() => {
    let now = performance.now();
    window.requestAnimationFrame = (draw) => setTimeout(() => draw((now += 50)));
    window.cancelAnimationFrame = clearTimeout;
}"""


def film_of(page: Page) -> Locator:
    film = page.locator(".film")
    expect(film.get_by_role("slider")).to_be_visible()
    film.locator(".pane[data-frame]").first.wait_for()
    page.evaluate("document.fonts.ready.then(() => new Promise(requestAnimationFrame))")
    return film


def frames(film: Locator) -> list[int]:
    """The frame that each of the three panes shows."""
    return film.evaluate(PANES)


def pictures(film: Locator) -> list[int]:
    """A number for each canvas, which changes when its picture does."""
    return [canvas.evaluate(SUM) for canvas in film.locator("canvas").all()]


SCRUB = """(slider, value) => {
    slider.value = value;
    slider.dispatchEvent(new Event("input", { bubbles: true }));
}"""


def scrub(film: Locator, frame: int) -> None:
    film.get_by_role("slider").evaluate(SCRUB, frame)


def scrub_through(film: Locator, wanted: list[int]) -> list[tuple[list[int], list[int], str]]:
    """After each move of the slider: the panes' frames, their pictures, and the words. No time passes in between."""
    return film.evaluate(
        f"""(film, wanted) => wanted.map((frame) => {{
            ({SCRUB})(film.querySelector("input[type=range]"), frame);
            const pictures = [...film.querySelectorAll("canvas")].map({SUM});
            return [({PANES})(film), pictures, film.querySelector("output").textContent];
        }})""",
        wanted,
    )


def test_scrubbing_moves_all_panes_and_asks_nothing_of_the_server(visit, wait_until_idle):
    sockets = []
    page = visit("/lab?step=explore", settled=False)
    page.on("websocket", lambda socket: sockets.append(socket))
    page.reload()
    wait_until_idle(page)
    sent = []
    for socket in sockets:
        socket.on("framesent", lambda payload: sent.append(payload))
    assert sockets
    film = film_of(page)
    assert frames(film) == [LAST] * 3
    expect(film.get_by_role("button", name="Play")).to_be_visible()  # it stands still until it is asked
    before, wanted = pictures(film), [0, 7, 20, 12]
    shown = scrub_through(film, wanted)
    assert sent == []  # all of it happened in the browser
    for frame, (panes, now, words) in zip(wanted, shown, strict=True):
        assert panes == [frame] * 3
        assert words.startswith(f"{STEPS[frame]:,} · ")
        assert all(a != b for a, b in zip(before, now, strict=True))
        before = now
    wait_for_query(page, frame="12")  # and once it rests, the link has the frame
    assert sent
    scrub(film, LAST)
    page.wait_for_url(re.compile(r"/lab\?step=explore$"))


def test_a_link_opens_its_frame_and_other_settings_forget_it(visit, wait_until_idle):
    page = visit("/lab?frame=5")
    film = film_of(page)
    assert frames(film) == [5] * 3
    assert query(page) == {"frame": "5"}
    # A rerun of the page sends the same film again: the reader's place in it counts.
    scrub(film, 9)
    wait_for_query(page, frame="9")
    wait_until_idle(page)
    assert frames(film_of(page)) == [9] * 3


def test_play_runs_to_the_end_with_all_panes_together(visit):
    page = visit("/lab?frame=20")
    film = film_of(page)
    page.evaluate(EVEN_FRAMES)
    film.evaluate(WATCH)
    press = "button => { button.click(); return button.textContent; }"
    assert film.get_by_role("button", name="Play").evaluate(press) == "Pause"
    expect(film.get_by_role("button", name="Play")).to_be_visible()
    seen = page.evaluate("cancelAnimationFrame(window.watching), window.seen")
    assert all(len(set(panes)) == 1 for panes in seen)
    order = list(dict.fromkeys(panes[0] for panes in seen))
    assert order == list(range(20, LAST + 1))
    assert frames(film) == [LAST] * 3


def test_slow_motion_takes_longer(visit):
    page = visit("/lab?frame=20")
    film = film_of(page)
    slow = film.get_by_role("button", name="¼×")
    slow.click()
    expect(slow).to_have_attribute("aria-pressed", "true")
    # From one frame to the next but one: 400 ms at full speed, 1,600 at a quarter.
    seconds = film.evaluate("""film => new Promise(done => {
        film.querySelector(".play").click();
        const at = () => Number(film.querySelector(".pane").dataset.frame);
        let begun = null;
        const look = now => {
            if (begun === null && at() === 21) begun = now;
            if (at() === 23) done((now - begun) / 1000);
            else requestAnimationFrame(look);
        };
        requestAnimationFrame(look);
    })""")
    assert 1.2 < seconds < 3
    film.get_by_role("button", name="Pause").click()
    assert len(set(frames(film))) == 1


def test_keys_step_and_play_and_a_curve_can_be_scrubbed(visit):
    page = visit("/lab?frame=10")
    film = film_of(page)
    slider = film.get_by_role("slider")
    for key, expected in (("ArrowRight", 11), ("ArrowLeft", 10), ("ArrowLeft", 9), ("Home", 0), ("End", LAST)):
        slider.press(key)
        assert frames(film) == [expected] * 3
    back = film.get_by_role("button", name="One frame back")
    back.click()
    assert frames(film) == [LAST - 1] * 3
    back.press("ArrowLeft")
    assert frames(film) == [LAST - 2] * 3
    film.get_by_role("button", name="One frame forward").click()
    assert frames(film) == [LAST - 1] * 3
    slider.press(" ")
    expect(film.get_by_role("button", name="Play")).to_be_visible()
    assert frames(film) == [LAST] * 3

    curve = film.locator(".plot canvas").first
    box = box_at_rest(curve)
    page.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + 0.5 * box["height"])
    page.mouse.down()
    early = frames(film)
    page.mouse.move(box["x"] + 0.6 * box["width"], box["y"] + 0.5 * box["height"], steps=4)
    later = frames(film)
    page.mouse.up()
    assert len(set(early)) == len(set(later)) == 1
    assert 0 < early[0] < later[0] < LAST


def test_the_last_frame_is_what_the_run_decodes_to_pixel_by_pixel(visit):
    page = visit("/lab?frame=3")
    film = film_of(page)
    run = catalogue.run("mnist-2d")
    for frame in (3, LAST):
        scrub(film, frame)
        # One canvas pixel in the middle of every image's every pixel; the sheet's factor is a whole number.
        read = film.locator(".decoded canvas").evaluate("""(canvas) => {
            // Ten cells of 28 pixels, each a whole number of canvas pixels wide, and nine gaps.
            const factor = Math.floor(canvas.width / 280), cell = 28 * factor, gap = (canvas.width - 10 * cell) / 9;
            const {data} = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
            const found = [];
            for (let pixel = 0; pixel < 100 * 28 * 28; pixel++) {
                const [image, row, at] = [Math.floor(pixel / 784), Math.floor((pixel % 784) / 28), pixel % 28];
                const x = (image % 10) * (cell + gap) + at * factor;
                const y = Math.floor(image / 10) * (cell + gap) + row * factor;
                found.push(data[4 * (y * canvas.width + x)]);
            }
            return found;
        }""")
        assert read == run.film[frame].images.ravel().tolist()


def test_one_class_alone(visit):
    page = visit("/lab?step=explore")
    film = film_of(page)
    plane = film.locator(".codes canvas")
    everything = plane.evaluate(SUM)
    seven = film.locator(".legend button").filter(has_text="7")
    seven.click()
    expect(seven).to_have_attribute("aria-pressed", "true")
    page.wait_for_function(f"([canvas, known]) => ({SUM})(canvas) !== known", arg=[plane.element_handle(), everything])
    seven.click()
    page.wait_for_function(
        f"([canvas, wanted]) => ({SUM})(canvas) === wanted", arg=[plane.element_handle(), everything]
    )


def test_the_film_goes_home_as_a_gif(visit):
    page = visit("/lab?step=explore")
    film_of(page)
    with page.expect_download() as download:
        button(page, "Film (GIF)").click()
    assert download.value.suggested_filename.endswith(".gif")
    picture = Image.open(io.BytesIO(download.value.path().read_bytes()))
    assert picture.format == "GIF"
    assert picture.n_frames == len(STEPS)
    assert picture.info["loop"] == 0


def test_on_a_phone_the_panes_stack_and_the_controls_stay_in_sight(visit):
    page = visit("/lab?step=explore", width=390, height=844, colour_scheme="dark")
    film = film_of(page)
    boxes = [pane.bounding_box() for pane in film.locator(".pane").all()]
    assert len({box["x"] for box in boxes}) == 1
    assert boxes[0]["y"] < boxes[1]["y"] < boxes[2]["y"]
    assert all(box["width"] <= 390 for box in boxes)
    film.locator(".plot").first.scroll_into_view_if_needed()
    play = film.get_by_role("button", name="Play")
    expect(play).to_be_in_viewport()
    play.click()
    expect(film.get_by_role("button", name="Pause")).to_be_visible()
