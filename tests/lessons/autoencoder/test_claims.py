"""What the steps of the page on encoder, code and decoder say, measured on the shipped runs."""

import itertools

import pytest
import torch

from vaedemo.app import catalogue
from vaedemo.app.lessons.autoencoder import facts, form, steps
from vaedemo.models.networks import count_parameters
from vaedemo.training import shipped_runs, store

DEFAULTS = {parameter.name: parameter.default for parameter in form.PARAMETERS} | {"part": "layers"}


def said(name):
    """The sentence of a step, and its view."""
    (step,) = (step for step in steps.STEPS if step.name == name)
    values = DEFAULTS | step.view
    assert step.holds(values) and not step.holds(values | {"network": "conv"})
    return step.say(values), values


def digits():
    images = catalogue.images("mnist-55k")[0]
    return images.as_data("grey"), images.y


def copies(size, x):
    return catalogue.run(f"ae-{size}").model.reconstruct(x)


def found(size, of):
    """Of these digits, whether each is the nearest to its copy, among the first 200 of its class and itself."""
    x, y = digits()
    hits = []
    for index in of:
        others = x[y == y[index]][:200].flatten(1)
        copy = copies(size, x[index : index + 1]).flatten()
        hits.append(bool((copy - x[index].flatten()).norm() <= (others - copy).norm(dim=1).min()))
    return hits


def test_claim_eight_numbers_find_a_digit_again_and_two_do_not():
    sentence, _ = said("answer")
    _, y = digits()
    among = torch.cat([(y == label).nonzero().flatten()[:200] for label in range(10)])
    some = among[torch.randperm(len(among), generator=torch.Generator().manual_seed(0))[:300]].tolist()
    eight, two = (sum(found(size, some)) / len(some) for size in (8, 2))
    assert eight == pytest.approx(facts.found_again(facts.run(8)), abs=0.06)
    assert two == pytest.approx(facts.found_again(facts.run(2)), abs=0.03)
    assert "**71%** of the digits" in sentence and "is **4%**" in sentence and "among 200" in sentence


def test_claim_the_three_3s_of_the_first_picture_become_one_with_two_numbers_and_stay_three_with_eight():
    x, y = digits()
    shown = facts.alike("mnist-55k", steps.THREES)
    assert y[shown].tolist() == [3, 3, 3] and len(set(shown)) == 3
    assert found(8, shown) == [True] * 3 and found(2, shown) != [True] * 3
    apart = {size: torch.pdist(copies(size, x[shown]).flatten(1)).mean() for size in (2, 8)}
    own = torch.pdist(x[shown].flatten(1)).mean()
    assert apart[2] < 0.2 * own < 0.5 * own < apart[8]


def test_claim_two_numbers_lose_the_class_of_almost_half():
    sentence, values = said("class")
    x, y = digits()  # all of them; the page counts 200 of each class
    classifier = store.load("digit-classifier").model
    right = {
        size: (classifier.probabilities(copies(size, x)).argmax(1) == y).float().mean().item() for size in (1, 2, 8)
    }
    assert 0.5 < right[2] < 0.6 and 0.85 < right[8] < 0.9
    assert f"takes **{right[2]:.0%}**" in sentence and f"after eight **{right[8]:.0%}**" in sentence
    assert (classifier.probabilities(x).argmax(1) == y).float().mean() == pytest.approx(0.98, abs=0.005)
    assert "None of these 5s is still a 5" in sentence
    shown = facts.alike("mnist-55k", values["image"])
    assert 5 not in classifier.probabilities(copies(2, x[shown])).argmax(1)
    for label in (0, 1):
        kept = classifier.probabilities(copies(2, x[y == label])).argmax(1) == label
        assert kept.float().mean() > 0.8, "even two numbers tell a 0 from a 1"


def test_claim_the_first_numbers_save_most():
    sentence, _ = said("curve")
    loss = {size: store.load(f"ae-{size}").metrics["test_reconstruction"] for size in shipped_runs.CODE_SIZES["ae"]}
    assert all(before > after for before, after in itertools.pairwise(loss.values()))
    first, rest = loss[1] - loss[8], loss[8] - loss[64]
    assert first > 2 * rest and 9 < first / 7 < 12 and rest / 56 < 1
    assert f"by **{first:.0f} nats**" in sentence and f"save only **{rest:.0f}**" in sentence
    floor, ceiling = facts.bounds("mnist-55k")
    assert floor < loss[64] and loss[1] < ceiling
    assert steps.smallest_below(steps.LOW) == 16 == min(size for size, each in loss.items() if each < 100)


def test_claim_after_eight_numbers_slant_and_thickness_are_right():
    x, _ = digits()
    for measure in (ink, slant):
        agreement = [torch.corrcoef(torch.stack([measure(x), measure(copies(size, x))]))[0, 1] for size in (1, 8, 64)]
        assert agreement[0] < 0.7 and agreement[1] > 0.97 and agreement[2] - agreement[1] < 0.02


def ink(x):
    return x[:, 0].sum((1, 2))


def slant(x):
    """How far the columns lean, by the second moments of each image."""
    image, place = x[:, 0].double(), torch.arange(28.0, dtype=torch.float64)
    mass = image.sum((1, 2))
    across = place - ((image * place).sum((1, 2)) / mass)[:, None]
    down = place - ((image * place[:, None]).sum((1, 2)) / mass)[:, None]
    both = (image * down[:, :, None] * across[:, None]).sum((1, 2))
    return (both / (image * down[:, :, None] ** 2).sum((1, 2))).float()


def test_claim_the_decoder_reads_the_code_alone_and_the_weights_are_128_000():
    sentence, values = said("layers")
    model = store.load("ae-8").model
    assert f"{count_parameters(model):,}" == "127,672" and "**128,000 weights**" in sentence
    assert "\\underset{784}{x} \\to \\underset{80}{h_1} \\to \\underset{8}{z}" in sentence
    x = digits()[0][values["image"] : values["image"] + 1]
    assert torch.equal(model.decode(model.encode(x).mean).mean, model.reconstruct(x))


def test_claim_a_garment_is_not_copied_whatever_the_size_of_the_code():
    sentence, values = said("garments")
    x, clothes = digits()[0], catalogue.images("fashion")[0]
    error = {
        (name, size): ((copies(size, each) - each).flatten(1).norm(dim=1) / each.flatten(1).norm(dim=1)).mean().item()
        for name, each in (("digits", x), ("garments", clothes.as_data("grey")))
        for size in (1, 64)
    }
    assert f"**{error['digits', 64]:.0%}** for digits and **{error['garments', 64]:.0%}** for garments" in sentence
    assert error["garments", 64] == pytest.approx(error["garments", 1], abs=0.02)
    assert error["digits", 64] < 0.5 * error["digits", 1]
    assert clothes.y[values["image"]] == 1, "a pair of trousers"
