"""The vote on one question: first alone, then again after talking, until the answer is revealed."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from vaedemo.rooms.errors import RoomError

NOT_SURE = -1  # beside the options
MOST_ROUNDS = 2  # alone, and after talking
LEAST_TALK, MOST_TALK = 0.3, 0.7  # shares of right answers between which talking pays, see `advice`
MOST_HANDS = 1_000  # of one option


@dataclass(frozen=True)
class Asked:
    """A question of a step: its text, its options' texts, and the place of the right one."""

    text: str
    options: tuple[str, ...]
    right: int


@dataclass
class Round:
    """One vote. `votes`: the option of each voter, by token; `hands`: those that the lecturer counted, by option."""

    votes: dict[str, int] = field(default_factory=dict)
    hands: dict[int, int] = field(default_factory=dict)
    is_open: bool = True

    @property
    def answered(self) -> int:
        return len(self.votes) + sum(self.hands.values())

    def counts(self, options: int) -> list[int]:
        """The answers for each option; the last is "Not sure"."""
        found = Counter(self.votes.values()) + Counter(self.hands)
        return [found[place] for place in (*range(options), NOT_SURE)]


@dataclass
class Ballot:
    """The votes on the question of one step."""

    lesson: str
    step: str
    asked: Asked
    rounds: list[Round] = field(default_factory=lambda: [Round()])
    revealed: bool = False

    @property
    def place(self) -> tuple[str, str]:
        return self.lesson, self.step

    @property
    def now(self) -> Round:
        """The latest round."""
        return self.rounds[-1]

    @property
    def is_open(self) -> bool:
        return self.now.is_open and not self.revealed

    def vote(self, voter: str, number: int, option: int) -> None:
        """Count a voter's answer, or change it. `number`: of the round that the voter saw, from 1.

        Raises:
            RoomError: a round that is closed or not there, or an option that the question has not.
        """
        self.check_open(number)
        self.check_option(option)
        self.now.votes[voter] = option

    def raise_hand(self, number: int, option: int, by: int) -> None:
        """Count a hand for an option, or take one back. Raises `RoomError` as `vote` does."""
        self.check_open(number)
        self.check_option(option)
        self.now.hands[option] = min(max(self.now.hands.get(option, 0) + by, 0), MOST_HANDS)

    def check_open(self, number: int) -> None:
        if not self.is_open or number != len(self.rounds):
            raise RoomError("This vote is closed.")

    def check_option(self, option: int) -> None:
        if not NOT_SURE <= option < len(self.asked.options):
            raise RoomError(f"This question has {len(self.asked.options)} options.")

    def close(self) -> None:
        """End the latest round; an answer can be changed until then."""
        self.now.is_open = False

    def again(self) -> None:
        """Close the first round and open the second. Raises `RoomError` after the second, or once revealed."""
        if self.revealed or len(self.rounds) >= MOST_ROUNDS:
            raise RoomError("The class has voted twice on this question.")
        self.close()
        self.rounds.append(Round())

    def reveal(self) -> None:
        self.close()
        self.revealed = True

    def answers_of(self, voter: str) -> list[int | None]:
        """A voter's answer in each round."""
        return [each.votes.get(voter) for each in self.rounds]

    def share_right(self) -> float | None:
        """The share of right answers in the latest round; None while nobody has answered."""
        counts = self.now.counts(len(self.asked.options))
        return counts[self.asked.right] / sum(counts) if sum(counts) else None

    def advice(self) -> str:
        """What to do next, for the lecturer alone.

        Talking helps most where about 30 to 70 % are right after the first vote (Lasry, Mazur, Watkins 2008,
        doi 10.1119/1.2978182).
        """
        share = self.share_right()
        if share is None:
            return "Nobody has answered yet."
        right = f"{share:.0%} right"
        if self.revealed:
            return f"{right}."
        if len(self.rounds) == MOST_ROUNDS:
            return f"{right} after talking: show the answer, and let someone say why."
        if share < LEAST_TALK:
            return f"{right}: explain first, then vote again, or show the answer."
        if share > MOST_TALK:
            return f"{right}: show the answer, and go on."
        return f"{right}: let them talk with a neighbour, then vote again."

    def to_json(self) -> dict[str, Any]:
        rounds = [
            {"votes": each.votes, "hands": {str(k): v for k, v in each.hands.items()}, "open": each.is_open}
            for each in self.rounds
        ]
        asked = [self.asked.text, list(self.asked.options), self.asked.right]
        return {"place": [*self.place], "asked": asked, "rounds": rounds, "revealed": self.revealed}


def ballot_from(kept: Mapping[str, Any]) -> Ballot:
    """A ballot from its `to_json`. Raises KeyError, TypeError or ValueError for anything else."""
    text, options, right = kept["asked"]
    rounds = [
        Round(
            {str(voter): int(option) for voter, option in each["votes"].items()},
            {int(option): int(count) for option, count in each["hands"].items()},
            bool(each["open"]),
        )
        for each in kept["rounds"]
    ]
    if not 1 <= len(rounds) <= MOST_ROUNDS:
        raise ValueError(f"a ballot has 1 or {MOST_ROUNDS} rounds, got {len(rounds)}.")
    if not 0 <= right < len(options) or any(
        not NOT_SURE <= option < len(options) for each in rounds for option in (*each.votes.values(), *each.hands)
    ):
        raise ValueError(f"a ballot's answers are among its {len(options)} options.")
    lesson, step = kept["place"]
    return Ballot(str(lesson), str(step), Asked(text, tuple(options), int(right)), rounds, bool(kept["revealed"]))


def table(ballots: Sequence[Ballot]) -> list[list[Any]]:
    """The counts of all votes as rows, the first with the names of the columns."""
    rows: list[list[Any]] = [["lesson", "step", "question", "round", "option", "text", "right", "phones", "hands"]]
    for ballot in ballots:
        texts = dict(enumerate(ballot.asked.options)) | {NOT_SURE: "Not sure"}
        for number, each in enumerate(ballot.rounds, 1):
            votes = Counter(each.votes.values())
            for option, text in texts.items():
                right = int(option == ballot.asked.right)
                name = option + 1 if option != NOT_SURE else ""
                hands = each.hands.get(option, 0)
                rows.append([*ballot.place, ballot.asked.text, number, name, text, right, votes[option], hands])
    return rows
