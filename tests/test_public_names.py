"""Every public name, called with what is meant and with what is not: an answer one may believe, or one sentence.

The names are found in the modules (tests/public_names/find.py). A new one needs a valid argument for each parameter
whose name has no sample yet: in tests/public_names/samples_<package>.py. `pytest -s` prints how many inputs each got.
"""

import ast
import importlib
import inspect
from pathlib import Path

import pytest
import torch

from tests.public_names import find, judge
from tests.public_names.sample import NoSample, Registry, Sample, samples_for, trials
from vaedemo.probability import checks

LEAST = {
    "probability": (100, 3000),
    "analysis": (60, 1500),
    "models": (20, 300),
    "datasets": (20, 100),
    "training.store": (10, 30),
}
REPOSITORY = Path(__file__).parents[1]


def file_of(package: str) -> str:
    return f"tests/public_names/samples_{package.replace('.', '_')}.py"


def registry_of(package: str) -> Registry:
    return importlib.import_module(file_of(package).removesuffix(".py").replace("/", ".")).REGISTRY


NAMES = [(package, name) for package in find.PACKAGES for name in find.find(package).names]


@pytest.mark.parametrize(("package", "name"), NAMES, ids=[f"{package}:{name.label}" for package, name in NAMES])
def test_each_public_name_answers_or_says_why_not(package, name):
    registry = registry_of(package)
    if name.label in registry.exempt or name.owner in registry.exempt:
        pytest.skip(registry.exempt.get(name.label) or registry.exempt[name.owner])
    samples = samples_for(name, registry, file_of(package))
    valid = judge.call(name.call, samples)
    faults = []
    for trial in trials(samples):
        fault = judge.verdict(name.call, trial, valid)
        if fault is not None:
            faults.append(f"{trial.argument}, {trial.what}: {fault}")
    assert not faults, f"{name.label}:\n  " + "\n  ".join(faults)


@pytest.mark.parametrize("package", find.PACKAGES)
def test_how_many_names_there_are_and_how_many_inputs_each_got(package):
    found, registry, counts = find.find(package), registry_of(package), {}
    for name in found.names:
        if name.label not in registry.exempt and name.owner not in registry.exempt:
            counts[name.label] = len(list(trials(samples_for(name, registry, file_of(package)))))
    print(f"\n{package}: {len(counts)} names, {sum(counts.values()):,} inputs beside the valid ones;", end=" ")
    print(f"{len(found.exempt)} left out by rule, {len(registry.exempt)} by name.")
    for label, count in counts.items():
        print(f"  {count:4}  {label}")
    names, inputs = LEAST.get(package, (1, 1))
    assert len(counts) >= names and sum(counts.values()) >= inputs


@pytest.mark.parametrize("package", find.PACKAGES)
def test_exemptions_have_a_reason_and_a_name_that_exists(package):
    registry, labels = registry_of(package), {name.label for name in find.find(package).names}
    owners = {name.owner for name in find.find(package).names}
    assert all(len(reason) > 20 for reason in registry.exempt.values())
    assert set(registry.exempt) <= labels | owners
    assert set(registry.by_function) <= labels
    assert set(registry.instances) <= owners


@pytest.mark.parametrize("package", find.PACKAGES)
def test_what_is_unchecked_has_a_twin_that_checks(package):
    assert not find.twins_without_a_checked_name(package)


def test_what_other_packages_use_is_public():
    """A module with `__all__` may keep names to its package; a name that another one uses must be in it."""
    hidden = []
    for package in find.PACKAGES:
        for module in find.modules_of(package):
            if not hasattr(module, "__all__") or module.__name__.count(".") < 2:
                continue
            own = {
                name
                for name, each in vars(module).items()
                if inspect.isfunction(each) and each.__module__ == module.__name__ and name not in module.__all__
            }
            hidden += [(module.__name__, name) for name in own if name in used_outside(module.__name__)]
    assert not hidden


def used_outside(module: str) -> set[str]:
    """Names of a module that files of other packages import or reach through the module."""
    package, short = module.rsplit(".", 1)
    used = set()
    for file in sorted((REPOSITORY / "vaedemo").rglob("*.py")):
        if file.is_relative_to(REPOSITORY / package.replace(".", "/")) or short not in file.read_text(encoding="utf-8"):
            continue
        tree, reached = ast.parse(file.read_text(encoding="utf-8")), set()
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module == module:
                used |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module == package:
                reached |= {alias.asname or alias.name for alias in node.names if alias.name == short}
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in reached:
                used.add(node.attr)
    return used


def test_a_name_without_a_sample_says_how_to_add_one():
    def newcomer(unheard_of):
        return unheard_of

    with pytest.raises(NoSample, match="newcomer takes unheard_of: add a sample for it to `by_name`"):
        samples_for(find.PublicName("module.newcomer", newcomer), Registry({}), "samples.py")


def swallows_nan(x):
    return torch.nan_to_num(x).clamp(0, 1)


def speaks_torch(x):
    return x @ torch.zeros(7, 7)


def cuts_whole_numbers(x):
    return torch.lerp(torch.zeros_like(x), x, 0.5) if x.is_floating_point() else (x * 0.5).to(x.dtype)


def accepts_bytes_as_floats(x):
    return checks.array("x", x, "N", 3).mean()


def says_no_sentence(x):
    raise ValueError("bad")


@pytest.mark.parametrize(
    ("function", "what"),
    [
        (swallows_nan, "becomes a plausible answer"),
        (speaks_torch, "mat1 and mat2"),
        (cuts_whole_numbers, "gives another answer"),
        (accepts_bytes_as_floats, "is accepted"),
        (says_no_sentence, "raises ValueError"),
    ],
)
def test_the_judge_finds_the_faults_that_it_is_there_for(function, what):
    samples = {"x": Sample(lambda: torch.tensor([[0.0, 0.5, 1.0], [1.0, 0.25, 0.0]]), "pixels")}
    verdicts = [judge.verdict(function, trial, torch.zeros(())) for trial in trials(samples)]
    assert any(what in verdict for verdict in verdicts if verdict)
