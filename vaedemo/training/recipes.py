r"""How weights are adjusted: the optimizer, its rate over time and the arithmetic's precision, one recipe a name.

Their sizes (batch, rate, epochs) stand in each run's config; `presets` knows which suit the fast recipe.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import torch

from vaedemo.config import RunConfig
from vaedemo.models.ensemble import Alone, Ensemble
from vaedemo.training.layer_rates import Shares, shares_of


def constant(step: int, steps: int) -> float:
    """The textbook's schedule: the configured learning rate at every step."""
    return 1.0


WARM_UP = 0.05  # of all steps


def warm_up_and_decay(step: int, steps: int) -> float:
    r"""Up to the configured rate in the first 5 % of the steps, then in a straight line down to nothing.

    $$\min\Big(\frac{s + 1}{w},\ \frac{S - s}{S - w}\Big), \qquad w = \max(1, \lfloor 0.05\,S \rfloor)$$

    for the step s = 0 … S − 1; at most 1, never 0. Without the way up, Adam's first steps at a high rate break the
    network; without the way down, the noise of the batches keeps the weights from settling.
    """
    warm = max(1, int(WARM_UP * steps))
    return min((step + 1) / warm, (steps - step) / max(steps - warm, 1), 1.0)


@dataclass(frozen=True)
class Recipe:
    """How a run is trained, beyond what its config says.

    `betas` of Adam; `schedule(step, steps)` multiplies the learning rate; `half` lets the products of image networks
    run in bfloat16 where the hardware multiplies it; `head_start` sets the decoder's last bias from the data and
    centres the encoder's input (`head_start` module); `layer_rates` gives each layer of a plain network its own rate
    (the module of that name). `explanation` is for the page, in Markdown.
    """

    explanation: str
    betas: tuple[float, float] = (0.9, 0.999)
    schedule: Callable[[int, int], float] = constant
    half: bool = False
    head_start: bool = False
    layer_rates: bool = False

    def optimizer(self, configs: Sequence[RunConfig], ensemble: Ensemble, apart: bool = False) -> torch.optim.Optimizer:
        """Adam (Kingma & Ba 2014) with the update of all weights in one kernel.

        `apart`: each member's own parameters are updated, at its own rate; else the stack's, at the first one's.
        """
        rates = [config.learning_rate for config in configs]
        parts = [Alone(member) for member in ensemble.members] if apart else [ensemble]
        groups = [
            {"params": parameters, "rate": share * rate}
            for part, rate in zip(parts, rates, strict=False)
            for parameters, share in self.shares(part, configs[0])
        ]
        return torch.optim.Adam(groups, betas=self.betas, fused=True)

    def shares(self, ensemble: Ensemble, config: RunConfig) -> Shares:
        """The groups of parameters, with the share of the rate that each takes."""
        return shares_of(ensemble, config) if self.layer_rates else [(ensemble.parameters(), 1.0)]

    def descend(self, optimizer: torch.optim.Optimizer, step: int, steps: int) -> None:
        """One step down the gradients that the parameters have, at the rates of this step (counted from 0)."""
        for group in optimizer.param_groups:
            group["lr"] = group["rate"] * self.schedule(step, steps)
        optimizer.step()

    def precision(self, config: RunConfig, device: torch.device, dtype: torch.dtype = torch.float32) -> torch.dtype:
        """The type in which products are computed: bfloat16 where this recipe, the data and the hardware allow it.

        Points stay in float32: their networks are too small to gain, and their densities too sharp. So do models of
        another `dtype`, such as float64 for a check.
        """
        half = self.half and not config.on_points and dtype == torch.float32 and multiplies_bfloat16(device)
        return torch.bfloat16 if half else dtype

    def arithmetic(self, config: RunConfig, device: torch.device, dtype: torch.dtype = torch.float32):
        """The context in which a step's forward pass runs: autocast in bfloat16, where `precision` says so."""
        half = self.precision(config, device, dtype) == torch.bfloat16
        return torch.autocast(device.type, dtype=torch.bfloat16, enabled=half)


@cache
def multiplies_bfloat16(device: torch.device) -> bool:
    """Whether a device has instructions for bfloat16; without them it is slower than float32."""
    if device.type == "cuda":
        return torch.cuda.is_bf16_supported(including_emulation=False)
    if device.type != "cpu":
        return False
    able = torch.cpu.get_capabilities()
    return any(able.get(name, False) for name in ("avx512_bf16", "amx_bf16", "arm_bf16", "bf16"))


RECIPES = {
    "textbook": Recipe("Adam at a constant rate of 0.001, batches of 128, float32: as in the textbook example."),
    "fast": Recipe(
        """
- **The rate climbs, then falls to nothing.** It peaks at three to fourteen times the textbook's: big steps first, and
  no noise from the batches left at the end.
- **Each layer has its own rate**: a third of it where 784 pixels come in, twice as much where the code does and where
  pixels come out. That alone saves a third of the epochs.
- **Adam forgets sooner** (β₂ 0.95 for 0.999), as a short training needs.
- **The decoder starts at the mean image**: its last bias is set from the data, not learned in the first epoch.
- **The encoder sees what differs from the mean image**, with more than three latent axes; with fewer it did harm.
- **Products in bfloat16** where the processor has them; sums, z and KL stay in float32.

Batch, rate and epochs come from a table that was made on held-out training images, never on the test set.
""".strip(),
        betas=(0.9, 0.95),
        schedule=warm_up_and_decay,
        half=True,
        head_start=True,
        layer_rates=True,
    ),
}
