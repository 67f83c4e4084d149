"""Charts of a contest: best replies of two, bars of many, how long a war of attrition lasts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tenbin.figures.chartframe import layered_chart
from tenbin.figures.colours import INK, MUTED
from tenbin.scenario.language import Array

__all__ = ["Bars", "Curve", "Point", "bars_chart", "lines_chart"]

WIDTH, HEIGHT = 430, 330


@dataclass(frozen=True, slots=True)
class Curve:
    """Points joined by a line; `label` names it in the legend, none: it is only background."""

    x: Array
    y: Array
    colour: str
    label: str = ""
    width: float = 2.2
    dash: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Point:
    """A marked point with its label; a hollow one is not the selected."""

    x: float
    y: float
    label: str
    filled: bool = True


@dataclass(frozen=True, slots=True)
class Bars:
    """One bar per player, with a label at its end."""

    titles: Sequence[str]
    values: Sequence[float]
    labels: Sequence[str]
    colours: Sequence[str]


def lines_chart(
    curves: Sequence[Curve],
    points: Sequence[Point],
    axes: tuple[str, str],
    domains: tuple[tuple[float, float], tuple[float, float]],
    description: str,
) -> dict[str, Any]:
    """Curves and points over two axes, as a Vega-Lite specification."""
    x, y = (
        {
            "field": field,
            "type": "quantitative",
            "title": title,
            "scale": {"domain": [float(end) for end in domain], "nice": False},
        }
        for field, title, domain in zip("xy", axes, domains, strict=True)
    )
    layers: list[dict[str, Any]] = []
    for curve in curves:
        mark: dict[str, Any] = {
            "type": "line",
            "color": curve.colour,
            "strokeWidth": curve.width,
            "clip": True,
        }
        if curve.dash:
            mark["strokeDash"] = list(curve.dash)
        rows = [
            {"x": float(a), "y": float(b), "n": number}
            for number, (a, b) in enumerate(zip(curve.x, curve.y, strict=True))
        ]
        order = {"field": "n", "type": "quantitative"}
        layers.append(
            {"data": {"values": rows}, "mark": mark, "encoding": {"x": x, "y": y, "order": order}}
        )
    layers += _legend(curves, domains, x, y)
    for point in points:
        layers += _point(point, domains[0], x, y)
    return _frame(layers, " ".join([*axes, *(curve.label for curve in curves)]), description)


def _legend(
    curves: Sequence[Curve],
    domains: tuple[tuple[float, float], tuple[float, float]],
    x: dict[str, Any],
    y: dict[str, Any],
) -> list[dict[str, Any]]:
    """The names of the curves above the chart, each in its colour."""
    layers: list[dict[str, Any]] = []
    named = [curve for curve in curves if curve.label]
    for number, curve in enumerate(named):
        rows = [{"x": float(domains[0][0]), "y": float(domains[1][1]), "label": curve.label}]
        mark = {"type": "text", "align": "left", "baseline": "bottom", "color": curve.colour,
                "fontSize": 12, "fontWeight": "bold",
                "dy": -8 - 17 * (len(named) - 1 - number)}  # fmt: skip
        encoding = {"x": x, "y": y, "text": {"field": "label"}}
        layers.append({"data": {"values": rows}, "mark": mark, "encoding": encoding})
    return layers


def _point(
    point: Point, domain: tuple[float, float], x: dict[str, Any], y: dict[str, Any]
) -> list[dict[str, Any]]:
    rows = [{"x": point.x, "y": point.y, "label": point.label}]
    colour = INK if point.filled else MUTED
    dot = {"type": "point", "size": 90, "color": colour, "filled": point.filled, "opacity": 1}
    right = point.x > 0.6 * domain[1] + 0.4 * domain[0]
    text = {"type": "text", "align": "right" if right else "left", "dx": -10 if right else 10,
            "dy": -10, "color": colour, "fontSize": 11}  # fmt: skip
    encoding = {"x": x, "y": y}
    return [
        {"data": {"values": rows}, "mark": dot, "encoding": encoding},
        {
            "data": {"values": rows},
            "mark": text,
            "encoding": {**encoding, "text": {"field": "label"}},
        },
    ]


def bars_chart(bars: Bars, axis: str, description: str) -> dict[str, Any]:
    """One horizontal bar per player, as a Vega-Lite specification."""
    rows = [
        {"player": title, "value": float(value), "label": label, "colour": colour}
        for title, value, label, colour in zip(
            bars.titles, bars.values, bars.labels, bars.colours, strict=True
        )
    ]
    low, high = min(0.0, *bars.values), max(0.0, *bars.values)
    reach = (high - low) or 1.0
    domain = [low - (0.3 * reach if low < 0 else 0.0), high + 0.3 * reach]
    y = {"field": "player", "type": "nominal", "sort": None, "title": None,
         "axis": {"labelLimit": 260, "labelColor": INK, "labelFontSize": 12}}  # fmt: skip
    x = {"field": "value", "type": "quantitative", "title": axis,
         "scale": {"domain": domain, "nice": False}}  # fmt: skip
    colour = {"field": "colour", "type": "nominal", "scale": None}
    text = {"type": "text", "align": "left", "dx": 6, "color": INK, "fontSize": 11}
    layers = [
        {"mark": {"type": "bar", "height": {"band": 0.6}},
         "encoding": {"x": x, "y": y, "color": colour}},
        {"mark": text, "encoding": {"x": x, "y": y, "text": {"field": "label"}}},
    ]  # fmt: skip
    spec = _frame(layers, " ".join([axis, *bars.titles]), description)
    return {**spec, "data": {"values": rows}, "height": 34 * len(rows)}


def sampled(reply: Callable[[Array], Array], low: float, high: float) -> tuple[Array, Array]:
    """A reply at evenly spaced efforts of the other: those efforts, the replies."""
    at = np.linspace(low, high, 241)
    return at, reply(at)


def _frame(layers: list[dict[str, Any]], words: str, description: str) -> dict[str, Any]:
    return layered_chart(layers, words, description, (WIDTH, HEIGHT))
