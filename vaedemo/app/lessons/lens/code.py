"""The script of the page on one training step, and the numbers of a view that it prints."""

from string import Template

from vaedemo.app.lessons.lens import facts
from vaedemo.app.lessons.lens.facts import ALIKE, RUN, TRAINED, Values
from vaedemo.app.shared import own_digit, twenty
from vaedemo.training import first_views

HEAD = Template("""\
$imports

images = vd.datasets.load("$dataset", split="test").as_data("grey")
model = $model
""")
BUILT = f'vd.models.build(vd.load("{RUN}").config, (1, 28, 28))'
LOADED = f'vd.load("{RUN}").model'
STEPPED = """\
x = $x
step = one_step(model, x, torch.Generator().manual_seed($seed), learning_rate=$rate, beta=$beta)
"""
PATH = Template(
    STEPPED
    + """\
for name, each in (("before", step.before), ("after", step.after)):
    print(f"l_recon {name}: {each.reconstruction:.2f} nats")
    print(f"β · l_KL {name}: {each.beta * each.kl:z.2f} nats")
    print(f"Loss {name}: {each.loss:.2f} nats")
for title, pull in (("l_recon", step.pulls["reconstruction"]), ("β · l_KL", step.pulls["kl"])):
    print(f"{title}, gradient on μ: ({pull.mu[0]:z.2f}, {pull.mu[1]:z.2f})")
    print(f"{title}, gradient on log σ²: ({pull.logvar[0]:z.2f}, {pull.logvar[1]:z.2f})")
for layer in step.layers:
    print(f"{layer.name}, gradient: {layer.gradient:.2f}")
    print(f"{layer.name}, step: {layer.update:.3g}")
"""
)
ADAM = Template(
    STEPPED
    + """\
has_one = step.gradient != 0
moved = step.update[has_one].abs() / $rate
print(f"Weights with a gradient: {has_one.float().mean().item():.1%}")
print(f"Of these, moved by the rate: {((moved - 1).abs() <= $alike).float().mean().item():.1%}")
"""
)
BALANCE = Template("""\
twenty = images[$indices]
recon = torch.stack([-gradient_draws.on_grid(model, twenty[place : place + 1])[2:] for place in range(len(twenty))])
kl = $beta * 0.5 * (model.posterior(twenty)[1].exp() - 1)
print(f"l_recon, mean gradient on log σ²: {recon.mean().item():z.2f}")
print(f"β · l_KL, mean gradient on log σ²: {kl.mean().item():z.2f}")
""")
REPEAT = Template("""\
x, others = $x, images[$others]
found = repeated(model, x, others, $seed, $n, learning_rate=$rate, beta=$beta, new_noise=$new)
for name, losses in (("Loss", found.own), ("Others", found.others)):
    print(f"{name} before: {losses[0]:.2f} nats")
    print(f"{name} after: {losses[-1]:.2f} nats")
""")
BODIES = {"path": PATH, "adam": ADAM, "balance": BALANCE, "repeat": REPEAT}
IMPORTS = {
    "path": ("import torch", "from vaedemo.training.one_step import one_step"),
    "adam": ("import torch", "from vaedemo.training.one_step import one_step"),
    "balance": ("import torch", "from vaedemo.probability import gradient_draws"),
    "repeat": ("from vaedemo.training.repeated_step import repeated",),
}


def script(values: Values) -> str:
    """The code that prints the numbers of a view."""
    part, which, indices = values["part"], twenty.chosen(values), first_views.indices()
    is_own = isinstance(which, str)
    imports = ["import vaedemo as vd", *IMPORTS[part]]
    if is_own and part != "balance":
        imports.append("from vaedemo.datasets import drawing")
    imports.sort(key=lambda line: (line.startswith("from"), "vaedemo" in line, line))
    plain, own = ([line for line in imports if line.startswith(word)] for word in ("import", "from"))
    head = HEAD.substitute(
        imports="\n".join([*plain, *own]),
        dataset=twenty.DATASET,
        model=LOADED if values["when"] == TRAINED else BUILT,
    )
    fields = {name: values[name] for name in ("seed", "rate", "beta", "n")}
    return head + BODIES[part].substitute(
        fields,
        x=own_digit.CODE.format(text=which) + '.as_data("grey")' if is_own else f"images[{indices[which]}][None]",
        indices=indices,
        others=[index for place, index in enumerate(indices) if place != which],
        new=values["noise"] == "new",
        alike=ALIKE,
    )


def figures(values: Values) -> dict[str, str]:
    """The numbers of a view, label to value."""
    return {"path": of_path, "adam": of_adam, "balance": of_balance, "repeat": of_repeat}[values["part"]](values)


def of_path(values: Values) -> dict[str, str]:
    step, found = facts.of(values).step, {}
    for name, each in (("before", step.before), ("after", step.after)):
        found[f"l_recon {name}"] = f"{each.reconstruction:.2f} nats"
        found[f"β · l_KL {name}"] = f"{each.beta * each.kl:z.2f} nats"
        found[f"Loss {name}"] = f"{each.loss:.2f} nats"
    for title, pull in (("l_recon", step.pulls["reconstruction"]), ("β · l_KL", step.pulls["kl"])):
        found[f"{title}, gradient on μ"] = "({:z.2f}, {:z.2f})".format(*pull.mu.tolist())
        found[f"{title}, gradient on log σ²"] = "({:z.2f}, {:z.2f})".format(*pull.logvar.tolist())
    for layer in step.layers:
        found[f"{layer.name}, gradient"] = f"{layer.gradient:.2f}"
        found[f"{layer.name}, step"] = f"{layer.update:.3g}"
    return found


def of_adam(values: Values) -> dict[str, str]:
    shown = facts.of(values)
    return {
        "Weights with a gradient": f"{shown.with_gradient:.1%}",
        "Of these, moved by the rate": f"{shown.alike:.1%}",
    }


def of_balance(values: Values) -> dict[str, str]:
    found = facts.balance(values)
    return {
        "l_recon, mean gradient on log σ²": f"{found.reconstruction.mean().item():z.2f}",
        "β · l_KL, mean gradient on log σ²": f"{found.kl.mean().item():z.2f}",
    }


def of_repeat(values: Values) -> dict[str, str]:
    found = facts.repeated(values)
    return {
        f"{name} {when}": f"{losses[place]:.2f} nats"
        for name, losses in (("Loss", found.own), ("Others", found.others))
        for when, place in (("before", 0), ("after", -1))
    }
