"""The script of the taxonomy page: it loads or trains the three models and prints the page's numbers."""

from collections.abc import Mapping
from string import Template
from typing import Any

from vaedemo.app.lessons.taxonomy import form
from vaedemo.app.lessons.taxonomy.data import DRAWS
from vaedemo.app.shell.config_code import arguments

SHIPPED = Template("""\
vae, flow, autoregressive = (vd.load(name) for name in $names)
""")
OWN = Template("""\
configs = [
$configs
]
vae, flow, autoregressive = vd.sweep(configs)
""")
SCRIPT = Template("""\
import torch
import vaedemo as vd
from vaedemo.analysis.point_densities import log_density
from vaedemo.probability import bounds

$found
x = vd.datasets.load("$dataset", split="test").x
print(f"Truth: {-log_density('$dataset', x).mean().item():.3f} nats")
print(f"Autoregressive, exact: {autoregressive.metrics['test_negative_log_likelihood']:.3f} nats")
print(f"Flow, exact: {flow.metrics['test_negative_log_likelihood']:.3f} nats")
tighter = bounds.iwae(vae.model, x, samples=$draws, generator=torch.Generator().manual_seed(0))
print(f"VAE, IWAE-$draws: {-tighter.mean().item():.3f} nats")
print(f"VAE, −ELBO: {vae.metrics['test_negative_elbo']:.3f} nats")
""")


def script(values: Mapping[str, Any]) -> str:
    """The script of a view."""
    source = values["source"]
    if source in form.SHIPPED:
        found = SHIPPED.substitute(names=form.SHIPPED[source])
        return SCRIPT.substitute(found=found, dataset=source, draws=DRAWS)
    lines = []
    for config in form.configs_of(values):
        fields = arguments(config)
        lines.append(f"    vd.RunConfig({fields}),")
    found = OWN.substitute(configs="\n".join(lines))
    return SCRIPT.substitute(found=found, dataset=values["dataset"], draws=DRAWS)
