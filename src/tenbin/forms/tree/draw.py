"""Pictures of a tree game and of its solution in one world, for pages and for the terminal.

A game of up to `READABLE` ends is drawn node by node. A larger one is drawn by its moves, and its
solution also as the tree of its most probable ways through, the rest gathered in one line each.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from rich.console import RenderableType

from tenbin.figures.colours import player_colours
from tenbin.figures.gametree import NEVER, GameTree, Point, percent, tree_spec
from tenbin.figures.lettering import short_name
from tenbin.figures.movegraph import EndRow, MoveBox, MoveGraph, Way, moves_spec
from tenbin.figures.plain import moves_text, tree_text
from tenbin.figures.ways import likely_ways, merged_histories
from tenbin.figures.words import Words, picture_words, read_words
from tenbin.forms.contract import Drawing
from tenbin.forms.tree.bind import BoundTree
from tenbin.forms.tree.expand import TYPES
from tenbin.forms.tree.rules import Rules
from tenbin.forms.tree.tables import NONE, Tree, TreeGame, TreeSolution
from tenbin.scenario.language import Array
from tenbin.scenario.objects import Scenario
from tenbin.scenario.texts import Text

__all__ = [
    "TreeLabels",
    "draw_model",
    "draw_tree",
    "text_model",
    "text_tree",
    "tree_labels",
]

READABLE = 40
"""Ends up to which the whole tree is drawn."""
SHORT = 14
"""Terminal cells up to which a player's title is written out in a picture."""
MOST_TYPES = 4
"""Types up to which a move's box shows what each of them does."""
KEPT = 24
"""Ends that the tree of the most probable ways shows."""


@dataclass(frozen=True)
class TreeLabels:
    """What things are called in one language; names without an entry stand for themselves."""

    words: Words
    players: tuple[str, ...]
    colours: tuple[str, ...]
    titles: Mapping[str, str]
    """Titles of moves and ends by name, of actions and branches by `move.action`."""
    types: Mapping[str, str]
    """Titles of the players by name, for the types that they have."""
    movers: Mapping[str, int]
    """Whose each player's move is, by the player's number: known where a policy commits it too."""
    kinds: Mapping[str, str] = field(default_factory=dict[str, str])
    """Titles of types by `player.type`."""

    def node(self, name: str) -> str:
        return self.titles.get(name) or _spaced(name)

    def edge(self, move: str, name: str) -> str:
        """What an action or branch is called; types by their players."""
        if move == TYPES:
            named = (part.partition(".") for part in name.split(", "))
            return ", ".join(
                f"{self.types[player]}: {self.kind(player, kind)}" for player, _, kind in named
            )
        return self.titles.get(f"{move}.{name}") or _spaced(name)

    def kind(self, player: str, name: str) -> str:
        """What a type of a player is called."""
        return self.kinds.get(f"{player}.{name}") or _spaced(name)


def _spaced(name: str) -> str:
    return name.replace("_", " ")


def tree_labels(
    scenario: Scenario,
    model: str,
    players: tuple[str, ...],
    language: str,
    rules: Rules | None = None,
) -> TreeLabels:
    """Labels of one model of a scenario; colours by the scenario's own order of players.

    `rules` tell what an imported model's moves and ends are, which its body does not list.
    """
    body: Mapping[str, Any] = scenario.models[model].body
    titles: dict[str, str] = {}
    movers = {
        name: players.index(move["player"])
        for name, move in body.get("moves", {}).items()
        if "player" in move
    }
    if rules is not None:
        titles = {".".join(path): its.in_language(language) for path, its in rules.titles.items()}
        movers = {name: its.player for name, its in rules.moves.items() if its.player is not None}
    for name, move in body.get("moves", {}).items():
        titles[name] = _title(move, language)
        for key in ("actions", "chance"):
            for action, given in (move.get(key) or {}).items():
                titles[f"{name}.{action}"] = _title(given, language)
    for name, end in body.get("ends", {}).items():
        titles[name] = _title(end, language)
    colours = player_colours(tuple(scenario.players))
    titled = [scenario.players[player].title.in_language(language) for player in players]
    named = [short_name(title, p, SHORT) for title, p in zip(titled, players, strict=True)]
    words = picture_words(language)
    titles[TYPES] = words("types")
    shades = tuple(colours[player] for player in players)
    by_name = dict(zip(players, named, strict=True))
    kinds = {
        f"{player}.{kind}": Text.of(title).in_language(language)
        for player, given in body.get("type_titles", {}).items()
        for kind, title in given.items()
    }
    return TreeLabels(words, tuple(named), shades, titles, by_name, movers, kinds)


def _title(given: Any, language: str) -> str:
    """The title in a mapping of the file, in the language; empty where there is none."""
    return Text.of(given.get("title")).in_language(language) if isinstance(given, Mapping) else ""


def draw_tree(
    game: TreeGame, labels: TreeLabels, solution: TreeSolution | None = None, world: int = 0
) -> list[Drawing]:
    """The pictures that show a game best, with what happens in it where it is solved.

    Parameters
    ----------
    game
        Games of a batch of worlds; payoffs and chance are those of `world`.
    labels
        What players, moves, actions and ends are called.
    solution
        Its solution; None, or unsolved in `world`: the game alone is drawn.
    world
        Which world of the batch.
    """
    ends, words = game.tree.n_terminals, labels.words
    play = _play(game, solution, world)
    if ends <= READABLE:
        tree = _game_tree(game, labels, play, world)
        return [_drawing("tree", tree_spec(tree, words), words, ends, ends, tree.solved)]
    graph = _move_graph(game, labels, play, world)
    drawings = [_drawing("moves", moves_spec(graph, words), words, ends, ends, graph.solved)]
    if play is not None:
        whole = _game_tree(game, labels, play, world)
        histories = merged_histories(whole, skip_root=game.tree.node_names[0] == TYPES)
        kept, covered = likely_ways(histories, words, KEPT)
        shown = sum(point.kind == "end" for point in kept.points)
        drawings.append(
            _drawing("paths", tree_spec(kept, words), words, shown, ends, True, covered)
        )
    return drawings


def _drawing(
    kind: str,
    spec: dict[str, Any],
    words: Words,
    shown: int,
    ends: int,
    solved: bool,
    covered: float = 1.0,
) -> Drawing:
    """A picture with its caption: how many of its ends it shows, and with which probability."""
    own = read_words("tenbin.forms.tree", words.language)
    caption = own.count("drawing." + kind, shown, ends=f"{ends:,}", covered=percent(covered))
    return Drawing(kind, spec, caption if solved else f"{own('drawing.unsolved')} {caption}")


def text_tree(
    game: TreeGame, labels: TreeLabels, solution: TreeSolution | None = None, world: int = 0
) -> RenderableType:
    """The game as lines of text for a terminal; a large one by its moves."""
    play = _play(game, solution, world)
    if game.tree.n_terminals <= READABLE:
        return tree_text(_game_tree(game, labels, play, world), labels.words)
    return moves_text(_move_graph(game, labels, play, world), labels.words)


def draw_model(
    scenario: Scenario,
    bound: BoundTree,
    solution: TreeSolution | None,
    language: str,
    world: int = 0,
) -> list[Drawing]:
    """The pictures of one model of a scenario, its solution in them where there is one."""
    model = bound.model
    labels = tree_labels(scenario, model.name, model.players, language, model.rules)
    return draw_tree(bound.game, labels, solution, world)


def text_model(
    scenario: Scenario,
    bound: BoundTree,
    solution: TreeSolution | None,
    language: str,
    world: int = 0,
) -> RenderableType:
    """One model of a scenario as lines for a terminal."""
    model = bound.model
    labels = tree_labels(scenario, model.name, model.players, language, model.rules)
    return text_tree(bound.game, labels, solution, world)


@dataclass(frozen=True, slots=True)
class _Play:
    """What happens in one world: probability of each step [N], reach [N], belief [N].

    `log_near` [N] is the logarithm of the reach under the witness: finite wherever trembles lead.
    """

    step: Array
    reach: Array
    log_near: Array
    belief: Array


def _play(game: TreeGame, solution: TreeSolution | None, world: int) -> _Play | None:
    if solution is None or not solution.found[world, 0]:
        return None
    tree = game.tree
    step = _steps(tree, game.chance[world], solution.profile[world, 0])
    trembles = _steps(tree, _logs(game.chance[world]), solution.log_witness[world, 0], 0.0)
    log_near = _sums_along(tree, trembles)
    belief = np.full(tree.n_nodes, np.nan)
    order = np.argsort(tree.infoset, kind="stable")
    for members in np.split(order, np.flatnonzero(np.diff(tree.infoset[order])) + 1):
        if tree.infoset[members[0]] != NONE:
            belief[members] = _shares(log_near[members])
    reach = np.exp(_sums_along(tree, _logs(step)))
    return _Play(step, reach, log_near, belief)


def _steps(tree: Tree, chance: Array, profile: Array, none: float = 1.0) -> Array:
    """What leads into each node [N], by chance [C] and profile [G]; `none` at the root."""
    step = np.full(tree.n_nodes, none)
    by_player, by_chance = tree.action != NONE, tree.branch != NONE
    step[by_player] = profile[tree.action[by_player]]
    step[by_chance] = chance[tree.branch[by_chance]]
    return step


def _logs(probabilities: Array) -> Array:
    with np.errstate(divide="ignore"):
        return np.log(probabilities)


def _sums_along(tree: Tree, steps: Array) -> Array:
    """Sums of the steps [N] from the root down to each node [N]."""
    sums = steps.copy()
    for node in range(1, tree.n_nodes):
        sums[node] += sums[tree.parent[node]]
    return sums


def _shares(logs: Array) -> Array:
    """Shares that sum to one, in proportion to numbers given by their logarithms."""
    top = logs.max()
    if not np.isfinite(top):
        return np.full(len(logs), 1.0 / len(logs))
    weights = np.exp(logs - top)
    return weights / weights.sum()


def _game_tree(game: TreeGame, labels: TreeLabels, play: _Play | None, world: int) -> GameTree:
    tree = game.tree
    sizes = np.bincount(tree.infoset[tree.infoset != NONE], minlength=tree.n_infosets)
    shared = {int(i): k for k, i in enumerate(np.flatnonzero(sizes > 1))}
    points = tuple(_point(game, labels, play, world, node, shared) for node in range(tree.n_nodes))
    return GameTree(points, labels.players, labels.colours)


def _point(
    game: TreeGame,
    labels: TreeLabels,
    play: _Play | None,
    world: int,
    node: int,
    shared: Mapping[int, int],
) -> Point:
    tree = game.tree
    infoset, terminal, parent = (int(a[node]) for a in (tree.infoset, tree.terminal, tree.parent))
    group, player = shared.get(infoset), labels.movers.get(tree.node_names[node])
    chance_step = tree.branch[node] != NONE
    return Point(
        parent=parent,
        kind="end" if terminal != NONE else "chance" if player is None else "decision",
        title=labels.node(tree.node_names[node]),
        player=player,
        edge=_edge(tree, labels, node),
        probability=(
            float(play.step[node])
            if play is not None and parent >= 0
            else float(game.chance[world, tree.branch[node]])
            if chance_step
            else None
        ),
        reach=float(play.reach[node]) if play is not None else None,
        group=group,
        belief=float(play.belief[node]) if play is not None and group is not None else None,
        payoffs=tuple(map(float, game.payoffs[world, terminal])) if terminal != NONE else (),
    )


def _edge(tree: Tree, labels: TreeLabels, node: int) -> str:
    above = tree.node_names[tree.parent[node]] if tree.parent[node] != NONE else ""
    if tree.action[node] != NONE:
        return labels.edge(above, tree.action_names[tree.action[node]])
    if tree.branch[node] != NONE:
        return labels.edge(above, tree.branch_names[tree.branch[node]])
    return ""


def _move_graph(game: TreeGame, labels: TreeLabels, play: _Play | None, world: int) -> MoveGraph:
    tree = game.tree
    names = tree.node_names
    nodes_of: dict[str, list[int]] = {}
    for node in range(tree.n_nodes):
        nodes_of.setdefault(names[node], []).append(node)
    moves = [name for name, nodes in nodes_of.items() if tree.terminal[nodes[0]] == NONE]
    boxes = {name: _move_box(game, labels, play, nodes_of[name], world) for name in moves}
    order = _before_what_follows(boxes)
    ends = [
        _end_row(game, labels, play, nodes, world)
        for nodes in nodes_of.values()
        if tree.terminal[nodes[0]] != NONE
    ]
    return MoveGraph(
        tuple(boxes[name] for name in order), tuple(ends), labels.players, labels.colours
    )


def _before_what_follows(boxes: Mapping[str, MoveBox]) -> list[str]:
    """Moves by depth: each stands before those it leads to."""
    depth = dict.fromkeys(boxes, 0)
    for _ in boxes:
        for name, box in boxes.items():
            for way in box.ways:
                if way.target in depth:
                    depth[way.target] = max(depth[way.target], depth[name] + 1)
    return sorted(boxes, key=lambda name: depth[name])


def _move_box(
    game: TreeGame, labels: TreeLabels, play: _Play | None, nodes: list[int], world: int
) -> MoveBox:
    tree = game.tree
    name = tree.node_names[nodes[0]]
    reach = float(play.reach[nodes].sum()) if play is not None else None
    kinds = _own_types(tree, labels.movers.get(name), nodes) if play is not None else {}
    children = np.flatnonzero(np.isin(tree.parent, nodes))
    members: dict[tuple[str, str], list[int]] = {}
    for child in map(int, children):
        members.setdefault((_edge(tree, labels, child), tree.node_names[child]), []).append(child)
    ways = tuple(
        Way(
            label,
            target,
            None if play is None else _once_reached(tree, play, nodes, below),
            None if play is None else float(play.reach[below].sum()),
            ()
            if play is None
            else tuple(_once_reached(tree, play, own, below) for own in kinds.values()),
        )
        for (label, target), below in members.items()
    )
    mover = labels.movers.get(name)
    shown = (
        tuple(labels.kind(tree.players[mover], kind) for kind in kinds) if mover is not None else ()
    )
    return MoveBox(name, labels.node(name), mover, reach, ways, shown)


def _own_types(tree: Tree, player: int | None, nodes: list[int]) -> dict[str, list[int]]:
    """The nodes of a move by the mover's own type; nothing where the mover has but one."""
    if player is None or tree.node_names[0] != TYPES:
        return {}
    wanted, found = tree.players[player] + ".", dict[str, list[int]]()
    for node in nodes:
        top = node
        while tree.parent[top] > 0:
            top = int(tree.parent[top])
        drawn = tree.branch_names[tree.branch[top]].split(", ")
        for part in drawn:
            if part.startswith(wanted):
                found.setdefault(part.removeprefix(wanted), []).append(node)
    return found if 1 < len(found) <= MOST_TYPES else {}


def _once_reached(tree: Tree, play: _Play, nodes: list[int], below: list[int]) -> float:
    """The probability of a way once its move is reached, if only by a tremble."""
    on_path = play.reach[nodes].sum()
    weights = np.zeros(tree.n_nodes)
    weights[nodes] = (
        play.reach[nodes] / on_path if on_path > NEVER else _shares(play.log_near[nodes])
    )
    return min(float((weights[tree.parent[below]] * play.step[below]).sum()), 1.0)


def _end_row(
    game: TreeGame, labels: TreeLabels, play: _Play | None, nodes: list[int], world: int
) -> EndRow:
    tree = game.tree
    payoffs = game.payoffs[world, tree.terminal[nodes]]
    weights = play.reach[nodes] if play is not None else np.zeros(len(nodes))
    if weights.sum() <= 0.0:
        weights = np.ones(len(nodes))
    mean = weights @ payoffs / weights.sum()
    name = tree.node_names[nodes[0]]
    reach = float(play.reach[nodes].sum()) if play is not None else None
    return EndRow(name, labels.node(name), reach, tuple(map(float, mean)))
