"""A cascade as lines for a terminal."""

from __future__ import annotations

from typing import cast

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from tenbin.figures.words import Words
from tenbin.forms.cascade.game import BoundCascade
from tenbin.forms.cascade.picture import Standing, cascade_words, figure, standings
from tenbin.forms.cascade.tables import (
    JOINED,
    CascadeGame,
    CascadeSolution,
    CostKind,
    RegimeGame,
)
from tenbin.scenario.objects import Scenario

__all__ = ["text_model"]


def text_model(
    scenario: Scenario,
    bound: BoundCascade,
    solution: CascadeSolution,
    language: str,
    world: int = 0,
) -> RenderableType:
    """Who joins, when and why, in one world."""
    words = cascade_words(language)
    if isinstance(bound.game, RegimeGame):
        return _regime_lines(solution, words, world)
    if bound.game.common is not None:
        return _crowd_lines(bound.game, solution, words, world)
    return _network_lines(scenario, bound, solution, language, world)


def _network_lines(
    scenario: Scenario, bound: BoundCascade, solution: CascadeSolution, language: str, world: int
) -> RenderableType:
    words, game = cascade_words(language), cast(CascadeGame, bound.game)
    table = Table(box=None, pad_edge=False, header_style="dim")
    heads = ("player", "joins" if game.private else "step", "worth", "threshold", "payoff", "note")
    for number, key in enumerate(heads):
        table.add_column(words(f"head.{key}"), justify="left" if number in (0, 5) else "right")
    rows = standings(scenario, bound, solution, language, world)
    for row in sorted(rows, key=lambda its: (its.column is None, its.column or 0, -its.joins)):
        table.add_row(*_cells(row, game.private, words))
    if not solution.found[world, 0]:
        return Group(table, Text(words("unsolved"), style="italic"))
    return Group(table, Text(_ends(solution, words, world), style="dim"))


def _cells(row: Standing, private: bool, words: Words) -> tuple[Text | str, ...]:
    happens = row.joins >= 0.5
    style = row.colour if happens else f"dim {row.colour}"
    name = Text(row.title, style=f"bold {style}" if happens else style)
    step = "–" if row.step is None else str(row.step)
    when = f"{100 * row.joins:.1f} %" if private else step
    seeded = row.forced == JOINED
    notes = [words("note.seed")] if seeded else []
    notes += [words("note.tipping")] if row.tipping else []
    notes += [words("note.also")] if row.also else []
    worth = "" if seeded else figure(row.worth)
    payoff = figure(row.payoff)
    return name, when, worth, "" if seeded else cost_text(row, words), payoff, "; ".join(notes)


def cost_text(row: Standing, words: Words) -> str:
    """A player's cost or threshold: a number, or between what it is drawn."""
    if row.kind == CostKind.KNOWN:
        return figure(row.threshold)
    key = "cost.uniform" if row.kind == CostKind.UNIFORM else "cost.normal"
    return words(key, a=figure(row.threshold), b=figure(row.spread))


def _ends(solution: CascadeSolution, words: Words, world: int) -> str:
    if not solution.found[world, 1]:
        return words("ends.one")
    here, there = (float(solution.joins[world, slot].sum()) for slot in (0, 1))
    return words("ends.two", here=figure(here), there=figure(there))


def _crowd_lines(
    game: CascadeGame, solution: CascadeSolution, words: Words, world: int
) -> RenderableType:
    if not solution.found[world, 0]:
        return Text(words("unsolved"), style="italic")
    joined = int(solution.joins[world, 0].sum())
    line = words("crowd.line", joined=joined, count=game.n_players)
    return Group(Text(line), Text(_ends(solution, words, world), style="dim"))


def _regime_lines(solution: CascadeSolution, words: Words, world: int) -> RenderableType:
    lines = [
        Text(
            words(
                "regime.line",
                state=figure(float(solution.cutoff[world, slot, 0])),
                signal=figure(float(solution.cutoff[world, slot, 1])),
            )
        )
        for slot in range(solution.found.shape[1])
        if solution.found[world, slot]
    ]
    return Group(*lines) if lines else Text(words("unsolved"), style="italic")
