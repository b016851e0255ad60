"""The three pictures of the first page: the dart, one digit's cloud, and where two models' codes lie."""

from string import Template

import streamlit as st
import torch

from vaedemo.app import catalogue
from vaedemo.app.components.image_grid import image_grid
from vaedemo.app.components.press_button import press_button
from vaedemo.app.components.sketch import sketch
from vaedemo.app.lessons.home import dart, data
from vaedemo.app.lessons.home import sketch as planes
from vaedemo.app.shared import own_digit
from vaedemo.app.shell.step_view import StepView

TITLES = {"cloud": "One digit", "dart": "The dart", "codes": "Two models' codes"}
SCRIPT = Template("""\
import torch
import vaedemo as vd
$more
run = vd.load("$run")
x = $x
q = run.model.encode(x)
terms = run.model.elbo(x, generator=torch.Generator().manual_seed($noise))
(mu_1, mu_2), (sigma_1, sigma_2) = q.mean[0].tolist(), q.stddev[0].tolist()
print(f"Reconstruction loss: {terms.reconstruction.item():.2f} nats")
print(f"KL: {terms.kl.item():.2f} nats")
print(f"−ELBO: {-terms.elbo.item():.2f} nats")
print(f"μ: ({mu_1:.2f}, {mu_2:.2f})")
print(f"σ: ({sigma_1:.3f}, {sigma_2:.3f})")
""")
TEST_DIGIT = Template('vd.datasets.load("$dataset", split="test").as_data()[$image : $image + 1]')
READS_OWN = "from vaedemo.datasets import drawing\n"
CODES = Template("""\
import vaedemo as vd
from vaedemo.figures.latent import prior_radius

x = vd.datasets.load("$dataset", split="test").as_data()[:$count]
for title, name in (("VAE", "$run"), ("Autoencoder", "$plain")):
    codes = vd.load(name).model.encode(x).mean
    share = (codes.norm(dim=1) <= prior_radius($share)).float().mean().item()
    print(f"{title}, codes in the 99 % circle: {share:.1%}")
""")


def picture(view: StepView) -> None:
    {"dart": dart_picture, "cloud": cloud_picture, "codes": codes_picture}[view["part"]](view)


def dart_picture(view: StepView) -> None:
    """x and its copy, the plane to throw at, the digit of the newest dart; below, the last ten."""
    digest, places = catalogue.run(data.RUN).digest, dart.read(view["darts"])
    left, middle, right = st.columns([1, 3, 1.4], vertical_alignment="center")
    with left:
        st.markdown("x and its copy x̂")
        which = data.chosen(view)
        both = torch.cat([data.digit(which).float() / 255, data.copied(which)])
        image_grid(
            both.numpy(), 1, key=view.key("copy"), label="A digit x above its copy x̂", scale_hint=3.5, clickable=False
        )
    with middle:
        label = f"Codes of {data.CODES:,} digits by class, the circle of N(0, I), and {len(places)} darts"
        sketch(
            planes.dart_plane(digest, places, data.posterior(data.chosen(view))[0].numpy()),
            key=view.key("plane"),
            label=label,
            height=370,
            on_moved=lambda x, y: throw(view, dart.aimed(view["darts"], x, y)),
        )
    if view.held:
        return
    images = data.decoded(dart.codes(view["darts"])).numpy()
    with right:
        st.markdown("New: decoded from your z")
        image_grid(
            images[-1:], 1, key=view.key("new"), label="The digit of the newest dart", scale_hint=6, clickable=False
        )
    st.markdown("The last ten z, decoded: nine **+** and the newest")
    image_grid(
        images, dart.MOST, key=view.key("strip"), label="The last darts, newest last", scale_hint=2.2, clickable=False
    )


def cloud_picture(view: StepView) -> None:
    """x, its q(z|x) on the plane and magnified, and x̂ of the z drawn from it."""
    digest = catalogue.run(data.RUN).digest
    which = data.chosen(view)
    (mu, sigma), (z, drawn) = data.posterior(which), data.sampled(which, view["noise"])
    mu, sigma, z = mu.numpy(), sigma.numpy(), z.numpy()
    left, whole, near, right = st.columns([1, 2.2, 2.2, 1], vertical_alignment="center")
    with left:
        st.markdown("x")
        image_grid(data.digit(which).numpy(), 1, key=view.key("x"), label="The digit x", scale_hint=5, clickable=False)
    with whole:
        sketch(planes.cloud_plane(digest, mu, sigma), key=view.key("whole"), label="The plane with q(z|x)", height=320)
    with near:
        sketch(planes.magnified(mu, sigma, z), key=view.key("near"), label="q(z|x), magnified, with its z", height=320)
    with right:
        st.markdown("x̂ of this z")
        image_grid(drawn.numpy(), 1, key=view.key("drawn"), label="The decoded digit", scale_hint=5, clickable=False)


def codes_picture(view: StepView) -> None:
    """The codes of the VAE beside those of a plain autoencoder, with the prior's circle on both."""
    side = 12.0
    for column, name, title in zip(st.columns(2), (data.RUN, data.PLAIN), ("VAE", "plain autoencoder"), strict=True):
        with column:
            st.markdown(f"**Codes of a {title}**")
            drawn = planes.plane(name, catalogue.run(name).digest, [], side)
            sketch(drawn, key=view.key(name), label=f"Codes of a {title} and the circle of N(0, I)", height=340)


def work(view: StepView) -> tuple[dict[str, str], str]:
    if view["part"] == "codes":
        shares = {"VAE": data.inside(data.RUN), "Autoencoder": data.inside(data.PLAIN)}
        figures = {f"{title}, codes in the 99 % circle": f"{share:.1%}" for title, share in shares.items()}
        fields = {"run": data.RUN, "plain": data.PLAIN, "dataset": data.DATASET, "count": data.CODES}
        return figures, CODES.substitute(fields, share=data.SHARE)
    which = data.chosen(view)
    terms, (mu, sigma) = data.terms(which, view["noise"]), data.posterior(which)
    figures = {
        "Reconstruction loss": f"{terms.reconstruction.item():.2f} nats",
        "KL": f"{terms.kl.item():.2f} nats",
        "−ELBO": f"{-terms.elbo.item():.2f} nats",
        "μ": f"({mu[0]:.2f}, {mu[1]:.2f})",
        "σ": f"({sigma[0]:.3f}, {sigma[1]:.3f})",
    }
    fields = {"run": data.RUN, "noise": view["noise"]}
    if text := own_digit.text_of(view):
        own = own_digit.CODE.format(text=text)
        return figures, SCRIPT.substitute(fields, more=READS_OWN, x=f"{own}.as_data()")
    x = TEST_DIGIT.substitute(dataset=data.DATASET, image=view["image"])
    return figures, SCRIPT.substitute(fields, more="", x=x)


def throw(view: StepView, darts: str) -> None:
    view["darts"] = darts


def choose(view: StepView, image: int) -> None:
    view["image"], view["noise"] = image, 0
    own_digit.put_away(view)


def image_after(image: int, presses: int) -> int:
    """`presses` steps of x → (7 x + 1) mod 5000, in closed form: 7ⁿ x + (7ⁿ − 1) / 6 for n steps, however large n
    is."""
    return (pow(7, presses, 5000) * image + (pow(7, presses, 6 * 5000) - 1) // 6) % 5000


def draw_button(view: StepView) -> None:
    press_button(
        "Draw z ~ N(0, I)",
        icon=":material/casino:",
        kind="primary",
        on_press=lambda presses: throw(view, dart.drawn(view["darts"], min(presses, dart.MOST))),
        key=view.key("draw"),
    )


def resample_button(view: StepView) -> None:
    def resample(presses: int) -> None:
        view["noise"] = (view["noise"] + presses) % 100_000

    press_button("Resample z", icon=":material/casino:", on_press=resample, kind="primary", key=view.key("resample"))


def another_button(view: StepView) -> None:
    press_button(
        "Another digit",
        icon=":material/shuffle:",
        on_press=lambda presses: choose(view, image_after(view["image"], presses)),
        key=view.key("another"),
    )


def digits(view: StepView) -> None:
    offered = list(planes.offered())
    image_grid(
        catalogue.images(data.DATASET)[0].x[offered].numpy(),
        10,
        key="home.choice",
        label="Digits to choose from",
        selected=offered.index(chosen) if (chosen := data.chosen(view)) in offered else None,
        scale_hint=2,
        on_click=lambda index: choose(view, offered[index]),
    )


CONTROLS = {
    "draw": draw_button,
    "resample": resample_button,
    "another": another_button,
    "digits": digits,
    "own": own_digit.choose,
}
OF_PART = {"cloud": ("resample", "another", "digits", "own"), "dart": ("draw", "another", "own"), "codes": ()}
