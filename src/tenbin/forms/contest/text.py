"""A contest as lines for a terminal."""

from __future__ import annotations

import numpy as np
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from tenbin.forms.contest.game import BoundContest
from tenbin.forms.contest.picture import contest_words, figure, player_colour, player_title
from tenbin.forms.contest.tables import ContestSolution
from tenbin.scenario.objects import Scenario

__all__ = ["text_model"]

COLUMNS = {
    "tullock": ("effort", "win", "payoff"),
    "attrition": ("length", "win", "payoff"),
    "richardson": ("arms",),
    "alliance": ("effort", "share", "payoff"),
}
"""What is told of each player, by concept."""


def text_model(
    scenario: Scenario,
    bound: BoundContest,
    solution: ContestSolution,
    language: str,
    world: int = 0,
) -> RenderableType:
    """Efforts, chances and payoffs in one world, equilibrium by equilibrium."""
    words, model = contest_words(language), bound.model
    if not solution.found[world].any():
        return Text(words("unsolved"), style="italic")
    parts: list[RenderableType] = []
    slots = np.flatnonzero(solution.found[world])
    for number, slot in enumerate(slots, start=1):
        if len(slots) > 1:
            parts.append(Text(words("equilibrium", number=number), style="bold"))
        table = Table(box=None, pad_edge=False, header_style="dim")
        table.add_column(words("head.player"))
        for key in COLUMNS[model.concept]:
            table.add_column(words(f"head.{key}"), justify="right")
        for at, name in enumerate(model.players):
            title = Text(player_title(scenario, name, language), player_colour(scenario, name))
            cells = [_cell(key, solution, world, int(slot), at) for key in COLUMNS[model.concept]]
            table.add_row(title, *cells)
        parts.append(table)
        if solution.growth is not None:
            stable = solution.growth[world, slot] < 0.0
            parts.append(Text(words("stable" if stable else "unstable"), style="dim"))
    return Group(*parts)


def _cell(key: str, solution: ContestSolution, world: int, slot: int, player: int) -> str:
    effort = solution.effort[world, slot]
    match key:
        case "win":
            return f"{100 * solution.win[world, slot, player]:.1f} %"
        case "share":
            return f"{100 * effort[player] / effort.sum():.1f} %"
        case "payoff":
            return figure(float(solution.payoff[world, slot, player]))
        case _:
            return figure(float(effort[player]))
