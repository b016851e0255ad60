"""The texts of a plain PyTorch script, part by part: what a student reads of a model without this package.

`plain_script` chooses those that a config needs and fills in its numbers. The scripts print ASCII alone, because a
terminal may have no other characters.
"""

from string import Template

USAGE = Template('''\
"""$title, in plain PyTorch: torch and safetensors are all it needs$torchvision.

    python $file            prints the losses of the trained weights on the test $things
    python $file --train    trains the same model anew, $epochs epochs

Beside this file must lie what came in the same zip: $beside.
With these weights it prints $shown.$measured$source
"""
''')
IMPORTS = Template("""\
$imports
import torch
from safetensors.torch import load_file
from torch import nn$functional

HERE = $here
LATENT_DIM$names = $latent_dim$values
EPOCHS, BATCH_SIZE, LEARNING_RATE, SEED = $epochs, $batch_size, $learning_rate, $seed
# The seeds of the three streams of random numbers with which these weights were trained and tested.
ORDER, NOISE, EVALUATION = $order, $noise, $evaluation


def tensors(name):
    \"\"\"The tensors in a file beside this one.\"\"\"
    if not (HERE / name).exists():
        raise SystemExit(f"{name} is missing here: unpack the zip that this file came in.")
    return load_file(HERE / name)
""")

CARRIED = Template('''\
def examples(part):
    """The "train" or the "test" $things, $form."""
    return tensors("data.safetensors")[part]
''')
DOWNLOADED = Template('''\
def examples(part):
    """The "train" or the "test" images, bytes (N, 1, 28, 28); torchvision downloads them on first use."""
    from torchvision.datasets import $kind

    return $kind(HERE / "data", train=part == "train", download=True).data.unsqueeze(1)
''')
HELD_OUT = '''\
def examples(part):
    """The "train" or the "test" images, bytes (N, 1, 28, 28); torchvision downloads MNIST for the training.

    The test images are 5,000 of MNIST's 60,000 training images; the model learns from the other 55,000.
    """
    test = tensors("data.safetensors")["test"]
    if part == "test":
        return test
    from torchvision.datasets import MNIST

    images = MNIST(HERE / "data", train=True, download=True).data.unsqueeze(1)
    held_out = {image.numpy().tobytes() for image in test}
    return images[torch.tensor([image.numpy().tobytes() not in held_out for image in images])]
'''
AS_DATA = {
    "points": '''\
def as_data(points, generator=None):
    """The points as the model reads them: as they are."""
    return points
''',
    "grey": '''\
def as_data(images, generator=None):
    """The images as the model reads them: x in [0, 1]."""
    return images / 255
''',
    "binary": '''\
def as_data(images, generator=None):
    """The images as the model reads them: x is 1 from half white on, else 0."""
    return (images >= 128).float()
''',
    "dynamic": '''\
def as_data(images, generator=None):
    """The images as the model reads them: x is 0 or 1, drawn anew at each step, once for the test images."""
    if generator is not None:
        return torch.bernoulli(images / 255, generator=generator)
    generator = torch.Generator().manual_seed($binarization)
    return (torch.rand(images.shape, generator=generator) < images / 255).float()
''',
}

SOFTEN = '''\
def soften(v, limit=12.0):
    """v itself up to ±limit, beyond it a logarithm: exp(v) stays finite, and the gradient is never 0."""
    beyond = (v.abs() - limit).clamp(min=0)
    return torch.where(beyond > 0, v.sign() * (limit + torch.log1p(beyond)), v)
'''
UPSAMPLE = '''\
class Upsample(nn.Module):
    """Twice the height and width: a convolution, a pixel shuffle, and a cut to the encoder's size."""

    def __init__(self, channels_in, channels_out, height, width):
        super().__init__()
        self.convolution = nn.Conv2d(channels_in, 4 * channels_out, 3, padding=1)
        self.height, self.width = height, width

    def forward(self, x):
        return functional.pixel_shuffle(self.convolution(x), 2)[..., : self.height, : self.width]
'''
NETWORKS = Template('''\
class $model(nn.Module):
    """$about"""

    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(
$encoder
        )
        self.decoder = nn.Sequential(
$decoder
        )
$own_parameter
''')
LOSS = {
    "vae": Template('''\
    def loss(self, x, generator):
        """l_recon = -log p(x|z), summed over $values, and l_KL = KL(q(z|x) ‖ N(0, I)): in nats, (N,) each."""
        mu, logvar = self.encoder(x).chunk(2, dim=1)  # μ and log σ² of q(z|x)
        logvar = soften(logvar)
        epsilon = torch.randn(mu.shape, generator=generator)
        z = mu + (0.5 * logvar).exp() * epsilon  # z = μ + σ ε
        l_recon = -self.log_p(x, self.decoder(z)).flatten(1).sum(1)
        l_kl = 0.5 * (mu**2 + torch.expm1(logvar) - logvar).sum(1)  # ½ Σ (μ² + σ² − 1 − log σ²)
        return l_recon, l_kl
'''),
    "autoencoder": Template('''\
    def loss(self, x, generator):
        """l_recon = -log p(x|h) with the code h = encoder(x), summed over $values: in nats, (N,). No noise is drawn."""
        return (-self.log_p(x, self.decoder(self.encoder(x))).flatten(1).sum(1),)
'''),
}
LOG_P = {
    "bernoulli": '''\
    def log_p(self, x, eta):
        """log p of each pixel: x log λ + (1 − x) log(1 − λ), with λ = sigmoid(η)."""
        return -functional.binary_cross_entropy_with_logits(eta, x, reduction="none")
''',
    "gaussian": '''\
    def log_p(self, x, mean):
        """log p of each value: −(x − m)² / 2s² − ½ log 2πs², with s² the variance of the noise."""
        return -0.5 * ((x - mean) ** 2 / NOISE_VARIANCE + math.log(2 * math.pi * NOISE_VARIANCE))
''',
    "learned": '''\
    def log_p(self, x, mean):
        """log p of each value: −(x − m)² / 2s² − ½ log 2πs², with s² the variance of the noise, which is learned."""
        log_variance = soften(self.log_noise_variance)
        return -0.5 * ((x - mean) ** 2 / log_variance.exp() + log_variance + math.log(2 * math.pi))
''',
}

EVALUATE = Template('''\
def trained():
    """The model with the trained weights."""
    model = $model()
    model.load_state_dict(tensors("weights.safetensors"))
    return model


@torch.no_grad()
def evaluate(model):
    """The mean of each part of the loss over the test $things, always with the same noise."""
    x = as_data(examples("test"))
    generator = torch.Generator().manual_seed(EVALUATION)
    parts = [torch.stack(model.loss(batch, generator)) for batch in x.split(1000)]
    return torch.cat(parts, dim=1).double().mean(1).tolist()
''')
REPORT = {
    "vae": '''\
@torch.no_grad()
def report(model):
    """Print the losses, and on how many axes the code depends on x: Var(μ) > 0.01."""
    l_recon, l_kl = evaluate(model)
    mu = model.encoder(as_data(examples("test"))).chunk(2, dim=1)[0]
    print(f"Test -ELBO: {l_recon + l_kl:.4f} nats")
    print(f"Reconstruction loss: {l_recon:.4f} nats")
    print(f"KL: {l_kl:.4f} nats")
    print(f"Active units: {int((mu.double().var(0) > 0.01).sum())} of {LATENT_DIM}")
''',
    "autoencoder": '''\
def report(model):
    """Print the loss."""
    (l_recon,) = evaluate(model)
    print(f"Reconstruction loss: {l_recon:.4f} nats")
''',
}
TRAIN = Template('''\
def train():
    """A model trained anew, with the same first weights, order and noise: its losses are nearly the same."""
    torch.manual_seed(SEED)
    model, examples_seen = $model(), examples("train")
    adam = torch.optim.Adam(model.parameters(), lr=LEARNING_RATE)
    order, noise = torch.Generator().manual_seed(ORDER), torch.Generator().manual_seed(NOISE)
    for epoch in range(1, EPOCHS + 1):
        for chosen in torch.randperm(len(examples_seen), generator=order).split(BATCH_SIZE):
            $parts = model.loss(as_data(examples_seen[chosen], noise), noise)
            loss = $total
            adam.zero_grad()
            loss.mean().backward()
            adam.step()
        print(f"Epoch {epoch}: {sum(evaluate(model)):.2f} nats on the test $things")
    return model
''')
MAIN = Template("""\
if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Test losses of the trained weights, or of a model trained anew.")
    parser.add_argument("--train", action="store_true", help="train a model anew instead of reading the weights")
    model = train() if parser.parse_args().train else trained()
    report(model)
$view""")

UPLOAD = """\
from pathlib import Path

if not Path("weights.safetensors").exists():
    import io
    import zipfile

    from google.colab import files  # on Colab: choose the zip that this notebook came in

    for content in files.upload().values():
        zipfile.ZipFile(io.BytesIO(content)).extractall()
"""
