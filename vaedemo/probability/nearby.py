"""A decoder near a few codes: the same function with fewer hidden units, for many evaluations close together."""

import copy

import torch
from torch import Tensor, nn
from torch.nn import functional

from vaedemo.probability import checks

__all__ = ["nearby", "nearby_unchecked"]


@torch.no_grad()
def nearby(model, z: Tensor):
    r"""The model with a smaller decoder that puts out the same, but for rounding, in the box around the codes z (N, d).

    A unit of the first hidden layer is affine in z, so one whose ends over the box have the same sign does not bend
    there. Those below 0 are left out; those above 0 are an affine map together, which d units carry:

    $$\sum_{j\ \text{above}} w_j \, \mathrm{relu}(a_j^\top z + b_j)
    = \sum_{j\ \text{above}} w_j (a_j^\top l + b_j)
    + \sum_{i=1}^{d} \Bigl( \sum_{j\ \text{above}} w_j a_{ji} \Bigr) \mathrm{relu}(z_i - l_i),
    \qquad l_i = \min_n z_{ni} - 1$$

    Around a posterior as narrow as a digit's, a tenth to a fifth of the units are left. A model whose decoder does
    not begin with a dense layer, ReLU and a dense layer is returned as it is; otherwise a new one, which shares all
    else. Raises `ValueError` for no code, or codes of another shape or not finite.
    """
    return nearby_unchecked(model, checks.codes_for(model, z, least=1))


def nearby_unchecked(model, z: Tensor):
    """`nearby` for checked codes; without gradients."""
    decoder = getattr(model, "decoder", None)
    if not isinstance(decoder, nn.Sequential) or [type(each) for each in decoder[:3]] != [
        nn.Linear,
        nn.ReLU,
        nn.Linear,
    ]:
        return model
    if any(layer.bias is None for layer in (decoder[0], decoder[2])):
        return model
    first, _, second = decoder[:3]
    low, high = z.amin(0), z.amax(0)
    middle, reach = first(0.5 * (low + high)), first.weight.abs() @ (0.5 * (high - low))
    above, below = middle >= reach, middle <= -reach
    bends, d = (~(above | below)).nonzero().squeeze(1), z.shape[1]
    start = low - 1  # so that no code lies where its own unit bends
    # Zeros for the units that bend or are left out: cheaper than to pick the columns of the others.
    affine = torch.cat([first.weight, (first.weight @ start + first.bias).unsqueeze(1)], dim=1) * above.unsqueeze(1)
    slope, offset = functional.linear(affine.T.contiguous(), second.weight).T.split([d, 1], dim=1)
    smaller = (
        dense(
            torch.cat([torch.eye(d).to(z), first.weight[bends]]),
            torch.cat([-start, first.bias[bends]]),
        ),
        nn.ReLU(),
        dense(torch.cat([slope, second.weight.index_select(1, bends)], dim=1), second.bias + offset.squeeze(1)),
    )
    # A copy of the modules that shares their weights: else the model itself would get the smaller decoder.
    found = copy.deepcopy(model, {id(each): each for each in (*model.parameters(), *model.buffers())})
    found.decoder = nn.Sequential(*smaller, *decoder[3:])
    return found


def dense(weight: Tensor, bias: Tensor) -> nn.Linear:
    """A dense layer with these weights (outputs, inputs), which are not to be trained."""
    layer = nn.Linear(weight.shape[1], weight.shape[0], device="meta")
    layer.weight, layer.bias = (nn.Parameter(each, requires_grad=False) for each in (weight, bias))
    return layer
