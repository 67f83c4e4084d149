"""The argument as a map: claims as boxes in the colour and symbol of their verdict, premises as
arrows, the sections of the article as lanes.

Written as SVG at once, since every box is a link. In a lane a claim stands right of the premises
it has there. Arrows run in the channels between columns and between rows, never over a box; those
of one premise share a trunk. Without a script: links, titles and names for screen readers alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

from tenbin.figures.argumentlayout import Box, MapLayout, Route, place_claims
from tenbin.figures.colours import FAINT, INK, MUTED, PAPER, VERDICTS
from tenbin.figures.lettering import FONTS
from tenbin.figures.strips import symbol_shape

__all__ = ["ArgumentMap", "MapClaim", "argument_svg", "highlight_rules"]

STRIPE = 26.0
SIZE = 11.5
LINE = 14.0
DARK = frozenset({"holds", "fails", "supported", "contradicted"})
OPEN = frozenset({"undecided", "vacuous", "unverified", "stated"})
HIGHLIGHT = "#0b5cad"
EDGE = "#85857d"
THIN, PLAIN, THICK = 1.0, 1.5, 5.5
"""Widths of an arrow: a premise that does no work, work not known, all the work."""
IDLE = 0.005
"""Work below which a premise is said to do none."""


@dataclass(frozen=True, slots=True)
class MapClaim:
    """A claim as the map shows it; `label` is what a screen reader says of it."""

    key: str
    title: str
    lane: str
    word: str
    label: str
    needs: tuple[str, ...] = ()
    is_fact: bool = False


@dataclass(frozen=True, slots=True)
class ArgumentMap:
    """Claims by lane, in the order in which the lanes are drawn; titles of lanes.

    `work` says of (premise, claim) how much the premise does for the claim, in shares of worlds.
    """

    claims: tuple[MapClaim, ...]
    lanes: Mapping[str, str]
    title: str
    description: str
    work: Mapping[tuple[str, str], float] = field(default_factory=dict[tuple[str, str], float])


def argument_svg(argument: ArgumentMap, identifier: str, link: str) -> str:
    """The map as SVG; the box of claim C leads to `#<link>C`."""
    layout = place_claims(
        {claim.key: f"{claim.key} {claim.title}" for claim in argument.claims},
        {claim.key: claim.lane for claim in argument.claims},
        {claim.key: claim.needs for claim in argument.claims},
        list(argument.lanes),
        stripe=STRIPE,
        size=SIZE,
        line=LINE,
    )
    names = f"{identifier}-title {identifier}-text"
    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" class="picture argument" role="group" '
        f'aria-labelledby="{names}" '
        f'viewBox="0 0 {layout.width:.0f} {layout.height:.0f}" width="{layout.width:.0f}" '
        f'height="{layout.height:.0f}" font-size="{SIZE}" font-family="{escape(FONTS)}">',
        f'<title id="{identifier}-title">{escape(argument.title)}</title>',
        f'<desc id="{identifier}-text">{escape(argument.description)}</desc>',
        *_lanes(layout, argument.lanes),
        *(_route(route, argument.work) for route in layout.routes),
        *(_box(claim, layout.boxes[claim.key], link) for claim in argument.claims),
        "</svg>",
    ]
    return "".join(parts)


def _lanes(layout: MapLayout, titles: Mapping[str, str]) -> list[str]:
    found: list[str] = []
    for place, (lane, top, bottom) in enumerate(layout.lanes):
        fill = "#f6f6f2" if place % 2 == 0 else PAPER
        found.append(
            f'<rect y="{top:.0f}" width="{layout.width:.0f}" height="{bottom - top:.0f}" '
            f'fill="{fill}"/>'
        )
        if titles[lane]:
            found.append(
                f'<text x="8" y="{top + 17:.0f}" font-size="12.5" font-weight="700" '
                f'fill="{MUTED}">{escape(titles[lane])}</text>'
            )
    return found


def _route(route: Route, work: Mapping[tuple[str, str], float]) -> str:
    known = work.get((route.source, route.target))
    width, dash = arrow_width(known), ""
    if known is not None and known < IDLE:
        dash = ' stroke-dasharray="3 3"'
    x, y = route.points[-1]
    head = max(3.2, width * 0.9)
    return (
        f'<g class="way from-{route.source} to-{route.target}" stroke="{EDGE}" fill="{EDGE}">'
        f'<path d="{_path(route.points, head * 1.5)}" fill="none" '
        f'stroke-width="{width:.1f}"{dash}/>'
        f'<path d="M{x:.1f},{y:.1f}l{-head * 1.8:.1f},{-head:.1f}v{2 * head:.1f}z" '
        f'stroke="none"/></g>'
    )


def arrow_width(work: float | None) -> float:
    """The width of an arrow in pixels; work that is below zero hinders, and is drawn as none."""
    if work is None:
        return PLAIN
    return THIN + (THICK - THIN) * min(max(work, 0.0), 1.0)


def _path(points: Sequence[tuple[float, float]], short: float) -> str:
    """A line along level and upright pieces with rounded corners, ending before its head."""
    radius = 5.0
    *inner, (x, y) = points
    whole = [*inner, (x - short, y)]
    path = f"M{whole[0][0]:.1f},{whole[0][1]:.1f}"
    for before, corner, after in zip(whole, whole[1:], whole[2:], strict=False):
        near, far = _towards(corner, before, radius), _towards(corner, after, radius)
        path += f"L{near[0]:.1f},{near[1]:.1f}Q{corner[0]:.1f},{corner[1]:.1f}"
        path += f" {far[0]:.1f},{far[1]:.1f}"
    return path + f"L{whole[-1][0]:.1f},{whole[-1][1]:.1f}"


def _towards(
    start: tuple[float, float], end: tuple[float, float], reach: float
) -> tuple[float, float]:
    length = abs(end[0] - start[0]) + abs(end[1] - start[1])
    part = min(reach, length / 2) / length if length else 0.0
    return start[0] + (end[0] - start[0]) * part, start[1] + (end[1] - start[1]) * part


def _box(claim: MapClaim, box: Box, link: str) -> str:
    colour = VERDICTS[claim.word]
    radius = 0 if claim.is_fact else 7
    dash = ' stroke-dasharray="4 3"' if claim.word in OPEN else ""
    x, y, width, height = box.x, box.y, box.width, box.height
    symbol = symbol_shape(claim.word, PAPER if claim.word in DARK else INK)
    inset = min(radius, 5)
    lines = "".join(_line(claim, box, place, line) for place, line in enumerate(box.lines))
    return (
        f'<a class="node node-{claim.key}" href="#{link}{claim.key}" '
        f'aria-label="{escape(claim.label)}"><title>{escape(claim.label)}</title>'
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" rx="{radius}" '
        f'fill="{PAPER}"/>'
        f'<path d="M{x + STRIPE:.1f},{y:.1f}h{inset - STRIPE:.1f}q{-inset},0 {-inset},{inset}'
        f"v{height - 2 * inset:.1f}q0,{inset} {inset},{inset}h{STRIPE - inset:.1f}z"
        f'" fill="{colour}" stroke="{FAINT}" stroke-width=".6"/>'
        f'<rect class="frame" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" '
        f'height="{height:.1f}" rx="{radius}" fill="none" stroke="{MUTED}"{dash}/>'
        f'<g transform="translate({x + STRIPE / 2 - 8:.1f} {y + height / 2 - 8:.1f})">{symbol}</g>'
        f"{lines}</a>"
    )


def _line(claim: MapClaim, box: Box, place: int, line: str) -> str:
    top = box.y + (box.height - LINE * len(box.lines)) / 2 + LINE * (place + 1) - 3.6
    start = f'<text x="{box.x + STRIPE + 6:.1f}" y="{top:.1f}" fill="{INK}">'
    if place == 0 and line.startswith(claim.key):
        rest = escape(line.removeprefix(claim.key))
        return f'{start}<tspan font-weight="700">{escape(claim.key)}</tspan>{rest}</text>'
    return f"{start}{escape(line)}</text>"


def highlight_rules(claims: Sequence[str], panels: Sequence[str]) -> str:
    """Rules that light the arrows of the claim pointed at, and the box whose panel is open.

    `panels` are what precedes a claim in the id of its panel, one per language.
    """
    lit = f"{{ stroke: {HIGHLIGHT}; fill: {HIGHLIGHT}; }}\n"
    rules: list[str] = []
    for key in claims:
        ways = f":is(.from-{key}, .to-{key})"
        rules.append(f".argument:has(.node-{key}:is(:hover, :focus-visible)) {ways} {lit}")
        opened = ", ".join(f"#{panel}{key}" for panel in panels)
        rules.append(f".page:has(:is({opened}):target) .argument {ways} {lit}")
        rules.append(
            f".page:has(:is({opened}):target) .node-{key} .frame "
            f"{{ stroke: {HIGHLIGHT}; stroke-width: 3.5; }}\n"
        )
    return "".join(rules)
