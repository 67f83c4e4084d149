"""A picture as data: lines, boxes, dots and texts at pixel places, as one Vega specification.

A scene is for pictures whose layout is computed here (trees, move graphs); charts with axes are
Vega-Lite specifications (`charts.py`). Paths lie below boxes, boxes below dots, dots below texts.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tenbin.figures.colours import INK, PAPER
from tenbin.figures.lettering import fonts_for

__all__ = ["Scene"]

Row = dict[str, Any]


def _fields(*names: str) -> dict[str, dict[str, str]]:
    return {name: {"field": name} for name in names}


@dataclass
class Scene:
    """Shapes collected by kind; all coordinates in pixels from the upper left corner."""

    paths: list[Row] = field(default_factory=list)
    boxes: list[Row] = field(default_factory=list)
    dots: list[Row] = field(default_factory=list)
    texts: list[Row] = field(default_factory=list)
    edges: list[Row] = field(default_factory=list)

    def path(
        self,
        path: str,
        *,
        stroke: str = INK,
        width: float = 1.0,
        dash: tuple[float, ...] = (),
        opacity: float = 1.0,
        fill: str = "transparent",
    ) -> None:
        """A line or shape, as an SVG path."""
        self.paths.append(
            {
                "path": path,
                "stroke": stroke,
                "strokeWidth": round(width, 2),
                "strokeDash": list(dash),
                "opacity": round(opacity, 3),
                "fill": fill,
            }
        )

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        fill: str = PAPER,
        stroke: str = "transparent",
        line: float = 1.0,
        radius: float = 0.0,
    ) -> None:
        self.boxes.append(
            {
                "x": round(x, 1),
                "y": round(y, 1),
                "width": round(width, 1),
                "height": round(height, 1),
                "fill": fill,
                "stroke": stroke,
                "strokeWidth": line,
                "cornerRadius": radius,
            }
        )

    def dot(
        self, x: float, y: float, *, fill: str = INK, size: float = 60.0, shape: str = "circle"
    ) -> None:
        """A symbol of `size` square pixels."""
        self.dots.append(
            {"x": round(x, 1), "y": round(y, 1), "fill": fill, "size": size, "shape": shape}
        )

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float = 11.0,
        fill: str = INK,
        align: str = "left",
        weight: str = "normal",
        style: str = "normal",
        edged: bool = False,
    ) -> None:
        """A line of text; `y` is its baseline. A white edge keeps it readable over lines.

        Setting text is what takes the renderer its time, and an edge doubles it.
        """
        row: Row = {
            "x": round(x, 1),
            "y": round(y, 1),
            "text": text,
            "fontSize": size,
            "fill": fill,
            "align": align,
            "fontWeight": weight,
            "fontStyle": style,
            "font": fonts_for(text),
        }
        self.texts.append(row)
        if edged:
            self.edges.append(row)

    def spec(self, width: float, height: float, description: str = "") -> dict[str, Any]:
        """The scene as a Vega specification."""
        written = _fields("x", "y", "text", "fontSize", "align", "fontWeight", "fontStyle", "font")
        halo = {**written, "stroke": {"value": PAPER}, "strokeWidth": {"value": 3}}
        return {
            "$schema": "https://vega.github.io/schema/vega/v5.json",
            "description": description,
            "width": round(width),
            "height": round(height),
            "padding": 0,
            "background": PAPER,
            "data": [
                {"name": "paths", "values": self.paths},
                {"name": "boxes", "values": self.boxes},
                {"name": "dots", "values": self.dots},
                {"name": "texts", "values": self.texts},
                {"name": "edges", "values": self.edges},
            ],
            "marks": [
                _mark(
                    "path",
                    "paths",
                    _fields("path", "stroke", "strokeWidth", "strokeDash", "opacity", "fill"),
                ),
                _mark(
                    "rect",
                    "boxes",
                    _fields(
                        "x", "y", "width", "height", "fill", "stroke", "strokeWidth", "cornerRadius"
                    ),
                ),
                _mark("symbol", "dots", _fields("x", "y", "fill", "size", "shape")),
                _mark("text", "edges", halo),
                _mark("text", "texts", {**written, "fill": {"field": "fill"}}),
            ],
        }


def _mark(kind: str, table: str, encode: dict[str, Any]) -> dict[str, Any]:
    return {"type": kind, "from": {"data": table}, "encode": {"enter": encode}}
