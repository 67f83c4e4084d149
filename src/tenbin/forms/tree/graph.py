"""The graph of moves and ends: targets that exist, moves that are reached, no loops."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from tenbin.errors import Place, Problem, nearest
from tenbin.forms.tree.rules import Move, Step

__all__ = ["MAX_PATH", "open_steps", "order_moves"]

MAX_PATH = 1_000
"""Moves on one path, at most."""


def order_moves(
    start: str,
    moves: Mapping[str, Move],
    ends: frozenset[str],
    place_of: Callable[..., Place],
    problems: list[Problem],
) -> list[str] | None:
    """The moves reached from the start, each before those it leads to; None where none exists.

    Faults are added to `problems`.
    """
    sound = _check_targets(start, moves, ends, place_of, problems)
    moves = moves if sound else _as_meant(moves, ends)
    order = _topological(start, moves, place_of, problems) if start in moves else None
    if order is None:
        return None
    reached = set(order)
    touched = {step.target for name in order for step in moves[name].steps}
    for name in (name for name in moves if name not in reached):
        what = f"move '{name}' is never reached from the start, '{start}'"
        problems.append(Problem(place_of("moves", name), what))
    for name in sorted(ends - touched):
        what = f"end '{name}' is never reached"
        problems.append(Problem(place_of("ends", name), what, warning=True))
    _check_reveals(order, moves, place_of, problems)
    if _longest_path(order, moves) > MAX_PATH:
        problems.append(Problem(place_of("moves"), f"a path of more than {MAX_PATH} moves"))
        return None
    return order if sound else None


def _check_targets(
    start: str,
    moves: Mapping[str, Move],
    ends: frozenset[str],
    place_of: Callable[..., Place],
    problems: list[Problem],
) -> bool:
    """Whether the start and every step lead to a move or an end."""
    allowed = (*moves, *sorted(ends))
    sound = start in moves
    if start not in moves:
        what = f"the game starts at an unknown move '{start}'"
        problems.append(Problem(place_of("start"), what, start, tuple(moves)))
    for move in moves.values():
        for step in move.steps:
            if step.target in moves or step.target in ends:
                continue
            sound = False
            if step.target:
                what = f"'{step.name}' leads to an unknown move or end '{step.target}'"
                problems.append(Problem(step.place, what, step.target, allowed))
    return sound


def _as_meant(moves: Mapping[str, Move], ends: frozenset[str]) -> dict[str, Move]:
    """The moves with unknown targets read as the nearest name, so that one slip is one problem."""
    names = (*moves, *ends)

    def meant(step: Step) -> Step:
        target = step.target if step.target in names else nearest(step.target, names)
        return replace(step, target=target or "")

    return {
        name: replace(move, steps=tuple(meant(step) for step in move.steps))
        for name, move in moves.items()
    }


def _topological(
    start: str,
    moves: Mapping[str, Move],
    place_of: Callable[..., Place],
    problems: list[Problem],
) -> list[str] | None:
    """Depth first without recursion; a move met again on its own path closes a loop."""
    finished: dict[str, None] = {}
    path: dict[str, None] = {start: None}
    waiting: list[list[str]] = [_next_moves(start, moves)]
    while path:
        if not waiting[-1]:
            waiting.pop()
            finished[path.popitem()[0]] = None
            continue
        target = waiting[-1].pop()
        if target in path:
            names = list(path)
            loop = " -> ".join([*names[names.index(target) :], target])
            what = f"a loop of moves: {loop}"
            advice = "A tree ends; write each round as moves of its own, or use a stochastic game."
            problems.append(Problem(place_of("moves", names[-1]), what, advice=advice))
            return None
        if target not in finished:
            path[target] = None
            waiting.append(_next_moves(target, moves))
    return list(reversed(finished))


def _next_moves(name: str, moves: Mapping[str, Move]) -> list[str]:
    targets = dict.fromkeys(step.target for step in moves[name].steps)
    return [target for target in reversed(targets) if target in moves]


def _longest_path(order: list[str], moves: Mapping[str, Move]) -> int:
    """Moves on the longest path, given an order in which each precedes those it leads to."""
    length = dict.fromkeys(order, 1)
    for name in order:
        for target in _next_moves(name, moves):
            length[target] = max(length[target], length[name] + 1)
    return max(length.values())


def _check_reveals(
    order: list[str],
    moves: Mapping[str, Move],
    place_of: Callable[..., Place],
    problems: list[Problem],
) -> None:
    """Warn of a reveal at a move that never follows the hidden one."""
    for name in order:
        if not moves[name].revealed_at:
            continue
        later = _following(name, moves)
        for number, other in enumerate(sorted(moves[name].revealed_at & moves.keys())):
            if other in later:
                continue
            what = f"move '{other}' never follows '{name}', so it reveals nothing"
            place = place_of("moves", name, "revealed_at", number)
            problems.append(Problem(place, what, warning=True))


def _following(name: str, moves: Mapping[str, Move]) -> set[str]:
    """Every move that some path reaches after the one named."""
    found: set[str] = set()
    waiting = _next_moves(name, moves)
    while waiting:
        move = waiting.pop()
        if move not in found:
            found.add(move)
            waiting += _next_moves(move, moves)
    return found


def open_steps(move: Move, play: Mapping[str, str]) -> tuple[Step, ...]:
    """The actions or branches of a move that `play` leaves."""
    if move.name not in play:
        return move.steps
    return tuple(step for step in move.steps if step.name == play[move.name])
