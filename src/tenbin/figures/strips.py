"""Small pictures that stand in a line of a table by the hundred: shares and histograms.

They are written as SVG at once, without text and without style attributes: the figures stand
beside them in the table, and a page may forbid inline styles.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import cos, pi, sin

from tenbin.figures.colours import INK, SHARES, SYMBOLS

__all__ = [
    "bar_strip",
    "histogram_strip",
    "index_strip",
    "share_strip",
    "symbol_shape",
    "word_symbol",
]

HEIGHT = 14.0


def _svg(width: float, height: float, inside: str) -> str:
    return (
        f'<svg class="strip" aria-hidden="true" width="{width:g}" height="{height:g}" '
        f'viewBox="0 0 {width:g} {height:g}">{inside}</svg>'
    )


def _rect(x: float, y: float, width: float, height: float, fill: str) -> str:
    return f'<rect x="{x:.4g}" y="{y:g}" width="{width:.4g}" height="{height:g}" fill="{fill}"/>'


def share_strip(
    shares: Mapping[str, float], interval: Sequence[float] | None = None, width: float = 120.0
) -> str:
    """The four shares of a claim stacked, with a whisker over the interval of the counted share."""
    inside, edge = "", 0.0
    for name, colour in SHARES.items():
        length = width * max(shares.get(name, 0.0), 0.0)
        if length > 0:
            inside += _rect(edge, 1, length, HEIGHT - 2, colour)
        edge += length
    if interval is not None:
        low, high = (min(max(width * end, 1.0), width - 1.0) for end in interval)
        inside += (
            f'<path d="M{low:.1f},7H{high:.1f}M{low:.1f},3V11M{high:.1f},3V11" '
            f'fill="none" stroke="#fff" stroke-width="3.4"/>'
            f'<path d="M{low:.1f},7H{high:.1f}M{low:.1f},3V11M{high:.1f},3V11" '
            f'fill="none" stroke="{INK}" stroke-width="1.4"/>'
        )
    return _svg(width, HEIGHT, inside)


def histogram_strip(
    counts: Sequence[int],
    marks: Sequence[float] = (),
    *,
    width: float = 160.0,
    height: float = 26.0,
    fill: str = "#4f6d8f",
) -> str:
    """Counts by bin as bars of one height scale; every bin that holds anything can be seen.

    `marks` are three places in [0, 1] along the width: the ends of a band under the bars, and a
    line through them (quantiles, say).
    """
    floor, top = height - 5.0, max(counts, default=0)
    step = width / max(len(counts), 1)
    path = ""
    for number, count in enumerate(counts):
        if count:
            tall = max(1.2, (floor - 1) * count / top)
            path += f"M{number * step:.1f},{floor:g}v{-tall:.1f}h{step - 0.4:.1f}v{tall:.1f}z"
    inside = _rect(0, floor, width, 0.8, "#b9b9b3") + f'<path d="{path}" fill="{fill}"/>'
    if len(marks) == 3:
        low, middle, high = (width * min(max(mark, 0.0), 1.0) for mark in marks)
        inside += _rect(low, floor + 1.6, max(high - low, 1.0), 2.4, INK)
        inside += f'<path d="M{middle:.1f},0V{height:g}" stroke="{INK}" stroke-width="1.6"/>'
    return _svg(width, height, inside)


def bar_strip(share: float, colour: str, width: float = 160.0) -> str:
    """A bar of a share of the width, outlined so that a white one can be seen."""
    length = max(width * share - 1, 1.0)
    bar = (
        f'<rect x="0.5" y="1.5" width="{length:.4g}" height="{HEIGHT - 3:g}" fill="{colour}" '
        f'stroke="#8a8a84"/>'
    )
    return _svg(width, HEIGHT, bar)


def index_strip(first: float, total: float, interval: Sequence[float], width: float = 160.0) -> str:
    """A sensitivity index: dark what a number explains alone, light with others, and a whisker."""
    low, high = (min(max(width * end, 1.0), width - 1.0) for end in interval)
    inside = (
        f'<rect x=".5" y=".5" width="{width - 1:g}" height="{HEIGHT - 1:g}" fill="#fff" '
        f'stroke="#deded8"/>'
        + _rect(0.5, 2, width * total, HEIGHT - 4, "#9db6d3")
        + _rect(0.5, 2, width * first, HEIGHT - 4, "#2f5d8f")
        + f'<path d="M{low:.1f},7H{high:.1f}M{low:.1f},4V10M{high:.1f},4V10" fill="none" '
        f'stroke="{INK}" stroke-width="1.2"/>'
    )
    return _svg(width, HEIGHT, inside)


FULL = {"holds": 1.0, "mostly holds": 0.75, "depends": 0.5, "mostly fails": 0.25, "fails": 0.0}
"""How full the symbol of a word is."""


def word_symbol(word: str) -> str:
    """The symbol of a verdict: a disc that is the fuller the truer, or a sign of its own."""
    if word not in FULL:
        return SYMBOLS[word]
    inside = symbol_shape(word, "currentColor")
    return f'<svg class="pie" aria-hidden="true" viewBox="0 0 16 16">{inside}</svg>'


def symbol_shape(word: str, colour: str) -> str:
    """The same symbol as shapes inside 16 by 16 pixels, in one colour."""
    if word not in FULL:
        return (
            f'<text x="8" y="13" font-size="14" font-weight="700" text-anchor="middle" '
            f'fill="{colour}">{SYMBOLS[word]}</text>'
        )
    full, radius = FULL[word], 6.5
    if full == 1.0:
        return f'<circle cx="8" cy="8" r="{radius + 1}" fill="{colour}"/>'
    ring = f'fill="none" stroke="{colour}" stroke-width="2"'
    inside = f'<circle cx="8" cy="8" r="{radius}" {ring}/>'
    if full > 0.0:
        angle = 2 * pi * full
        x, y = 8 + radius * sin(angle), 8 - radius * cos(angle)
        wedge = f"M8,8V{8 - radius:g}A{radius},{radius} 0 {int(full > 0.5)} 1 {x:.2f},{y:.2f}z"
        inside += f'<path d="{wedge}" fill="{colour}"/>'
    return inside
