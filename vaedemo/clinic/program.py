"""A variational autoencoder of handwritten digits in plain PyTorch: the clinic's healthy program."""

import torch
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits

AXES = 2
UNITS = 256
EPOCHS = 60
BATCH = 50
RATE = 0.001


class VAE(nn.Module):
    """Encoder and decoder with one hidden layer each. `pixels`: grey levels from 0 to 255, (N, 784)."""

    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(784, UNITS), nn.ReLU(), nn.Linear(UNITS, 2 * AXES))
        self.decoder = nn.Sequential(nn.Linear(AXES, UNITS), nn.ReLU(), nn.Linear(UNITS, 784))

    def encode(self, pixels):
        x = pixels / 255
        mu, logvar = self.encoder(x).chunk(2, dim=1)
        return x, mu, logvar

    def forward(self, pixels):
        x, mu, logvar = self.encode(pixels)
        sigma = torch.exp(logvar / 2)
        z = mu + sigma * torch.randn_like(sigma)
        logits = self.decoder(z)
        errors = binary_cross_entropy_with_logits(logits, x, reduction="none")
        kls = (mu**2 + logvar.exp() - logvar - 1) / 2
        reconstruction = errors.sum(dim=1).mean()
        kl = kls.sum(dim=1).mean()
        loss = reconstruction + kl
        return reconstruction, kl, loss


def train(train_images, test_images, watch):
    """Train a VAE, and call `watch(epoch, model)` before the first epoch and after each."""
    torch.manual_seed(0)
    model = VAE()
    optimizer = torch.optim.Adam(model.parameters(), lr=RATE)
    images = train_images
    watch(0, model)
    for epoch in range(1, EPOCHS + 1):
        for rows in torch.randperm(len(images)).split(BATCH):
            _, _, loss = model(images[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        watch(epoch, model)
    return model
