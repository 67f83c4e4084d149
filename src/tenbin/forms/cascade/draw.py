"""Pictures of a cascade: the network in order of adoption, a crowd's path, a regime's fall."""

from __future__ import annotations

from typing import Any

import numpy as np

from tenbin.figures.network import Link, Network, Node, network_spec
from tenbin.figures.words import Words
from tenbin.forms.cascade.charts import crowd_chart, regime_chart
from tenbin.forms.cascade.game import BoundCascade
from tenbin.forms.cascade.picture import CLASSES, Standing, cascade_words, figure, standings
from tenbin.forms.cascade.tables import JOINED, CascadeGame, CascadeSolution, RegimeGame
from tenbin.forms.cascade.text import cost_text, text_model
from tenbin.forms.contract import Drawing
from tenbin.scenario.objects import Scenario

__all__ = ["draw_model", "text_model"]


def draw_model(
    scenario: Scenario,
    bound: BoundCascade,
    solution: CascadeSolution,
    language: str,
    world: int = 0,
) -> list[Drawing]:
    """The pictures of one model of a scenario in one world."""
    words, game = cascade_words(language), bound.game
    if isinstance(game, RegimeGame):
        return [
            Drawing("regime", regime_chart(game, solution, words, world), words("drawing.regime"))
        ]
    if game.common is not None:
        return [Drawing("crowd", crowd_chart(game, solution, words, world), words("drawing.crowd"))]
    rows = standings(scenario, bound, solution, language, world)
    spec = _network_spec(game, solution, rows, words, world)
    key = "drawing.private" if game.private else "drawing.network"
    key = key if solution.found[world, 0] else "drawing.unsolved"
    caption = words(key)
    if solution.found[world, 1]:
        caption += " " + words("drawing.several")
    return [Drawing("network", spec, caption)]


def _network_spec(
    game: CascadeGame,
    solution: CascadeSolution,
    rows: list[Standing],
    words: Words,
    world: int,
) -> dict[str, Any]:
    columns = sorted({row.column for row in rows if row.column is not None})
    place = {column: number for number, column in enumerate(columns)}
    nodes = tuple(
        Node(
            title=row.title,
            colour=row.colour,
            column=None if row.column is None else place[row.column],
            share=row.joins,
            lines=_lines(row, words),
            mark=words("note.tipping") if row.tipping else "",
        )
        for row in rows
    )
    weight = game.influence[world] + game.staying[world]
    links = tuple(
        Link(int(other), int(player), float(weight[player, other]))
        for player, other in np.argwhere(weight > 0)
    )
    heads = tuple(_head(game, column, words) for column in columns)
    return network_spec(Network(nodes, links, heads, words("head.out")), _description(rows, words))


def _head(game: CascadeGame, column: int, words: Words) -> str:
    """What stands above a column: the step, or the class of probability."""
    if column == 0:
        return words("head.start")
    if not game.private:
        return words("head.step_number", step=column)
    low, high = CLASSES[column - 1], (1.0, *CLASSES)[column - 1]
    return words("head.class", low=f"{100 * low:.0f}", high=f"{100 * high:.0f}")


def _lines(row: Standing, words: Words) -> tuple[str, ...]:
    """What stands in a player's box."""
    if row.forced == JOINED:
        return (words("note.seed"),)
    told = [words("line.cost", cost=cost_text(row, words))]
    if not np.isnan(row.worth):
        told.append(words("line.worth", worth=figure(row.worth)))
    if row.also:
        told.append(words("note.also"))
    return tuple(told)


def _description(rows: list[Standing], words: Words) -> str:
    """The picture in a sentence, for readers who do not see it."""
    joined = ", ".join(row.title for row in rows if row.joins >= 0.5)
    return words("describe", players=", ".join(row.title for row in rows)) + (
        " " + words("describe.joined", players=joined) if joined else ""
    )
