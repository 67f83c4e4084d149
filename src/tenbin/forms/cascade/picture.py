"""What both the pictures and the lines of text show: who joins when, and what things are called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tenbin.figures.colours import player_colours
from tenbin.figures.words import Words, read_words
from tenbin.forms.cascade.game import BoundCascade
from tenbin.forms.cascade.payoffs import expected_payoff
from tenbin.forms.cascade.tables import CascadeGame, CascadeSolution, CostKind
from tenbin.forms.cascade.tipping import NOBODY, tipping_players
from tenbin.scenario.objects import Scenario

__all__ = ["CLASSES", "Standing", "cascade_words", "figure", "player_titles", "standings"]

CLASSES = (0.9, 0.5, 0.1, 0.0)
"""Where the classes of probability end in which players stand whose costs are private."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One player in one world: `column` orders adoption; None: does not join."""

    name: str
    title: str
    colour: str
    joins: float
    step: int | None
    column: int | None
    threshold: float
    spread: float
    kind: CostKind
    worth: float
    payoff: float
    tipping: bool
    forced: int
    also: bool
    """Whether the player joins at the other end of the equilibria, and not here."""


def cascade_words(language: str) -> Words:
    """The words of this room."""
    return read_words("tenbin.forms.cascade", language)


def figure(number: float) -> str:
    """A number as pictures show it."""
    return f"{number:.3g}".replace("-", "−")


def player_titles(scenario: Scenario, language: str) -> Mapping[str, str]:
    """Titles of the scenario's players, without what stands in brackets."""
    titles: dict[str, str] = {}
    for name, player in scenario.players.items():
        title = player.title.in_language(language).partition("(")[0].partition("（")[0].strip()
        titles[name] = title or name.replace("_", " ")
    return titles


def standings(
    scenario: Scenario, bound: BoundCascade, solution: CascadeSolution, language: str, world: int
) -> list[Standing]:
    """The players of a network in one world at the selected equilibrium, in the file's order."""
    game = bound.game
    assert isinstance(game, CascadeGame)
    titles, colours = player_titles(scenario, language), player_colours(tuple(scenario.players))
    solved = bool(solution.found[world, 0])
    tips = int(tipping_players(game, solution)[world, 0]) if solved else NOBODY
    joins, step = solution.joins[world, 0], solution.step[world, 0]
    other = solution.joins[world, 1] if solution.found[world, 1] else joins
    found: list[Standing] = []
    for number, name in enumerate(game.players):
        at = None if np.isnan(step[number]) or not solved else int(step[number])
        column = at
        if solved and game.private and not game.forced[number]:
            column = next(at for at, low in enumerate(CLASSES) if joins[number] >= low) + 1
        with np.errstate(all="ignore"):
            payoff = expected_payoff(game, solution, number)[world, 0]
        found.append(
            Standing(
                name=name,
                title=titles.get(name, name),
                colour=colours.get(name, "#5c5c58"),
                joins=float(joins[number]) if solved else float("nan"),
                step=at,
                column=column,
                threshold=float(game.cost_a[world, number]),
                spread=float(game.cost_b[world, number]),
                kind=CostKind(int(game.kind[number])),
                worth=float(solution.cutoff[world, 0, number]),
                payoff=float(payoff),
                tipping=number == tips,
                forced=int(game.forced[number]),
                also=bool(solved and joins[number] < 0.5 <= other[number]),
            )
        )
    return found
