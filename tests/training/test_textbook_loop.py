"""The loop against the well-known textbook script, written out again here in plain PyTorch."""

import pytest
import torch
from torch import nn
from torch.nn import functional

from vaedemo.config import RunConfig
from vaedemo.models import build
from vaedemo.training import loop
from vaedemo.training.randomness import stream
from vaedemo.training.subset import balanced


class TextbookVAE(nn.Module):
    """784-h-(d, d) and d-h-784 with ReLU, as in the example that every course uses."""

    def __init__(self, hidden, latent_dim):
        super().__init__()
        self.fc1 = nn.Linear(784, hidden)
        self.fc_mu = nn.Linear(hidden, latent_dim)
        self.fc_logvar = nn.Linear(hidden, latent_dim)
        self.fc3 = nn.Linear(latent_dim, hidden)
        self.fc4 = nn.Linear(hidden, 784)

    def forward(self, x, epsilon):
        h = functional.relu(self.fc1(x.view(-1, 784)))
        mu, logvar = self.fc_mu(h), self.fc_logvar(h)
        z = mu + torch.exp(0.5 * logvar) * epsilon
        return torch.sigmoid(self.fc4(functional.relu(self.fc3(z)))), mu, logvar


def load_start(textbook, state):
    """The same initial weights; ours keeps mu's and logvar's rows in one matrix."""
    with torch.no_grad():
        for layer, name in ((textbook.fc1, "encoder.1"), (textbook.fc3, "decoder.0"), (textbook.fc4, "decoder.2")):
            layer.weight.copy_(state[f"{name}.weight"])
            layer.bias.copy_(state[f"{name}.bias"])
        for layer, half in ((textbook.fc_mu, 0), (textbook.fc_logvar, 1)):
            layer.weight.copy_(state["encoder.3.weight"].chunk(2)[half])
            layer.bias.copy_(state["encoder.3.bias"].chunk(2)[half])


def train_textbook(config, images):
    model = TextbookVAE(config.hidden[0], config.latent_dim)
    load_start(model, build(config, (1, 28, 28)).state_dict())
    optimizer = torch.optim.Adam(model.parameters(), lr=config.learning_rate, foreach=False)
    order, noise = stream(config.seed, "order"), stream(config.seed, "noise")
    for _ in range(config.epochs):
        shuffled = torch.randperm(len(images), generator=order)
        for start in range(0, len(images), config.batch_size):
            x = images[shuffled[start : start + config.batch_size]].float() / 255
            epsilon = torch.randn((len(x), config.latent_dim), generator=noise)
            drawn, mu, logvar = model(x, epsilon)
            cross_entropy = functional.binary_cross_entropy(drawn, x.view(-1, 784), reduction="sum")
            kl = -0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp())
            loss = (cross_entropy + config.beta * kl) / len(x)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    return model


@pytest.mark.parametrize("beta", [1.0, 4.0])
def test_twenty_steps_give_the_weights_of_the_textbook(few_digits, beta):
    config = RunConfig(hidden=(50,), latent_dim=5, beta=beta, train_size=230, batch_size=64, epochs=5, seed=7)
    run = loop.fit(config, *few_digits)
    assert run.metrics["steps_done"] == 20
    textbook = train_textbook(config, balanced(few_digits[0], 230).x)
    ours = run.model.state_dict()
    merged = {
        "encoder.1.weight": textbook.fc1.weight,
        "encoder.1.bias": textbook.fc1.bias,
        "encoder.3.weight": torch.cat([textbook.fc_mu.weight, textbook.fc_logvar.weight]),
        "encoder.3.bias": torch.cat([textbook.fc_mu.bias, textbook.fc_logvar.bias]),
        "decoder.0.weight": textbook.fc3.weight,
        "decoder.0.bias": textbook.fc3.bias,
        "decoder.2.weight": textbook.fc4.weight,
        "decoder.2.bias": textbook.fc4.bias,
    }
    assert merged.keys() == ours.keys()
    start = build(config, (1, 28, 28)).state_dict()
    for name, expected in merged.items():
        apart = (ours[name] - expected.detach()).abs()
        # Adam divides by the gradient's own size: where that is nearly zero, its rounding error moves the weight.
        assert float((apart <= 1e-6).double().mean()) >= 0.9999, f"{name}: off by up to {float(apart.max()):.2g}"
        assert float(apart.max()) < 0.05 * config.learning_rate, f"{name}: off by up to {float(apart.max()):.2g}"
        assert (ours[name] - start[name]).abs().max() > 1e-3, "training moved nothing, so that equality says nothing"
