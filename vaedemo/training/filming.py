"""The camera of a training: it takes frames of all models and hands each model its own."""

from collections.abc import Sequence

import torch

from vaedemo.models.ensemble import Ensemble
from vaedemo.training.film import DeviceFrames, Frame, take_frames
from vaedemo.training.member import Member
from vaedemo.training.training_data import TrainingData


class Camera:
    """Takes frames on the models' device. An accelerator's are copied together, once an epoch: the copy waits."""

    def __init__(self, ensemble: Ensemble, members: Sequence[Member], data: TrainingData, device: torch.device):
        self.ensemble, self.members, self.data, self.device = ensemble, members, data, device
        self.taken: list[DeviceFrames] = []

    def take(self, step: int) -> None:
        """Take the frames of a step, if the models have any."""
        found = take_frames(self.ensemble, self.data.shown, self.data.shown_data, step)
        if found is not None:
            self.taken.append(found)
        if self.device.type == "cpu":
            self.collect()

    def collect(self) -> None:
        """Copy the frames to the members; waits for an accelerator."""
        for found in self.taken:
            for member, frame in zip(self.members, found.to_frames(), strict=True):
                member.keep_frame(frame)
        self.taken.clear()

    def preview(self, step: int) -> list[Frame]:
        """The frames of this moment, one per model, for a progress report alone."""
        found = take_frames(self.ensemble, self.data.shown, self.data.shown_data, step)
        return found.to_frames() if found is not None else []
