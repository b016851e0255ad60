"""The clinic's loop, run small: sick lines show the same sign of failure as the shipped records, in seconds."""

import pytest
import torch

from vaedemo.clinic import __main__ as command
from vaedemo.clinic import diseases, making, program, records
from vaedemo.clinic.digits import Part, parts
from vaedemo.clinic.words import nats
from vaedemo.probability.divergences import kl_standard_normal

EPOCHS = ("EPOCHS = 60", "EPOCHS = 4")
SMALL = 500  # images of each part


@pytest.fixture(scope="module")
def data() -> dict[str, Part]:
    return {name: Part(part.pixels[:SMALL], part.y[:SMALL]) for name, part in parts().items()}


@pytest.fixture(scope="module")
def trained(data):
    """A record of a program with few epochs, by name, each trained once."""
    found = {}

    def train(name: str):
        if name not in found:
            found[name] = making.run(name, diseases.changed(diseases.source(name), *EPOCHS), data)
        return found[name]

    return train


def test_the_loss_of_the_healthy_program_is_the_package_s():
    torch.manual_seed(3)
    model, pixels = program.VAE(), parts()["test"].pixels[:40]
    x, mu, logvar = model.encode(pixels)
    torch.manual_seed(5)
    reconstruction, kl, loss = model(pixels)
    torch.manual_seed(5)
    z = mu + logvar.mul(0.5).exp() * torch.randn(mu.shape)
    p = torch.sigmoid(model.decoder(z)).double()
    expected = -(x * p.log() + (1 - x) * (1 - p).log()).sum(1).mean()
    assert reconstruction.item() == pytest.approx(expected.item(), rel=1e-5)
    assert kl.item() == pytest.approx(kl_standard_normal(mu, logvar).sum(-1).mean().item(), rel=1e-5)
    assert loss.item() == pytest.approx(reconstruction.item() + kl.item())


def test_the_healthy_program_learns_and_uses_its_code(trained):
    record = trained("healthy")
    losses = record.curves["test_loss"]
    assert losses[-1] < losses[1] < losses[0] and record.last("kl") > 1


def test_averaged_over_pixels_the_code_is_given_up(trained):
    record = trained("patient-1")
    assert record.last("kl") < 0.05 < 1 < trained("healthy").last("kl")
    assert record.last("reconstruction") < 1


def test_with_the_wrong_sign_the_kl_grows(trained):
    record = trained("patient-3")
    assert record.last("kl") > 100 * trained("healthy").last("kl") and record.last("loss") < 0


def test_pixels_outside_0_to_1_give_a_loss_below_0(trained):
    assert trained("patient-8").last("reconstruction") < 0 < trained("healthy").last("reconstruction")


def test_the_same_program_gives_the_same_numbers_and_leaves_the_caller_s_noise_alone(trained, data):
    torch.manual_seed(11)
    before = torch.random.get_rng_state()
    again = making.run("healthy", diseases.changed(diseases.source("healthy"), *EPOCHS), data)
    assert torch.equal(torch.random.get_rng_state(), before)
    assert again.curves == trained("healthy").curves


def test_watching_does_not_change_the_training(data):
    """The weights at the end are those of the bare loop."""
    names: dict = {}
    exec(compile(diseases.changed(diseases.source("healthy"), *EPOCHS), "program", "exec"), names)
    ends = []
    for watch in (lambda epoch, model: None, making.Watch(data, names["AXES"])):
        ends.append(names["train"](data["train"].pixels, data["test"].pixels, watch).decoder[2].bias.detach())
    assert torch.equal(*ends)


def test_a_line_that_is_not_there_cannot_be_changed():
    with pytest.raises(ValueError, match="0 times"):
        diseases.changed("a\n", "b", "c")
    with pytest.raises(ValueError, match="2 times"):
        diseases.changed("a\n  a\n", "a", "c")


def test_the_command_trains_what_is_named_and_tells_a_wrong_name(monkeypatch, capsys, tmp_path, data):
    monkeypatch.setenv("VAEDEMO_CLINIC", str(tmp_path))
    monkeypatch.setattr(making, "parts", lambda: data)
    monkeypatch.setattr(diseases, "FIFTY", EPOCHS)  # one line changed, here to few epochs
    assert command.main(["healthy-50"]) == 0
    assert capsys.readouterr().out.startswith("healthy-50: reconstruction ")
    assert records.load("healthy-50").curves["epoch"] == [*range(5)]
    assert [entry.name for entry in tmp_path.iterdir()] == ["healthy-50"], "no temporary folder is left"
    assert command.main(["healthy", "patient-0"]) == command.WRONG_USE
    assert "patient-0" in capsys.readouterr().err


def test_losses_that_are_no_numbers_replace_nothing(monkeypatch, tmp_path, data):
    monkeypatch.setenv("VAEDEMO_CLINIC", str(tmp_path))
    text = diseases.changed(diseases.source("healthy"), *EPOCHS)
    monkeypatch.setattr(diseases, "source", lambda name: diseases.changed(text, "x = pixels / 255", "x = pixels / 0"))
    monkeypatch.setattr(making, "parts", lambda: data)
    with pytest.raises(records.DamagedRecord):
        making.make("healthy")
    assert not [*tmp_path.iterdir()]


@pytest.mark.parametrize(
    ("value", "words"),
    [(160.833, "160.83"), (-0.001, "0.00"), (-4321.7, "−4,322"), (6.8137e11, "6.8 × 10¹¹"), (-2.5e5, "−2.5 × 10⁵")],
)
def test_a_loss_of_any_size_is_a_short_text(value, words):
    assert nats(value) == words
