"""`make bench` runs the benchmarks of this folder and writes `results.md`; `python -m benchmarks NAME` prints one.

Each benchmark runs in its own process, so that it does not inherit memory, threads or warm caches. Variants to compare
are measured alternately within one benchmark.
"""

import importlib
import json
import pkgutil
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path

from benchmarks import report
from vaedemo import terminal

HERE = Path(__file__).parent


def names() -> list[str]:
    """The benchmark modules of this folder in the order in which they run, found without importing them."""
    found = [module.name for module in pkgutil.iter_modules([str(HERE)])]
    return [name for name in found if "\ndef measure(" in source(name)]


def source(name: str) -> str:
    return (HERE / f"{name}.py").read_text(encoding="utf-8")


def main(asked: list[str]) -> int:
    known = names()
    if len(asked) == 3 and asked[0] == "--into":
        return measure_into(Path(asked[1]), asked[2])
    unknown = [name for name in asked if name not in known]
    if unknown:
        print(f"There is no benchmark {unknown[0]!r}; there are {', '.join(known)}.", file=sys.stderr)
        return 2
    begun, sections, failed = time.monotonic(), [], []
    with tempfile.TemporaryDirectory() as folder:
        for name in asked or [name for name in known if "\nBY_NAME_ALONE = True" not in source(name)]:
            file = Path(folder) / f"{name}.json"
            command = [sys.executable, "-m", "benchmarks", "--into", str(file), name]
            if subprocess.run(command, cwd=HERE.parent).returncode != 0:
                print(f"The benchmark {name} failed.", file=sys.stderr)
                failed.append(name)
                continue
            found = json.loads(file.read_text(encoding="utf-8"))
            figures = [report.Figure(**values) for values in found["figures"]]
            print(f"\n{found['title']}\n{report.table(figures)}\n", flush=True)
            if figures:
                sections.append((found["title"], figures))
    if not asked:
        report.write(sections, (time.monotonic() - begun) / 60, failed)
        print(f"Written: {report.RESULTS}")
    return 1 if failed else 0


def measure_into(file: Path, name: str) -> int:
    """Run one benchmark in this process and write its figures as JSON."""
    module = importlib.import_module(f"benchmarks.{name}")
    figures = [asdict(figure) for figure in module.measure()]
    file.write_text(json.dumps({"title": module.TITLE, "figures": figures}), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(terminal.run(lambda: main(sys.argv[1:])))
