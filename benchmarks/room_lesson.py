"""A lesson in a room: the class goes to a question, votes twice, sees the answer, and goes on; all of it is timed."""

import asyncio
import json
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.report import Figure
from benchmarks.room_people import ASKED, LESSON, Lecturer, Student, all_have
from vaedemo.app.lessons.kl.steps import STEPS

QUESTION = next(step.ask for step in STEPS if step.name == ASKED)
AFTERWARDS = ("direction", "general", "modes")  # steps that the class goes to after the vote
VOTES_SECONDS, COUNT_SECONDS, REACH_SECONDS = 10, 2, 3


@dataclass
class Lesson:
    """What a class has seen. `reach`: by step, seconds from the lecturer's move to each student's page."""

    students: int
    votes_seconds: list[float] = field(default_factory=list)  # of each round: all votes, from the first to the last
    count_seconds: list[float] = field(default_factory=list)  # of each round: the lecturer's count after the last vote
    reach: dict[str, list[float]] = field(default_factory=dict)
    answer_seconds: list[float] = field(default_factory=list)  # from the lecturer's press to each page with the answer
    busy: list[tuple[float, float]] = field(default_factory=list)  # begin and end of each time in which all pages ran
    voted: list[list[int]] = field(default_factory=list)  # of each round, how many chose each option
    counted: list[list[int]] = field(default_factory=list)  # the same as the room says at the end
    kept: list[list[int]] = field(default_factory=list)  # the same as the room's file says
    unlike: list[str] = field(default_factory=list)  # pages that were not as they must be
    errors: list[str] = field(default_factory=list)

    def figures(self) -> list[Figure]:
        name = f"a class of {self.students}"
        figures = [
            Figure(f"{name}, all votes, slower round", max(self.votes_seconds), "s", f"at most {VOTES_SECONDS}"),
            Figure(f"{name}, count after the last vote", max(self.count_seconds), "s", f"at most {COUNT_SECONDS}"),
            Figure(f"{name}, answer on 95 of 100 pages", percentile(self.answer_seconds, 0.95), "s"),
        ]
        for step, seconds in self.reach.items():
            share = 100 * sum(each <= REACH_SECONDS for each in seconds) / self.students
            figures += [
                Figure(f"{name}, step {step} within {REACH_SECONDS} s", share, "%", "at least 95"),
                Figure(f"{name}, step {step} on 95 of 100 pages", percentile(seconds, 0.95), "s"),
            ]
        return figures


def percentile(seconds: Sequence[float], share: float) -> float:
    return sorted(seconds)[int(share * (len(seconds) - 1))]


async def teach(lecturer: Lecturer, students: Sequence[Student], rooms: Path, rest: float = 0.0) -> Lesson:
    """The whole lesson: a question, two votes, the answer, and further steps, `rest` seconds each; the room ends."""
    lesson = Lesson(len(students))
    await go(lecturer, students, lesson, ASKED, "open")
    lesson.unlike += [f"{ASKED}: no vote" for each in students if not each.draws(f"{LESSON}.ballot")]
    for number in (1, 2):
        if number == 2:
            await lecturer.turn("again")
            await all_have(students, lambda each: (each.told["ballot"] or {}).get("round") == 2)
        await asyncio.sleep(rest)
        await vote(lecturer, students, lesson, number)
    begun = time.perf_counter()
    await lecturer.turn("reveal")
    await all_have(students, lambda each: each.saw_answer)
    lesson.busy.append((begun, time.perf_counter()))
    lesson.answer_seconds = [each.saw_answer - begun for each in students if each.saw_answer]
    lesson.unlike += [f"{ASKED}: no result" for each in students if not each.draws(f"{LESSON}.result")]
    lesson.unlike += [f"{ASKED}: still a vote" for each in students if each.draws(f"{LESSON}.ballot")]
    lesson.counted = await lecturer.counts()
    lesson.kept = kept_counts(rooms / f"{lecturer.code}.json")
    for step in AFTERWARDS:
        await asyncio.sleep(rest)
        await go(lecturer, students, lesson, step)
    await lecturer.order("end")
    await all_have(students, lambda each: each.is_over)
    lesson.unlike += ["the end was not told" for each in students if not each.is_over]
    lesson.errors += [error for each in students for error in (*each.errors, *each.visitor.page.errors)]
    return lesson


async def go(lecturer: Lecturer, students: Sequence[Student], lesson: Lesson, step: str, question: str = "") -> None:
    begun = time.perf_counter()
    await lecturer.move(step, question)
    await all_have(students, lambda each: step in each.reached)
    lesson.busy.append((begun, time.perf_counter()))
    lesson.reach[step] = [each.reached[step] - begun for each in students if step in each.reached]


async def vote(lecturer: Lecturer, students: Sequence[Student], lesson: Lesson, number: int) -> None:
    """All vote at the same moment; every tenth chooses something else first."""
    options = len(QUESTION.options)
    choices = [place % (options + 1) for place in range(len(students))]  # the last is "Not sure"
    last = 0.0

    async def choose(student: Student, place: int, choice: int) -> None:
        nonlocal last
        if place % 10 == 0:
            await student.vote(number, (choice + 1) % options)
        await student.vote(number, -1 if choice == options else choice)
        last = time.perf_counter()

    chosen = Counter(choices)
    wanted = [chosen[option] for option in range(options + 1)]
    begun = time.perf_counter()
    counting = asyncio.create_task(lecturer.wait_for(lambda told: told["ballot"]["counts"][number - 1 :] == [wanted]))
    await asyncio.gather(*(choose(each, place, choices[place]) for place, each in enumerate(students)))
    await counting
    lesson.voted.append(wanted)
    lesson.votes_seconds.append(last - begun)
    lesson.count_seconds.append(time.perf_counter() - last)


def kept_counts(file: Path) -> list[list[int]]:
    """The votes in a room's file, as the room counts them: what a restart would find."""
    (ballot,) = json.loads(file.read_text(encoding="utf-8"))["ballots"]
    found = [Counter(each["votes"].values()) for each in ballot["rounds"]]
    return [[votes[option] for option in (*range(len(QUESTION.options)), -1)] for votes in found]
