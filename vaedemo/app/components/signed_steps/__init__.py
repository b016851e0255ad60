"""The terms of a sum as signed steps: each bar starts where the last one ended. Plain HTML, because it draws fast."""

import html
from collections.abc import Mapping

import streamlit as st

from vaedemo.figures import palette

ROUND = (1, 1.5, 2, 3, 5, 7)
LINE = palette.translucent(palette.NEUTRAL, 0.5)
LOOK = f"""<style>
.steps {{ display: grid; grid-template-columns: repeat(auto-fit, minmax(15rem, 1fr)); gap: 1rem 2rem;
  font-size: 0.9rem; font-variant-numeric: tabular-nums; }}
.steps b {{ display: block; margin-bottom: 0.35rem; }}
.steps .step {{ display: grid; grid-template-columns: 7.5rem 1fr 4rem; align-items: center; height: 1.7rem; }}
.steps .track {{ position: relative; height: 100%; border-left: 1px solid {LINE}; }}
.steps .bar {{ position: absolute; top: 0.3rem; bottom: 0.3rem; min-width: 1px; border-radius: 2px;
  background: {palette.translucent(palette.KL, 0.5)}; }}
.steps .minus .bar {{ background: {LINE}; }}
.steps .sum .bar {{ background: {palette.KL}; }}
.steps .sum {{ font-weight: 600; }}
.steps .value {{ text-align: right; white-space: nowrap; }}
</style>"""


def signed_steps(shown: Mapping[str, Mapping[str, float]], sum_name: str, unit: str) -> None:
    """Draw each sum as a list of steps, all on one scale. The scale is rounded, so that it seldom changes.

    `shown`: title → {term: value}; the sum, called `sum_name`, is the last bar and starts at 0. `unit`: of the values.
    """
    ends = [end for terms in shown.values() for end in running(terms)]
    low, high = min(0.0, *ends), rounded(max(ends))
    low = -rounded(-low) if low < 0 else 0.0
    lists = "".join(one_sum(title, terms, sum_name, unit, low, high) for title, terms in shown.items())
    st.html(f"{LOOK}<div class='steps'>{lists}</div>")


def one_sum(title: str, terms: Mapping[str, float], sum_name: str, unit: str, low: float, high: float) -> str:
    """The HTML of one sum: a row for each term, and one for the total."""
    ends = running(terms)
    rows = [
        row(name, min(start, end), max(start, end), f"{end - start:+.2f}", "minus" if end < start else "", low, high)
        for name, start, end in zip(terms, ends, ends[1:], strict=False)
    ]
    rows.append(row(sum_name, min(0.0, ends[-1]), max(0.0, ends[-1]), f"{ends[-1]:.2f}", "sum", low, high))
    return f"<div><b>{html.escape(title)}, {html.escape(unit)}</b>{''.join(rows)}</div>"


def row(name: str, start: float, end: float, text: str, kind: str, low: float, high: float) -> str:
    """One step; its position and length are in per cent of the track."""
    left, width = 100 * (start - low) / (high - low), 100 * (end - start) / (high - low)
    bar = f"<span class='bar' style='left: {left:.2f}%; width: {width:.2f}%'></span>"
    return (
        f"<div class='step {kind}'><span>{html.escape(name)}</span><span class='track'>{bar}</span>"
        f"<span class='value'>{text.replace('-', '−')}</span></div>"
    )


def running(terms: Mapping[str, float]) -> list[float]:
    """0, then the sums of the first one, two, … terms."""
    ends = [0.0]
    for value in terms.values():
        ends.append(ends[-1] + value)
    return ends


def rounded(value: float, least: float = 0.5) -> float:
    """The smallest of 1, 1.5, 2, 3, 5, 7, 10, 15 … (and their tenths) that is at least the value and at least
    `least`."""
    power = 1e-3
    while True:
        for step in ROUND:
            if step * power >= max(value, least) * (1 - 1e-12):
                return step * power
        power *= 10
