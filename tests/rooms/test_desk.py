"""What browsers may ask of a room: each action, who may do it, and what a student hears."""

import copy
import csv
import io
import json
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import settings
from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.rooms.sample import PLACE, STEPS, WIDTH, Lecture, voter
from vaedemo.rooms.desk import LONGEST_LINK, qr_code
from vaedemo.rooms.errors import NoRoom, NotLeading, RoomError
from vaedemo.rooms.messages import LONGEST_QUERY, MALFORMED, Message
from vaedemo.rooms.room import room_from

CLOSED = "This vote is closed."
ONLY_LECTURER = "Only the lecturer of this room can do this."
# What the lecturer sends, each with sound fields.
ORDERS = {
    "move": {"lesson": "kl", "step": "height", "query": "", "question": "open"},
    "hand": PLACE | {"round": 1, "option": 0, "by": 1},
    "close": PLACE,
    "again": PLACE,
    "reveal": PLACE,
    "ticket": {},
    "table": {},
    "end": {},
}
TOLD_WITH_THE_ANSWER = {"counts", "right"}
FOR_THE_LECTURER = {"advice", "answered"}


@pytest.fixture
def lecture(tmp_path) -> Lecture:
    """A class of two at an open question."""
    made = Lecture(tmp_path / "rooms")
    made.move()
    made.join(1, 2)
    return made


def state(lecture: Lecture) -> dict:
    return copy.deepcopy(lecture.room.to_json())


def test_all_actions_are_those_of_the_lecturer_and_of_a_student(lecture):
    assert {*lecture.desk.actions} == {*ORDERS, "join", "vote", "lead"}


@pytest.mark.parametrize("action", ORDERS)
@pytest.mark.parametrize("secret", [None, "", "A" * 22], ids=["none", "empty", "wrong"])
def test_nobody_without_the_secret_leads(lecture, action, secret):
    before = state(lecture)
    with pytest.raises(NotLeading, match=ONLY_LECTURER):
        lecture.send(action, voter=voter(1), secret=secret, **ORDERS[action])
    assert state(lecture) == before and not lecture.room.ended


@pytest.mark.parametrize("action", ORDERS)
def test_the_secret_of_another_room_does_not_lead(lecture, action):
    other = lecture.desk.open()
    with pytest.raises(NotLeading, match=ONLY_LECTURER):
        lecture.send(action, secret=other["secret"], **ORDERS[action])


@pytest.mark.parametrize("action", ORDERS)
@pytest.mark.parametrize("secret", ["short", "A" * 23, "A" * 21 + "?", 7, True, ["A" * 22], {"a": 1}])
def test_a_malformed_secret_is_refused(lecture, action, secret):
    with pytest.raises(RoomError, match=MALFORMED):
        lecture.send(action, secret=secret, **ORDERS[action])


@pytest.mark.parametrize("action", ORDERS)
def test_the_secret_leads(lecture, action):
    before = state(lecture)
    lecture.lead(action, **ORDERS[action])
    assert action == "table" or state(lecture) != before or lecture.room.ended


def test_a_new_room_has_a_code_and_a_secret(lecture):
    opened = lecture.desk.open()
    assert opened.keys() == {"code", "secret"}
    assert lecture.rooms.get(opened["code"]).leads(opened["secret"])


def test_an_ended_room_is_found_no_more(lecture):
    assert lecture.lead("end") == {}
    with pytest.raises(NoRoom):
        lecture.rooms.get(lecture.room.code)


# Join


def test_who_joins_twice_is_in_the_room_once(lecture):
    tally = lecture.room.tally
    lecture.join(3, 3)
    assert lecture.room.members == {voter(1), voter(2), voter(3)}
    assert lecture.room.tally == tally + 1


def test_a_room_over_its_size_refuses_one_more_but_not_who_comes_again(tmp_path):
    lecture = Lecture(tmp_path / "small", most_members=2)
    lecture.join(1, 2)
    with pytest.raises(RoomError, match="it has room for 2"):
        lecture.join(3)
    lecture.join(1)
    assert len(lecture.room.members) == 2


@pytest.mark.parametrize(
    "token", [None, "", 7, True, "g" * 32, "A" * 32, "1" * 31, "1" * 33, "1" * 32 + "\n", ["1" * 32]]
)
@pytest.mark.parametrize("action", ["join", "vote"])
def test_a_malformed_token_is_refused(lecture, action, token):
    with pytest.raises(RoomError, match=MALFORMED):
        lecture.send(action, voter=token, **PLACE, round=1, option=0)
    assert len(lecture.room.members) == 2


# Vote


def test_a_vote_is_counted_and_told_to_its_voter(lecture):
    assert lecture.vote(1, 0) == {"mine": [0]}
    assert lecture.vote(1, 1) == {"mine": [1]}
    assert lecture.vote(2, -1) == {"mine": [-1]}
    assert lecture.room.ballot.now.counts(2) == [0, 1, 1]


def test_the_lecturer_hears_of_each_vote_and_the_class_of_none(lecture):
    public, tally = lecture.room.public, lecture.room.tally
    lecture.vote(1, 0)
    lecture.vote(1, 1)
    assert (lecture.room.public, lecture.room.tally) == (public, tally + 2)


def test_who_has_not_joined_cannot_vote(lecture):
    with pytest.raises(RoomError, match="Join the room first"):
        lecture.vote(3, 0)
    assert lecture.room.ballot.now.votes == {}


@pytest.mark.parametrize("end", ["close", "reveal", "again"])
def test_a_vote_for_a_closed_round_is_refused(lecture, end):
    lecture.vote(1, 0)
    lecture.lead(end, **PLACE)
    with pytest.raises(RoomError, match=CLOSED):
        lecture.vote(1, 1)
    assert lecture.room.ballot.rounds[0].votes == {voter(1): 0}


def test_a_vote_for_a_round_to_come_is_refused(lecture):
    with pytest.raises(RoomError, match=CLOSED):
        lecture.vote(1, 0, round=2)


def test_a_vote_on_another_step_is_refused(lecture):
    with pytest.raises(RoomError, match="votes on another step"):
        lecture.vote(1, 0, step="height")
    lecture.move("height")
    lecture.vote(1, 0, step="height")
    with pytest.raises(RoomError, match="votes on another step"):
        lecture.vote(1, 0)
    lecture.move("explore")
    with pytest.raises(RoomError, match="votes on another step"):
        lecture.vote(1, 0, step="explore")


@pytest.mark.parametrize("option", [-9, -2, 2, 99])
def test_an_option_that_the_question_has_not_is_refused(lecture, option):
    with pytest.raises(RoomError, match="This question has 2 options"):
        lecture.vote(1, option)
    assert lecture.room.ballot.now.votes == {}


WRONG_TYPES = [None, True, False, "1", 1.0, [1], {"1": 1}, 10**30, -(10**30)]


@pytest.mark.parametrize("value", WRONG_TYPES, ids=repr)
@pytest.mark.parametrize("field", ["round", "option", "by"])
def test_a_number_of_a_wrong_type_is_refused(lecture, field, value):
    fields = {"round": 1, "option": 1, "by": 1} | {field: value}
    before = state(lecture)
    with pytest.raises(RoomError, match=MALFORMED):
        lecture.lead("hand", **PLACE, **fields)
    if field != "by":
        with pytest.raises(RoomError, match=MALFORMED):
            lecture.send("vote", voter=voter(1), **PLACE, **fields)
    assert state(lecture) == before


@pytest.mark.parametrize("value", [None, True, 7, "", "KL", "a b", "../kl", "a" * 41, "kl\n", ["kl"]], ids=repr)
@pytest.mark.parametrize("field", ["lesson", "step"])
def test_a_malformed_name_is_refused(lecture, field, value):
    place = PLACE | {field: value}
    with pytest.raises(RoomError, match=MALFORMED):
        lecture.send("vote", voter=voter(1), round=1, option=0, **place)
    with pytest.raises(RoomError, match=MALFORMED):
        lecture.lead("move", query="", question="", **place)


@pytest.mark.parametrize("content", [None, 7, "text", [], [{}], True], ids=repr)
def test_a_message_that_is_no_object_is_refused(content):
    with pytest.raises(RoomError, match=MALFORMED):
        Message(content)


# The lecturer


def test_a_ticket_gives_a_second_device_once(lecture):
    ticket = lecture.lead("ticket")["ticket"]
    second = lecture.send("lead", ticket=ticket)["secret"]
    assert second != lecture.secret and lecture.room.leads(second)
    with pytest.raises(NotLeading, match="used already"):
        lecture.send("lead", ticket=ticket)
    lecture.send("close", secret=second, **PLACE)
    assert not lecture.room.ballot.is_open


@pytest.mark.parametrize(("seconds", "is_good"), [(599.0, True), (600.0, False)])
def test_a_ticket_is_good_for_ten_minutes(lecture, seconds, is_good):
    ticket = lecture.lead("ticket")["ticket"]
    lecture.clock.now += seconds
    if is_good:
        assert lecture.room.leads(lecture.send("lead", ticket=ticket)["secret"])
    else:
        with pytest.raises(NotLeading, match="ten minutes"):
            lecture.send("lead", ticket=ticket)


@pytest.mark.parametrize("ticket", [None, "", 7, "A" * 21, "A" * 22])
def test_another_ticket_gives_nothing(lecture, ticket):
    with pytest.raises(RoomError):
        lecture.send("lead", ticket=ticket)
    assert len(lecture.room.leaders) == 1


@pytest.mark.parametrize(("lesson", "step"), [("kl", "depth"), ("gallery", "width")])
def test_a_step_that_does_not_exist_is_no_place(lecture, lesson, step):
    before = state(lecture)
    with pytest.raises(RoomError, match=MALFORMED):
        lecture.lead("move", lesson=lesson, step=step, query="", question="open")
    assert state(lecture) == before


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("query", None),
        ("query", 7),
        ("query", "a\nb"),
        ("query", "a" * (LONGEST_QUERY + 1)),
        ("question", None),
        ("question", "closed"),
        ("question", "open\n"),
    ],
)
def test_a_malformed_move_is_refused(lecture, field, value):
    before = state(lecture)
    with pytest.raises(RoomError, match=MALFORMED):
        lecture.lead("move", **(ORDERS["move"] | {field: value}))
    assert state(lecture) == before


def test_the_longest_query_is_told_as_it_was_sent(lecture):
    query = "ä" * LONGEST_QUERY
    lecture.move(query=query)
    assert lecture.news(1)["where"] == {"lesson": "kl", "step": "width", "query": query}


@pytest.mark.parametrize("action", ["close", "again", "reveal", "hand"])
def test_the_lecturer_s_order_for_another_step_is_refused(lecture, action):
    before = state(lecture)
    with pytest.raises(RoomError, match="votes on another step"):
        lecture.lead(action, **(ORDERS[action] | {"step": "height"}))
    assert state(lecture) == before


def test_all_hear_when_the_vote_is_taken_further(lecture):
    heard = [lecture.room.public]
    for action in ("again", "close", "reveal"):
        lecture.lead(action, **PLACE)
        heard.append(lecture.room.public)
    assert heard == sorted(set(heard))
    with pytest.raises(RoomError, match="voted twice"):
        lecture.lead("again", **PLACE)


def test_a_hand_counts_like_a_vote_and_is_for_the_lecturer_to_hear(lecture):
    public = lecture.room.public
    for by in (1, 1, -1):
        lecture.lead("hand", **PLACE, round=1, option=1, by=by)
    lecture.vote(1, 0)
    assert lecture.lecturer_s_news()["ballot"]["counts"] == [[1, 1, 0]]
    assert lecture.room.public == public


def test_the_table_has_the_counts_of_all_votes(lecture):
    lecture.vote(1, 0)
    lecture.vote(2, 1)
    lecture.lead("hand", **PLACE, round=1, option=1, by=1)
    lecture.lead("again", **PLACE)
    lecture.vote(1, 1, round=2)
    lecture.move("height")
    lecture.vote(2, -1, step="height")
    rows = [*csv.DictReader(io.StringIO(lecture.lead("table")["csv"]))]
    assert {name: rows[1][name] for name in ("lesson", "step", "question", "round", "option", "text", "right")} == {
        "lesson": "kl",
        "step": "width",
        "question": "How wide?",
        "round": "1",
        "option": "2",
        "text": "wide",
        "right": "1",
    }
    counted = [(row["step"], row["round"], row["text"], row["phones"], row["hands"]) for row in rows]
    assert counted == [
        ("width", "1", "narrow", "1", "0"),
        ("width", "1", "wide", "1", "1"),
        ("width", "1", "Not sure", "0", "0"),
        ("width", "2", "narrow", "0", "0"),
        ("width", "2", "wide", "1", "0"),
        ("width", "2", "Not sure", "0", "0"),
        ("height", "1", "low", "0", "0"),
        ("height", "1", "high, or higher", "0", "0"),
        ("height", "1", "as “high”", "0", "0"),
        ("height", "1", "Not sure", "1", "0"),
    ]


def test_the_table_names_no_voter(lecture):
    lecture.vote(1, 0)
    assert voter(1) not in lecture.lead("table")["csv"]


def test_the_table_of_a_room_without_a_vote_has_its_columns_alone(tmp_path):
    assert Lecture(tmp_path / "new").lead("table")["csv"].count("\n") == 1


# News


def test_before_the_answer_a_student_hears_of_no_count(lecture):
    lecture.vote(1, 1)
    for change in (lambda: None, lambda: lecture.lead("again", **PLACE), lambda: lecture.lead("close", **PLACE)):
        change()
        told = lecture.news(1)
        assert told["ballot"].keys().isdisjoint(TOLD_WITH_THE_ANSWER | FOR_THE_LECTURER)
        assert "here" not in told
    assert told["ballot"]["mine"] == [1, None]


def test_with_the_answer_a_student_hears_of_the_counts_of_both_rounds(lecture):
    lecture.vote(1, 0)
    lecture.lead("again", **PLACE)
    lecture.vote(2, 1, round=2)
    lecture.lead("reveal", **PLACE)
    told = lecture.news(2)["ballot"]
    assert told == {
        "lesson": "kl",
        "step": "width",
        "round": 2,
        "open": False,
        "revealed": True,
        "mine": [None, 1],
        "counts": [[1, 0, 0], [0, 1, 0]],
        "right": WIDTH.right,
    }


def test_a_student_s_news_is_the_same_whatever_others_vote(lecture):
    before = lecture.news(1)
    lecture.vote(2, 0)
    lecture.lead("hand", **PLACE, round=1, option=1, by=1)
    lecture.join(3)
    assert lecture.news(1) == before


def test_the_lecturer_hears_of_counts_advice_and_who_is_here(lecture):
    lecture.vote(1, 1)
    told = lecture.lecturer_s_news()
    assert told["here"] == 7
    assert told["ballot"]["counts"] == [[0, 1, 0]] and told["ballot"]["answered"] == 1
    assert told["ballot"]["right"] == WIDTH.right and told["ballot"]["advice"].startswith("100% right")


def test_news_with_a_wrong_secret_is_refused(lecture):
    with pytest.raises(NotLeading, match=ONLY_LECTURER):
        lecture.desk.news(lecture.room, Message({"voter": voter(1), "secret": "A" * 22}), here=0)


def test_nobody_is_told_of_a_secret_or_of_another_voter(lecture):
    lecture.vote(2, 1)
    ticket = lecture.lead("ticket")["ticket"]
    lecture.lead("reveal", **PLACE)
    for told in (lecture.news(1), lecture.lecturer_s_news()):
        text = json.dumps(told)
        assert not any(hidden in text for hidden in (voter(2), lecture.secret, ticket, *lecture.room.leaders))


def test_where_nothing_is_asked_there_is_no_ballot_to_tell(tmp_path):
    lecture = Lecture(tmp_path / "new")
    assert lecture.news(1)["where"] is None and lecture.news(1)["ballot"] is None
    lecture.move("explore")
    assert lecture.news(1)["where"]["step"] == "explore" and lecture.news(1)["ballot"] is None


# The QR code


def test_a_link_has_a_square_code():
    rows = qr_code(Message({"link": "https://example.org/?room=ABCD"}))["rows"]
    assert {len(row) for row in rows} == {len(rows)}
    assert set("".join(rows)) == {"0", "1"}
    assert rows != qr_code(Message({"link": "https://example.org/?room=ABCE"}))["rows"]


@pytest.mark.parametrize("link", [None, 7, "", "javascript:alert(1)", "example.org", "http://a\nb"])
def test_what_is_no_link_has_no_code(link):
    with pytest.raises(RoomError, match=MALFORMED):
        qr_code(Message({"link": link}))


def test_the_longest_link_has_a_code_and_a_longer_one_none():
    link = "https://example.org/".ljust(LONGEST_LINK, "a")
    assert qr_code(Message({"link": link}))["rows"]
    with pytest.raises(RoomError, match=MALFORMED):
        qr_code(Message({"link": link + "a"}))


# Any sequence of messages


VOTERS = [voter(number) for number in range(4)]
# What no field takes, or not as this one. Sound values stand first, where the search begins.
ODD = some.sampled_from([None, True, 1.0, "1", -2, 99, 10**30, [], "g" * 32, "A" * 22, "ABCD"])
FIELDS = {
    "voter": some.sampled_from(VOTERS),
    "lesson": some.just("kl"),
    "step": some.sampled_from(["width", "width", "width", "height", "explore", "depth"]),
    "round": some.sampled_from([1, 1, 2, 3]),
    "option": some.sampled_from([0, 1, -1, 2]),
    "by": some.sampled_from([1, 1, -1, 0]),
    "query": some.sampled_from(["", "beta=2"]),
    "question": some.sampled_from(["open", "open", "open", "", "answered"]),
    "ticket": some.just("A" * 22),
}
MESSAGES = some.fixed_dictionaries(FIELDS)


class AnyMessages(RuleBasedStateMachine):
    """Sound and unsound messages in any order, with a record of what was accepted and of each round that closed."""

    @initialize()
    def open_a_room(self):
        self.folder = TemporaryDirectory()
        self.lecture = Lecture(Path(self.folder.name))
        self.votes: dict[tuple, dict[str, int]] = {}
        self.hands: dict[tuple, Counter] = {}
        self.closed: dict[tuple, dict] = {}
        self.tickets: list[str] = []

    def teardown(self):
        if hasattr(self, "folder"):
            self.lecture.rooms.files.release()
            self.folder.cleanup()

    def send(self, action: str, message: dict) -> dict | None:
        """Returns the room's answer; None for a refusal, which must change nothing."""
        room, before = self.lecture.room, state(self.lecture)
        try:
            answer = self.lecture.desk.actions[action](room, Message(message))
        except RoomError as refused:
            assert str(refused)
            assert state(self.lecture) == before
            return None
        json.dumps(answer)
        return answer

    @rule(number=some.sampled_from(VOTERS))
    def join(self, number):
        assert self.send("join", {"voter": number}) == {}

    @rule(message=MESSAGES)
    def vote(self, message):
        ballot = self.lecture.room.ballot
        may = ballot is not None and ballot.is_open and message["voter"] in self.lecture.room.members
        if self.send("vote", message) is not None:
            assert may and message["step"] == ballot.step and message["round"] == len(ballot.rounds)
            self.votes.setdefault((ballot.step, message["round"]), {})[message["voter"]] = message["option"]

    @rule(message=MESSAGES)
    def hand(self, message):
        ballot = self.lecture.room.ballot
        if self.send("hand", message | {"secret": self.lecture.secret}) is not None:
            assert ballot.is_open and message["step"] == ballot.step and message["round"] == len(ballot.rounds)
            counted = self.hands.setdefault((ballot.step, message["round"]), Counter())
            counted[message["option"]] = max(counted[message["option"]] + message["by"], 0)

    @rule(action=some.sampled_from(["move", "move", "again", "close", "reveal", "table"]), message=MESSAGES)
    def lead(self, action, message):
        self.send(action, message | {"secret": self.lecture.secret})

    @rule()
    def make_ticket(self):
        made = self.send("ticket", {"secret": self.lecture.secret})
        self.tickets += [made["ticket"]] if made else []

    @precondition(lambda self: self.tickets)
    @rule(data=some.data())
    def redeem(self, data):
        ticket = data.draw(some.sampled_from(self.tickets))
        made = self.send("lead", {"ticket": ticket})
        assert made and self.lecture.room.leads(made["secret"])
        assert self.send("lead", {"ticket": ticket}) is None
        self.tickets.remove(ticket)

    @rule(
        action=some.sampled_from([*ORDERS]),
        message=MESSAGES,
        secret=some.sampled_from(["", "A" * 22, "short", 7, True]),
    )
    def lead_without_the_secret(self, action, message, secret):
        assert self.send(action, message | {"secret": secret}) is None

    @rule(
        action=some.sampled_from(["join", "vote", "lead", *(each for each in ORDERS if each != "end")]),
        message=MESSAGES,
        field=some.sampled_from([*FIELDS, "secret"]),
        value=ODD,
    )
    def send_something_odd(self, action, message, field, value):
        """An odd value may be sound for a field that this action does not read. Votes and hands have their own rule."""
        odd = {"secret": self.lecture.secret} | message | {field: value}
        if action in ("vote", "hand") and field not in ("voter", "lesson", "step", "round", "option"):
            return
        answer = self.send(action, odd)
        if action in ("vote", "hand"):
            assert answer is None or (action == "hand" and field == "voter")
            if answer is not None:
                counted = self.hands.setdefault((odd["step"], odd["round"]), Counter())
                counted[odd["option"]] = max(counted[odd["option"]] + odd["by"], 0)

    @invariant()
    def each_round_has_the_accepted_votes_and_hands_and_no_others(self):
        for (_, step), ballot in self.lecture.room.ballots.items():
            assert 1 <= len(ballot.rounds) <= 2
            for number, each in enumerate(ballot.rounds, 1):
                votes, hands = self.votes.get((step, number), {}), self.hands.get((step, number), Counter())
                assert each.votes == votes
                counts = each.counts(len(ballot.asked.options))
                assert sum(counts) == each.answered == len(votes) + hands.total()
                by_option = Counter(votes.values()) + hands
                assert counts == [by_option[option] for option in (*range(len(ballot.asked.options)), -1)]

    @invariant()
    def a_closed_round_never_changes(self):
        for (_, step), ballot in self.lecture.room.ballots.items():
            for number, each in enumerate(ballot.to_json()["rounds"], 1):
                if (step, number) in self.closed:
                    assert each == self.closed[step, number]
                elif not each["open"] or ballot.revealed or number < len(ballot.rounds):
                    self.closed[step, number] = copy.deepcopy(each)
                    assert not each["open"]

    @invariant()
    def a_student_hears_of_counts_when_the_answer_is_told_and_not_before(self):
        for number in range(len(VOTERS)):
            told = self.lecture.news(number)
            assert "here" not in told
            if told["ballot"]:
                known = told["ballot"].keys() & (TOLD_WITH_THE_ANSWER | FOR_THE_LECTURER)
                assert known == (TOLD_WITH_THE_ANSWER if told["ballot"]["revealed"] else set())
                rounds = range(1, told["ballot"]["round"] + 1)
                own = [self.votes.get((told["ballot"]["step"], each), {}).get(voter(number)) for each in rounds]
                assert told["ballot"]["mine"] == own

    @invariant()
    def a_restart_keeps_the_room_equal(self):
        assert room_from(json.loads(json.dumps(self.lecture.room.to_json()))) == self.lecture.room

    @invariant()
    def the_ballots_are_those_of_questions(self):
        assert all(STEPS[step] is not None for _, step in self.lecture.room.ballots)


TestAnyMessages = AnyMessages.TestCase
TestAnyMessages.settings = settings(
    max_examples=25, stateful_step_count=30, deadline=None, derandomize=True, database=None
)
