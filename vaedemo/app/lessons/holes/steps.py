"""The steps of the lesson on holes between codes (slide 11)."""

import torch

from vaedemo.analysis import holes, latent
from vaedemo.app import catalogue
from vaedemo.app.lessons.holes import data, draws, form, twenty
from vaedemo.app.shell.steps import Goal, Option, Question, Step, Values

RARE = (1, 7)  # the digits that z\u00a0~\u00a0N(0,\u00a0I) hardly ever gives in the autoencoder
IN_A_DIGIT = {"z1": 1.0, "z2": -2.0}  # in the midst of both models' codes


def percent(share: float, digits: int = 0) -> str:
    return f"{100 * share:.{digits}f} %"


def fair(values: Values) -> str:
    plain, vae = (percent(draws.share(case, values["draw"])) for case in draws.cases(values))
    return (
        "**Not every z gives a digit.** Even if z is drawn from the Gaussian that fits the codes best, "
        f"**{plain}** fall in holes, far from every code (large dots, framed). The decoder was never trained there. "
        f"Of the VAE's z\u00a0~\u00a0N(0,\u00a0I) it is {vae}."
    )


def standard(values: Values) -> str:
    outside = percent(data.shipped().codes["autoencoder"].beyond)
    plain, vae = (rare(kind, values["draw"]) for kind in form.SHIPPED)
    return (
        f"N(0,\u00a0I) reaches few codes: **{outside}** lie outside its circle. So some digits hardly ever come: "
        f"a classifier calls **{percent(plain, 1)}** of the images a 1 or a 7. "
        f"Of the VAE's, from the same z, it is {percent(vae)}."
    )


def rare(kind: str, seed: int) -> float:
    """The share of 2,000 images decoded from z ~ N(0, I) that a classifier calls one of `RARE`."""
    z = latent.prior_samples(data.DRAWN, 2, torch.Generator().manual_seed(seed))
    run = catalogue.run(form.SHIPPED[kind])
    named = catalogue.run(twenty.JUDGE).model.probabilities(run.model.decode(z).mean.clamp(0, 1)).argmax(dim=1)
    return torch.isin(named, torch.tensor(RARE)).double().mean().item()


def hunted(values: Values) -> str:
    away = distance(values, "autoencoder")
    return (
        f"Here the autoencoder's image is {away:.1f} from the nearest test digit, by its pixels. "
        f"Of real digits 1 % are farther than {data.UNLIKE} from the next one: such an image is hardly a digit. "
        "Drag z, and compare both planes."
    )


def distance(values: Values, kind: str) -> float:
    """How far the image of a view's z is from the nearest test digit, decoded by one of the shipped pair."""
    z = torch.tensor([[values["z1"], values["z2"]]])
    return data.image_distance(catalogue.run(form.SHIPPED[kind]).model.decode(z).mean)


def is_lost(values: Values, kind: str) -> bool:
    """Whether a view's z decodes to an image that is unlike any digit."""
    return (values["part"], values["source"]) == ("both", "shipped") and distance(values, kind) > data.UNLIKE


def is_near_but_lost(values: Values) -> bool:
    """Whether z lies in a hole of the VAE within the circle that holds 99 % of N(0, I)."""
    z = torch.tensor([[values["z1"], values["z2"]]])
    codes = draws.codes_of(form.SHIPPED["vae"])
    in_hole = holes.in_holes(z, codes.places, codes.spacing)[0].item()
    return values["part"] == "both" and in_hole and not holes.beyond_prior(z)[0].item()


def without_kl(values: Values) -> str:
    noise, both = draws.cases(values)
    sigma = draws.codes_of(noise.run).deviation.mean().item()
    return (
        f"Without KL the codes spread out and σ shrinks to **{sigma:.3f}**: the noise no longer counts. "
        f"**{percent(draws.share(noise, values['draw']))}** of z\u00a0~\u00a0N(0,\u00a0I) fall in holes. With KL it is "
        f"{percent(draws.share(both, values['draw']))}: the clouds q(z|x) stay wide, and close to 0."
    )


def fitted(values: Values) -> str:
    own, vae = (percent(twenty.unsure(case, values["draw"])) for case in ("mixture", "vae"))
    return (
        "Fit p(z) after the training: z then falls where codes are. A classifier is unsure of "
        f"**{own}** of these images, of the VAE's {vae}. So an autoencoder can generate. "
        "A VAE has p(z) in its loss and needs no second fit."
    )


def lost_of_vae(values: Values) -> int:
    """How many of the 15 z of the VAE lie in holes."""
    run = catalogue.run(form.SHIPPED["vae"])
    return int(data.few(run.digest, "prior", values["draw"], draws.codes_of(form.SHIPPED["vae"]))[1].sum())


PAIR = {"part": "draws", "draw": data.FIRST_DRAW}
STEPS = (
    Step(
        name="answer",
        title="A fair draw",
        view=PAIR,
        say=fair,
        controls=("again",),
        holds=lambda values: (values["part"], values["density"]) == ("draws", "fitted"),
        ask=Question(
            "z is drawn from the Gaussian that fits an autoencoder's codes best. What does the decoder make of it?",
            (
                Option("A digit from every z", "It has learned to draw at its codes alone."),
                Option("A digit from most z, not from all", "Codes leave places empty where z falls.", right=True),
                Option("Noise: z is no code of a training digit", "Close to a code it draws nearly the same digit."),
            ),
            giveaways=("fall in holes", "in a hole"),
        ),
        slides=(11,),
        notes="Red: codes of test digits. Violet: 15 random z. Show one large dot and its framed image. "
        "Then draw again: the share hardly changes.",
    ),
    Step(
        name="standard",
        title="z\u00a0~\u00a0N(0,\u00a0I)",
        view=PAIR | {"density": "prior"},
        say=standard,
        controls=("density", "again"),
        holds=lambda values: (values["part"], values["density"]) == ("draws", "prior"),
        ask=Question(
            "Now the slide's own question: z\u00a0~\u00a0N(0,\u00a0I) goes into this autoencoder. What comes out?",
            (
                Option("A few digits again and again", "N(0, I) reaches only the codes around 0.", right=True),
                Option("All ten digits, about equally often", "Nothing told the encoder to gather them around 0."),
                Option("Grey noise without any digit", "Around 0 are codes of several digits: see the plane."),
            ),
            start={"density": "fitted"},
            giveaways=("hardly ever come",),
        ),
        slides=(11,),
        notes="Grey: where z fell before. N(0, I) is the violet circle, most codes are far outside.",
    ),
    Step(
        name="hunt",
        title="Find a hole",
        view={"part": "both", **IN_A_DIGIT},
        say=hunted,
        controls=("place",),
        holds=lambda values: (values["part"], values["source"]) == ("both", "shipped"),
        goals=(
            Goal(
                "Find a z whose image in the **autoencoder** is hardly a digit.",
                lambda v: is_lost(v, "autoencoder"),
                "Drag z to an empty place.",
            ),
            Goal(
                "Find a hole of the **VAE** inside its circle.",
                is_near_but_lost,
                "Look between the digits.",
            ),
        ),
    ),
    Step(
        name="noise",
        title="Noise without KL",
        view={"part": "noise", "draw": data.FIRST_DRAW},
        say=without_kl,
        controls=("again",),
        holds=lambda values: values["part"] == "noise",
        ask=Question(
            "A VAE adds noise to z and has the KL in its loss. Keep the noise, but switch the KL off (β = 0). "
            "What becomes of the noise?",
            (
                Option("Its σ grows until it fills all holes", "A large σ blurs x̂, and no term rewards it now."),
                Option("Its σ stays near 1, as in N(0, I)", "It is the KL that wants V = 1. It is off."),
                Option("It no longer matters", "σ shrinks, and codes move apart: both help to copy.", right=True),
            ),
            start=PAIR | {"density": "prior"},
            giveaways=("no longer counts",),
        ),
    ),
    Step(
        name="afterwards",
        title="p(z) fitted afterwards",
        view={"part": "twenty", "draw": data.FIRST_DRAW},
        say=fitted,
        holds=lambda values: (values["part"], values["afterwards"]) == ("twenty", "mixture"),
        ask=Question(
            "With 20 axes z\u00a0~\u00a0N(0,\u00a0I) gives smears: z lies about 4 from 0, the codes about 18. "
            "Can this autoencoder draw digits after all?",
            (
                Option("No, only a VAE can", "Its decoder is as good. It lacks only z that lie where codes are."),
                Option("Yes, if we fit a p(z) to its codes", "Then z falls where the decoder was trained.", right=True),
                Option("Yes, with more layers in its decoder", "z would still fall where no code ever was."),
            ),
            start={"afterwards": "none"},
            giveaways=("needs no second fit",),
        ),
    ),
)
GOALS = (
    Goal(
        "In **Both planes**, find a z that both models decode to something that is hardly a digit.",
        lambda values: is_lost(values, "autoencoder") and is_lost(values, "vae"),
        "Far from all codes of both.",
    ),
    Goal(
        "In **Random z**, find a draw with one of the VAE's z in a hole.",
        lambda values: values["part"] == "draws" and lost_of_vae(values) > 0,
        "Draw again.",
    ),
)
