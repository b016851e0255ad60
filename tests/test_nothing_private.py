"""Nothing of others that is private is used or changed: what the next release of a library may do is no surprise."""

import ast
import re

import pytest

from tests.test_house import REPOSITORY, python_files

# Names with a leading underscore that their makers document.
DOCUMENTED = {"os._exit", "._fields", "._replace", "._asdict", "._make"}
# (file, name): what is used or changed all the same, and why there is no other way.
NO_OTHER_WAY = {
    ("vaedemo/training/preload.py", "_broker"): "distributed has no documented way to empty a topic, and keeps all",
    ("vaedemo/datasets/download.py", "tqdm"): "torchvision's download always draws a bar, over ours in a terminal",
}
# Streamlit's submodules that may be imported, and what for. `streamlit.testing` is its documented test runner.
SUBMODULES = {
    "streamlit.runtime.scriptrunner.get_script_run_ctx": "the id of the session that runs a script",
    "streamlit.runtime": "whether a session's browser is still there",
    "streamlit.delta_generator.DeltaGenerator": "a type",
    "streamlit.navigation.page.StreamlitPage": "a type",
}
PROTOTYPE = re.compile(r"\.prototype(\.\w+|\[[^\]]+\])\s*=(?!=)|Object\.(assign|define\w+)\([\w.]*prototype")


def imported(tree: ast.AST) -> dict[str, str]:
    """The names that imports bind in a file, and what they stand for."""
    bound = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            bound |= {alias.asname or alias.name.split(".")[0]: alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            bound |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    return bound


def is_private(name: str) -> bool:
    return name.startswith("_") and not (name.startswith("__") and name.endswith("__"))


def offences(file: str, text: str) -> list[str]:
    """What a file does to modules and classes that are not ours."""
    tree = ast.parse(text)
    bound = imported(tree)
    foreign = {name for name, whole in bound.items() if not whole.startswith("vaedemo")}
    own = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    own |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute) and is_self(node.value)}
    found = [f"import of {whole}" for whole in bound.values() if foreign_and_private(whole)]
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(attr=name) if is_private(name) and name not in own:
                if not allowed(file, node):
                    found.append(f"attribute {ast.unparse(node)}")
            case ast.Assign(targets=targets):
                found += [f"assignment to {ast.unparse(each)}" for each in targets if changes(file, each, foreign)]
            case ast.AugAssign(target=target) | ast.AnnAssign(target=target) if changes(file, target, foreign):
                found.append(f"assignment to {ast.unparse(target)}")
            case ast.Call(func=ast.Name(id="setattr" | "delattr"), args=[subject, *_]):
                if not is_self(subject):
                    found.append(f"{ast.unparse(node)}")
    for whole in bound.values():
        if whole.startswith("streamlit.") and whole not in SUBMODULES:
            found.append(f"import of {whole}")
    return found


def foreign_and_private(whole: str) -> bool:
    return not whole.startswith(("vaedemo", "__future__")) and any(map(is_private, whole.split(".")))


def is_self(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id in ("self", "cls")


def changes(file: str, target: ast.AST, names: set[str]) -> bool:
    """Whether a target is an attribute of one of these names, however deep, for which there is another way."""
    if not isinstance(target, ast.Attribute) or (file, target.attr) in NO_OTHER_WAY:
        return False
    while isinstance(target, ast.Attribute):
        target = target.value
    return isinstance(target, ast.Name) and target.id in names


def allowed(file: str, node: ast.Attribute) -> bool:
    return bool({ast.unparse(node), f".{node.attr}"} & DOCUMENTED) or (file, node.attr) in NO_OTHER_WAY


def test_no_file_touches_what_is_private_to_others():
    files = [*python_files("vaedemo"), REPOSITORY / "streamlit_app.py"]
    names = {file: str(file.relative_to(REPOSITORY)) for file in files}
    found = {names[file]: offences(names[file], file.read_text(encoding="utf-8")) for file in files}
    assert {name: each for name, each in found.items() if each} == {}


def test_no_script_writes_to_a_prototype():
    scripts = sorted((REPOSITORY / "vaedemo").rglob("*.js"))
    assert len(scripts) > 20
    assert [script.name for script in scripts if PROTOTYPE.search(script.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize(
    "text",
    [
        "from streamlit.runtime import app_session",
        "from streamlit.runtime.app_session import AppSession as Session",
        "import torch\ntorch.ops.aten._foo(1)",
        "import torch\ntorch.nn.Linear.forward = None",
        "from torch import nn\nnn.functional.relu += 1",
        "from numpy import _core",
        "def f(state):\n    return state._new_widget_state",
        "from x import y\nsetattr(y, 'z', 1)",
    ],
)
def test_each_kind_is_found(text):
    assert len(offences("x.py", text)) == 1


def test_what_is_ours_or_documented_is_not():
    own = "class A:\n    def f(self):\n        self._x = 1\n        return A()._x\n"
    text = f"import os\n{own}def g(row):\n    os._exit(row._fields)"
    assert offences("x.py", text) == []
    assert PROTOTYPE.search("MessagePort.prototype.postMessage = 1") and not PROTOTYPE.search("a.prototype.b == c")


@pytest.mark.parametrize(("file", "name"), NO_OTHER_WAY)
def test_what_is_allowed_is_still_there(file, name):
    assert f".{name}" in (REPOSITORY / file).read_text(encoding="utf-8")
