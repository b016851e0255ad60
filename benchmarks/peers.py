"""Other implementations that train the network 784-400-20 on MNIST, as their users would write it.

The seconds contain only training, without each peer's evaluation on the test images.
"""

import tempfile
import time
import warnings
from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.utils.data import DataLoader
from torchvision import datasets, transforms

PIXELS, HIDDEN, LATENT, BATCH = 784, 400, 20, 128


class ExampleVAE(nn.Module):
    """The network of the well-known example: two layers in encoder and decoder, ReLU, a sigmoid at the end."""

    def __init__(self):
        super().__init__()
        self.first = nn.Linear(PIXELS, HIDDEN)
        self.mu, self.logvar = nn.Linear(HIDDEN, LATENT), nn.Linear(HIDDEN, LATENT)
        self.second, self.last = nn.Linear(LATENT, HIDDEN), nn.Linear(HIDDEN, PIXELS)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        hidden = functional.relu(self.first(x.view(-1, PIXELS)))
        mu, logvar = self.mu(hidden), self.logvar(hidden)
        z = mu + torch.randn_like(mu) * torch.exp(0.5 * logvar)
        return torch.sigmoid(self.last(functional.relu(self.second(z)))), mu, logvar


def example_loss(x: Tensor, output: Tensor, mu: Tensor, logvar: Tensor) -> Tensor:
    """-ELBO summed over a batch, with the sigmoid's output and `binary_cross_entropy`, as in the example."""
    cross_entropy = functional.binary_cross_entropy(output, x.view(-1, PIXELS), reduction="sum")
    return cross_entropy - 0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp())


def example(folder: str, seed: int, epochs: int, rate: float, after_epoch: Callable[[nn.Module, float], bool]) -> float:
    """A plain DataLoader loop: torchvision's data set, Adam at a constant rate, the loss read at each step.

    `after_epoch(model, seconds so far)` ends it by returning True. Returns the seconds of training.
    """
    torch.manual_seed(seed)
    data = datasets.MNIST(folder, train=True, transform=transforms.ToTensor())
    loader = DataLoader(data, batch_size=BATCH, shuffle=True)
    model = ExampleVAE()
    optimizer = torch.optim.Adam(model.parameters(), lr=rate)
    seconds = 0.0
    for _ in range(epochs):
        begun, total = time.perf_counter(), 0.0
        model.train()
        for x, _ in loader:
            optimizer.zero_grad()
            loss = example_loss(x, *model(x))
            loss.backward()
            total += loss.item()
            optimizer.step()
        seconds += time.perf_counter() - begun
        if after_epoch(model, seconds):
            break
    return seconds


def pythae(images: Tensor, seed: int, epochs: int) -> tuple[nn.Module, float]:
    """The trainer of the package pythae on the same network and data, images (N, 1, 28, 28) in [0, 1].

    Returns the trained model and the seconds of training. Raises ImportError when the package is missing.
    """
    from pythae.data.datasets import BaseDataset
    from pythae.models import VAE, VAEConfig
    from pythae.models.base.base_utils import ModelOutput
    from pythae.models.nn import BaseDecoder, BaseEncoder
    from pythae.trainers import BaseTrainer, BaseTrainerConfig

    class Encoder(BaseEncoder):
        def __init__(self):
            super().__init__()
            self.first = nn.Linear(PIXELS, HIDDEN)
            self.mu, self.logvar = nn.Linear(HIDDEN, LATENT), nn.Linear(HIDDEN, LATENT)

        def forward(self, x):
            hidden = functional.relu(self.first(x.reshape(-1, PIXELS)))
            return ModelOutput(embedding=self.mu(hidden), log_covariance=self.logvar(hidden))

    class Decoder(BaseDecoder):
        def __init__(self):
            super().__init__()
            self.second, self.last = nn.Linear(LATENT, HIDDEN), nn.Linear(HIDDEN, PIXELS)

        def forward(self, z):
            output = torch.sigmoid(self.last(functional.relu(self.second(z))))
            return ModelOutput(reconstruction=output.reshape(-1, 1, 28, 28))

    torch.manual_seed(seed)
    settings = VAEConfig(input_dim=(1, 28, 28), latent_dim=LATENT, reconstruction_loss="bce")
    model = VAE(model_config=settings, encoder=Encoder(), decoder=Decoder())
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pythae's warnings about versions of its dependencies
        training = BaseTrainerConfig(
            output_dir=folder,
            num_epochs=epochs,
            learning_rate=1e-3,
            per_device_train_batch_size=BATCH,
            seed=seed,
            no_cuda=not torch.cuda.is_available(),
        )
        trainer = BaseTrainer(
            model, BaseDataset(images, torch.zeros(len(images))), training_config=training, eval_dataset=None
        )
        begun = time.perf_counter()
        trainer.train()
        return trainer.model.eval(), time.perf_counter() - begun
