"""A region map small enough to stand in the panel of a claim: cells, line, ends of the axes.

It holds numbers but no words, so that pages in several languages can share one drawing.
"""

from __future__ import annotations

from collections.abc import Sequence

from tenbin.figures.colours import INK, MUTED, PAPER, SHARES
from tenbin.figures.lettering import FONTS
from tenbin.figures.regionmap import MIDDLE, RegionPicture, boundary_lines

__all__ = ["TILE_SIZE", "tile_shapes"]

SIDE = 150.0
LEFT, BELOW = 46.0, 18.0
TILE_SIZE = (LEFT + SIDE + 12.0, SIDE + BELOW + 8.0)
"""Width and height of a tile in pixels."""
SHADES = 8
"""Steps of colour from even to all, on either side."""


def tile_shapes(picture: RegionPicture, label_x: Sequence[str], label_y: Sequence[str]) -> str:
    """The shapes of a tile, in `TILE_SIZE`; labels are those of the two ends of an axis."""
    x, y = _places(picture.x.edges), _places(picture.y.edges)
    by_shade: dict[str, list[str]] = {}
    for row, shares in enumerate(picture.shares):
        for column, share in enumerate(shares):
            if share is None:
                continue
            left, right = LEFT + x[column], LEFT + x[column + 1]
            low, high = 4 + SIDE - y[row], 4 + SIDE - y[row + 1]
            by_shade.setdefault(_shade(share), []).append(
                f"M{left:.0f},{high:.0f}H{right:.0f}V{low:.0f}H{left:.0f}z"
            )
    cells = "".join(f'<path d="{"".join(d)}" fill="{c}"/>' for c, d in by_shade.items())
    line = _boundary(picture, x, y)
    return (
        f'<rect x="{LEFT:g}" y="4" width="{SIDE:g}" height="{SIDE:g}" fill="#ececec"/>{cells}'
        f'<path d="{line}" fill="none" stroke="{PAPER}" stroke-width="4"/>'
        f'<path d="{line}" fill="none" stroke="{INK}" stroke-width="1.8"/>'
        f'<g font-size="10" fill="{MUTED}" font-family="{FONTS}">'
        f'<text x="{LEFT:g}" y="{SIDE + BELOW:g}">{label_x[0]}</text>'
        f'<text x="{LEFT + SIDE:g}" y="{SIDE + BELOW:g}" text-anchor="end">{label_x[1]}</text>'
        f'<text x="{LEFT - 4:g}" y="{SIDE + 4:g}" text-anchor="end">{label_y[0]}</text>'
        f'<text x="{LEFT - 4:g}" y="13" text-anchor="end">{label_y[1]}</text></g>'
    )


def _places(edges: Sequence[float]) -> list[float]:
    span = edges[-1] - edges[0]
    return [SIDE * (edge - edges[0]) / span if span else 0.0 for edge in edges]


def _shade(share: float) -> str:
    """Darker the further from even: teal where it holds, brown where it fails."""
    step = round(abs(2 * share - 1) * SHADES) / SHADES
    ends = (MIDDLE, SHARES["holds" if share >= 0.5 else "fails"])
    first, last = ([int(colour[i : i + 2], 16) for i in (1, 3, 5)] for colour in ends)
    mixed = (round(a + (b - a) * step) for a, b in zip(first, last, strict=True))
    return "#" + "".join(f"{channel:02x}" for channel in mixed)


def _boundary(picture: RegionPicture, x: Sequence[float], y: Sequence[float]) -> str:
    """The line where the majority turns, as one path."""
    across = dict(zip(picture.x.edges, x, strict=True))
    up = dict(zip(picture.y.edges, y, strict=True))
    pieces = (
        f"M{LEFT + across[x0]:.0f},{4 + SIDE - up[y0]:.0f}"
        f"L{LEFT + across[x1]:.0f},{4 + SIDE - up[y1]:.0f}"
        for x0, y0, x1, y1 in boundary_lines(picture)
    )
    return "".join(pieces)
