"""The branches of a training: the stored runs that differ by what was changed on the way, as a tree to choose from."""

from collections.abc import Sequence

import streamlit as st

from vaedemo.app.shared.chart import chart
from vaedemo.app.shell.view import View
from vaedemo.app.trainings import holding
from vaedemo.changes import Change
from vaedemo.config import RunConfig
from vaedemo.figures.branches import Branch, tree
from vaedemo.training import caps, store

MOST_BRANCHES = 12  # the newest

Path = tuple[Change, ...]


def draw(view: View, config: RunConfig) -> None:
    """The tree of a training that has branches, and the choice of one of them; else nothing."""
    results = stored(config)
    paths = rows([*results, shown_path(config)])
    if len(paths) < 2:
        return
    st.markdown("**The branches of this training**")
    steps = caps.steps(config)
    drawn = [branch_of(path, paths, results, steps, config) for path in paths]
    chart(view, tree(drawn, steps), name="branches", alt=description(drawn))
    st.caption("Each line is one run. It leaves another where a setting changed; its end names the −ELBO on test data.")
    others = [path for path in paths if path in results and path != shown_path(config)]
    if others:
        st.selectbox(
            "Show a branch",
            others,
            index=None,
            format_func=title,
            placeholder="Choose a run of the tree",
            key=view.key("branch"),
            on_change=choose,
            args=(view,),
        )


def stored(config: RunConfig) -> dict[Path, float]:
    """The test −ELBO (an autoencoder's reconstruction loss) of the newest stored runs of one training, by changes."""
    base = config.replace(changes=(), until=0).digest
    found: dict[Path, float] = {}
    for entry in store.recent(limit=1_000_000):
        other = entry["config"]
        if not other.until and other.replace(changes=()).digest == base:
            measured = entry["metrics"]
            found[other.changes] = measured.get("test_negative_elbo", measured.get("test_reconstruction"))
    return dict(list(found.items())[:MOST_BRANCHES])


def shown_path(config: RunConfig) -> Path:
    """The changes of the run on the page, up to where it is held."""
    return tuple(change for change in config.changes if not config.until or change.step < config.until)


def rows(paths: Sequence[Path]) -> list[Path]:
    """The paths and all that they branch from, each after its parent."""
    whole = {path[:length] for path in paths for length in range(len(path) + 1)}
    return sorted(whole, key=lambda path: [(change.step, sorted(change.values.items())) for change in path])


def branch_of(path: Path, paths: list[Path], results: dict[Path, float], steps: int, config: RunConfig) -> Branch:
    """A path as a line of the tree; that of a held run ends where it is held."""
    shown = path == shown_path(config)
    later = [other[-1].step for other in paths if other[:-1] == path and other]
    end = steps if path in results else max([*later, config.until if shown else 0, path[-1].step if path else 0])
    return Branch(
        parent=paths.index(path[:-1]) if path else None,
        begin=path[-1].step if path else 0,
        end=end,
        label=title(path),
        result=f"{results[path]:.4g}" if path in results else "held" if shown and config.until else "",
        shown=shown,
    )


def title(path: Path) -> str:
    """What a run changed last, or that it changed nothing."""
    if not path:
        return "without a change"
    return f"{path[-1].short} from {path[-1].step:,}"


def description(branches: Sequence[Branch]) -> str:
    lines = [f"{branch.label}, {branch.result or 'not kept'}" for branch in branches]
    return f"A tree of {len(branches)} runs over the training steps: {'; '.join(lines)}"


def choose(view: View) -> None:
    """Show the chosen run, whole."""
    path = st.session_state[view.key("branch")]
    if path is not None:
        view["changes"] = path
        holding.show(view, 0)
