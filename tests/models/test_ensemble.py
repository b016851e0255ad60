"""A stack's losses are those of its members, each with its own noise; its weights are its members' weights."""

import pytest
import torch

from vaedemo.config import RunConfig
from vaedemo.models import build
from vaedemo.models.ensemble import Alone, Stacked, ensemble, form, rng_groups

SMALL = RunConfig(hidden=(6, 5), latent_dim=3)
IMAGES = (1, 9, 7)
STACKS = {
    "betas": [SMALL.replace(beta=beta) for beta in (0.1, 1, 4)],
    "seeds": [SMALL.replace(seed=seed) for seed in (0, 1, 0)],
    "corruptions": [
        SMALL.replace(model="autoencoder", corruption=kind, corruption_level=0.3)
        for kind in ("gaussian", "masking", "salt_pepper")
    ],
    "sparse kl": [SMALL.replace(model="autoencoder", sparsity=weight, sparsity_target=0.1) for weight in (0.5, 2)],
    "sparse l1": [SMALL.replace(model="autoencoder", sparsity=weight, sparsity_kind="l1") for weight in (0.5, 2)],
    "categorical": [SMALL.replace(likelihood="categorical", levels=4, beta=beta) for beta in (1, 2)],
    "learned noise": [SMALL.replace(likelihood="gaussian", noise_variance="learned", beta=beta) for beta in (1, 2)],
    "convolutional": [SMALL.replace(network="conv", hidden=(3, 4), beta=beta, seed=beta) for beta in (1, 2)],
    # 0.02 nats lie between the axes' KL of these fresh nets, so some are below the bound and some above.
    "free bits": [SMALL.replace(free_bits=0.02, beta=beta, seed=seed) for seed, beta in enumerate((0.5, 1, 4))],
    "points": [RunConfig(dataset="ring", hidden=(5,), beta=beta) for beta in (0, 1)],
}


def generators(count):
    return [torch.Generator().manual_seed(7 + number) for number in range(count)]


@pytest.mark.parametrize("configs", STACKS.values(), ids=STACKS)
def test_a_stack_s_losses_and_gradients_are_its_members(configs):
    shape = (2,) if configs[0].on_points else IMAGES
    alone = [build(config, shape).double() for config in configs]
    stack = ensemble([build(config, shape).double() for config in configs])
    assert isinstance(stack, Stacked)
    count = len(rng_groups(configs))
    x = torch.rand(count, 8, *shape, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    terms = stack.loss(x, None, generators(count))
    terms["total"].mean(dim=1).sum().backward()
    stack.share_gradients()
    for index, (model, lane) in enumerate(zip(alone, stack.rng_groups, strict=True)):
        own = model.loss(x[lane], None, generators(count)[lane])
        assert set(own) == set(terms)
        for name, values in own.items():
            torch.testing.assert_close(terms[name][index], values, rtol=1e-12, atol=1e-12)
        own["total"].mean().backward()
        for ours, theirs in zip(stack.members[index].parameters(), model.parameters(), strict=True):
            torch.testing.assert_close(ours.grad, theirs.grad, rtol=1e-10, atol=1e-12)


def test_codes_and_pictures_are_the_members_own():
    configs = STACKS["betas"]
    stack = ensemble([build(config.replace(seed=seed), IMAGES) for seed, config in enumerate(configs)])
    x, z = torch.rand(4, *IMAGES), torch.randn(5, 3)
    for index, member in enumerate(stack.members):
        torch.testing.assert_close(stack.code_means(x)[index], member.encode(x).mean)
        torch.testing.assert_close(stack.pictures(z)[index], member.decode(z).mean)


def test_the_members_weights_are_the_stack_s():
    stack = ensemble([build(config, IMAGES) for config in STACKS["betas"]])
    with torch.no_grad():
        for parameter in stack.parameters():
            parameter.add_(1)
    first, fresh = stack.members[0], build(STACKS["betas"][0], IMAGES)
    for ours, theirs in zip(first.parameters(), fresh.parameters(), strict=True):
        torch.testing.assert_close(ours, theirs + 1)


def test_lanes_are_shared_where_seed_and_corruption_agree():
    assert len(rng_groups(STACKS["betas"])) == 1
    assert ensemble([build(config, IMAGES) for config in STACKS["seeds"]]).rng_groups == [0, 1, 0]
    assert len(rng_groups(STACKS["corruptions"])) == 3


@pytest.mark.parametrize(
    "other",
    [
        {"hidden": (6, 4)},
        {"latent_dim": 2},
        {"epochs": 3},
        {"batch_size": 64},
        {"pixels": "binary"},
        {"likelihood": "gaussian"},
        {"model": "autoencoder"},
        {"free_bits": 0.25},
        {"warm_up": 0.5},
    ],
)
def test_unlike_forms_are_not_stacked(other):
    assert form(SMALL) != form(SMALL.replace(**other))
    with pytest.raises(ValueError, match="Only models of one form"):
        ensemble([build(SMALL, IMAGES), build(SMALL.replace(**other), IMAGES)])


def test_a_sparse_code_is_another_form_than_a_free_one():
    plain = SMALL.replace(model="autoencoder")
    kinds = [plain, plain.replace(sparsity=1), plain.replace(sparsity=1, sparsity_kind="l1")]
    assert len({form(config) for config in kinds}) == 3
    assert form(kinds[1]) == form(plain.replace(sparsity=2, sparsity_target=0.2))


def test_one_model_stays_as_it_is():
    model = build(SMALL, IMAGES)
    alone = ensemble([model])
    assert isinstance(alone, Alone) and alone.members[0] is model
