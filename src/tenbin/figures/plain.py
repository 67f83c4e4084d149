"""The same pictures for a terminal: nested lines of text, readable without colour."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.text import Text
from rich.tree import Tree as Lines

from tenbin.figures.colours import CHANCE
from tenbin.figures.gametree import NEVER, GameTree, Point, figure, percent
from tenbin.figures.movegraph import EndRow, MoveBox, MoveGraph
from tenbin.figures.words import Words

__all__ = ["moves_text", "tree_text"]


def tree_text(tree: GameTree, words: Words) -> RenderableType:
    """The tree as nested lines: action and probability, then who moves next or the end.

    Decision points of one information set carry the same number in angle brackets; what happens
    in equilibrium is bold, what does not is dim.
    """
    shown: list[Lines] = []
    for point in tree.points:
        line = _point_line(tree, point, words)
        if point.parent < 0:
            shown.append(Lines(line, guide_style="dim"))
        else:
            shown.append(shown[point.parent].add(line))
    return shown[0]


def _point_line(tree: GameTree, point: Point, words: Words) -> Text:
    line = Text()
    happens = point.reach is None or point.reach > NEVER
    if point.edge:
        line.append(point.edge, style=_edge_style(tree, point))
        if point.probability is not None:
            line.append(f" {percent(point.probability)}")
        line.append(" → ")
    colour = CHANCE if point.player is None else tree.colours[point.player]
    if point.kind in ("end", "rest"):
        line.append(point.title, style="italic")
        for payoff, player, shade in zip(point.payoffs, tree.players, tree.colours, strict=False):
            line.append(f"  {player} ", style="dim")
            line.append(figure(payoff), style=shade)
        if point.reach is not None:
            line.append(f"  ({percent(point.reach)})", style="bold" if happens else "")
    else:
        mover = words("chance") if point.player is None else tree.players[point.player]
        line.append(mover, style=f"bold {colour}")
        line.append(f": {point.title}" if point.title else "")
        line.append(f" ⟨{point.group + 1}⟩" if point.group is not None else "", style=colour)
        if point.belief is not None:
            line.append(f" ({words('belief', share=percent(point.belief))})", style="dim")
    if not happens:
        line.stylize("dim")
    return line


def _edge_style(tree: GameTree, point: Point) -> str:
    player = tree.points[point.parent].player
    colour = CHANCE if player is None else tree.colours[player]
    return f"bold {colour}" if (point.probability or 0.0) > 0.5 else colour


def moves_text(graph: MoveGraph, words: Words) -> RenderableType:
    """The moves one after another with their actions and where these lead, then the ends."""
    titles = {box.key: box.title for box in graph.moves} | {e.key: e.title for e in graph.ends}
    parts: list[RenderableType] = [_box_lines(graph, box, titles, words) for box in graph.moves]
    ends = Lines(Text(words("ends"), style="bold"), guide_style="dim")
    for end in graph.ends:
        ends.add(_end_line(graph, end))
    return Group(*parts, ends)


def _box_lines(graph: MoveGraph, box: MoveBox, titles: dict[str, str], words: Words) -> Lines:
    colour = CHANCE if box.player is None else graph.colours[box.player]
    mover = words("chance") if box.player is None else graph.players[box.player]
    head = Text()
    head.append(mover, style=f"bold {colour}")
    head.append(f": {box.title}")
    if box.reach is not None:
        head.append(f"  ({words('reached', share=percent(box.reach))})", style="dim")
    lines = Lines(head, guide_style="dim")
    for way in box.ways:
        line = Text(way.label, style=f"bold {colour}" if (way.probability or 0) > 0.5 else colour)
        if way.probability is not None:
            line.append(f" {percent(way.probability)}", style="default")
        line.append(f" → {titles[way.target]}", style="default")
        lines.add(line)
    return lines


def _end_line(graph: MoveGraph, end: EndRow) -> Text:
    line = Text(end.title, style="italic")
    for payoff, player, shade in zip(end.payoffs, graph.players, graph.colours, strict=True):
        line.append(f"  {player} ", style="dim")
        line.append(figure(payoff), style=shade)
    if end.reach is not None:
        line.append(f"  ({percent(end.reach)})")
    return line
