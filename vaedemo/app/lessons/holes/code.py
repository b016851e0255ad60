"""The scripts of the page on holes: each prints the numbers of its view."""

from string import Template

from vaedemo.app.lessons.holes import data, form

PAIR = Template("""\
import torch
import vaedemo as vd
from vaedemo.analysis import code_density, holes, latent

$runs
images, which = vd.datasets.first_view(vae.config.dataset)
codes = autoencoder.model.encode(images.as_data()).mean
q = vae.model.encode(images.as_data())
noise = torch.randn(q.mean.shape, generator=torch.Generator().manual_seed($seed))
places = {"Autoencoder": codes, "VAE": q.mean + q.stddev * noise}
z = latent.prior_samples($drawn, 2, torch.Generator().manual_seed($draw))
fitted = code_density.fit_gaussian(codes).sample($drawn, torch.Generator().manual_seed($draw))

for name, z_of, title in (("Autoencoder", z, "N(0, I)"), ("Autoencoder", fitted, "N(m, S)"), ("VAE", z, "N(0, I)")):
    share = holes.in_holes(z_of, places[name], holes.code_spacing(places[name])).double().mean().item()
    print(f"{name}, {title} in holes: {100 * share:.1f} %")
for name, own in places.items():
    print(f"{name}, codes out of reach: {100 * holes.beyond_prior(own).double().mean().item():.1f} %")
""")
SHARES = Template("""\
import torch
import vaedemo as vd
from vaedemo.analysis import code_density, holes, latent

x = vd.datasets.first_view("$dataset")[0].as_data()
for name, source, label in $cases:
    run = vd.load(name)
    q = run.model.encode(x)
    places = q.mean
    if run.config.model == "vae":
        noise = torch.randn(q.mean.shape, generator=torch.Generator().manual_seed($seed))
        places = q.mean + q.stddev * noise
    generator = torch.Generator().manual_seed($draw)
    if source == "fitted":
        z = code_density.fit_gaussian(q.mean).sample($drawn, generator)
    else:
        z = latent.prior_samples($drawn, 2, generator)
    share = holes.in_holes(z, places, holes.code_spacing(places)).double().mean().item()
    print(f"{label}: {100 * share:.1f} %")
""")
ALL_20 = Template("""\
import torch
import vaedemo as vd
from vaedemo.analysis import code_density, latent

x = vd.datasets.first_view("$dataset")[0].as_data()
autoencoder, vae, judge = vd.load("$autoencoder"), vd.load("$vae"), vd.load("$judge")
codes = autoencoder.model.encode(x).mean
random = latent.prior_samples($drawn, 20, torch.Generator().manual_seed($draw))
mixture = code_density.fit_mixture(codes).sample($drawn, torch.Generator().manual_seed($draw))
for label, run, z in ($lines):
    best = judge.model.probabilities(run.model.decode(z).mean.clamp(0, 1)).max(dim=1).values
    print(f"{label}: unsure: {100 * (best < $sure).double().mean().item():.1f} %")
print(f"Distance of the codes from 0: {codes.norm(dim=1).mean().item():.1f}")
print(f"Distance of random z from 0: {random.norm(dim=1).mean().item():.1f}")
""")
TWENTY = {"prior": "Autoencoder, N(0, I)", "mixture": "Autoencoder, mixture", "vae": "VAE, N(0, I)"}
Z_OF = {"prior": ("autoencoder", "random"), "mixture": ("autoencoder", "mixture"), "vae": ("vae", "random")}


def pair(values) -> str:
    """Of both planes."""
    return PAIR.substitute(runs=form.code_of_runs(values), seed=data.SEED, drawn=data.DRAWN, draw=values["draw"])


def label(case) -> str:
    """What the share of one of `draws.cases` is called."""
    title = case.title.replace("*", "")
    return f"{title}{'' if 'z ~' in title else ', z ~ N(0, I)'}: in holes"


def shares(cases, draw: int) -> str:
    """Of draws in two planes."""
    told = [(case.run, case.source, label(case)) for case in cases]
    return SHARES.substitute(dataset=data.DATASET, cases=told, seed=data.SEED, drawn=data.DRAWN, draw=draw)


def twenty(cases, draw: int) -> str:
    """Of the models with 20 axes."""
    from vaedemo.app.lessons.holes.twenty import JUDGE, RUNS, SURE

    lines = ", ".join(f'("{TWENTY[case]}", {", ".join(Z_OF[case])})' for case in cases)
    fields = {"dataset": data.DATASET, "judge": JUDGE, "sure": SURE, "drawn": data.DRAWN, "draw": draw}
    return ALL_20.substitute(RUNS, lines=lines, **fields)
