"""The messages of a quick answer are drawn together: React's next task waits for the run's end, but not for long."""

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.browser.reading import button, wait_for_query
from vaedemo.app.components.common.files import source

# A page in miniature, made to measure for the file: what it asks of its window is told in `told`.
MINIATURE = f"""() => {{
    class MessagePort {{
        constructor(name) {{ this.name = name; }}
        postMessage(...message) {{ told.push(`${{this.name}} ${{JSON.stringify(message)}}`); }}
    }}
    class WebSocket {{
        heard = [];
        send(message) {{ told.push("sent"); }}
        addEventListener(type, act) {{ this.heard.push(act); }}
        hears(bytes) {{ for (const act of this.heard) act({{ data: new Uint8Array(bytes).buffer }}); }}
    }}
    const told = [], timers = [];
    const window = {{
        MessagePort, WebSocket,
        setTimeout: (act, milliseconds) => timers.push([act, milliseconds]),
        clearTimeout: () => timers.pop(),
    }};
    {source("page_script/together.js")}
    const react = new MessagePort("react"), other = new MessagePort("other"), socket = new WebSocket();
    globalThis.miniature = {{ told, timers, react, other, socket }};
}}"""


class Miniature:
    """The miniature, and what happens in it."""

    def __init__(self, page):
        self.page = page
        page.evaluate(MINIATURE)

    def asks(self, fragment: str = "", page: str = "hash") -> None:
        message = BackMsg()
        message.rerun_script.query_string = "seed=1"
        message.rerun_script.widget_states.widgets.add(id="new", trigger_value=True)
        message.rerun_script.page_script_hash = page
        message.rerun_script.fragment_id = fragment
        sent = list(message.SerializeToString())
        self.page.evaluate("sent => miniature.socket.send(new Uint8Array(sent))", sent)

    def hears(self, message: ForwardMsg) -> None:
        self.page.evaluate("bytes => miniature.socket.hears(bytes)", list(message.SerializeToString()))

    def posts(self, name: str, *message) -> None:
        self.page.evaluate("([name, message]) => miniature[name].postMessage(...message)", [name, message])

    def told(self) -> list[str]:
        """What happened since it was asked last."""
        return self.page.evaluate("miniature.told.splice(0)")

    def timers(self) -> list[int]:
        return self.page.evaluate("miniature.timers.map(([act, milliseconds]) => milliseconds)")


@pytest.fixture
def miniature(browser):
    page = browser.new_page()
    yield Miniature(page)
    page.close()


def begins() -> ForwardMsg:
    message = ForwardMsg()
    message.metadata.run.fragment_ids.append("f")
    message.new_session.name = "page"
    return message


def writes() -> ForwardMsg:
    message = ForwardMsg()
    message.hash = "h" * 32
    message.delta.new_element.markdown.body = "words " * 1000
    return message


def over() -> ForwardMsg:
    message = ForwardMsg()
    message.session_status_changed.run_on_save = False
    message.session_status_changed.script_is_running = False
    return message


def test_react_s_task_waits_until_a_fragment_s_run_is_over(miniature):
    miniature.asks("f")
    miniature.hears(begins())
    miniature.posts("react", None)
    miniature.hears(writes())
    assert miniature.told() == ["sent"] and miniature.timers() == [40]
    miniature.hears(over())
    assert miniature.told() == ["react [null]"] and miniature.timers() == []
    miniature.posts("react", None)
    assert miniature.told() == ["react [null]"]


def test_it_does_not_wait_for_an_answer_that_takes_long(miniature):
    miniature.asks("f")
    miniature.posts("react", None)
    miniature.page.evaluate("miniature.timers[0][0]()")
    assert miniature.told() == ["sent", "react [null]"]
    miniature.posts("react", None)
    miniature.hears(over())
    assert miniature.told() == ["react [null]"]


def test_what_others_post_goes_its_way(miniature):
    miniature.asks("f")
    miniature.posts("other", "words")
    miniature.posts("other", None, [])
    miniature.posts("other")
    assert miniature.told() == ["sent", 'other ["words"]', "other [null,[]]", "other []"]


def test_the_run_of_a_whole_page_shows_its_parts(miniature):
    miniature.asks()
    miniature.posts("react", None)
    assert miniature.told() == ["sent", "react [null]"] and miniature.timers() == []


def test_what_is_sent_beside_reruns_changes_nothing(miniature):
    stop = BackMsg()
    stop.stop_script = True
    sent = [list(stop.SerializeToString()), [], [255, 255, 255], [90, 127], [90, 2, 42, 0]]
    for each in sent:
        miniature.page.evaluate("sent => miniature.socket.send(new Uint8Array(sent))", each)
    miniature.page.evaluate("miniature.socket.send('words')")
    assert miniature.told() == ["sent"] * 6 and miniature.timers() == []


def test_many_presses_do_not_put_it_off_again(miniature):
    for _ in range(3):
        miniature.asks("f")
    assert miniature.timers() == [40]
    assert miniature.page.evaluate("miniature.socket.heard.length") == 1


# Counts the tasks that React really gets from one press on, and how many it had at each message of the answer.
COUNT = """
window.tasks = 0;
window.answer = null;
const post = MessagePort.prototype.postMessage;
MessagePort.prototype.postMessage = function (...message) {
    if (message[0] === null) window.tasks++;
    return post.apply(this, message);
};
const wait = window.setTimeout;
window.setTimeout = (act, delay, ...rest) => (delay === 40 ? 0 : wait(act, delay, ...rest));
const add = WebSocket.prototype.addEventListener;
WebSocket.prototype.addEventListener = function (type, act, ...rest) {
    if (type === "message") {
        add.call(this, type, ({ data }) => window.answer?.push([window.tasks, [...new Uint8Array(data)]]));
    }
    return add.call(this, type, act, ...rest);
};
document.addEventListener("click", () => { window.tasks = 0; window.answer = []; }, { capture: true });
"""


def test_a_press_is_drawn_when_its_answer_is_there_and_not_before(visit, wait_until_idle):
    page = visit("/gallery?side=4", settled=False)
    page.add_init_script(COUNT)
    page.reload()
    wait_until_idle(page)
    button(page, "New samples").click()
    wait_for_query(page, seed="1")
    heard = [(tasks, ForwardMsg.FromString(bytes(message))) for tasks, message in page.evaluate("window.answer")]
    kinds = [message.WhichOneof("type") for _, message in heard]
    end = kinds.index("session_status_changed")
    assert {"new_session", "delta"} <= set(kinds[:end])
    assert [tasks for tasks, _ in heard[: end + 1]] == [0] * (end + 1)
    assert page.evaluate("window.tasks") > 0
