"""The sentences of the steps on reconstruction losses, each with its formula and the view's numbers in it."""

from vaedemo.app.lessons.losses import axes, density, grey, levels
from vaedemo.app.shared.formula import under
from vaedemo.app.shared.symbols import signed
from vaedemo.app.shell.steps import Values

X_HAT, LAMBDA, C_OF_LAMBDA = "\\hat x", "\\lambda", "C(\\lambda)"


def gaussian_formula(values: Values, *, slide: bool) -> str:
    """−log of a Gaussian with this view's number under each symbol; `slide`: with the slide's own ½(x − x̂)² below."""
    mistake, constant = density.terms(values)
    x, prediction = under("x", values["x"]), under(X_HAT, values["prediction"])
    variance = f"\\underset{{{values['variance']:g}}}{{\\sigma^2}}"
    own = f"&\\dfrac{{({x} - {prediction})^2}}{{2\\,{variance}}} + {under('C', constant)} = {mistake + constant:.2f}"
    if slide:
        square = 0.5 * (values["x"] - values["prediction"]) ** 2
        own += f" \\\\ &\\text{{on the slide: }} \\tfrac12(x-\\hat x)^2 = {square:.2f}"
    return f"$$\\begin{{aligned}}{own}\\end{{aligned}}$$"


def assumed(values: Values) -> str:
    return (
        "With Gaussian noise around x̂, −log p(x|z) is a squared error plus a constant C. "
        "**If you choose squared error, you assume Gaussian noise.** The slide drops C and σ²: "
        "σ² only weighs the error against KL, as β does."
        f"\n\n{gaussian_formula(values, slide=True)}"
    )


def narrower(values: Values) -> str:
    wide = density.loss_of(values["x"], values["prediction"], 1.0)
    now = density.loss_of(values["x"], values["prediction"], values["variance"])
    _, least = density.terms(values)
    return (
        f"The same mistake costs **{signed(now)} nats** instead of {signed(wide)}: it is divided by 2σ². At x = x̂ the "
        f"loss would be {signed(least)}. A loss below 0 is no fault: there the density is above 1."
        f"\n\n{gaussian_formula(values, slide=False)}"
    )


def one_term(values: Values) -> str:
    own = levels.true_level(values)
    before = levels.squared_error({**values, "rest": "next"})
    return (
        f"Only −log p of the true level is left: **{levels.loss_of(values):.2f} nats**, before and now. "
        f"The categorical knows no order of the levels. A squared error does: on average it went from {before:.2f} to "
        f"{levels.squared_error(values):.2f}."
        f"\n\n$$\\begin{{aligned}}&-\\textstyle\\sum_c x_c \\log p_c(z) \\\\ &= -\\underset{{1}}{{x_{own}}}\\,\\log "
        f"{under(f'p_{own}(z)', values['prediction'])} = {levels.loss_of(values):.2f}\\end{{aligned}}$$"
    )


def floor_of_grey(values: Values) -> str:
    x, prediction = values["x"], values["prediction"]
    return (
        f"A perfect copy still costs **{grey.entropy(x):.2f} nats**, the entropy of this grey. It is the least that "
        "cross-entropy can be here. Only black and white pixels can reach 0."
        f"\n\n$$\\begin{{aligned}}&-{under('x', x)}\\log{under(X_HAT, prediction)} \\\\ &- (1-x)\\log(1-\\hat x) "
        f"= {grey.cross_entropy(x, prediction):.2f}\\end{{aligned}}$$"
    )


def not_its_mean(values: Values) -> str:
    constant, mean = grey.continuous(values["prediction"])
    return (
        f"Its mean is **{mean:.2f}**, nearer to ½ than λ. Without C(λ) the area is {1 / constant:.2f}, not 1: "
        "cross-entropy of grey pixels is a loss, but no −log p. The factor C(λ) mends that."
        f"\n\n$$\\begin{{aligned}}&p(x|z) \\\\ &= {under(C_OF_LAMBDA, constant)}\\; "
        f"{under(LAMBDA, values['prediction'])}^{{\\,x}}\\,(1-\\lambda)^{{1-x}}\\end{{aligned}}$$"
    )


def averaged(values: Values) -> str:
    summed = axes.kept({**values, "reduction": "sum"}).sum().item()
    size, largest = len(axes.axes_shown(values).mean), axes.axes_shown(values).variances[0].item()
    return (
        f"The mean is the sum divided by {size}: exactly σ² = {size}. But the largest variance in the data is "
        f"{largest:.1f}. A linear VAE now keeps **{axes.kept(values).sum().item()} axes instead of {summed}**: every x̂ "
        "is the mean image."
    )
