"""The Dockerfile and nginx's configuration, as far as they can be checked without Docker and nginx."""

import ast
import json
import re
import tomllib
from fnmatch import fnmatch
from pathlib import Path

from vaedemo.uploads.limits import LARGEST_UPLOAD

REPOSITORY = Path(__file__).parents[1]
NGINX = (REPOSITORY / "deploy" / "nginx.conf").read_text(encoding="utf-8")
KNOWN = ("FROM", "ARG", "RUN", "WORKDIR", "COPY", "ENV", "USER", "EXPOSE", "HEALTHCHECK", "CMD")


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile's instructions and their arguments, continued lines joined, comments left out."""
    lines = (REPOSITORY / "Dockerfile").read_text(encoding="utf-8").splitlines()
    text = "\n".join(line for line in lines if not line.startswith("#")).replace("\\\n", " ")
    return [tuple(line.split(maxsplit=1)) for line in text.splitlines() if line.strip()]


def arguments(name: str) -> list[str]:
    return [argument for instruction, argument in instructions() if instruction == name]


def environment() -> dict[str, str]:
    return dict(pair.split("=", 1) for argument in arguments("ENV") for pair in argument.split())


def copied() -> list[str]:
    return [source.rstrip("/") for argument in arguments("COPY") for source in argument.split()[:-1]]


def test_every_line_of_the_dockerfile_is_an_instruction():
    assert {name for name, _ in instructions()} == set(KNOWN)
    assert instructions()[0][0] == "FROM"


def test_what_the_dockerfile_copies_is_there_and_not_ignored():
    ignored = (REPOSITORY / ".dockerignore").read_text(encoding="utf-8").split()
    assert "*" in ignored
    for source in copied():
        assert (REPOSITORY / source).exists(), source
        assert f"!{source}" in ignored, source
    kept = {pattern.removeprefix("!") for pattern in ignored if pattern.startswith("!")}
    assert kept == set(copied())
    assert not any(fnmatch(name, source) for name in (".git", ".venv", "tests") for source in copied())


def test_the_dockerfile_copies_all_that_the_app_reads():
    """Whatever the package finds beside itself: its own folder, the shipped runs, the settings of Streamlit."""
    assert {"streamlit_app.py", "vaedemo", "checkpoints", ".streamlit", "requirements.txt"} <= set(copied())


def test_its_python_is_one_that_the_package_accepts():
    (image,) = arguments("FROM")
    minor = int(re.fullmatch(r"python:3\.(\d+)-slim", image)[1])
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert minor >= int(re.fullmatch(r">=3\.(\d+)", project["requires-python"])[1])


def test_torch_comes_from_the_cpu_index_before_the_rest():
    (install,) = [argument for argument in arguments("RUN") if "pip install" in argument]
    steps = [step.split() for step in install.split("&&")]
    pattern = re.fullmatch(r'"(.+)"', steps[0][2])[1]
    names = (REPOSITORY / "requirements.txt").read_text(encoding="utf-8").splitlines()
    chosen = [name for name in names if re.search(pattern, name)]
    assert [re.match(r"\w+", name)[0] for name in chosen] == ["torch", "torchvision"]
    assert steps[1][-1] == steps[0][-1] == "torch.txt"
    assert steps[1][steps[1].index("--index-url") + 1] == "$TORCH_INDEX"
    (index,) = [argument for argument in arguments("ARG") if argument.startswith("TORCH_INDEX=")]
    assert index.endswith("/whl/cpu")
    assert steps[2][-1] == "requirements.txt" and "--index-url" not in steps[2]


def test_it_runs_the_readmes_command_as_nobody_special_on_one_port():
    (command,) = arguments("CMD")
    assert " ".join(json.loads(command)) in (REPOSITORY / "README.md").read_text(encoding="utf-8")
    names = [name for name, _ in instructions()]
    assert arguments("USER") == ["vaedemo"]
    assert names.index("USER") < names.index("CMD")
    assert environment()["PYTHONPATH"] == arguments("WORKDIR")[0]
    assert arguments("EXPOSE") == [environment()["STREAMLIT_SERVER_PORT"]] == ["7860"]


def test_its_health_check_asks_streamlit():
    (check,) = arguments("HEALTHCHECK")
    command = json.loads(check[check.index("[") :])
    assert command[:2] == ["python", "-c"]
    ast.parse(command[2])
    assert "/_stcore/health" in command[2]
    assert "STREAMLIT_SERVER_PORT" in command[2]


def test_nginx_passes_websockets_on_and_keeps_visitors_where_they_are():
    assert NGINX.count("{") == NGINX.count("}")
    for directive in (
        "proxy_http_version 1.1",
        "proxy_set_header Upgrade $http_upgrade",
        "proxy_set_header Connection $vaedemo_connection",
        "proxy_set_header Host $http_host",
        "proxy_pass http://vaedemo_$vaedemo_replica",
    ):
        assert f"{directive};" in NGINX
    replicas = re.findall(r"^upstream vaedemo_(\w) ", NGINX, re.MULTILINE)
    assert len(replicas) == 2
    assert f'"~^[{"".join(replicas)}]$" $cookie_vaedemo_replica' in NGINX


def test_nginx_lets_through_the_largest_upload():
    megabytes = int(re.search(r"client_max_body_size (\d+)m;", NGINX)[1])
    assert LARGEST_UPLOAD <= megabytes * 2**20 < LARGEST_UPLOAD + 2**20
