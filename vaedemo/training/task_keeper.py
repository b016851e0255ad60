"""What a task keeps of its training: keyframes, and the steps at which visitors hold it."""

from collections.abc import Sequence

from vaedemo.config import RunConfig
from vaedemo.training import engine, kept_states
from vaedemo.training.publisher import Publisher
from vaedemo.training.run import Run
from vaedemo.training.state import State


class TaskKeeper:
    """Keeps a whole training of one model at four keyframes, and any training where a visitor holds it or it ends.

    `held`: the runs up to the steps at which the training was held.
    """

    def __init__(self, configs: Sequence[RunConfig], publisher: Publisher):
        self.publisher, self.held = publisher, list[Run]()
        self.has_keyframes = len(configs) == 1 and not configs[0].until

    def wants(self, step: int, steps: int) -> bool:
        keyframe = self.has_keyframes and step in kept_states.keyframes(steps)
        return keyframe or self.publisher.hold_requested.is_set()

    def keep(self, states: Sequence[State]) -> None:
        for state in states:
            kept_states.save(state)
        # Cleared before the runs are made: a request from then on gets a later step.
        if states and self.publisher.hold_requested.is_set():
            self.publisher.hold_requested.clear()
            self.held += engine.held_runs(states)
            self.publisher.held(states[0].step)
