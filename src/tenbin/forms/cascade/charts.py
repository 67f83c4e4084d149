"""Charts of a crowd and of a regime, as Vega-Lite specifications."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import ndtr

from tenbin.figures.chartframe import layered_chart
from tenbin.figures.colours import FAINT, MUTED, PLAYERS
from tenbin.figures.words import Words
from tenbin.forms.cascade.tables import CascadeGame, CascadeSolution, CostKind, RegimeGame

__all__ = ["crowd_chart", "regime_chart"]

WIDTH, HEIGHT = 440, 340
POINTS = 241


def _frame(layers: list[dict[str, Any]], words: Words, description: str) -> dict[str, Any]:
    return layered_chart(layers, words("form"), description, (WIDTH, HEIGHT))


def _axis(field: str, title: str, domain: tuple[float, float]) -> dict[str, Any]:
    return {
        "field": field,
        "type": "quantitative",
        "title": title,
        "scale": {"domain": list(domain), "nice": False},
    }


def _layer(rows: list[dict[str, Any]], mark: dict[str, Any], **encoding: Any) -> dict[str, Any]:
    return {"data": {"values": rows}, "mark": mark, "encoding": encoding}


def crowd_chart(
    game: CascadeGame, solution: CascadeSolution, words: Words, world: int
) -> dict[str, Any]:
    """How many would join if so many had, and the steps of the cascade below the diagonal."""
    count = game.n_players
    assert game.common is not None
    reach = np.sort(game.cost_a[world])
    joined = np.arange(count + 1)
    would = np.searchsorted(reach, game.common[world] * joined + 1e-9, side="right")
    x = _axis("x", words("axis.joined"), (0, count))
    y = _axis("y", words("axis.would"), (0, count))
    curve = [{"x": int(a), "y": int(b)} for a, b in zip(joined, would, strict=True)]
    layers = [
        _layer([{"x": 0, "y": 0}, {"x": count, "y": count}],
               {"type": "line", "color": FAINT, "strokeDash": [4, 3]}, x=x, y=y),
        _layer(curve, {"type": "line", "color": MUTED, "interpolate": "step-after"}, x=x, y=y),
    ]  # fmt: skip
    if solution.found[world, 0]:
        steps = solution.step[world, 0]
        last = int(np.nanmax(steps, initial=0))
        by_step = [int((steps <= step).sum()) for step in range(last + 1)]
        path = [{"x": 0, "y": 0, "n": 0}]
        for number, reached in enumerate(by_step[1:]):
            path.append({"x": by_step[number], "y": reached, "n": 2 * number + 1})
            path.append({"x": reached, "y": reached, "n": 2 * number + 2})
        line = {"type": "line", "color": PLAYERS[0], "strokeWidth": 2}
        layers.append(_layer(path, line, x=x, y=y, order={"field": "n", "type": "quantitative"}))
        layers += _ends(solution, x, y, words, world)
    joined_here = float(solution.joins[world, 0].sum())
    text = words("crowd.line", joined=f"{joined_here:.0f}", count=count)
    return _frame(layers, words, text)


def _ends(
    solution: CascadeSolution, x: Any, y: Any, words: Words, world: int
) -> list[dict[str, Any]]:
    """Points at the equilibria: the selected one full, the other hollow."""
    layers: list[dict[str, Any]] = []
    for slot in np.flatnonzero(solution.found[world]):
        at = float(solution.joins[world, slot].sum())
        label = words("point.selected" if slot == 0 else "point.other", joined=f"{at:.0f}")
        row = [{"x": at, "y": at, "label": label}]
        colour = PLAYERS[0] if slot == 0 else MUTED
        mark = {
            "type": "point",
            "size": 90,
            "color": colour,
            "filled": bool(slot == 0),
            "opacity": 1,
        }
        right = at > 0.6 * solution.joins.shape[2]
        text = {"type": "text", "align": "right" if right else "left", "dx": -10 if right else 10,
                "dy": 12, "color": colour, "fontSize": 11}  # fmt: skip
        layers.append(_layer(row, mark, x=x, y=y))
        layers.append(_layer(row, text, x=x, y=y, text={"field": "label"}))
    return layers


def regime_chart(
    game: RegimeGame, solution: CascadeSolution, words: Words, world: int
) -> dict[str, Any]:
    """The mass that attacks at each state against the mass that it takes."""
    low, high = _shown(game, world)
    states = np.linspace(low, high, POINTS)
    x = _axis("x", words("axis.state"), (low, high))
    y = _axis("y", words("axis.mass"), (0.0, 1.0))
    needed = [{"x": float(s), "y": float(s)} for s in states if 0 <= s <= 1]
    layers = [_layer(needed, {"type": "line", "color": FAINT, "strokeDash": [4, 3]}, x=x, y=y)]
    for slot in np.flatnonzero(solution.found[world]):
        state, signal = (float(v) for v in solution.cutoff[world, slot])
        mass = ndtr((signal - states) / game.noise[world])
        colour = PLAYERS[0] if slot == 0 else MUTED
        line = {"type": "line", "color": colour, "strokeWidth": 2.2 if slot == 0 else 1.2}
        rows = [{"x": float(s), "y": float(m)} for s, m in zip(states, mass, strict=True)]
        label = words("point.critical", state=f"{state:.3g}")
        point = [{"x": state, "y": state, "label": label}]
        layers += [
            _layer(rows, line, x=x, y=y),
            _layer(point, {"type": "point", "size": 90, "color": colour, "filled": True,
                           "opacity": 1}, x=x, y=y),
            _layer(point, {"type": "text", "align": "left", "dx": 10, "dy": -8, "color": colour,
                           "fontSize": 11}, x=x, y=y, text={"field": "label"}),
        ]  # fmt: skip
    if game.state_kind == CostKind.KNOWN:
        here = [{"x": float(game.state_a[world]), "label": words("point.state")}]
        layers.append(_layer(here, {"type": "rule", "color": PLAYERS[1], "strokeWidth": 1.5}, x=x))
    text = words("describe.regime")
    return _frame(layers, words, text)


def _shown(game: RegimeGame, world: int) -> tuple[float, float]:
    """The states that the chart shows: those at which an attack may decide, and where it is."""
    low, high = -0.25, 1.25
    if game.state_kind == CostKind.KNOWN:
        at = float(game.state_a[world])
        low, high = min(low, at - 0.1), max(high, at + 0.1)
    return low, high
