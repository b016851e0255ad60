"""The clinic's programs: the healthy one, and nine that differ from it in one line, each a mistake that people made.

A sick program is the healthy program's text with one line replaced, so the lines that a page shows are the lines that
ran. The patient with 50 latent axes has a healthy twin of its own, `healthy-50`.
"""

import inspect
from dataclasses import dataclass

from vaedemo.clinic import program
from vaedemo.rules import ConfigError

FIFTY = ("AXES = 2", "AXES = 50")  # the line that differs between the two healthy programs
HEALTHY, HEALTHY_50 = "healthy", "healthy-50"


@dataclass(frozen=True)
class Disease:
    """One sick program. `name`: for links; `patient`: its number; `title`: the mistake in a few words.

    `healthy`, `sick`: the line that differs, without indentation. `symptom`: what its figures and samples show.
    `met`: where people met it, in Markdown. `fifty`: whether both programs have 50 latent axes.
    """

    patient: int
    name: str
    title: str
    healthy: str
    sick: str
    symptom: str
    met: str
    fifty: bool = False

    @property
    def folder(self) -> str:
        return f"patient-{self.patient}"

    @property
    def twin(self) -> str:
        """The name of the healthy record that differs from it in the one line."""
        return HEALTHY_50 if self.fifty else HEALTHY


def issue(repository: str, number: int) -> str:
    """A link to an issue on GitHub, in Markdown."""
    return f"[{repository} #{number}](https://github.com/{repository}/issues/{number})"


DISEASES = (
    Disease(
        1,
        "pixel-mean",
        "The reconstruction loss is averaged over the pixels",
        "reconstruction = errors.sum(dim=1).mean()",
        "reconstruction = errors.mean(dim=1).mean()",
        "its KL is 0 and all samples are alike, as the KL now weighs 784 times as much",
        f"{issue('keras-team/keras', 3373)}: every z gave the same image, until the loss was multiplied by the number "
        f"of pixels. {issue('AppliedDataSciencePartners/WorldModels', 12)}: the KL fell to 4e-7.",
    ),
    Disease(
        2,
        "axis-mean",
        "The KL is averaged over the 50 axes",
        "kl = kls.sum(dim=1).mean()",
        "kl = kls.mean(dim=1).mean()",
        "its images are copied well and its samples are bad, as the KL now weighs a fiftieth",
        f"{issue('keras-team/keras-io', 270)} and {issue('maxhodak/keras-molecules', 59)} ask about this line.",
        fifty=True,
    ),
    Disease(
        3,
        "sign",
        "The KL has the wrong sign",
        "loss = reconstruction + kl",
        "loss = reconstruction - kl",
        "its loss falls far below 0 while its KL grows without end",
        f"{issue('pytorch/examples', 824)} asks whether that example's sign is wrong. It is right there: minus ELBO "
        "is reconstruction plus KL.",
    ),
    Disease(
        4,
        "sigma",
        "The encoder's log σ² is taken for log σ",
        "sigma = torch.exp(logvar / 2)",
        "sigma = torch.exp(logvar)",
        "its KL is about two thirds of a healthy one's, although it copies as well",
        f"{issue('keras-team/keras', 3283)}: exp(z_log_std) drew the noise, and the KL read the same output as log σ².",
    ),
    Disease(
        5,
        "no-noise",
        "The decoder gets μ, without noise",
        "z = mu + sigma * torch.randn_like(sigma)",
        "z = mu",
        "its KL is about a fifth of a healthy one's, although it copies as well",
        f"{issue('dmis-lab/VAECox', 6)}: the code draws z with noise, and then decodes μ.",
    ),
    Disease(
        6,
        "rate",
        "The learning rate is too high",
        "RATE = 0.001",
        "RATE = 0.06",
        "its losses jump up and down and end higher than a healthy one's",
        f"{issue('AntixK/PyTorch-VAE', 71)}: a VQ-VAE's loss stayed near a million; a rate of 0.001 instead of "
        "0.005 helped.",
    ),
    Disease(
        7,
        "ignored",
        "The decoder gets noise instead of z",
        "logits = self.decoder(z)",
        "logits = self.decoder(torch.randn_like(z))",
        "its KL is 0, its reconstruction loss is the mean image's and all samples are alike",
        f"{issue('jxhe/vae-lagging-encoder', 5)}: the same sentence for every z. A decoder that ignores z has many "
        "causes; this one is a slip.",
    ),
    Disease(
        8,
        "range",
        "The pixels are standardized, not in [0, 1]",
        "x = pixels / 255",
        "x = (pixels / 255 - 0.1307) / 0.3081",
        "its reconstruction loss falls below 0 and on, until it is no number; a cross-entropy of pixels in [0, 1] is "
        "never below 0",
        f"{issue('mlpack/mlpack', 3601)} and {issue('Lasagne/Recipes', 54)}: a loss that falls below 0 and on.",
    ),
    Disease(
        9,
        "leak",
        "The test images are among the training images",
        "images = train_images",
        "images = torch.cat([train_images, test_images])",
        "its test loss falls with its training loss to the end, and only a third set shows what new images cost",
        f"{issue('ZhendongWang6/DIRE', 22)}: somebody counts about 620 images in both parts.",
    ),
)
BY_PATIENT = {disease.patient: disease for disease in DISEASES}
BY_NAME = {disease.name: disease for disease in DISEASES}
RECORDS = (HEALTHY, HEALTHY_50, *(disease.folder for disease in DISEASES))


def changed(text: str, before: str, after: str) -> str:
    """The text with the one line `before` replaced. Raises ValueError unless it has that line exactly once."""
    lines = text.splitlines(keepends=True)
    places = [place for place, line in enumerate(lines) if line.strip() == before]
    if len(places) != 1:
        raise ValueError(f"the program has the line {before!r} {len(places)} times, not once.")
    lines[places[0]] = lines[places[0]].replace(before, after)
    return "".join(lines)


def source(name: str) -> str:
    """The text of a program, by the name of its record. Raises `ConfigError` for an unknown name."""
    text = inspect.getsource(program)
    if name not in RECORDS:
        raise ConfigError("name", name, "one of " + ", ".join(RECORDS))
    (disease,) = [each for each in DISEASES if each.folder == name] or [None]
    if name == HEALTHY_50 or (disease and disease.fifty):
        text = changed(text, *FIFTY)
    return text if disease is None else changed(text, disease.healthy, disease.sick)
