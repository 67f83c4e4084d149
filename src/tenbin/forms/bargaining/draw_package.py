"""Packages by what they are worth to both, and how much of each issue is agreed."""

from __future__ import annotations

from typing import Any

import numpy as np

from tenbin.figures.colours import FAINT, GRID, INK, MUTED, player_colours, tint
from tenbin.figures.gametree import figure
from tenbin.figures.lettering import shorten, text_width
from tenbin.figures.scene import Scene
from tenbin.figures.words import Words
from tenbin.forms.bargaining.scene import Seen
from tenbin.forms.bargaining.text import issue_title, player_title
from tenbin.scenario.language import Array
from tenbin.scenario.objects import Scenario

__all__ = ["frontier_of", "outline_of", "package_scene"]

SIDE = 330.0
LEFT, TOP = 62.0, 22.0
ROW = 34.0
BAR = 150.0
TICKS = 6
"""About so many on an axis."""


def outline_of(seen: Seen) -> Array:
    """Corners [2 J, 2] of the set of payoffs of all allowed packages, in order around it."""
    view = seen.view
    steps = (view.slope[0] * (view.high - view.low)[0]).T  # [J, 2]
    steps = np.where(steps[:, :1] < 0, -steps, steps)
    steps = np.where((steps[:, :1] == 0) & (steps[:, 1:] < 0), -steps, steps)
    low = np.where(
        (view.slope[0, 0] < 0) | ((view.slope[0, 0] == 0) & (view.slope[0, 1] < 0)),
        view.high[0], view.low[0],
    )  # fmt: skip
    corner = view.payoffs(low[None])[0]
    order = np.argsort(np.arctan2(steps[:, 1], steps[:, 0]), kind="stable")
    up = corner + np.cumsum(steps[order], axis=0)
    down = up[-1] - np.cumsum(steps[order], axis=0)
    return np.concatenate([corner[None], up, down])


def frontier_of(seen: Seen) -> Array:
    """Payoffs [n, 2] of the corners of the efficient packages, best for the second player first."""
    view = seen.view
    first, second = view.slope[0]
    apart = first * second < 0
    up = np.where(apart, second > 0, (first > 0) | (second > 0))
    shares = np.where(up, view.high[0], view.low[0])
    corners = [view.payoffs(shares[None])[0]]
    with np.errstate(divide="ignore", invalid="ignore"):
        cost = np.where(apart, np.abs(second / first), np.inf)
    for issue in np.argsort(cost, kind="stable")[: int(apart.sum())]:
        shares = shares.copy()
        shares[issue] = view.high[0, issue] if first[issue] > 0 else view.low[0, issue]
        corners.append(view.payoffs(shares[None])[0])
    return np.array(corners)


def package_scene(scenario: Scenario, seen: Seen, words: Words, caption: str) -> dict[str, Any]:
    """The picture as a specification."""
    scene, model, view = Scene(), seen.bound.model, seen.view
    names = [player_title(scenario, name, words.language) for name in model.players]
    shades = player_colours(tuple(scenario.players))
    colours = [shades[name] for name in model.players]
    possible = bool(view.is_possible[0])
    outline = outline_of(seen) if possible else view.disagreement
    points = [outline, view.disagreement]
    points += [np.where(np.isfinite(view.outside), view.outside, view.disagreement)]
    low, high = (
        np.min([p.min(axis=0) for p in points], 0),
        np.max([p.max(axis=0) for p in points], 0),
    )
    extent = np.where(high > low, high - low, 1.0)
    low, extent = low - 0.06 * extent, 1.12 * extent

    def place(payoffs: Array) -> tuple[float, float]:
        part = (payoffs - low) / extent
        return LEFT + float(part[0]) * SIDE, TOP + SIDE - float(part[1]) * SIDE

    _frame(scene, words, names, colours, low, extent)
    if possible:
        scene.path(_shape(outline, place, closed=True), stroke=FAINT, fill=GRID, opacity=0.75)
        scene.path(_shape(frontier_of(seen), place), stroke=INK, width=2.6)
    _limits(scene, seen, place)
    x, y = place(view.disagreement[0])
    scene.path(f"M{x - 5:.1f},{y - 5:.1f}l10,10m0,-10l-10,10", stroke=INK, width=2.0)
    on_right = x > LEFT + 0.6 * SIDE
    scene.text(
        x - 9 if on_right else x + 9, y + 14, words("disagreement"), size=11.0,
        align="right" if on_right else "left", edged=True,
    )  # fmt: skip
    _agreed_point(scene, seen, words, place)
    right = LEFT + SIDE + 40.0
    width = _issues(scene, seen, words, right)
    height = max(TOP + SIDE + 46.0, TOP + ROW * len(model.issues) + 40.0)
    return scene.spec(right + width, height, caption)


def round_ticks(low: float, high: float) -> list[float]:
    """Round numbers (1, 2 or 5 times a power of ten apart) between two, about `TICKS` of them."""
    step = 10.0 ** np.floor(np.log10((high - low) / TICKS))
    step *= next(times for times in (1.0, 2.0, 5.0, 10.0) if (high - low) / (step * times) <= TICKS)
    first, last = int(np.ceil(low / step)), int(np.floor(high / step))
    return [float(number * step) for number in range(first, last + 1)]


def _shape(corners: Array, place: Any, *, closed: bool = False) -> str:
    steps = ["{:.1f},{:.1f}".format(*place(corner)) for corner in corners]
    return "M" + "L".join(steps) + ("z" if closed else "")


def _frame(
    scene: Scene, words: Words, names: list[str], colours: list[str], low: Array, extent: Array
) -> None:
    bottom, right = TOP + SIDE, LEFT + SIDE
    scene.path(f"M{LEFT},{TOP}V{bottom}H{right}", stroke=FAINT)
    for value in round_ticks(float(low[0]), float(low[0] + extent[0])):
        x = LEFT + (value - float(low[0])) / float(extent[0]) * SIDE
        scene.path(f"M{x:.1f},{bottom}v4", stroke=FAINT)
        scene.text(x, bottom + 16, figure(value), size=10, fill=MUTED, align="center")
    for value in round_ticks(float(low[1]), float(low[1] + extent[1])):
        y = bottom - (value - float(low[1])) / float(extent[1]) * SIDE
        scene.path(f"M{LEFT},{y:.1f}h-4", stroke=FAINT)
        scene.text(LEFT - 7, y + 4, figure(value), size=10, fill=MUTED, align="right")
    across = words("payoff", player=shorten(names[0], 24))
    scene.text(right, bottom + 34, across, size=11.5, fill=colours[0], align="right", weight="bold")
    upward = words("payoff", player=shorten(names[1], 24))
    scene.text(8.0, TOP - 8, upward, size=11.5, fill=colours[1], weight="bold")


def _limits(scene: Scene, seen: Seen, place: Any) -> None:
    """Dashed lines at outside options, dotted ones at floors of whole payoffs."""
    view = seen.view
    for values, dash in ((view.outside[0], (6.0, 3.0)), (view.floor[0], (2.0, 3.0))):
        for player in (0, 1):
            if not np.isfinite(values[player]):
                continue
            point = view.disagreement[0].copy()
            point[player] = values[player]
            x, y = place(point)
            inside = LEFT <= x <= LEFT + SIDE if player == 0 else TOP <= y <= TOP + SIDE
            if inside:
                line = f"M{x:.1f},{TOP}v{SIDE}" if player == 0 else f"M{LEFT},{y:.1f}h{SIDE}"
                scene.path(line, stroke=MUTED, dash=dash)


def _agreed_point(scene: Scene, seen: Seen, words: Words, place: Any) -> None:
    if seen.world.likeliest is None:
        return
    x, y = place(seen.view.payoffs(seen.world.likeliest[None])[0])
    scene.dot(x, y, fill=INK, size=110.0)
    on_right = x > LEFT + 0.55 * SIDE
    scene.text(
        x - 9 if on_right else x + 9, y - 8, words("agreement"), size=12.0, weight="bold",
        align="right" if on_right else "left", edged=True,
    )  # fmt: skip


def _issues(scene: Scene, seen: Seen, words: Words, left: float) -> float:
    """A line for each issue: its range, what ratifiers allow, what is agreed; the width taken."""
    bound, y, widest = seen.bound, TOP + 14.0, BAR + 90.0
    span = bound.span[seen.problem // bound.n_cases]
    for number, issue in enumerate(bound.model.issues):
        title = shorten(issue_title(bound, number, words.language), 40)
        scene.text(left, y, title, size=11.5)
        widest = max(widest, text_width(title, 11.5) + 10.0)
        low, high = seen.view.low[0, number], seen.view.high[0, number]
        scene.box(left, y + 6, BAR, 8, fill=GRID, radius=2.0)
        if high > low:
            scene.box(left + low * BAR, y + 6, (high - low) * BAR, 8, fill=tint(INK, 0.28))
        if seen.world.likeliest is not None:
            share, ends = float(seen.world.likeliest[number]), span[number]
            scene.dot(left + share * BAR, y + 10, fill=INK, size=64.0)
            text = figure(float(ends[0] + share * (ends[1] - ends[0]))) + (
                f" {issue.unit}" if issue.unit else ""
            )
            scene.text(left + BAR + 10, y + 14, text, size=11.0, weight="bold")
            widest = max(widest, BAR + 20 + text_width(text, 11.5))
        y += ROW
    return widest + 10.0
