"""The configs of the runs that ship in `checkpoints/`, by name; `training/shipped.py` trains them."""

from vaedemo.config import RunConfig
from vaedemo.training import overcomplete

MNIST = RunConfig(dataset="mnist-55k", hidden=(400,), batch_size=128, learning_rate=1e-3)
SHAPES = RunConfig(dataset="shapes", hidden=(200,), latent_dim=6, epochs=60, batch_size=128, learning_rate=2e-3)

NAMED = {
    "mnist-2d": MNIST.replace(latent_dim=2, epochs=50),
    "mnist-20d": MNIST.replace(latent_dim=20, epochs=25),
    "fashion-2d": MNIST.replace(dataset="fashion", latent_dim=2, epochs=50),
    "fashion-20d": MNIST.replace(dataset="fashion", latent_dim=20, epochs=25),
    "ring-2d": RunConfig(
        dataset="ring", hidden=(128, 128), latent_dim=2, noise_variance=0.004, epochs=300, batch_size=200
    ),
    "mnist-20d-autoencoder": MNIST.replace(model="autoencoder", latent_dim=20, epochs=15),
    "mnist-2d-autoencoder": MNIST.replace(model="autoencoder", latent_dim=2, epochs=20),
    "shapes-beta1": SHAPES,
    "shapes-beta1-seed1": SHAPES.replace(seed=1),
    "shapes-beta4": SHAPES.replace(beta=4.0),
    "shapes-beta4-seed1": SHAPES.replace(beta=4.0, seed=1),
    "shapes-beta8": SHAPES.replace(beta=8.0),
}
# The sweeps of the β page: one stack each, with runs named sweep-mnist-1, sweep-mnist-2, … in the order of β.
BETAS = (0.01, 0.1, 0.5, 1.0, 2.0, 4.0, 10.0, 50.0)
SWEEPS = {
    "sweep-mnist": MNIST.replace(hidden=(200,), latent_dim=2, epochs=12),
    "sweep-ring": NAMED["ring-2d"].replace(hidden=(64, 64), noise_variance=0.02, epochs=200),
}


def members(sweep: str) -> dict[str, RunConfig]:
    """The runs of a shipped sweep by name, in the order of β."""
    return {f"{sweep}-{number}": SWEEPS[sweep].replace(beta=beta) for number, beta in enumerate(BETAS, start=1)}


for _sweep in SWEEPS:
    NAMED |= members(_sweep)
NAMED["mnist-2d-beta0"] = SWEEPS["sweep-mnist"].replace(beta=0.0)  # noise in z, but no KL: for the page on holes

# The pages on pre-training and on discriminative models.
PRETRAINED = MNIST.replace(model="autoencoder", hidden=(256,), latent_dim=32, epochs=15)
POINT_CLASSIFIER = RunConfig(
    dataset="crowds", model="classifier", hidden=(64, 64), latent_dim=16, epochs=30, batch_size=200, learning_rate=2e-3
)
POINT_VAE = NAMED["ring-2d"].replace(dataset="crowds")
NAMED |= {
    "pretrained-encoder": PRETRAINED,
    "digit-classifier": MNIST.replace(model="classifier", latent_dim=32, epochs=10),
    "crowds-classifier": POINT_CLASSIFIER,
    "fringes-classifier": POINT_CLASSIFIER.replace(dataset="fringes"),
    "crowds-vae": POINT_VAE,
    "fringes-vae": POINT_VAE.replace(dataset="fringes"),
}

# The autoencoders of the page on encoder, code and decoder: one per code size, without and with convolutions.
CODE_SIZES = {"ae": (1, 2, 4, 8, 16, 32, 64), "ae-conv": (2, 8, 32)}
BOTTLENECKS = {
    "ae": MNIST.replace(model="autoencoder", hidden=(80,), epochs=8),
    "ae-conv": MNIST.replace(model="autoencoder", network="conv", hidden=(8, 16), epochs=4),
}
NAMED |= {
    f"{kind}-{size}": BOTTLENECKS[kind].replace(latent_dim=size) for kind in CODE_SIZES for size in CODE_SIZES[kind]
}
NAMED |= overcomplete.RUNS

# The page on principal components: linear autoencoders trained until they span PCA's plane, and deep ones, by k.
COMPONENTS = (2, 8, 16, 32)
REDUCTIONS = {
    "linear": RunConfig(
        model="autoencoder", network="linear", likelihood="gaussian", epochs=400, batch_size=500, learning_rate=5e-3
    ),
    "deep": RunConfig(model="autoencoder", hidden=(128,), likelihood="gaussian", epochs=120),
}
NAMED |= {f"{kind}-{k}": REDUCTIONS[kind].replace(latent_dim=k) for kind in REDUCTIONS for k in COMPONENTS}

# The page on the taxonomy: an exact density of each kind, and a VAE to compare, on the same points.
FLOW = RunConfig(dataset="ring", model="flow", hidden=(64, 64), epochs=400, batch_size=400, learning_rate=5e-4)
AUTOREGRESSIVE = FLOW.replace(model="autoregressive", epochs=150, batch_size=200, learning_rate=3e-3)
NAMED |= {
    "ring-flow": FLOW,
    "ring-autoregressive": AUTOREGRESSIVE,
    "moons-flow": FLOW.replace(dataset="moons"),
    "moons-autoregressive": AUTOREGRESSIVE.replace(dataset="moons"),
    "moons-2d": NAMED["ring-2d"].replace(dataset="moons", noise_variance="learned"),
}

# The page on denoising: autoencoders of the ring by noise level, and of digits by kind of corruption.
SIGMAS = (0.1, 0.2, 0.3, 0.4, 0.5)
DENOISED_RING = RunConfig(
    dataset="ring",
    model="autoencoder",
    hidden=(64, 64),
    latent_dim=2,
    corruption="gaussian",
    epochs=300,
    batch_size=80,
    learning_rate=1e-4,
)
DENOISED_DIGITS = MNIST.replace(model="autoencoder", hidden=(180,), latent_dim=32, likelihood="gaussian", epochs=12)


def denoised_ring(sigma: float) -> str:
    """The name of the run trained with this noise: denoised-ring-30 for 0.3."""
    return f"denoised-ring-{100 * sigma:.0f}"


def denoised_digits(kind: str) -> str:
    """The name of the run trained with this kind of corruption."""
    return f"denoised-digits-{kind.replace('_', '-')}"


CORRUPTIONS = {"gaussian": 0.5, "masking": 0.5, "salt_pepper": 0.3, "none": 0.0}
NAMED |= {denoised_ring(sigma): DENOISED_RING.replace(corruption_level=sigma) for sigma in SIGMAS}
NAMED |= {
    denoised_digits(kind): DENOISED_DIGITS.replace(corruption=kind, corruption_level=level)
    for kind, level in CORRUPTIONS.items()
}

FILMED = frozenset({"mnist-2d", "mnist-2d-autoencoder", "mnist-20d", "ring-2d"})  # a film doubles a run's size
