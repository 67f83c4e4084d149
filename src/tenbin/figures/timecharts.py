"""Charts of what happens when: curves over time with bands, and what was observed beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tenbin.figures.colours import GRID, INK, MUTED, PAPER, PLAYERS
from tenbin.figures.lettering import fonts_for

__all__ = ["Comparison", "Curve", "comparison_spec", "curves_spec"]

SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"
WIDTH, HEIGHT, ROW = 640, 300, 30
DASHES = ((1, 0), (6, 3), (2, 2), (8, 3, 2, 3))
"""Lines differ in their dashes too, not in colour alone."""

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Curve:
    """A number at each time, in the central world and between two quantiles over worlds."""

    title: str
    values: tuple[float, ...]
    low: tuple[float, ...] = ()
    high: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """Predicted against observed in one row; None where there is nothing to set."""

    title: str
    predicted: float | None
    low: float | None
    high: float | None
    observed: float | None


def curves_spec(
    curves: Sequence[Curve],
    times: Sequence[float],
    time_title: str,
    value_title: str,
    description: str = "",
) -> dict[str, Any]:
    """Curves of probabilities over time, each with its band, as a Vega-Lite specification."""
    names = [curve.title for curve in curves]
    rows: list[Row] = []
    for curve in curves:
        for number, (time, value) in enumerate(zip(times, curve.values, strict=True)):
            row: Row = {"time": time, "value": value, "curve": curve.title}
            if curve.low:
                row |= {"low": curve.low[number], "high": curve.high[number]}
            rows.append(row)
    shades = [PLAYERS[number % len(PLAYERS)] for number in range(len(names))]
    scale = {"domain": names, "range": shades}
    dashed = [DASHES[(n + n // len(PLAYERS)) % len(DASHES)] for n in range(len(names))]
    dashes = {"domain": names, "range": [list(dash) for dash in dashed]}
    x = {
        "field": "time",
        "type": "quantitative",
        "title": time_title,
        "scale": {"zero": False, "nice": False},
        "axis": {"format": "d", "tickMinStep": 1, "tickCount": 10},
    }
    colour = {
        "field": "curve",
        "type": "nominal",
        "scale": scale,
        "title": None,
        "sort": names,
        "legend": {"symbolType": "stroke", "symbolSize": 400, "symbolStrokeWidth": 2.2},
    }
    line: Row = {
        "mark": {"type": "line", "strokeWidth": 2.2, "interpolate": "monotone"},
        "encoding": {
            "x": x,
            "y": _share("value", value_title),
            "color": colour,
            "strokeDash": {"field": "curve", "scale": dashes, "title": None, "sort": names},
        },
    }
    band: Row = {
        "mark": {"type": "area", "opacity": 0.16, "interpolate": "monotone"},
        "encoding": {
            "x": x,
            "y": _share("low", value_title),
            "y2": {"field": "high"},
            "color": colour,
        },
    }
    layers = [band, line] if all(curve.low for curve in curves) else [line]
    return {
        **_head(names, description),
        "width": WIDTH,
        "height": HEIGHT,
        "data": {"values": rows},
        "layer": layers,
    }


def comparison_spec(
    shares: Sequence[Comparison],
    times: Sequence[Comparison],
    share_title: str,
    time_title: str,
    predicted: str,
    observed: str,
    span: tuple[float, float],
    description: str = "",
) -> dict[str, Any]:
    """Predicted against observed, as a Vega-Lite specification.

    Parameters
    ----------
    shares
        Shares of time, one row for each state.
    times
        When events happened, one row for each; empty: that part is left out.
    share_title, time_title, predicted, observed
        Words on the axes and in the legend.
    span
        The first and last time shown.
    """
    names = [row.title for row in (*shares, *times)]
    parts: list[Row] = []
    if shares:
        parts.append(_rows(shares, _share("value", share_title), predicted, observed))
    if times:
        x = {
            "field": "value",
            "type": "quantitative",
            "title": time_title,
            "scale": {"domain": list(span), "nice": False, "clamp": True},
            "axis": {"format": "d", "tickMinStep": 1, "tickCount": 10},
        }
        parts.append(_rows(times, x, predicted, observed))
    texts = [*names, share_title, time_title, predicted, observed]
    return {**_head(texts, description), "vconcat": parts, "spacing": 26}


def _head(texts: Sequence[str], description: str) -> dict[str, Any]:
    font = fonts_for("".join(texts))
    axis = {"gridColor": GRID, "domainColor": MUTED, "tickColor": MUTED, "labelColor": INK}
    return {
        "$schema": SCHEMA,
        "description": description,
        "background": PAPER,
        "config": {
            "font": font,
            "axis": {**axis, "titleColor": MUTED, "titleFontWeight": "normal", "labelLimit": 260},
            "legend": {
                "labelLimit": 360,
                "orient": "top",
                "symbolType": "stroke",
                "symbolSize": 400,
            },
            "view": {"stroke": None},
        },
    }


def _share(field: str, title: str) -> dict[str, Any]:
    return {
        "field": field,
        "type": "quantitative",
        "title": title,
        "scale": {"domain": [0, 1]},
        "axis": {"format": "%", "tickCount": 6},
    }


def _rows(
    rows: Sequence[Comparison], x: dict[str, Any], predicted: str, observed: str
) -> dict[str, Any]:
    """One line for each row: a band, a dot for what is predicted, a diamond for what was seen."""
    order = [row.title for row in rows]
    y = {"field": "row", "type": "nominal", "sort": order, "title": None}
    kinds = [predicted, observed]
    looks = {
        "color": {
            "field": "kind",
            "scale": {"domain": kinds, "range": [PLAYERS[0], PLAYERS[1]]},
            "title": None,
        },
        "shape": {
            "field": "kind",
            "scale": {"domain": kinds, "range": ["circle", "diamond"]},
            "title": None,
        },
    }
    bands = [
        {"row": row.title, "low": row.low, "high": row.high}
        for row in rows
        if row.low is not None and row.high is not None
    ]
    points = [
        {"row": row.title, "value": value, "kind": kind}
        for row in rows
        for value, kind in ((row.predicted, predicted), (row.observed, observed))
        if value is not None
    ]
    low = {**x, "field": "low"}
    return {
        "width": WIDTH - 120,
        "height": ROW * len(rows),
        "layer": [
            {
                "data": {"values": bands},
                "mark": {"type": "bar", "height": 9, "opacity": 0.25, "color": PLAYERS[0]},
                "encoding": {"x": low, "x2": {"field": "high"}, "y": y},
            },
            {
                "data": {"values": points},
                "mark": {"type": "point", "filled": True, "size": 95, "opacity": 1},
                "encoding": {"x": x, "y": y, **looks},
            },
        ],
    }
