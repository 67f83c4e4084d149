"""Pictures of a conflict in one world: the graph of its states, and its tableau.

Of a conflict with more than `MOST` states the ones that matter are drawn: the start, the way from
it to the selected equilibrium, the equilibria, and the states that the file names. The tableau has
room for more of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, sqrt
from typing import Any

import numpy as np
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text as RichText

from tenbin.figures.colours import INK, MUTED, player_colours
from tenbin.figures.lettering import short_name
from tenbin.figures.stategraph import Arrow, Legend, StateBox, StateGraph, states_spec
from tenbin.figures.statetable import StateTable, TableRow, TableSection, table_spec
from tenbin.figures.words import Words, read_words
from tenbin.forms.conflict.game import BoundConflict
from tenbin.forms.conflict.tables import NONE, Bools, ConflictSolution, Graph
from tenbin.forms.conflict.ways import shortest_way
from tenbin.forms.contract import Drawing
from tenbin.scenario.objects import Scenario
from tenbin.scenario.texts import Text

__all__ = ["MOST", "draw_conflict", "shown_states", "text_conflict"]

MOST = 16
"""States that the graph shows."""
MOST_COLUMNS = 24
"""States that the tableau shows."""
MOST_IN_TEXT = 60
"""States that the table for a terminal shows."""
MOST_LINES = 90
"""Moves up to which those that nobody would make are drawn too."""
SHORT = 14
"""Terminal cells up to which a player's title is written out in a picture."""


@dataclass(frozen=True)
class _View:
    """One world of a solved conflict with all that is said of it in one language."""

    graph: Graph
    words: Words
    names: Mapping[str, Bools]
    players: tuple[str, ...]
    colours: tuple[str, ...]
    owners: tuple[int, ...]
    """Whose each option is."""
    options: tuple[str, ...]
    titles: tuple[str, ...]
    """What each state is called [S]; its number where the file has no name for it."""
    ranks: np.ndarray[Any, np.dtype[np.int16]]
    """[P, S]"""
    stable: Mapping[str, Bools]
    """Label of a stability -> the states [S] that nobody would leave."""
    equilibria: tuple[int, ...]
    """The selected one first; none where the world is not solved."""
    path: tuple[tuple[int, int, int], ...]
    """Moves (player, from, to) from the start to the selected equilibrium."""
    moves_taken: np.ndarray[Any, np.dtype[np.int16]]
    concept: str

    def on(self, state: int) -> list[int]:
        """The options that are on at a state."""
        return np.flatnonzero(self.graph.options[state]).tolist()


def draw_conflict(
    scenario: Scenario,
    bound: BoundConflict,
    solution: ConflictSolution,
    language: str,
    world: int = 0,
) -> list[Drawing]:
    """The graph of the states with the equilibria marked, and the tableau.

    Parameters
    ----------
    scenario
        Where the model stands, for titles.
    bound, solution
        Conflicts of a batch and their equilibria.
    language
        Language of titles and words.
    world
        Which world of the batch.
    """
    view = _view(scenario, bound, solution, language, world)
    boxes, columns = _shown(view, MOST), _shown(view, MOST_COLUMNS)
    spec = states_spec(_state_graph(view, boxes), _legend(view), _description(view))
    table = table_spec(_tableau(view, columns), _description(view))
    kind = "graph" if view.graph.start != NONE else "free"
    return [
        Drawing("graph", spec, _caption(view, kind, len(boxes))),
        Drawing("table", table, _caption(view, "table", len(columns))),
    ]


def _shown(view: _View, most: int) -> list[int]:
    return shown_states(view.graph, view.equilibria, view.path, view.names, most)


def shown_states(
    graph: Graph,
    equilibria: tuple[int, ...],
    path: tuple[tuple[int, int, int], ...],
    names: Mapping[str, Bools],
    most: int,
) -> list[int]:
    """The states that a picture shows, in the order of their numbers; all where there is room."""
    if graph.n_states <= most:
        return list(range(graph.n_states))
    wanted = [graph.start] if graph.start != NONE else []
    wanted += [state for _, _, state in path]
    wanted += equilibria
    own = (held for name, held in names.items() if name not in graph.option_names)
    wanted += [int(np.flatnonzero(held)[0]) for held in own if held.sum() == 1]
    return sorted(list(dict.fromkeys(wanted))[:most] or range(most))


def text_conflict(
    scenario: Scenario,
    bound: BoundConflict,
    solution: ConflictSolution,
    language: str,
    world: int = 0,
) -> RenderableType:
    """The tableau as a table for a terminal: a line per state."""
    view = _view(scenario, bound, solution, language, world)
    shown = _shown(view, MOST_IN_TEXT)
    table = Table(caption=_caption(view, "lines", len(shown)), caption_justify="left")
    table.add_column(view.words("state"), min_width=8)
    if view.options:
        table.add_column(view.words("on"), min_width=16)
    for player, colour in zip(view.players, view.colours, strict=True):
        table.add_column(player, justify="right", header_style=colour)
    table.add_column(view.words("stable_for_all"))
    for state in shown:
        title = view.titles[state]
        title += f" ({view.words('start')})" if state == view.graph.start else ""
        style = "bold" if state in view.equilibria else ""
        ranks = [str(int(its[state])) for its in view.ranks]
        stable = " · ".join(label for label, held in view.stable.items() if held[state])
        on = [_on_text(view, state)] if view.options else []
        table.add_row(RichText(title), *on, *ranks, stable, style=style)
    return table


def _on_text(view: _View, state: int) -> RichText:
    line = RichText()
    for option in view.on(state):
        line.append(", " if line else "")
        line.append(view.options[option], style=view.colours[view.owners[option]])
    return line


# what is drawn


def _view(
    scenario: Scenario, bound: BoundConflict, solution: ConflictSolution, language: str, world: int
) -> _View:
    model, game = bound.model, bound.game
    graph, order = game.graph, int(game.order[world])
    body: Mapping[str, Any] = scenario.models[model.name].body
    colours = player_colours(tuple(scenario.players))
    words = read_words("tenbin.forms.conflict", language)
    rows = [its[game.row[order, player]] for player, its in enumerate(game.ranks)]
    equilibria = tuple(int(s) for s in solution.state[world] if s != NONE)
    given = body.get("options") or {}
    owner = [its if isinstance(its, str) else its["player"] for its in given.values()]
    valid = bool(game.valid[world])
    return _View(
        graph=graph,
        words=words,
        names={name: held for name, held in model.sets.items() if name[1:].isdecimal() is False},
        players=tuple(
            short_name(scenario.players[p].title.in_language(language), p, SHORT)
            for p in graph.players
        ),
        colours=tuple(colours[player] for player in graph.players),
        owners=tuple(graph.players.index(player) for player in owner),
        options=tuple(_title(its, language) or _spaced(name) for name, its in given.items()),
        titles=_state_titles(graph, body, language),
        ranks=np.stack(rows),
        stable=_stabilities(solution, graph, order, words) if valid else {},
        equilibria=equilibria,
        path=shortest_way(graph, np.stack(rows), equilibria[0]) if equilibria else (),
        moves_taken=solution.moves_taken,
        concept=solution.concept,
    )


def _spaced(name: str) -> str:
    return name.replace("_", " ")


def _title(given: Any, language: str) -> str:
    return Text.of(given.get("title")).in_language(language) if isinstance(given, Mapping) else ""


def _state_titles(graph: Graph, body: Mapping[str, Any], language: str) -> tuple[str, ...]:
    found: list[str] = []
    sections = [body.get(key) for key in ("merge", "states")]
    named = {k: v for its in sections if isinstance(its, Mapping) for k, v in its.items()}
    for name in graph.state_names:
        number = name[1:] if graph.option_names and name[1:].isdecimal() else ""
        found.append(_title(named.get(name), language) or number or _spaced(name))
    return tuple(found)


def _stabilities(
    solution: ConflictSolution, graph: Graph, order: int, words: Words
) -> dict[str, Bools]:
    alone = list(range(graph.n_players))
    found = {
        words(f"short.{concept}"): solution.holds(concept, alone)[order]
        for concept in ("nash", "smr", "gmr", "seq")
    }
    if graph.coalitions:
        groups = list(range(len(graph.groups)))
        label = words("with_coalitions", concept=words(f"short.{solution.concept}"))
        found[label] = solution.holds(solution.concept, groups)[order]
    return found


def _state_graph(view: _View, shown: list[int]) -> StateGraph:
    index = {state: number for number, state in enumerate(shown)}
    has_start = view.graph.start != NONE
    last = 1 + max((int(view.moves_taken[s]) for s in shown), default=0)
    rows = ceil(sqrt(len(shown)))
    boxes: list[StateBox] = []
    for state, number in index.items():
        near = int(view.moves_taken[state])
        column = near if near != NONE else last if has_start else number // rows
        lines = tuple((view.options[o], view.colours[view.owners[o]]) for o in view.on(state))
        if view.graph.option_names and not lines:
            lines = ((view.words("nothing_on"), MUTED),)
        boxes.append(
            StateBox(
                title=view.titles[state],
                lines=lines,
                column=column,
                settled=state in view.equilibria,
                selected=has_start and state in view.equilibria[:1],
                note=view.words("start") if state == view.graph.start else "",
            )
        )
    return StateGraph(tuple(boxes), _arrows(view, index), view.players, view.colours)


def _arrows(view: _View, index: Mapping[int, int]) -> tuple[Arrow, ...]:
    """The moves between shown states; of two opposite ones of a player, only one that is wanted."""
    wanted: list[Arrow] = []
    unwanted: dict[tuple[int, int, int], Arrow] = {}
    taken = set(view.path)
    for player in range(view.graph.n_players):
        for source, number in index.items():
            for target in map(int, view.graph.moves(player, source)):
                if target not in index:
                    continue
                gains = view.ranks[player, target] > view.ranks[player, source]
                on_path = (player, source, target) in taken
                arrow = Arrow(number, index[target], player, bool(gains), on_path)
                if gains or on_path:
                    wanted.append(arrow)
                else:
                    low, high = sorted((number, index[target]))
                    unwanted.setdefault((player, low, high), arrow)
    for arrow in wanted:
        low, high = sorted((arrow.source, arrow.target))
        unwanted.pop((arrow.player, low, high), None)
    every = wanted + (list(unwanted.values()) if len(wanted) + len(unwanted) <= MOST_LINES else [])
    return tuple(every)


def _tableau(view: _View, shown: list[int]) -> StateTable:
    graph, words = view.graph, view.words
    sections: list[TableSection] = []
    for player, (name, colour) in enumerate(zip(view.players, view.colours, strict=True)):
        own = [o for o, owner in enumerate(view.owners) if owner == player]
        rows = [
            TableRow(view.options[o], tuple(bool(graph.options[s, o]) for s in shown)) for o in own
        ]
        ranks = tuple(str(int(view.ranks[player, s])) for s in shown)
        rows.append(TableRow(words("rank"), ranks))
        sections.append(TableSection(name, colour, tuple(rows)))
    if view.stable:
        rows = [
            TableRow(label, tuple(bool(held[s]) for s in shown))
            for label, held in view.stable.items()
        ]
        sections.append(TableSection(words("stable_for_all"), INK, tuple(rows)))
    heads = tuple(f"{view.titles[s]} ▸" if s == graph.start else view.titles[s] for s in shown)
    has_start = graph.start != NONE
    selected = shown.index(view.equilibria[0]) if view.equilibria and has_start else None
    settled = tuple(s in view.equilibria for s in shown)
    return StateTable(heads, settled, selected, tuple(sections))


def _legend(view: _View) -> Legend:
    words = view.words
    selected = words("selected") if view.graph.start != NONE else ""
    return Legend(words("settled"), selected, words("wanted"), words("unwanted"))


def _description(view: _View) -> str:
    """The picture in a sentence or two, for readers who do not see it."""
    words = view.words
    text = words("describe", players=", ".join(view.players), count=f"{view.graph.n_states:,}")
    if not view.equilibria:
        return text
    names = ", ".join(view.titles[state] for state in view.equilibria[:MOST])
    return f"{text} {words('describe_equilibria', states=names)}"


def _caption(view: _View, kind: str, shown: int) -> str:
    words = view.words
    text = words.count(f"drawing.{kind}", view.graph.n_states)
    if shown < view.graph.n_states:
        text += " " + words.count("drawing.some", shown)
    if not view.equilibria:
        key = "drawing.none" if view.stable else "drawing.unsolved"
        return f"{words(key, concept=words('short.' + view.concept))} {text}"
    concept = words(f"concept.{view.concept}")
    return f"{text} {words('drawing.concept', concept=concept)}"
