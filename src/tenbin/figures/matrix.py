"""The consistency matrix: every two claims, how their truth goes together, and which never meet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tenbin.figures.colours import FAINT, INK, MUTED, PAPER, SHARES
from tenbin.figures.lettering import fonts_for
from tenbin.figures.wrapping import wrapped

__all__ = ["MatrixPicture", "matrix_spec"]

SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"
LARGEST_CELL, SMALLEST_CELL = 24, 11
SIDE = 940
"""The width that many claims share; few claims have cells of the largest size."""
INSIDE = 24
"""Claims from which on the legend has its place in the empty half."""
MIDDLE = "#f4f4ef"

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class MatrixPicture:
    """Claims by name and title, and of every two of them how their truth goes together.

    association [C][C] is a correlation, None where one of the two never changes; `apart` are the
    pairs that hold together in no world; `tense` those that do so far less often than by chance.
    """

    claims: tuple[str, ...]
    titles: tuple[str, ...]
    association: tuple[tuple[float | None, ...], ...]
    together: tuple[tuple[float | None, ...], ...]
    apart: tuple[tuple[str, str], ...]
    tense: tuple[tuple[str, str], ...]
    association_title: str
    ends: tuple[str, str]
    """What the two ends of the scale say: seldom together, often together."""
    together_title: str
    apart_title: str
    tense_title: str
    description: str = ""


def matrix_spec(picture: MatrixPicture) -> dict[str, Any]:
    """The lower half of the matrix as a Vega-Lite specification, claims in the order given.

    A cross in ink marks claims that hold together in no world, a ring those that seldom do; neither
    mark is told by its colour.
    """
    count = max(len(picture.claims), 1)
    cell = int(min(max(SIDE // count, SMALLEST_CELL), LARGEST_CELL))
    marks = [
        {"first": second, "second": first, "mark": title}
        for pairs, title in (
            (picture.apart, picture.apart_title),
            (picture.tense, picture.tense_title),
        )
        for first, second in (_ordered(picture, pair) for pair in pairs)
    ]
    texts = (
        picture.association_title,
        picture.apart_title,
        picture.tense_title,
        *picture.ends,
        *picture.titles,
    )
    return {
        "$schema": SCHEMA,
        "description": picture.description,
        "background": PAPER,
        "width": cell * count,
        "height": cell * count,
        "layer": [_cells(picture, cell), _marks(marks, picture, cell)],
        "config": {
            "font": fonts_for("".join(texts)),
            "axis": {
                "domainColor": MUTED,
                "ticks": False,
                "labelColor": INK,
                "labelFontSize": min(max(cell - 2, 8), 11),
                "grid": False,
                "title": None,
            },
            "legend": {
                "orient": "top-right" if count >= INSIDE else "right",
                "labelLimit": 320,
                "titleLimit": 320,
                "titleFontWeight": "normal",
            },
            "view": {"stroke": FAINT},
        },
    }


def _ordered(picture: MatrixPicture, pair: Sequence[str]) -> tuple[str, str]:
    """A pair in the order of the claims."""
    first, second = sorted(pair, key=picture.claims.index)
    return first, second


def _axes(picture: MatrixPicture) -> Row:
    scale = {"domain": list(picture.claims), "padding": 0}
    axis = {"labelOverlap": False, "labelPadding": 3}
    return {
        "x": {
            "field": "second",
            "type": "nominal",
            "scale": scale,
            "axis": {**axis, "orient": "bottom", "labelAngle": -90},
        },
        "y": {"field": "first", "type": "nominal", "scale": scale, "axis": axis},
    }


def _cells(picture: MatrixPicture, cell: int) -> Row:
    values: list[Row] = []
    for i, first in enumerate(picture.claims):
        for j, second in enumerate(picture.claims[:i]):
            value = picture.association[i][j]
            if value is not None:
                values.append(
                    {
                        "first": first,
                        "second": second,
                        "value": round(value, 4),
                        "share": picture.together[i][j],
                        "titles": f"{picture.titles[i]} / {picture.titles[j]}",
                    }
                )
    low, high = (wrapped(end, 140.0, 11.0) for end in picture.ends)
    ends = {"-1": low, "1": high}
    labels = "{'-1': %r, '0': '0', '1': %r}" % (_line(ends["-1"]), _line(ends["1"]))  # noqa: UP031
    return {
        "data": {"values": values},
        "mark": {"type": "rect", "stroke": PAPER, "strokeWidth": 0.6 if cell > 14 else 0.3},
        "encoding": {
            **_axes(picture),
            "color": {
                "field": "value",
                "type": "quantitative",
                "title": wrapped(picture.association_title, 190.0, 11.0),
                "scale": {
                    "domain": [-1, 0, 1],
                    "range": [SHARES["fails"], MIDDLE, SHARES["holds"]],
                },
                "legend": {
                    "values": [-1, 0, 1],
                    "labelExpr": f"({labels})[datum.value]",
                    "gradientLength": 160,
                },
            },
            "tooltip": [
                {"field": "titles"},
                {"field": "value", "format": ".2f", "title": picture.association_title},
                {"field": "share", "format": ".0%", "title": picture.together_title},
            ],
        },
    }


def _line(text: str | list[str]) -> str:
    return text if isinstance(text, str) else " ".join(text)


def _marks(values: list[Row], picture: MatrixPicture, cell: int) -> Row:
    titles = [picture.apart_title, picture.tense_title]
    return {
        "data": {"values": values},
        "mark": {
            "type": "point",
            "color": INK,
            "filled": False,
            "opacity": 1,
            "size": 0.4 * cell * cell,
            "strokeWidth": 1.8,
        },
        "encoding": {
            **_axes(picture),
            "shape": {
                "field": "mark",
                "type": "nominal",
                "title": None,
                "scale": {
                    "domain": titles,
                    "range": ["M-.7,-.7L.7,.7M-.7,.7L.7,-.7", "circle"],
                },
                "legend": {"symbolSize": 120, "symbolStrokeColor": INK},
            },
            "tooltip": [{"field": "first"}, {"field": "second"}, {"field": "mark"}],
        },
    }
