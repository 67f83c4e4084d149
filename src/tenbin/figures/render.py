"""Specifications to SVG and PNG by vl-convert: no browser, nothing from the network."""

from __future__ import annotations

import re
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from tenbin.figures.lettering import FONTS

__all__ = ["accessible", "is_wide", "png_of", "render_png", "render_svg"]

PAGE = 1240.0
"""Width in pixels that a picture in a page is made to fit."""
SMALLEST = 0.75
"""How much a picture is made smaller at most; the reader chooses to see a wider one whole."""

_HOUSEKEEPING = re.compile(
    r' (?:role|class|pointer-events|aria-[a-z]+|version|xmlns:xlink)="[^"]*"'
)
_FONT = re.compile(r' font-family="[^"]*"')
_EMPTY_PATH = re.compile(r'<path[^>]* d=""[^>]*/>')
_GROUP_OF_NOTHING = re.compile(r"<g>\s*</g>")
_SIZE = re.compile(r' width="([\d.]+)" height="([\d.]+)"')
_IDENTIFIER = re.compile(r'(\bid="|url\(#)([\w-]+)')


def _is_vega_lite(spec: dict[str, Any]) -> bool:
    return "vega-lite" in str(spec.get("$schema", ""))


def render_svg(spec: dict[str, Any]) -> str:
    """The picture as SVG; text stays text. `spec` is Vega or Vega-Lite, told by its `$schema`."""
    import vl_convert

    draw = vl_convert.vegalite_to_svg if _is_vega_lite(spec) else vl_convert.vega_to_svg
    return draw(spec, allowed_base_urls=[])


def render_png(spec: dict[str, Any], scale: float = 2.0) -> bytes:
    """The picture as PNG bytes; text is set in the fonts of this machine."""
    import vl_convert

    draw = vl_convert.vegalite_to_png if _is_vega_lite(spec) else vl_convert.vega_to_png
    return draw(spec, scale=scale, allowed_base_urls=[])


def png_of(svg: str, scale: float = 2.0) -> bytes:
    """An SVG that is made already as PNG bytes; text is set in the fonts of this machine."""
    import vl_convert

    return vl_convert.svg_to_png(svg, scale=scale)


def accessible(svg: str, identifier: str, title: str, description: str) -> str:
    """The SVG as one image with a title and a description, small and fit to stand in a page.

    Ids inside are made unique by `identifier` and numbered anew, since the renderer counts on from
    picture to picture; roles and classes that the renderer gives to every
    mark are dropped, since the image is described as a whole.
    """
    svg = _FONT.sub("", _HOUSEKEEPING.sub("", svg))
    svg = _GROUP_OF_NOTHING.sub("", _EMPTY_PATH.sub("", svg))
    known: dict[str, int] = {}
    svg = _IDENTIFIER.sub(
        lambda found: f"{found[1]}{identifier}-{known.setdefault(found[2], len(known))}", svg
    )
    names = f"{identifier}-title {identifier}-text"
    head = (
        f'<svg role="img" aria-labelledby={quoteattr(names)} class="picture" '
        f'preserveAspectRatio="xMinYMin meet" font-family={quoteattr(FONTS)}'
    )
    labels = (
        f"<title id={quoteattr(identifier + '-title')}>{escape(title)}</title>"
        f"<desc id={quoteattr(identifier + '-text')}>{escape(description)}</desc>"
    )
    start, rest = svg.split(">", 1)
    start = _SIZE.sub(_fitted, start, count=1)
    return start.replace("<svg", head, 1) + ">" + labels + rest


def is_wide(svg: str) -> bool:
    """Whether a picture made by `accessible` is wider than a page."""
    size = _SIZE.search(svg)
    return size is not None and float(size[1]) > PAGE


def _fitted(match: re.Match[str]) -> str:
    """Width and height made to fit a page, as far as the text stays readable."""
    width, height = float(match[1]), float(match[2])
    scale = min(1.0, max(PAGE / width, SMALLEST))
    return f' width="{width * scale:.0f}" height="{height * scale:.0f}"'
