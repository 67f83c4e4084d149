"""One issue as a line: what each condition allows, the bargaining range, the agreement."""

from __future__ import annotations

from typing import Any

import numpy as np

from tenbin.figures.colours import FAINT, GRID, INK, MUTED, player_colours, tint
from tenbin.figures.gametree import figure
from tenbin.figures.lettering import shorten, text_width
from tenbin.figures.scene import Scene
from tenbin.figures.words import Words
from tenbin.forms.bargaining.scene import Seen, conditions_of, fine_shares
from tenbin.forms.bargaining.text import issue_title, player_title
from tenbin.scenario.language import Array
from tenbin.scenario.objects import Scenario

__all__ = ["range_scene"]

WIDTH = 460.0
ROW = 26.0
BAR = 12.0
TOP = 34.0
SIZE = 12.0
MOST_CELLS = 44
"""Cells of a label; a longer one is cut."""
TICKS = 5


def range_scene(scenario: Scenario, seen: Seen, words: Words, caption: str) -> dict[str, Any]:
    """The picture as a specification."""
    bound, language = seen.bound, words.language
    model, scene = bound.model, Scene()
    names = [player_title(scenario, name, language) for name in model.players]
    shades = player_colours(tuple(scenario.players))
    colours = [shades[name] for name in model.players]
    conditions = conditions_of(seen, words)
    labels = [c.title or words(c.key, player=names[c.player]) for c in conditions]
    labels = [shorten(label, MOST_CELLS) for label in labels]
    left = 26.0 + max(text_width(text, SIZE) for text in [*labels, words("range")])

    def x(share: float) -> float:
        return left + 14.0 + share * WIDTH

    _ends(scene, seen, words, names, colours, x(0.0), x(1.0))
    y = TOP
    for label, condition in zip(labels, conditions, strict=True):
        colour = colours[condition.player]
        scene.text(left, y + BAR - 2, label, size=SIZE, fill=colour, align="right")
        _bar(scene, condition.met, x, y, colour)
        y += ROW
    together = np.prod([condition.met for condition in conditions], axis=0)
    scene.text(left, y + BAR - 2, words("range"), size=SIZE, align="right", weight="bold")
    if together.any():
        _bar(scene, together, x, y, INK)
    else:
        text = words("no_range")
        scene.text(x(0.5), y + BAR - 2, text, size=SIZE, fill=MUTED, align="center", style="italic")
    y += ROW + 4
    _axis(scene, seen, words, x, y)
    _agreement(scene, seen, words, x, y, colours)
    return scene.spec(x(1.0) + 30.0, y + 52.0, caption)


def _ends(
    scene: Scene,
    seen: Seen,
    words: Words,
    names: list[str],
    colours: list[str],
    left: float,
    right: float,
) -> None:
    """Who gains towards which end."""
    rises = seen.view.slope[0, :, 0]
    sides: dict[bool, list[int]] = {True: [], False: []}
    for player in (0, 1):
        if rises[player] != 0:
            sides[bool(rises[player] > 0)].append(player)
    for towards_one, players in sides.items():
        for place, player in enumerate(players):
            text = words("better_for", player=shorten(names[player], 20))
            text = f"{text} →" if towards_one else f"← {text}"
            at, align = (right, "right") if towards_one else (left, "left")
            scene.text(at, 10.0 + 14.0 * place, text, size=11.0, fill=colours[player], align=align)


def _bar(scene: Scene, met: Array, x: Any, y: float, colour: str) -> None:
    """The shares that meet a condition; fainter where it is met less likely."""
    shares = fine_shares()
    scene.box(x(0.0), y, x(1.0) - x(0.0), BAR, fill=GRID, radius=2.0)
    steps = np.round(met * 20.0) / 20.0
    edges = np.flatnonzero(np.diff(steps) != 0) + 1
    for start, stop in zip(np.r_[0, edges], np.r_[edges, len(met)], strict=True):
        strength = float(steps[start])
        if strength <= 0.0:
            continue
        begin = x(shares[start - 1] if start and steps[start] > steps[start - 1] else shares[start])
        end = x(shares[min(stop, len(met) - 1)])
        scene.box(begin, y, max(end - begin, 2.5), BAR, fill=tint(colour, 0.12 + 0.6 * strength))


def _axis(scene: Scene, seen: Seen, words: Words, x: Any, y: float) -> None:
    low, high = seen.bound.span[_world_of(seen)][0]
    scene.path(f"M{x(0.0):.1f},{y:.1f}H{x(1.0):.1f}", stroke=FAINT, width=1.5)
    for number in range(TICKS):
        share = number / (TICKS - 1)
        scene.path(f"M{x(share):.1f},{y:.1f}v5", stroke=FAINT)
        text = figure(float(low + share * (high - low)))
        scene.text(x(share), y + 18.0, text, size=10.5, fill=MUTED, align="center")
    issue = seen.bound.model.issues[0]
    title = issue_title(seen.bound, 0, words.language)
    title = f"{title} ({issue.unit})" if issue.unit else title
    scene.text(x(0.5), y + 38.0, shorten(title, 60), size=SIZE, align="center")


def _world_of(seen: Seen) -> int:
    return seen.problem // seen.bound.n_cases


def _agreement(
    scene: Scene, seen: Seen, words: Words, x: Any, y: float, colours: list[str]
) -> None:
    """The agreement as a dot on the line; offers made in turns as triangles."""
    if seen.world.likeliest is None:
        return
    span = seen.bound.span[_world_of(seen)][0]
    extent = span[1] - span[0]

    def share_of(value: float) -> float:
        return (value - span[0]) / extent if extent else 0.5

    agreed = float(span[0] + seen.world.likeliest[0] * extent)
    if seen.bound.model.concept == "rubinstein":
        for player in (0, 1):
            offer = float(seen.world.offers[player, 0])
            if np.isfinite(offer):
                scene.dot(
                    x(share_of(offer)), y - 5.0, fill=colours[player], size=46.0,
                    shape="triangle-down",
                )  # fmt: skip
    at = x(share_of(agreed))
    scene.path(f"M{at:.1f},{TOP - 8:.1f}V{y:.1f}", stroke=INK, width=1.2, dash=(3.0, 3.0))
    scene.dot(at, y, fill=INK, size=90.0)
    text = words("agreement_of", value=figure(agreed))
    near_end = share_of(agreed) > 0.8
    scene.text(
        at - 6.0 if near_end else at + 6.0, TOP - 10.0, text, size=11.5, weight="bold",
        align="right" if near_end else "left", edged=True,
    )  # fmt: skip
