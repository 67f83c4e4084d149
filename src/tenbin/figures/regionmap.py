"""Region maps: a grid of shares over two numbers, with the line where the majority turns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tenbin.figures.colours import FAINT, INK, MUTED, PAPER, SHARES
from tenbin.figures.lettering import fonts_for
from tenbin.figures.wrapping import wrapped

__all__ = ["RegionAxis", "RegionPicture", "boundary_lines", "region_spec"]

SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"
SIDE = 400
MIDDLE = "#f4f4ef"
"""Between the colours of failing and holding, where it is even."""

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class RegionAxis:
    """A number along a side: its title, the ends of its cells, and labels where it is a choice.

    `format` is how its numbers are written, as D3 says it.
    """

    title: str
    edges: tuple[float, ...]
    labels: tuple[str, ...] = ()
    format: str = ",~r"


@dataclass(frozen=True, slots=True)
class RegionPicture:
    """Shares and worlds by cell [Y, X], the first row at the bottom; None where no world lies."""

    x: RegionAxis
    y: RegionAxis
    shares: tuple[tuple[float | None, ...], ...]
    worlds: tuple[tuple[int, ...], ...]
    share_title: str
    boundary_title: str
    worlds_title: str
    description: str = ""


def boundary_lines(picture: RegionPicture) -> list[tuple[float, float, float, float]]:
    """Pieces of line (x, y, x2, y2) between cells on whose two sides the majority differs."""
    x, y = picture.x.edges, picture.y.edges
    lines: list[tuple[float, float, float, float]] = []
    for row, shares in enumerate(picture.shares):
        for column, share in enumerate(shares):
            right = shares[column + 1] if column + 1 < len(shares) else None
            above = picture.shares[row + 1][column] if row + 1 < len(picture.shares) else None
            if _turns(share, right):
                lines.append((x[column + 1], y[row], x[column + 1], y[row + 1]))
            if _turns(share, above):
                lines.append((x[column], y[row + 1], x[column + 1], y[row + 1]))
    return lines


def _turns(first: float | None, second: float | None) -> bool:
    return first is not None and second is not None and (first >= 0.5) != (second >= 0.5)


def region_spec(picture: RegionPicture) -> dict[str, Any]:
    """The map as a Vega-Lite specification.

    The more the colour leans to holding the darker teal it is, to failing the darker brown; both
    differ in lightness from the middle, and the line in ink says where the majority turns, so that
    the map is read without telling the colours apart.
    """
    texts = (picture.x.title, picture.y.title, picture.share_title, picture.boundary_title)
    lines = [
        {"x": x, "y": y, "x2": x2, "y2": y2, "line": picture.boundary_title}
        for x, y, x2, y2 in boundary_lines(picture)
    ]
    layers: list[Row] = [_cells(picture)]
    if lines:
        layers += [_lines(lines, PAPER, 5.0), _lines(lines, INK, 2.2, picture.boundary_title)]
    return {
        "$schema": SCHEMA,
        "description": picture.description,
        "background": PAPER,
        "width": SIDE,
        "height": SIDE,
        "layer": [_under(layer, picture) for layer in layers],
        "config": {
            "font": fonts_for("".join(texts)),
            "axis": {
                "domainColor": MUTED,
                "tickColor": MUTED,
                "labelColor": INK,
                "titleColor": INK,
                "titleFontWeight": "normal",
                "titleFontSize": 13,
                "grid": False,
            },
            "legend": {"labelLimit": 300, "titleLimit": 300, "titleFontWeight": "normal"},
            "view": {"stroke": FAINT},
        },
    }


def _cells(picture: RegionPicture) -> Row:
    x, y = picture.x.edges, picture.y.edges
    values = [
        {
            "x": x[column],
            "x2": x[column + 1],
            "y": y[row],
            "y2": y[row + 1],
            "share": share,
            "worlds": picture.worlds[row][column],
        }
        for row, shares in enumerate(picture.shares)
        for column, share in enumerate(shares)
        if share is not None
    ]
    colours = [SHARES["fails"], MIDDLE, SHARES["holds"]]
    return {
        "data": {"values": values},
        "mark": {"type": "rect", "stroke": PAPER, "strokeWidth": 0.4},
        "encoding": {
            "color": {
                "field": "share",
                "type": "quantitative",
                "title": wrapped(picture.share_title, 150.0, 11.0),
                "scale": {"domain": [0, 0.5, 1], "range": colours},
                "legend": {
                    "format": ".0%",
                    "gradientLength": 180,
                    "values": [0, 0.25, 0.5, 0.75, 1],
                },
            },
            "tooltip": [
                {"field": "share", "format": ".0%", "title": picture.share_title},
                {"field": "worlds", "format": ",", "title": picture.worlds_title},
            ],
        },
    }


def _lines(values: Sequence[Row], colour: str, width: float, title: str = "") -> Row:
    mark = {"type": "rule", "strokeWidth": width, "strokeCap": "square"}
    if not title:
        return {"data": {"values": values}, "mark": {**mark, "color": colour}, "encoding": {}}
    legend = {"symbolType": "stroke", "symbolSize": 300, "symbolStrokeWidth": width}
    stroke = {
        "field": "line",
        "type": "nominal",
        "title": None,
        "scale": {"domain": [title], "range": [colour]},
        "legend": legend,
    }
    return {"data": {"values": values}, "mark": mark, "encoding": {"stroke": stroke}}


def _under(layer: Row, picture: RegionPicture) -> Row:
    """The layer with the two axes."""
    axes = {
        "x": {"field": "x", **_axis(picture.x)},
        "x2": {"field": "x2"},
        "y": {"field": "y", **_axis(picture.y)},
        "y2": {"field": "y2"},
    }
    return {**layer, "encoding": {**axes, **layer["encoding"]}}


def _axis(axis: RegionAxis) -> Row:
    shown: Row = {"format": axis.format}
    if axis.labels:
        middles = [place + 0.5 for place in range(len(axis.labels))]
        names = (
            "{"
            + ", ".join(f"'{m}': {label!r}" for m, label in zip(middles, axis.labels, strict=True))
            + "}"
        )
        shown = {"values": middles, "labelExpr": f"({names})[datum.value]"}
    return {
        "type": "quantitative",
        "title": wrapped(axis.title, SIDE, 13.0),
        "scale": {"domain": [axis.edges[0], axis.edges[-1]], "nice": False, "zero": False},
        "axis": shown,
    }
