"""Policies by objective: one panel per objective, one line per policy, on its own scale."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tenbin.figures.colours import FAINT, GRID, INK, MUTED, PAPER
from tenbin.figures.lettering import fonts_for
from tenbin.figures.wrapping import wrapped

__all__ = ["TradeoffPanel", "TradeoffPicture", "TradeoffRow", "tradeoff_spec"]

SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"
WIDTH, LINE = 300, 24
COLUMNS = 2
_BEST = "#01665e"

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class TradeoffRow:
    """One policy: mean, central half and central 90 % of the worlds; whether its mean is best.

    None is best where all policies do alike.
    """

    policy: str
    mean: float
    box: tuple[float, float]
    span: tuple[float, float]
    best: bool


@dataclass(frozen=True, slots=True)
class TradeoffPanel:
    """One objective; `threshold` is what is good enough, where the file says."""

    title: str
    direction: str
    rows: tuple[TradeoffRow, ...]
    threshold: float | None = None


@dataclass(frozen=True, slots=True)
class TradeoffPicture:
    """Every objective, policies in the same order in each."""

    panels: tuple[TradeoffPanel, ...]
    best_title: str
    mean_title: str
    enough_title: str
    description: str = ""


def tradeoff_spec(picture: TradeoffPicture) -> dict[str, Any]:
    """The panels as a Vega-Lite specification.

    A thin line spans the central 90 % of the worlds, a thick one the central half; the mean is a
    point, filled where no policy's mean is better. What is good enough is a dashed line.
    """
    texts = [picture.best_title, picture.mean_title, picture.enough_title]
    for panel in picture.panels:
        texts += [panel.title, panel.direction, *(row.policy for row in panel.rows)]
    return {
        "$schema": SCHEMA,
        "description": picture.description,
        "background": PAPER,
        "concat": [_panel(panel, picture) for panel in picture.panels],
        "columns": COLUMNS,
        "spacing": {"row": 26, "column": 34},
        "config": {
            "font": fonts_for("".join(texts)),
            "axis": {
                "domainColor": MUTED,
                "tickColor": MUTED,
                "labelColor": INK,
                "gridColor": GRID,
                "labelLimit": 190,
                "title": None,
            },
            "title": {
                "anchor": "start",
                "fontWeight": "bold",
                "fontSize": 13,
                "subtitleColor": MUTED,
                "subtitleFontSize": 11.5,
            },
            "legend": {"orient": "bottom", "labelLimit": 320},
            "view": {"stroke": FAINT},
        },
    }


def _panel(panel: TradeoffPanel, picture: TradeoffPicture) -> Row:
    order = [row.policy for row in panel.rows]
    y = {"field": "policy", "type": "nominal", "sort": order, "axis": {"labelLimit": 190}}
    values = [
        {
            "policy": row.policy,
            "mean": row.mean,
            "low": row.span[0],
            "high": row.span[1],
            "first": row.box[0],
            "last": row.box[1],
            "kind": picture.best_title if row.best else picture.mean_title,
        }
        for row in panel.rows
    ]
    titles = [picture.best_title, picture.mean_title]
    layers: list[Row] = [
        _span("low", "high", 1.4, y),
        _span("first", "last", 6.0, y),
        {
            "mark": {"type": "point", "size": 90, "strokeWidth": 2, "opacity": 1},
            "encoding": {
                "y": y,
                "x": {"field": "mean", "type": "quantitative"},
                "fill": {
                    "field": "kind",
                    "type": "nominal",
                    "title": None,
                    "scale": {"domain": titles, "range": [_BEST, PAPER]},
                },
                "stroke": {
                    "field": "kind",
                    "type": "nominal",
                    "title": None,
                    "scale": {"domain": titles, "range": [_BEST, INK]},
                },
                "tooltip": [{"field": "policy"}, {"field": "mean", "format": ".3g"}],
            },
        },
    ]
    if panel.threshold is not None:
        layers.append(
            {
                "data": {"values": [{"at": panel.threshold}]},
                "mark": {"type": "rule", "strokeDash": [5, 3], "color": INK, "strokeWidth": 1.3},
                "encoding": {
                    "x": {"field": "at", "type": "quantitative"},
                    "tooltip": [{"field": "at", "format": ".3g", "title": picture.enough_title}],
                },
            }
        )
    subtitle = [panel.direction]
    if panel.threshold is not None:
        subtitle.append(picture.enough_title)
    return {
        "title": {"text": wrapped(panel.title, WIDTH + 120, 13.0), "subtitle": subtitle},
        "width": WIDTH,
        "height": LINE * max(len(order), 1),
        "data": {"values": values},
        "layer": layers,
    }


def _span(low: str, high: str, width: float, y: Row) -> Row:
    return {
        "mark": {"type": "rule", "strokeWidth": width, "color": "#8a8a84"},
        "encoding": {
            "y": y,
            "x": {"field": low, "type": "quantitative", "scale": {"zero": False}},
            "x2": {"field": high},
        },
    }
