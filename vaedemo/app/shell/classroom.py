"""The class's room on a page: its line above, the vote in place of a question's buttons, and the result below."""

from urllib.parse import urlencode

from vaedemo.app.components.room import Ballot, Bar, ballot_box, room_bar
from vaedemo.app.lessons import index
from vaedemo.app.shell import in_room
from vaedemo.app.shell.step_view import SHOWN, StepView
from vaedemo.app.shell.steps import EXPLORE, Question

OWN_SCREEN = ("present", "room", "hide", "only", "handout")  # what of a link is for one screen alone


def bar(view: StepView) -> None:
    """The room's line; nothing for a visit that is in no room."""
    here = in_room.member()
    if here is None:
        return
    query = {name: value for name, value in view.query().items() if name not in OWN_SCREEN}
    room_bar(
        Bar(
            code=here.code,
            lesson=view.lesson.name,
            step=view["step"],
            query=urlencode(query),
            question="open" if view.is_open else "answered" if view.chosen is not None else "",
            pending=in_room.is_pending(view.lesson.name, view["step"]),
            present=bool(view["present"]),
            home=index.HOME.name,
        ),
        key="room",
        on_look=lambda: look(view),
        on_room=in_room.enter,
    )


def look(view: StepView) -> None:
    """The room has news of this step's question: once its answer is told, show it, with the visitor's own."""
    view.is_told = True
    lesson, step = view.lesson.name, view["step"]
    ballot = in_room.ballot_of(lesson, step)
    own = in_room.own_answer(lesson, step)
    if ballot is not None and ballot.revealed and (view.is_open or own is not None):
        view.answer(SHOWN if own is None else own)


def votes(view: StepView) -> bool:
    """Whether the step's question is put to a class, and so has no buttons that tell the answer."""
    here = in_room.member()
    return here is not None and (here.leads or in_room.is_pending(view.lesson.name, view["step"]))


def ballot(view: StepView, question: Question) -> None:
    """The vote on the question that is open."""
    texts = [option.text for option in question.options]
    ballot_box(Ballot(view.lesson.name, view["step"], texts, bool(view["present"])), key=view.key("ballot"))


def result(view: StepView) -> None:
    """How the class has voted, once the answer is told; nothing where it has not."""
    if view["step"] == EXPLORE or in_room.ballot_of(view.lesson.name, view["step"]) is None:
        return
    texts = [option.text for option in view.step.ask.options]
    shown = Ballot(view.lesson.name, view["step"], texts, bool(view["present"]), told=True)
    ballot_box(shown, key=view.key("result"))
