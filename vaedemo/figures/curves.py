"""Learning curves: one small panel per term of the loss, and several runs in one."""

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from vaedemo.figures import palette, style

PANELS = {"reconstruction": palette.RECONSTRUCTION, "kl": palette.KL, "negative_elbo": palette.ELBO}


def loss_curves(
    history: Mapping[str, Sequence[float]],
    *,
    unit: str = "nats per image",
    height: int = 240,
) -> dict[str, go.Figure]:
    r"""The terms of $-\text{ELBO} = \text{reconstruction} + \text{KL}$ over the epochs, one small figure each, by the
    name of the term.

    They are separate figures, so that a page can place them side by side and a phone can stack them. A term that the
    run does not have (the KL of an autoencoder: missing column, or no finite value) has no figure.

    Args:
        history: columns `epoch` and train_/test_ `reconstruction`, `kl`, `negative_elbo`, each of length E.
        unit: of the vertical axis.
    """
    epoch = np.asarray(history["epoch"], dtype=np.float64)
    return {
        term: panel(epoch, columns, colour, unit, height, view=f"loss {term}")
        for term, colour in PANELS.items()
        if (columns := curves_of(history, term))
    }


def curves_of(history: Mapping[str, Sequence[float]], term: str) -> dict[str, np.ndarray]:
    """The train and test columns of one term that have at least one finite value."""
    columns = {}
    for split in ("train", "test"):
        if f"{split}_{term}" in history:
            values = np.asarray(history[f"{split}_{term}"], dtype=np.float64)
            if np.isfinite(values).any():
                columns[split] = values
    return columns


def panel(
    epoch: np.ndarray,
    columns: Mapping[str, np.ndarray],
    colour: str,
    unit: str,
    height: int,
    view: str,
) -> go.Figure:
    """One term: the training value thin and dashed, the test value solid."""
    figure = style.new_figure("epoch", unit, height=height, view=view)
    looks = {
        "train": {"line": {"color": colour, "width": 1.5, "dash": "4px,3px"}},
        "test": {"line": {"color": colour, "width": 2.5}},
    }
    for split, values in columns.items():
        figure.add_trace(
            go.Scatter(
                x=epoch,
                y=values,
                name=split,
                mode="lines+markers" if len(epoch) == 1 or (split == "test" and len(epoch) <= 30) else "lines",
                marker={"size": 6, "color": colour},
                hovertemplate=f"{split} %{{y:.2f}} {unit}<extra></extra>",
                **looks[split],
            )
        )
    whole_epochs(figure, int(np.nanmax(epoch)) if len(epoch) else 1, float(epoch[0]) if len(epoch) else 1.0)
    figure.update_layout(hovermode="x unified")
    return figure


def compare_curves(
    curves: Sequence[tuple[str, Sequence[float], Sequence[float]]],
    *,
    unit: str = "nats per image",
    height: int = 360,
) -> go.Figure:
    """−ELBO on test data over the epochs, one line per run.

    Args:
        curves: (label, epoch (E,), test_negative_elbo (E,)) of each run; runs may differ in length.
        unit: of the vertical axis.
    """
    figure = style.new_figure("epoch", f"−ELBO, {unit}", height=height, view="compare runs")
    for index, (label, epoch, values) in enumerate(curves):
        colour = palette.class_colour(index)
        figure.add_trace(
            go.Scatter(
                x=np.asarray(epoch, dtype=np.float64),
                y=np.asarray(values, dtype=np.float64),
                name=label,
                mode="lines+markers",
                line={"color": colour, "width": 2.5},
                marker={"color": colour, "size": 8, "symbol": palette.class_marker(index)},
                hovertemplate=f"%{{y:.2f}} {unit}<extra>%{{fullData.name}}</extra>",
            )
        )
    ends = [(float(epoch[0]), float(epoch[-1])) for _, epoch, _ in curves if len(epoch)]
    whole_epochs(figure, max((int(end) for _, end in ends), default=1), min((start for start, _ in ends), default=1.0))
    return figure


def whole_epochs(figure: go.Figure, last: int, first: float = 1.0) -> None:
    """Fix the horizontal axis to the epochs from `first` to `last`, with ticks at whole numbers only."""
    span = max(last - first, 1)
    step = next(size for size in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000) if span / size <= 6)
    figure.update_xaxes(range=[first - 0.04 * span, first + 1.04 * span], tick0=0, dtick=step, tickformat="d")
