r"""Training recipes by name: the optimizer, its learning-rate schedule and the precision of the arithmetic.

Batch size, rate and epochs are in each run's config; `presets` has those of the fast recipe.
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
    r"""The factor rises linearly to 1 in the first 5 % of the steps, then falls linearly towards 0.

    $$\min\Big(\frac{s + 1}{w},\ \frac{S - s}{S - w}\Big), \qquad w = \max(1, \lfloor 0.05\,S \rfloor)$$

    for the step s = 0 … S − 1; at most 1, always above 0. Without the warm-up, Adam's first steps at a high rate break
    the network. Without the decay, the noise of the batches prevents convergence.
    """
    warm = max(1, int(WARM_UP * steps))
    return min((step + 1) / warm, (steps - step) / max(steps - warm, 1), 1.0)


@dataclass(frozen=True)
class Recipe:
    """The settings of a training beyond its config.

    `betas`: Adam's. `schedule(step, steps)`: multiplies the learning rate. `half`: matrix products of image networks
    in bfloat16 where the hardware supports it. `data_initialization`: the decoder's last bias is set from the data and
    the encoder's input is centred (module of that name). `layer_rates`: each layer of a plain network has its own rate
    (module of that name). `explanation`: Markdown for the page.
    """

    explanation: str
    betas: tuple[float, float] = (0.9, 0.999)
    schedule: Callable[[int, int], float] = constant
    half: bool = False
    data_initialization: bool = False
    layer_rates: bool = False

    def optimizer(
        self, configs: Sequence[RunConfig], ensemble: Ensemble, per_member: bool = False
    ) -> torch.optim.Optimizer:
        """Adam (Kingma & Ba 2014), fused: one kernel updates all weights.

        `per_member`: update each member's own parameters at its own rate; else the stack's, at the first member's rate.
        """
        rates = [config.learning_rate for config in configs]
        parts = [Alone(member) for member in ensemble.members] if per_member else [ensemble]
        groups = [
            {"params": parameters, "member": member, "share": share, "rate": share * rates[member]}
            for member, part in enumerate(parts)
            for parameters, share in self.shares(part, configs[0])
        ]
        return torch.optim.Adam(groups, betas=self.betas, fused=True)

    def set_rates(self, optimizer: torch.optim.Optimizer, rates: Sequence[float]) -> None:
        """Give the members other learning rates from now on; the layers' shares and the schedule stay."""
        for group in optimizer.param_groups:
            group["rate"] = group["share"] * rates[group["member"]]

    def shares(self, ensemble: Ensemble, config: RunConfig) -> Shares:
        """The groups of parameters, each with its share of the rate."""
        return shares_of(ensemble, config) if self.layer_rates else [(ensemble.parameters(), 1.0)]

    def optimizer_step(self, optimizer: torch.optim.Optimizer, step: int, steps: int) -> None:
        """One optimizer step with the parameters' gradients, at the rates of this step (counted from 0)."""
        for group in optimizer.param_groups:
            group["lr"] = group["rate"] * self.schedule(step, steps)
        optimizer.step()

    def precision(self, config: RunConfig, device: torch.device, dtype: torch.dtype = torch.float32) -> torch.dtype:
        """The type of matrix products: bfloat16 when the recipe, the data and the hardware allow it, else `dtype`.

        Points stay in float32: their networks are too small to gain speed, and their densities need the precision.
        Models of another `dtype`, such as float64 in tests, keep theirs.
        """
        half = self.half and not config.on_points and dtype == torch.float32 and multiplies_bfloat16(device)
        return torch.bfloat16 if half else dtype

    def arithmetic(self, config: RunConfig, device: torch.device, dtype: torch.dtype = torch.float32):
        """The context of a step's forward pass: autocast to bfloat16 when `precision` says so."""
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
        data_initialization=True,
        layer_rates=True,
    ),
}
