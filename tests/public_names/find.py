"""Which public names there are: found by looking at the modules, so that a new one is tried without a list."""

import dataclasses
import importlib
import inspect
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any

PACKAGES = ("probability", "analysis", "models", "datasets", "training.store")
TWIN = "_unchecked"  # the ending of what takes checked arguments and has a twin that checks


@dataclass(frozen=True)
class PublicName:
    """A callable: `label` as `module.name` or `module.Class.method`, `owner` the label of a method's class."""

    label: str
    call: Callable[..., Any]
    owner: str = ""


@dataclass(frozen=True)
class Found:
    """What a package holds: the `names` to try and those that a rule leaves out, each with the rule, `exempt`."""

    names: list[PublicName]
    exempt: dict[str, str]


def modules_of(package: str) -> list[ModuleType]:
    """The module `vaedemo.<package>` and all those in it."""
    root = importlib.import_module(f"vaedemo.{package}")
    inside = pkgutil.walk_packages(getattr(root, "__path__", []), f"{root.__name__}.")
    return [root, *(importlib.import_module(each.name) for each in inside)]


def public_in(module: ModuleType) -> dict[str, Any]:
    """Names of `__all__`, else those without underscore that the module itself defines."""
    if hasattr(module, "__all__"):
        return {name: getattr(module, name) for name in module.__all__}
    own = vars(module).items()
    return {
        name: each
        for name, each in own
        if not name.startswith("_") and getattr(each, "__module__", module.__name__) == module.__name__
        if not isinstance(each, ModuleType)
    }


def find(package: str) -> Found:
    """The public names of a package, each once, under the module that defines it."""
    names, exempt, seen = [], {}, set()
    for module in modules_of(package):
        for name, each in public_in(module).items():
            short = getattr(each, "__module__", module.__name__).removeprefix(f"vaedemo.{package}").lstrip(".")
            label = f"{short}.{name}" if short else name
            if id(each) in seen:
                continue
            seen.add(id(each))
            if short.split(".")[-1].startswith("check"):
                exempt[label] = "a check itself, with tests of its own"
            elif (rule := rule_against(name, each)) is not None:
                exempt[label] = rule
            elif inspect.isclass(each):
                names += [PublicName(label, each), *methods_of(each, label)]
            else:
                names.append(PublicName(label, each))
    return Found(names, exempt)


def rule_against(name: str, each: Any) -> str | None:
    """Why a name takes no data that could be wrong; None for all others."""
    if not callable(each) or not (inspect.isclass(each) or inspect.isroutine(each) or hasattr(each, "__wrapped__")):
        return "a constant or a type"
    if name.endswith(TWIN):
        return "the unchecked twin of a public name"
    if inspect.isclass(each) and issubclass(each, BaseException):
        return "an error"
    if inspect.isclass(each) and is_result(each):
        return "a result: fields without checks or methods that take data"
    return None


def is_result(cls: type) -> bool:
    """Whether a class only holds what a function found: a dataclass or a named tuple, no method takes arguments."""
    holds = dataclasses.is_dataclass(cls) or (issubclass(cls, tuple) and hasattr(cls, "_fields"))
    return holds and not hasattr(cls, "__post_init__") and not methods_of(cls, "")


def methods_of(cls: type, label: str) -> list[PublicName]:
    """The public methods with arguments that a class or its bases in this project define."""
    found = {}
    for base in cls.__mro__:
        if base.__module__.startswith("vaedemo"):
            for name, each in vars(base).items():
                takes = inspect.isfunction(each) and len(inspect.signature(each).parameters) > 1
                if takes and not name.startswith("_") and not name.endswith(TWIN):
                    found.setdefault(name, PublicName(f"{label}.{name}", each, owner=label))
    return list(found.values())


def twins_without_a_checked_name(package: str) -> list[str]:
    """Unchecked names whose checked twin is missing."""
    missing = []
    for module in modules_of(package):
        names = public_in(module)
        missing += [name for name in names if name.endswith(TWIN) and name.removesuffix(TWIN) not in names]
    return missing
