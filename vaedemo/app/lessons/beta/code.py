"""The script of the β page: it loads or trains the sweep and prints the page's numbers."""

from string import Template
from typing import Any

from vaedemo.app.lessons.beta import form
from vaedemo.app.shell.config_code import arguments
from vaedemo.training import shipped_runs

SHIPPED = Template("""\
runs = [vd.load(name) for name in $names]
""")
OWN = Template("""\
base = vd.RunConfig($settings)
runs = vd.sweep([base.replace(beta=beta) for beta in $betas])
""")
SCRIPT = Template("""\
import torch
import vaedemo as vd
from vaedemo.analysis import kl_split

$found
best = min(runs, key=lambda run: run.metrics["test_negative_elbo"])
print(f"Least −ELBO: {best.metrics['test_negative_elbo']:.2f} nats")
print(f"at β: {best.config.beta:g}")
images, which = vd.datasets.first_view(best.config.dataset)
x = images.as_data(best.config.pixels)[:$examples]
split = kl_split.split(*best.model.posterior(x), torch.Generator().manual_seed(0))
print(f"I(x; z) there: {split.information:.2f} ± {split.information_error:.2f} nats")
print(f"KL(q(z)‖p(z)) there: {split.marginal:.2f} ± {split.marginal_error:.2f} nats")
""")
ENDS = """\
from vaedemo.probability.cross_entropy import mean_image_cross_entropy, self_entropy

print(f"Floor: {self_entropy(x):.2f} nats")
print(f"Ceiling: {mean_image_cross_entropy(x):.2f} nats")
"""


def script(values: dict[str, Any], on_images: bool, examples: int) -> str:
    """The script of a view; `examples`: the number of available images over which the split is computed."""
    if values["sweep"] == "own":
        configs = form.own(values)
        config, betas = configs[0].replace(beta=1.0), tuple(each.beta for each in configs)
        fields = arguments(config)
        found = OWN.substitute(settings=fields, betas=betas)
    else:
        found = SHIPPED.substitute(names=list(shipped_runs.members(values["sweep"])))
    return SCRIPT.substitute(found=found, examples=examples) + (ENDS if on_images else "")
