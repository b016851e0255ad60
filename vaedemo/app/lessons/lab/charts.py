"""The lab's charts of the shipped VAE's training: its KL and reconstruction loss, and what unseen images cost."""

import plotly.graph_objects as go

from vaedemo.app.lessons.lab import facts
from vaedemo.figures import palette, style
from vaedemo.figures.curves import whole_epochs

SHOWN = 10  # epochs of the chart that shows the beginning


def first_epochs(height: int, is_open: bool) -> go.Figure:
    """Reconstruction loss and KL on test images from the untrained model on, one above the other; the KL only once the
    question is answered. The first point of the reconstruction loss lies far above the picture."""
    table, before = facts.history(), facts.before()
    figure = style.new_figure("epoch", "reconstruction, nats", height=height, view="first epochs", legend=False)
    for term, colour, axis in (("reconstruction", palette.RECONSTRUCTION, "y"), ("kl", palette.KL, "y2")):
        if term == "reconstruction" or not is_open:
            values = [before[term], *table[f"test_{term}"][:SHOWN]]
            figure.add_trace(curve([0, *table["epoch"][:SHOWN]], values, colour, term).update(yaxis=axis))
    mean = facts.mean_image_loss()
    figure.add_hline(y=mean, line={"color": palette.NEUTRAL, "width": 2, "dash": "dash"})
    words = f"the mean image, whatever x is: {mean:.0f}"
    figure.add_annotation(x=SHOWN, y=mean, text=words, showarrow=False, xanchor="right", yanchor="bottom")
    figure.update_layout(
        yaxis={"range": [140, 230], "domain": [0.54, 1]},
        yaxis2=style.axis("KL, nats", range=[0, 8], domain=[0, 0.46], anchor="x", showticklabels=not is_open),
        xaxis={"anchor": "y2"},
    )
    whole_epochs(figure, SHOWN, 0.0)
    return figure


def unseen(height: int, is_open: bool) -> go.Figure:
    """−ELBO on training and on test images; on training images alone while the question is open."""
    table = facts.history()
    figure = style.new_figure("epoch", "−ELBO, nats per image", height=height, view="unseen", legend=False)
    for part, dash in (("train", "4px,3px"), ("test", "solid")):
        if is_open and part == "test":
            continue
        values = table[f"{part}_negative_elbo"]
        figure.add_trace(curve(table["epoch"], values, palette.ELBO, part, dash))
        figure.add_annotation(
            x=table["epoch"][-1],
            y=values[-1],
            text="test images" if part == "test" else "training images",
            showarrow=False,
            xanchor="right",
            yanchor="bottom" if part == "test" else "top",
            yshift=8 if part == "test" else -8,
        )
    figure.update_yaxes(range=[140, 176])
    whole_epochs(figure, table["epoch"][-1])
    return figure


def curve(epochs, values, colour: str, name: str, dash: str = "solid") -> go.Scatter:
    return go.Scatter(
        x=epochs,
        y=values,
        mode="lines+markers" if len(epochs) <= 30 else "lines",
        line={"color": colour, "width": 3, "dash": dash},
        marker={"size": 8},
        hovertemplate=f"epoch %{{x}}: {name} %{{y:.1f}} nats<extra></extra>",
    )
