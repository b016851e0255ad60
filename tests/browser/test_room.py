"""A class in a room: a lecturer with a projector and a phone, and three students, one of them on a phone."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.fixtures import Visits
from tests.browser.reading import button
from tests.browser.serving import Server, free_port, start, stop, wait_until_healthy
from vaedemo.app.lessons.kl.steps import STEPS

REPOSITORY = Path(__file__).parents[2]
ASKED = next(step.ask for step in STEPS if step.name == "width")
RIGHT, WRONG = ASKED.right, (ASKED.right + 1) % len(ASKED.options)
CODE = re.compile("[A-HJ-NP-Z]{4}")
FOLLOWS, BACK = "Following the lecturer.", "Go to the lecturer’s step"


class Hall:
    """A server that can be killed and started again at its address, and the pages of a class."""

    def __init__(self, folder: Path, browser, contexts):
        self.folder, self.port, self.told = folder, free_port(), {}
        self.start()
        self.visits = Visits(browser, self.server, contexts)

    def start(self) -> None:
        process = start(REPOSITORY / "streamlit_app.py", self.port, self.folder, {})
        self.server = Server(
            f"http://127.0.0.1:{self.port}", process, self.folder / "cache", self.folder / "server.log"
        )
        wait_until_healthy(self.server)

    def restart(self) -> None:
        """As a crash and the start after it."""
        self.server.process.kill()
        self.server.process.wait()
        self.start()

    def open(self, path: str, **how) -> Page:
        """A page in a tab of its own. All that the server tells it is kept in `told`."""
        page = self.visits("/_stcore/health", settled=False, **how)
        heard = self.told[page] = []
        page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: heard.append(as_text(frame))))
        page.on("response", lambda answer: hear(answer, heard))
        page.goto(self.server.url + path)
        return page


def as_text(frame: str | bytes) -> str:
    return frame if isinstance(frame, str) else frame.decode("utf-8", "replace")


def hear(answer, heard: list[str]) -> None:
    if "/room/" in answer.url and answer.ok:
        heard.append(answer.url.rsplit("/", 1)[1] + answer.text())


@pytest.fixture
def hall(tmp_path, browser, contexts):
    made = Hall(tmp_path / "hall", browser, contexts)
    yield made
    made.visits.close()
    stop(made.server.process)
    assert "Traceback" not in made.server.log, made.server.log


def in_menu(page: Page, name: str) -> Locator:
    return page.get_by_test_id("stSidebar").get_by_role("button", name=name, exact=True)


def choose(page: Page, place: int) -> None:
    choice = page.locator(".choice").nth(place)
    choice.click()
    expect(choice).to_have_attribute("aria-pressed", "true")


def counts(page: Page) -> list[str]:
    """The counts on the lecturer's private screen, an option and round each."""
    return [text.split(" · ")[0] for text in page.locator(".amount .count").all_inner_texts()]


def expect_counts(page: Page, *wanted: int) -> None:
    shown = page.locator(".amount .count")
    expect(shown).to_have_text([re.compile(rf"^{each} ·") for each in wanted])


def expect_answered(page: Page, answered: int, here: int) -> None:
    expect(page.get_by_text(f"{answered} of {here} have answered.")).to_be_visible()


FORGE = """async ([code, voter]) => {
    const ask = async (path, message) => {
        const answer = await fetch(`/vaedemo/room${path}`, {
            method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(message),
        });
        return [answer.status, await answer.json()];
    };
    const vote = (more) => ({ voter, lesson: "kl", step: "width", round: 1, option: 0, ...more });
    const guess = { voter, secret: "A".repeat(22) };
    const kinds = [
        [`/${code}/vote`, vote({ round: 2 })], [`/${code}/vote`, vote({ option: 17 })],
        [`/${code}/vote`, vote({ option: "0" })], [`/${code}/vote`, vote({ step: "answer" })],
        [`/${code}/vote`, vote({ voter: "f".repeat(32) })], [`/${code}/vote`, vote({ lesson: "../../etc" })],
        [`/${code}/vote`, [1, 2, 3]], [`/${code}/vote`, vote({ text: "x".repeat(5000) })],
        [`/${code}/reveal`, { ...guess, lesson: "kl", step: "width" }], [`/${code}/move`, { ...guess, lesson: "kl" }],
        [`/${code}/reveal`, { lesson: "kl", step: "width" }], [`/${code}/end`, {}], [`/${code}/ticket`, { voter }],
        [`/${code}/lead`, { ticket: "B".repeat(22) }], [`/${code}/table`, {}], [`/${code}/nothing`, {}],
        ["/ZZZZ/join", { voter }], [`/${"A".repeat(2000)}/join`, { voter }], ["/<b>/join", { voter }],
        [`/${code}/close`, { voter, secret: null, lesson: "kl", step: "width" }],
    ];
    return Promise.all(Array.from({ length: 100 }, (_, index) => ask(...kinds[index % kinds.length])));
}"""


def test_a_hundred_forged_messages_change_nothing(hall):
    hall.visits.expected += ["HTTP 40[034]: .*/room/"]
    lecturer = hall.open("/kl?present=1")
    button(lecturer, "Open a room").click()
    code = lecturer.locator(".chip").inner_text().removeprefix("Room ")
    button(lecturer, "Next").click()
    expect_answered(lecturer, 0, 0)
    student = hall.open(f"/?room={code}", visitor="second")
    choose(student, WRONG)
    voter = student.evaluate("sessionStorage.getItem('vaedemo.voter')")
    for status, answer in student.evaluate(FORGE, [code, voter]):
        assert status in (400, 403, 404) and answer["error"].endswith("."), (status, answer)
    # Who says that this tab leads sees a lecturer's line, and can do nothing with it.
    student.evaluate(
        "code => sessionStorage.setItem('vaedemo.room', JSON.stringify({ code, secret: 'C'.repeat(22) }))", code
    )
    student.reload()
    expect(student.get_by_text("Only the lecturer of this room can do this.")).to_be_visible()
    expect_answered(lecturer, 1, 1)
    expect(button(lecturer, "Show me")).to_be_visible()
    # Two hands in the hall, one of them taken back.
    for key, answered in (("Digit2", 2), ("Digit2", 3), ("Shift+Digit2", 2)):
        lecturer.keyboard.press(key)
        expect_answered(lecturer, answered, answered)
    assert not hall.visits.unexpected(), hall.visits.unexpected()


def test_what_is_no_room_is_a_sentence_and_the_page_stays(hall):
    hall.visits.expected += ["HTTP 404: .*/room/"]
    page = hall.open("/kl?step=width&room=QQQQ")
    expect(page.get_by_text("There is no room QQQQ: it has ended, or the code has another letter.")).to_be_visible()
    button(page, "Close").click()
    expect(page.get_by_text("There is no room")).to_have_count(0)
    expect(button(page, ASKED.options[0].text)).to_be_visible()
    page = hall.open("/kl?step=width&room=<script>")
    expect(page.get_by_text("room accepts the code of a room: four letters")).to_be_visible()
    assert not hall.visits.unexpected(), hall.visits.unexpected()


def test_a_class_joins_votes_twice_sees_the_answer_and_follows(hall):
    # The lecturer opens a room on the stage, and takes a link for the phone where no projector shows it.
    lecturer = hall.open("/kl?present=1")
    button(lecturer, "Open a room").click()
    chip = lecturer.locator(".chip")
    code = CODE.search(chip.inner_text().removeprefix("Room ")).group()
    assert code not in lecturer.url
    chip.click()
    expect(lecturer.get_by_text("an address that only this machine knows")).to_be_visible()
    address = lecturer.get_by_label("Address of this machine")
    address.fill("localhost")
    button(lecturer, "Show the code").click()
    expect(lecturer.get_by_text("no address that another machine can open")).to_be_visible()
    address.fill("10.20.30.40")
    button(lecturer, "Show the code").click()
    invitation = f"/?room={code}"
    expect(lecturer.locator("dialog .link")).to_have_text(f"10.20.30.40:{hall.port}{invitation}")
    expect(lecturer.get_by_role("img", name="QR code of")).to_be_visible()
    button(lecturer, "Close").click()
    button(lecturer, "Leave the projector view").click()
    button(lecturer, "Your phone").click()
    lecturer.evaluate("navigator.clipboard.writeText = (text) => ((window.copied = text), Promise.resolve())")
    button(lecturer, "Copy the link").click()
    expect(button(lecturer, "Copied")).to_be_visible()
    phone_link = lecturer.evaluate("window.copied").split(str(hall.port))[1]
    assert re.fullmatch(rf"/\?room={code}#lead=[\w-]{{22}}", phone_link)
    button(lecturer, "Close").click()
    in_menu(lecturer, "Projector view").click()
    expect(chip).to_be_visible()

    phone = hall.open(phone_link, visitor="lecturer's phone", width=390, height=844)
    expect(button(phone, "End the room")).to_be_visible()
    assert "lead" not in phone.url and "#" not in phone.url
    late = hall.open(phone_link, visitor="second")  # a link that was photographed
    expect(late.get_by_text(FOLLOWS)).to_be_visible()
    expect(button(late, "End the room")).to_have_count(0)
    late.close()

    first = hall.open(invitation)
    second = hall.open("/gallery", visitor="second")
    in_menu(second, "Join a room").click()
    second.get_by_label("Code of the room").fill(code.lower())
    in_menu(second, "Join").click()
    third = hall.open(invitation, visitor="third", width=390, height=844)
    students = [first, second, third]
    for each in students:
        expect(each.get_by_text(FOLLOWS)).to_be_visible()
        expect(each).to_have_url(re.compile("/kl"))
        assert "room" not in each.url
    expect(lecturer.get_by_text("3 here")).to_be_visible()

    # The first vote, each for himself.
    button(lecturer, "Next").click()
    for each in (*students, phone):
        expect(each).to_have_url(re.compile("/kl.*step=width"))
    expect_answered(lecturer, 0, 3)
    choose(first, RIGHT)
    choose(second, WRONG)
    choose(third, WRONG)
    choose(third, RIGHT)
    expect_answered(lecturer, 3, 3)
    wanted = {RIGHT: 2, WRONG: 1}
    expect_counts(phone, *(wanted.get(place, 0) for place in range(len(ASKED.options))))
    expect(phone.get_by_text("67% right: let them talk with a neighbour, then vote again.")).to_be_visible()
    expect(lecturer.locator(".amount")).to_have_count(0)

    # The second, after talking. In its middle a student and the lecturer reload, and the server is killed.
    button(phone, "Vote again").click()
    for each in students:
        expect(each.get_by_text("Second vote: talk with your neighbour")).to_be_visible()
    expect(first.locator(".choice").nth(RIGHT)).to_contain_text("your first answer")
    choose(first, RIGHT)
    first.reload()
    expect(first.locator(".choice").nth(RIGHT)).to_have_attribute("aria-pressed", "true")
    # What a browser says of a server that is away; of the used link above; and of the ended room below.
    hall.visits.expected += ["_stcore", "request failed", "WebSocket", "Client Error", "not responding"]
    hall.visits.expected += [
        "Cannot send rerun backMessage when disconnected",
        "HTTP 403: .*/lead$",
        "HTTP 404: .*/news$",
    ]
    hall.restart()
    lecturer.reload()
    expect_answered(lecturer, 1, 3)
    choose(second, RIGHT)
    choose(third, WRONG)
    expect_answered(lecturer, 3, 3)
    seconds = {RIGHT: 2, WRONG: 1}
    both = [count for place in range(len(ASKED.options)) for count in (wanted.get(place, 0), seconds.get(place, 0))]
    expect_counts(phone, *both)

    # Nobody has been told the answer.
    feedback = [option.feedback[:40] for option in ASKED.options]
    for each in students:
        assert any(text.startswith("news") for text in hall.told[each])
        for text in hall.told[each]:
            assert not any(words in text for words in feedback)
            if text.startswith("news"):
                told = json.loads(text.removeprefix("news"))["ballot"] or {}
                assert told.keys().isdisjoint({"counts", "right", "advice", "answered"})

    # The answer, on all screens, with both votes and each one's own.
    button(lecturer, "Show me").click()
    for each in students:
        expect(each.get_by_text("The class", exact=True)).to_be_visible()
        expect(each.get_by_text(re.compile(r"^\d+ · \d+% · you$"))).to_have_count(2)
    expect(third.get_by_text(re.compile("^Not "))).to_be_visible()
    expect(lecturer.get_by_role("dialog").locator(".amount")).to_have_count(2 * len(ASKED.options))
    lecturer.keyboard.press("PageDown")  # to the exhibit
    expect(lecturer.get_by_role("dialog")).to_have_count(0)
    expect(button(lecturer, "The class")).to_be_visible()
    expect(lecturer).to_have_url(re.compile("step=width"))

    # They follow, but for the one whose hand moves something.
    button(lecturer, "Next").click()
    step = r"step=(?!width)\w+"
    for each in students:
        expect(each).to_have_url(re.compile(step))
        expect(each.get_by_text(FOLLOWS)).to_be_visible()  # arrived: the address is there before the page
    first.get_by_role("link", name="Step 1:").click()
    expect(button(first, BACK)).to_be_visible()
    button(lecturer, "Back").click()
    expect(third).to_have_url(re.compile("step=width"))
    expect(button(first, BACK)).to_be_visible()
    assert "step=width" not in first.url
    button(first, BACK).click()
    expect(first).to_have_url(re.compile("step=width"))
    expect(first.get_by_text(FOLLOWS)).to_be_visible()

    button(second, "Leave the room").click()
    expect(button(second, "Leave the room")).to_have_count(0)
    expect(lecturer.get_by_text("2 here")).to_be_visible()
    with phone.expect_download() as saved:
        button(phone, "Save the counts").click()
    lines = [line.split(",") for line in Path(saved.value.path()).read_text(encoding="utf-8").splitlines()]
    assert lines[0] == ["lesson", "step", "question", "round", "option", "text", "right", "phones", "hands"]
    assert {line[0] for line in lines[1:]} == {"kl"}
    width = [line for line in lines[1:] if line[1] == "width"]
    assert sum(int(line[-2]) for line in width) == 6 and len(width) == 2 * (len(ASKED.options) + 1)
    button(phone, "End the room").click()
    for each in (first, third):
        expect(each.get_by_text("has ended")).to_be_visible()
        button(each, "Close").click()
        expect(button(each, "Close")).to_have_count(0)
    assert not hall.visits.unexpected(), hall.visits.unexpected()
