"""What the small charts of rooms share: the frame around their layers."""

from __future__ import annotations

from typing import Any

from tenbin.figures.colours import FAINT, GRID, INK, MUTED, PAPER
from tenbin.figures.lettering import fonts_for

__all__ = ["layered_chart"]


def layered_chart(
    layers: list[dict[str, Any]], letters: str, description: str, size: tuple[int, int]
) -> dict[str, Any]:
    """Layers as a Vega-Lite specification of a width and height, in fonts that have the letters."""
    axis = {
        "gridColor": GRID,
        "labelColor": MUTED,
        "titleColor": INK,
        "titleFontWeight": "normal",
        "domainColor": FAINT,
        "tickColor": FAINT,
    }
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "description": description,
        "width": size[0],
        "height": size[1],
        "background": PAPER,
        "layer": layers,
        "config": {"font": fonts_for(letters), "view": {"stroke": None}, "axis": axis},
    }
