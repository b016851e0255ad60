"""The families of generative models after Goodfellow's tree, each with its objective, its cost and its paper."""

from dataclasses import dataclass

from vaedemo.app.components.family_tree import Branch, Leaf


@dataclass(frozen=True)
class Family:
    """One leaf. `gives_up`: what it cannot do, or what it must do without.

    `maximises`: the equation; `pages`: this app's pages on it; `model`: its `RunConfig.model`, if this app runs it.
    """

    key: str
    name: str
    likelihood: str
    gives_up: str
    maximises: str
    because: str
    sampling: str
    paper: str
    pages: tuple[str, ...] = ()
    model: str = ""


FAMILIES = (
    Family(
        "autoregressive",
        "Autoregressive model",
        "exact",
        "one-pass samples",
        r"$$\log p(x) = \sum_{i} \log p(x_i \mid x_1, \dots, x_{i-1})$$",
        "The chain rule leaves nothing out, so the likelihood is exact.",
        "Axis by axis, each from those before: as many network passes as x has axes, one after the other.",
        "H. Larochelle, I. Murray, *The neural autoregressive distribution estimator*, 2011; today's language models; "
        "real-valued: B. Uria et al., *RNADE*, 2013, [arXiv 1306.0186](https://arxiv.org/abs/1306.0186).",
        model="autoregressive",
    ),
    Family(
        "flow",
        "Normalising flow",
        "exact",
        "free networks, a smaller z",
        r"$$\log p(x) = \log \mathcal N\big(f^{-1}(x); 0, I\big) + \log\left|\det\frac{\partial f^{-1}}{\partial x}"
        r"\right|$$",
        "The change of variables is exact; the price is that f must have an inverse, and z as many axes as x.",
        "One z from the prior, pushed once through f.",
        "L. Dinh, J. Sohl-Dickstein, S. Bengio, *Density estimation using Real NVP*, 2017, "
        "[arXiv 1605.08803](https://arxiv.org/abs/1605.08803).",
        ("ring",),
        model="flow",
    ),
    Family(
        "vae",
        "Variational autoencoder",
        "a lower bound of it, maximised",
        "the exact likelihood",
        r"$$\log p(x) \ge \mathbb E_{q(z|x)}\big[\log p(x|z)\big] - \mathrm{KL}\big(q(z|x) \,\Vert\, p(z)\big)$$",
        "The integral over z cannot be solved, so a bound on it is maximised. The gap is KL(q(z|x) ‖ p(z|x)).",
        "One z from the prior, decoded once.",
        "D. P. Kingma, M. Welling, *Auto-Encoding Variational Bayes*, 2013, "
        "[arXiv 1312.6114](https://arxiv.org/abs/1312.6114).",
        ("home", "elbo", "lab", "gallery"),
        model="vae",
    ),
    Family(
        "diffusion",
        "Diffusion model",
        "a lower bound of it, maximised",
        "exact likelihood, one-pass samples",
        r"$$\log p(x) \ge \mathbb E_q\Big[\log \frac{p(x_T)\prod_t p(x_{t-1}|x_t)}{\prod_t q(x_t|x_{t-1})}\Big]$$",
        "A VAE with T layers of codes, whose encoder only adds noise and is not learned.",
        "From pure noise, denoised T times, one after the other.",
        "J. Sohl-Dickstein et al., *Deep unsupervised learning using nonequilibrium thermodynamics*, 2015; J. Ho, "
        "A. Jain, P. Abbeel, *Denoising diffusion probabilistic models*, 2020, "
        "[arXiv 2006.11239](https://arxiv.org/abs/2006.11239).",
        ("elbo", "denoising"),
    ),
    Family(
        "boltzmann",
        "Boltzmann machine",
        "known up to a constant, which is a sum over all x",
        "exact likelihood, one-pass samples",
        r"$$\log p(x) = -E(x) - \log \textstyle\sum_{x'} e^{-E(x')}$$",
        "The sum over all x′ cannot be taken. Its gradient is estimated from samples of a Markov chain.",
        "A Markov chain, run until it has forgotten its start.",
        "D. Ackley, G. Hinton, T. Sejnowski, *A learning algorithm for Boltzmann machines*, 1985, "
        "[doi 10.1207/s15516709cog0901_7](https://doi.org/10.1207/s15516709cog0901_7).",
    ),
    Family(
        "gan",
        "Generative adversarial network",
        "none: the density is never written down",
        "the density p(x)",
        r"$$\min_G \max_D\; \mathbb E_{x}\big[\log D(x)\big] + \mathbb E_{z}\big[\log(1 - D(G(z)))\big]$$",
        "A second network D tells samples from data, and G learns to deceive it. With the best D this is "
        "2 JS(data ‖ model) − log 4: a divergence, but not the likelihood.",
        "One z from the prior, pushed once through the generator.",
        "I. Goodfellow et al., *Generative adversarial nets*, 2014, "
        "[arXiv 1406.2661](https://arxiv.org/abs/1406.2661).",
        ("ring",),
    ),
    Family(
        "gsn",
        "Generative stochastic network",
        "none: the density is never written down",
        "the density p(x), one-pass samples",
        r"$$\mathbb E\big[\log p(x \mid \tilde x)\big], \qquad \tilde x \sim C(\tilde x \mid x)$$",
        "A denoiser is trained. Corrupting and denoising in turn is a Markov chain whose samples are like the data.",
        "A Markov chain of corrupting and denoising.",
        "Y. Bengio et al., *Deep generative stochastic networks trainable by backprop*, 2014, "
        "[arXiv 1306.1091](https://arxiv.org/abs/1306.1091).",
        ("denoising",),
    ),
)
BY_KEY = {family.key: family for family in FAMILIES}


def leaf(key: str, held: bool) -> Leaf:
    family = BY_KEY[key]
    return Leaf(key, family.name, f"gives up: {'?' if held else family.gives_up}", runs=bool(family.model))


def tree(held: bool = False) -> Branch:
    """The tree; `held`: without what the families give up."""

    def branch(name: str, *children: Branch | str) -> Branch:
        return Branch(name, [leaf(each, held) if isinstance(each, str) else each for each in children])

    return branch(
        "Maximum likelihood",
        branch(
            "Explicit density",
            branch("Tractable", "autoregressive", "flow"),
            branch("Approximate", branch("Variational", "vae", "diffusion"), branch("Markov chain", "boltzmann")),
        ),
        branch("Implicit density", branch("Direct", "gan"), branch("Markov chain", "gsn")),
    )
