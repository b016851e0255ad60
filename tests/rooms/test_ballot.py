"""The vote on one question: what is counted, when a round ends, and what the lecturer is advised."""

import json

import pytest

from tests.rooms.sample import HEIGHT, WIDTH
from vaedemo.rooms.ballot import MOST_HANDS, NOT_SURE, Ballot, ballot_from, table
from vaedemo.rooms.errors import RoomError

CLOSED = "This vote is closed."


def ballot(*options: int, asked=WIDTH) -> Ballot:
    """A ballot with the answers of the voters "0", "1" and so on in its first round."""
    made = Ballot("kl", "width", asked)
    for voter, option in enumerate(options):
        made.vote(str(voter), 1, option)
    return made


def test_the_last_answer_of_a_voter_counts():
    made = ballot(0, 1, NOT_SURE)
    made.vote("0", 1, 1)
    assert made.now.counts(2) == [0, 2, 1]
    assert made.now.answered == 3
    assert made.answers_of("0") == [1]


def test_who_has_not_voted_has_no_answer():
    made = ballot(0)
    made.again()
    assert made.answers_of("0") == [0, None]
    assert made.answers_of("9") == [None, None]


@pytest.mark.parametrize("option", [-2, 2, 99])
def test_an_option_that_the_question_has_not_is_refused(option):
    made = ballot(0)
    with pytest.raises(RoomError, match="This question has 2 options"):
        made.vote("0", 1, option)
    with pytest.raises(RoomError, match="This question has 2 options"):
        made.raise_hand(1, option, 1)
    assert made.now.counts(2) == [1, 0, 0]


@pytest.mark.parametrize("number", [0, 2])
def test_a_vote_for_another_round_than_the_latest_is_refused(number):
    made = ballot(0)
    with pytest.raises(RoomError, match=CLOSED):
        made.vote("0", number, 1)
    with pytest.raises(RoomError, match=CLOSED):
        made.raise_hand(number, 1, 1)
    assert made.now.counts(2) == [1, 0, 0]


@pytest.mark.parametrize("end", [Ballot.close, Ballot.reveal])
def test_a_closed_round_takes_no_vote_and_no_hand(end):
    made = ballot(0)
    end(made)
    with pytest.raises(RoomError, match=CLOSED):
        made.vote("0", 1, 1)
    with pytest.raises(RoomError, match=CLOSED):
        made.raise_hand(1, 1, 1)
    assert not made.is_open and made.now.counts(2) == [1, 0, 0]


def test_the_second_round_leaves_the_first_as_it_was():
    made = ballot(0, 0)
    made.again()
    assert [each.is_open for each in made.rounds] == [False, True]
    with pytest.raises(RoomError, match=CLOSED):
        made.vote("0", 1, 1)
    made.vote("0", 2, 1)
    assert [each.counts(2) for each in made.rounds] == [[2, 0, 0], [0, 1, 0]]
    assert made.answers_of("0") == [0, 1]


def test_there_is_no_third_round_and_none_after_the_answer():
    twice, told = ballot(0), ballot(0)
    twice.again()
    told.reveal()
    for made in (twice, told):
        rounds = len(made.rounds)
        with pytest.raises(RoomError, match="voted twice"):
            made.again()
        assert len(made.rounds) == rounds
    assert twice.is_open


def test_a_round_that_was_closed_may_be_followed_by_a_second():
    made = ballot(0)
    made.close()
    made.again()
    assert made.is_open and len(made.rounds) == 2


def test_hands_are_added_to_the_votes_and_taken_back_to_nothing():
    made = ballot(0)
    for by in (1, 1, 1, -1):
        made.raise_hand(1, 1, by)
    made.raise_hand(1, NOT_SURE, 1)
    assert made.now.counts(2) == [1, 2, 1]
    assert made.now.answered == 4
    for _ in range(5):
        made.raise_hand(1, 1, -1)
    assert made.now.counts(2) == [1, 0, 1]


def test_hands_have_a_limit():
    made = ballot()
    for _ in range(MOST_HANDS + 5):
        made.raise_hand(1, 0, 1)
    assert made.now.counts(2) == [MOST_HANDS, 0, 0]


@pytest.mark.parametrize(
    ("wrong", "right", "advice"),
    [
        (0, 0, "Nobody has answered yet."),
        (71, 29, "29% right: explain first, then vote again, or show the answer."),
        (70, 30, "30% right: let them talk with a neighbour, then vote again."),
        (30, 70, "70% right: let them talk with a neighbour, then vote again."),
        (29, 71, "71% right: show the answer, and go on."),
    ],
)
def test_the_advice_follows_the_share_of_right_answers(wrong, right, advice):
    assert ballot(*[0] * wrong, *[1] * right).advice() == advice


def test_who_is_not_sure_counts_as_not_right():
    assert ballot(1, NOT_SURE).share_right() == 0.5


def test_after_the_second_round_the_advice_is_to_show_the_answer():
    made = ballot(0)
    made.again()
    assert made.advice() == "Nobody has answered yet."
    made.vote("0", 2, 1)
    assert made.advice() == "100% right after talking: show the answer, and let someone say why."
    made.reveal()
    assert made.advice() == "100% right."


def test_a_ballot_is_equal_after_a_round_trip_through_json():
    made = ballot(0, 1, NOT_SURE, asked=HEIGHT)
    made.raise_hand(1, 2, 1)
    for change in (Ballot.close, Ballot.again, Ballot.reveal):
        change(made)
        assert ballot_from(json.loads(json.dumps(made.to_json()))) == made


@pytest.mark.parametrize("rounds", [[], [{"votes": {}, "hands": {}, "open": True}] * 3], ids=["none", "three"])
def test_a_kept_ballot_with_another_number_of_rounds_is_refused(rounds):
    with pytest.raises(ValueError, match="a ballot has 1 or 2 rounds"):
        ballot_from(ballot().to_json() | {"rounds": rounds})


def test_the_table_has_a_row_for_each_option_of_each_round():
    made = ballot(0, 1, 1)
    made.raise_hand(1, 1, 1)
    made.again()
    made.vote("0", 2, NOT_SURE)
    names, *rows = table([made])
    assert names == ["lesson", "step", "question", "round", "option", "text", "right", "phones", "hands"]
    assert rows == [
        ["kl", "width", "How wide?", 1, 1, "narrow", 0, 1, 0],
        ["kl", "width", "How wide?", 1, 2, "wide", 1, 2, 1],
        ["kl", "width", "How wide?", 1, "", "Not sure", 0, 0, 0],
        ["kl", "width", "How wide?", 2, 1, "narrow", 0, 0, 0],
        ["kl", "width", "How wide?", 2, 2, "wide", 1, 0, 0],
        ["kl", "width", "How wide?", 2, "", "Not sure", 0, 1, 0],
    ]
