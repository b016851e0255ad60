r"""A learning rate for each layer: how much of the configured rate each part of an autoencoder takes.

Adam moves every weight by about its rate, whatever the gradient's size, so a layer with many inputs changes its
outputs more than one with few. Theory asks for rates that fall with the number of inputs (Yang et al. 2021,
*Tensor Programs V*, arXiv 2203.03466); how much, was found on held-out images of MNIST: these shares are worth 1.6
nats there after two epochs (batch 160, 107.8 to 106.2).
"""

from torch import nn

from vaedemo.config import RunConfig
from vaedemo.models.ensemble import Ensemble, Stacked, is_own

READS_DATA, READS_CODE, WRITES_DATA = 0.35, 2.0, 2.0  # all other layers: 1
Shares = list[tuple[list[nn.Parameter], float]]


def shares_of(ensemble: Ensemble, config: RunConfig) -> Shares:
    """All parameters of an ensemble, in groups with the share of the rate that each group takes.

    Other networks than the plain multi-layer ones on images have one group: there all shares are 1. So have models of
    a class that is not this package's own.
    """
    if not is_own(ensemble.members[0]) or config.network != "mlp" or config.on_points:
        return [(ensemble.parameters(), 1.0)]
    return layer_shares(ensemble if isinstance(ensemble, Stacked) else ensemble.members[0], ensemble.parameters())


def layer_shares(model: nn.Module | Stacked, parameters: list[nn.Parameter]) -> Shares:
    """The same for a model with an `encoder` and a `decoder`; what belongs to neither has the share 1."""
    encoder, decoder = (
        [list(layer.parameters()) for layer in network if list(layer.parameters())]
        for network in (model.encoder, model.decoder)
    )
    special = [(encoder[0], READS_DATA), (decoder[-1], WRITES_DATA)]
    if len(decoder) > 1:
        special.append((decoder[0], READS_CODE))
    told = {id(parameter) for own, _ in special for parameter in own}
    rest = [parameter for parameter in parameters if id(parameter) not in told]
    return [*special, (rest, 1.0)] if rest else special
