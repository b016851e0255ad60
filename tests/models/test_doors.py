"""The public methods of the models: what they take for data, what they refuse, and that training goes past them."""

import math

import numpy as np
import pytest
import torch

import vaedemo as vd
from vaedemo import datasets
from vaedemo.config import RunConfig
from vaedemo.models import VAE, Autoencoder, build
from vaedemo.models.corruption import corrupt
from vaedemo.models.vae import reparameterize
from vaedemo.probability import checks

IMAGE, POINT = (1, 6, 5), (2,)
IMAGES_OF = {
    "vae": RunConfig(hidden=(9,), latent_dim=3),
    "autoencoder": RunConfig(model="autoencoder", hidden=(9,), latent_dim=3),
    "classifier": RunConfig(model="classifier", hidden=(9,), latent_dim=3),
}
POINTS_OF = {
    "vae": RunConfig(dataset="ring", hidden=(9,), latent_dim=2),
    "flow": RunConfig(model="flow", dataset="ring"),
    "autoregressive": RunConfig(model="autoregressive", dataset="ring"),
}


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def flat(found):
    """The numbers that a door answers with, whatever they are packed in."""
    if isinstance(found, torch.Tensor):
        return [found]
    if isinstance(found, tuple):
        return list(found)
    return [found.mean] if hasattr(found, "mean") else [found.reconstruction, found.kl]


def doors(model):
    """Every public method of a model that takes data, called with it."""
    names = ("posterior", "encode", "reconstruct", "logits", "probabilities", "log_prob", "inverse", "as_data")
    found = {name: getattr(model, name) for name in names if hasattr(model, name)}
    if isinstance(model, VAE):
        found["elbo"] = lambda x: model.elbo(x, generator=generator())
    if isinstance(model, Autoencoder):
        found.pop("posterior")
    return found


def image_doors():
    for kind, config in IMAGES_OF.items():
        for name, door in doors(build(config, IMAGE)).items():
            yield pytest.param(door, id=f"{kind}-{name}")


def point_doors():
    for kind, config in POINTS_OF.items():
        for name, door in doors(build(config, POINT)).items():
            yield pytest.param(door, id=f"{kind}-{name}")


def code_doors():
    for kind, config in (IMAGES_OF | {"flow": POINTS_OF["flow"]}).items():
        model = build(config, POINT if kind == "flow" else IMAGE)
        for name in ("decode", "forward_map"):
            if hasattr(model, name):
                yield pytest.param(getattr(model, name), model.latent_dim, id=f"{kind}-{name}")


def same(found, expected, tolerance=0.0):
    for one, other in zip(flat(found), flat(expected), strict=True):
        torch.testing.assert_close(one, other, rtol=0, atol=tolerance)


@pytest.mark.parametrize("door", [*image_doors()])
def test_what_is_meant_as_images_is_taken(door):
    grey = torch.randint(256, (4, *IMAGE), generator=generator(), dtype=torch.uint8)
    x = grey.float() / 255
    expected = door(x)
    reversed_and_back = x.transpose(2, 3).contiguous().transpose(2, 3)
    assert not reversed_and_back.is_contiguous()
    for meant in (grey, grey.numpy(), x.numpy(), x.numpy()[::-1][::-1], reversed_and_back, x.clone().requires_grad_()):
        same(door(meant), expected, 1e-5)
    same(door(x.double()), expected, 1e-5)
    same(door(x.half()), expected, 0.2)
    black_or_white = (x > 0.5).float()
    same(door(black_or_white.long()), door(black_or_white))
    same(door(black_or_white.bool()), door(black_or_white))
    assert all(len(part) == 0 for part in flat(door(x[:0])))


@pytest.mark.parametrize("door", [*image_doors()])
def test_what_is_no_image_is_one_sentence(door):
    x = torch.rand(4, *IMAGE, generator=generator())
    with pytest.raises(
        ValueError, match=r"x must hold pixels \(bytes: 0 … 255 as uint8; floats in \[0, 1\]\), got floats"
    ):
        door(255 * x)
    with pytest.raises(ValueError, match=r"whole numbers from 0 to 255"):
        door(torch.arange(120).reshape(4, *IMAGE) * 255 // 119)
    for broken in (math.nan, math.inf, -math.inf):
        x[2, 0, 3, 3] = broken
        with pytest.raises(ValueError, match="x has an entry that is not a finite number"):
            door(x)
    for shape in ((4, 30), (1, 6, 5), (4, 1, 5, 6), (), (0,)):
        with pytest.raises(ValueError, match=r"x must have shape \(N, 1, 6, 5\), got \("):
            door(torch.zeros(shape))
    for nothing in (None, "x", object()):
        with pytest.raises(TypeError, match="x must be a tensor or an array of numbers"):
            door(nothing)


@pytest.mark.parametrize("door", [*point_doors()])
def test_points_may_be_anywhere_but_not_nowhere(door):
    x = 40 * torch.randn(5, 2, generator=generator())
    expected = door(x)
    for meant in (x.numpy(), x.double(), x.T.contiguous().T, x.tolist(), x.clone().requires_grad_()):
        same(door(meant), expected, 1e-2)
    same(door(x.round().long()), door(x.round()))
    assert all(len(part) == 0 for part in flat(door(x[:0])))
    for broken in (math.nan, math.inf):
        with pytest.raises(ValueError, match="x has an entry that is not a finite number"):
            door(torch.tensor([[0.0, broken]]))
    for shape in ((2,), (3, 3), (3, 2, 1)):
        with pytest.raises(ValueError, match=r"x must have shape \(N, 2\), got \("):
            door(torch.zeros(shape))


@pytest.mark.parametrize(("door", "latent_dim"), [*code_doors()])
def test_codes(door, latent_dim):
    z = torch.randn(3, latent_dim, generator=generator())
    expected = door(z)
    for meant in (z.numpy(), z.double(), z.tolist(), z.T.contiguous().T):
        same(door(meant), expected, 1e-5)
    same(door(z.round().int()), door(z.round()))
    for shape in ((latent_dim,), (3, latent_dim + 1), (3, 1, latent_dim)):
        with pytest.raises(ValueError, match=rf"z must have shape \(N, {latent_dim}\), got \("):
            door(torch.zeros(shape))
    z[1, 0] = math.nan
    with pytest.raises(ValueError, match="z has an entry that is not a finite number: 1 of"):
        door(z)
    # float64 beyond float32 would be infinite there.
    with pytest.raises(ValueError, match="finite"):
        door(torch.full((1, latent_dim), 1e300, dtype=torch.float64))


def test_the_digits_of_the_report():
    """Test digits as floats from 0 to 255 gave a bound of +3,360,140 nats."""
    model, test = vd.load("mnist-2d").model, datasets.load("digits", "test").x[:20]
    for door in doors(model).values():
        with pytest.raises(ValueError, match=r"0 … 255 as uint8; floats in \[0, 1\]\), got floats from 0 to 255"):
            door(test.float())
    assert (model.elbo(test, generator=generator()).elbo < 0).all()


def test_pixels_of_a_gaussian_likelihood_may_leave_0_to_1_but_bytes_may_not_pose_as_floats():
    model = build(RunConfig(likelihood="gaussian", hidden=(9,), latent_dim=3), IMAGE)
    grey = torch.randint(256, (4, *IMAGE), generator=generator(), dtype=torch.uint8)
    noisy = grey.float() / 255 + 0.3 * torch.randn(4, *IMAGE, generator=generator())
    assert model.elbo(noisy, generator=generator()).elbo.isfinite().all()
    with pytest.raises(ValueError, match="0 … 255 as uint8"):
        model.elbo(grey.float(), generator=generator())


def test_a_gradient_flows_through_every_door():
    model = build(IMAGES_OF["vae"], IMAGE)
    z = torch.randn(2, 3, generator=generator(), requires_grad=True)
    model.decode(z).mean.sum().backward()
    assert z.grad.abs().sum() > 0
    x = torch.rand(2, *IMAGE, generator=generator(), requires_grad=True)
    model.reconstruct(x).sum().backward()
    assert x.grad.abs().sum() > 0
    z = torch.randn(2, 3, generator=generator(), dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda codes: model.double().decode(codes).mean, z)


def test_numbers_beside_the_data_are_named():
    model, flow = build(IMAGES_OF["vae"], IMAGE), build(POINTS_OF["flow"], POINT)
    with pytest.raises(TypeError, match=r"generator must be a torch.Generator, got 0"):
        model.elbo(torch.zeros(1, *IMAGE), generator=0)
    with pytest.raises(ValueError, match="layers must be a whole number from 0 to"):
        flow.forward_map(torch.zeros(1, 2), layers=99)
    one_by_one = build(POINTS_OF["autoregressive"], POINT)
    for either in (flow, one_by_one):
        with pytest.raises(ValueError, match="count must be a whole number of at least 0, got -1"):
            either.sample(-1, generator())
    with pytest.raises(ValueError, match="axis must be a whole number from 0 to 1, got 2"):
        one_by_one.mixture(2, torch.zeros(3))
    with pytest.raises(ValueError, match="of the same points, got 3 and 2"):
        one_by_one.conditional(1, torch.zeros(3), torch.zeros(2))


def test_a_draw_and_a_corruption_check_theirs():
    with pytest.raises(ValueError, match="logvar must have shape"):
        reparameterize(torch.zeros(3, 2), torch.zeros(2, 2), generator())
    with pytest.raises(ValueError, match="mu has an entry that is not a finite number"):
        reparameterize(torch.full((1, 2), math.nan), torch.zeros(1, 2), generator())
    x = torch.rand(3, *IMAGE, generator=generator())
    for bad, kind, level, words in (
        (255 * x, "masking", 0.1, "x must hold pixels"),
        (x, "blur", 0.1, "kind must be one of"),
        (x, "masking", 1.5, "level must be a finite number of at least 0 and at most 1"),
        (x, "gaussian", -0.1, "level must be a finite number of at least 0"),
        (x, "gaussian", math.nan, "level must be a finite number"),
        (x[0], "gaussian", 0.1, "x must have shape"),
    ):
        with pytest.raises(ValueError, match=words):
            corrupt(bad, kind, level, generator())
    grey = (255 * x).byte()
    same(corrupt(grey, "masking", 0.4, generator()), corrupt(grey.float() / 255, "masking", 0.4, generator()))


@pytest.mark.parametrize("config", [*IMAGES_OF.values(), *POINTS_OF.values()], ids=lambda config: config.model)
def test_the_loss_goes_past_the_doors(config, monkeypatch):
    """A pass over the numbers of each batch, with its wait for the device, is not for the training loop."""
    shape = POINT if config.on_points else IMAGE
    model, x = build(config, shape), torch.rand(4, *shape, generator=generator())
    before = model.loss(x, torch.zeros(4, dtype=torch.int64), generator())["total"]

    def looked(*_, **__):
        raise AssertionError("the training loop looked at its data")

    for name in ("data_for", "codes_for", "array", "pixels", "check_range", "extremes"):
        monkeypatch.setattr(checks, name, looked)
    assert torch.equal(model.loss(x, torch.zeros(4, dtype=torch.int64), generator())["total"], before)
    with pytest.raises(ValueError, match="x must have shape"):
        model.loss(x[0], None, generator())


def test_a_stack_of_nothing_is_refused():
    from vaedemo.models.ensemble import ensemble

    with pytest.raises(ValueError, match="at least 1 model"):
        ensemble([])


def test_numpy_s_own_numbers_count_as_whole_ones():
    flow = build(POINTS_OF["flow"], POINT)
    assert flow.sample(np.int64(3), generator()).shape == (3, 2)
