"""Whether beliefs off the path can be the limit of trembles, decided from structure.

A profile says which actions are never played. Along any sequence of trembles each of these dies at
its own order and with its own weight (Kreps and Wilson 1982, lemma A1): the beliefs at an
information set are carried by the nodes whose missing actions die slowest. Nodes that miss the same
actions form a *class* and share it in proportion to chance and to what is played; a class that
misses more than another one cannot count. What is left is a choice of orders (a linear programme
that knows nothing of payoffs, solved once per profile) and of weights. Where the weights of the
classes that count can be chosen freely, beliefs are any point of a simplex, and each information
set can be judged alone: this decides every signalling shape. Where they hang together, equal
weights are tried, and what they do not settle is said to be undecided.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain, combinations, count, islice, product
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from tenbin.forms.tree.solvers.pure_kernel import TIE, best_beliefs
from tenbin.forms.tree.solvers.pure_tables import StageTables
from tenbin.forms.tree.tables import NONE, Bools
from tenbin.scenario.language import Array

__all__ = [
    "TREMBLE",
    "Judgement",
    "Play",
    "Shape",
    "judge_beliefs",
    "shape_of",
]

TREMBLE = -200.0
"""Log-probability in the witness of an action that dies at order one."""

MOST_SUPPORTS = 500
"""Combinations of classes that count, looked at for one profile."""

SMALLEST = 1e-15
"""The least weight that the witness gives to a class that counts."""

Action = tuple[int, int]
"""An information set of the stage and the place of one of its actions."""


@dataclass(frozen=True)
class Play:
    """Profiles of one shape in some lines.

    probability [Q, I, A]; value [Q, V, P] of inner nodes and ends; weight [Q, M] of each inner
    node: chance times what is played of its path, actions that are not played left out; scale [Q].
    """

    probability: Array
    value: Array
    weight: Array
    scale: Array


@dataclass(frozen=True)
class Judgement:
    """Of each profile [Q]: whether its beliefs can be right, and the trembles that make them so.

    `undecided` are profiles for which neither was shown; `weak` those that some beliefs favour,
    but no limit of trembles; `loose` those that keep being equilibria when the play off the path
    changes a little; log_tremble [Q, I, A] is zero for what is played.
    """

    consistent: Bools
    undecided: Bools
    weak: Bools
    loose: Bools
    log_tremble: Array


@dataclass(frozen=True)
class _Point:
    """An information set with its classes of nodes, those that may count; `lost` by class."""

    infoset: int
    played: tuple[int, ...]
    classes: tuple[tuple[int, ...], ...]
    lost: tuple[frozenset[Action], ...]


@dataclass(frozen=True)
class _Option:
    """Classes that count at each open point, orders of the trembles, and who sets the weights.

    `solve` [R, D] gives log-weights of the R actions in `lost` from the D log-ratios wanted.
    """

    supports: tuple[tuple[int, ...], ...]
    order: dict[Action, float]
    lost: tuple[Action, ...]
    solve: Array
    free: bool


class _Orders:
    """Choices of classes that count, at points that share actions, made when first asked for."""

    def __init__(self, points: tuple[_Point, ...]) -> None:
        self.points = points
        self.exhausted = True
        """Whether every combination of classes has been looked at, once all were asked for."""
        self._made: list[_Option] = []
        self._rest = self._options()
        self._lock = Lock()

    def __iter__(self) -> Iterator[_Option]:
        for number in count():
            option = self._option_at(number)
            if option is None:
                return
            yield option

    def _option_at(self, number: int) -> _Option | None:
        """The option of a number; None beyond the last. Threads share what has been made."""
        with self._lock:
            while len(self._made) <= number:
                option = next(self._rest, None)
                if option is None:
                    return None
                self._made.append(option)
            return self._made[number]

    def _options(self) -> Iterator[_Option]:
        full = tuple(tuple(range(len(point.classes))) for point in self.points)
        option = _option(self.points, full)
        if option is not None:
            yield option
            if option.free:
                return
        even = tuple(_smallest(point) for point in self.points)
        choices = [_subsets(len(point.classes)) for point in self.points]
        several = (supports for supports in product(*choices) if supports not in (full, even))
        combinations_left = islice(several, MOST_SUPPORTS)
        for supports in chain([even] if even != full else [], combinations_left):
            option = _option(self.points, supports)
            if option is not None:
                yield option
        self.exhausted = next(several, None) is None


@dataclass(frozen=True)
class Shape:
    """What follows from which actions are played and which nodes chance can reach.

    At a `settled` point one class of nodes counts, whatever the trembles; at an `open` one several
    may. `orders` keeps the choices of classes of some open points.
    """

    settled: tuple[_Point, ...]
    open: tuple[_Point, ...]
    orders: dict[tuple[int, ...], _Orders] = field(default_factory=dict)

    def groups(self, active: Bools) -> list[tuple[int, ...]]:
        """The active open points, parted into groups that share no action."""
        groups: list[tuple[set[Action], list[int]]] = []
        for i in np.flatnonzero(active).tolist():
            actions = {action for lost in self.open[i].lost for action in lost}
            joined = [group for group in groups if group[0] & actions]
            for group in joined:
                groups.remove(group)
            members = [member for group in joined for member in group[1]]
            groups.append((actions.union(*(group[0] for group in joined)), [*members, i]))
        return [tuple(sorted(members)) for _, members in groups]

    def orders_of(self, group: tuple[int, ...]) -> _Orders:
        """The choices of classes at a group of open points, those with the same classes as one."""
        if group not in self.orders:
            firsts = [alike[0] for alike in self.alike(group)]
            self.orders[group] = _Orders(tuple(self.open[i] for i in firsts))
        return self.orders[group]

    def alike(self, group: tuple[int, ...]) -> list[list[int]]:
        """The points of a group, those together whose classes miss the same actions.

        They have one set of weights between them.
        """
        found: dict[tuple[frozenset[Action], ...], list[int]] = {}
        for i in group:
            found.setdefault(self.open[i].lost, []).append(i)
        return list(found.values())


def shape_of(
    tables: StageTables, played: tuple[tuple[int, ...], ...], live: tuple[bool, ...]
) -> Shape:
    """The classes of nodes of one pattern of play; kept."""
    known = tables.shapes.get((played, live))
    if isinstance(known, Shape):
        return known
    several = [h for h in range(len(played)) if played[h] and tables.search.n_actions[h] > 1]
    points = [_point(tables, h, played, live) for h in several]
    unsettled = tuple(point for point in points if len(point.classes) > 1)
    settled = tuple(point for point in points if len(point.classes) == 1)
    found = tables.shapes[played, live] = Shape(settled, unsettled)
    return found


def _point(
    tables: StageTables, h: int, played: tuple[tuple[int, ...], ...], live: tuple[bool, ...]
) -> _Point:
    t = tables.search
    nodes = [int(n) for n in t.member[t.member_start[h] : t.member_start[h + 1]] if live[n]]
    lost = {n: _missing(tables, n, played) for n in nodes}
    common = frozenset[Action].intersection(*lost.values())
    by_class: dict[frozenset[Action], list[int]] = {}
    for n in nodes:
        by_class.setdefault(lost[n] - common, []).append(n)
    kept = [actions for actions in by_class if not any(other < actions for other in by_class)]
    kept.sort(key=sorted)
    classes = tuple(tuple(by_class[actions]) for actions in kept)
    return _Point(h, played[h], classes, tuple(kept))


def _missing(
    tables: StageTables, node: int, played: tuple[tuple[int, ...], ...]
) -> frozenset[Action]:
    """The actions on the path to a node that are never played."""
    taken = tables.path[node].tolist()
    return frozenset((g, a) for g, a in enumerate(taken) if a != NONE and a not in played[g])


def _smallest(point: _Point) -> tuple[int, ...]:
    """The classes that miss fewest actions: those that count where all trembles are alike."""
    least = min(len(lost) for lost in point.lost)
    return tuple(c for c, lost in enumerate(point.lost) if len(lost) == least)


def _subsets(n: int) -> list[tuple[int, ...]]:
    return [found for size in range(n, 0, -1) for found in combinations(range(n), size)]


def _option(points: tuple[_Point, ...], supports: tuple[tuple[int, ...], ...]) -> _Option | None:
    """The orders that make just these classes count; None where there are none."""
    from scipy.optimize import linprog  # takes a moment to load, and most games need none

    lost = tuple(sorted({action for point in points for c in point.lost for action in c}))
    column = {action: i for i, action in enumerate(lost)}

    def row(point: _Point, c: int) -> Array:
        found = np.zeros(len(lost))
        found[[column[action] for action in point.lost[c]]] = 1.0
        return found

    equal: list[Array] = []
    later: list[Array] = []
    for point, support in zip(points, supports, strict=True):
        first = row(point, support[0])
        equal += [row(point, c) - first for c in support[1:]]
        others = set(range(len(point.classes))) - set(support)
        later += [row(point, c) - first for c in sorted(others)]
    solved = linprog(
        np.ones(len(lost)),
        A_ub=-np.array(later) if later else None,
        b_ub=-np.ones(len(later)) if later else None,
        A_eq=np.array(equal) if equal else None,
        b_eq=np.zeros(len(equal)) if equal else None,
        bounds=(1, None),
    )
    if solved.status != 0:
        return None
    rows = np.array(equal).reshape(-1, len(lost))
    return _Option(
        supports=supports,
        order=dict(zip(lost, solved.x.tolist(), strict=True)),
        lost=lost,
        solve=np.asarray(np.linalg.pinv(rows), dtype=np.float64),
        free=bool(np.linalg.matrix_rank(rows) == len(rows)) if len(rows) else True,
    )


def judge_beliefs(tables: StageTables, shape: Shape, play: Play) -> Judgement:
    """Whether profiles of one shape are sequential equilibria of the stage.

    Values below the stage are taken as given. Ties count as best replies.
    """
    profiles, slack = len(play.scale), TIE * play.scale
    rational = np.ones(profiles, dtype=np.bool_)
    for point in shape.settled:
        rational &= _is_best(_gains(tables, point, play)[:, 0], point, slack)
    log_tremble = np.where(play.probability > 0, 0.0, TREMBLE)
    consistent, undecided = rational.copy(), np.zeros(profiles, dtype=np.bool_)
    loose, active = undecided.copy(), np.zeros((profiles, len(shape.open)), dtype=np.bool_)
    gains = [_others(_gains(tables, point, play), point) for point in shape.open]
    for i, own in enumerate(gains):
        loose |= (own.min(axis=1) <= slack[:, None]).any(axis=1)
        rational &= _best(own)[0] >= -slack
        active[:, i] = (own < -slack[:, None, None]).any(axis=(1, 2))
    consistent &= rational
    search = _Search(shape, gains, play, slack, log_tremble)
    for rows in _alike(active, np.flatnonzero(consistent)):
        for group in shape.groups(active[rows[0]]):
            shown, unclear = search.settle(group, rows)
            consistent[rows] &= shown | unclear
            undecided[rows] |= unclear
    undecided &= consistent
    consistent &= ~undecided
    weak = rational & ~consistent & ~undecided
    return Judgement(consistent, undecided, weak, loose & consistent, log_tremble)


def _alike(active: Bools, rows: NDArray[np.intp]) -> list[NDArray[np.intp]]:
    """Rows with something active, those with the same columns active together."""
    rows = rows[active[rows].any(axis=1)]
    if not len(rows):
        return []
    _, inverse = np.unique(active[rows], axis=0, return_inverse=True)
    inverse = inverse.reshape(-1)
    return [rows[inverse == i] for i in range(int(inverse.max()) + 1)]


@dataclass(frozen=True)
class _Search:
    """Trembles sought for profiles of one shape; those found are written to `log_tremble`."""

    shape: Shape
    gains: list[Array]
    play: Play
    slack: Array
    log_tremble: Array

    def settle(self, group: tuple[int, ...], rows: NDArray[np.intp]) -> tuple[Bools, Bools]:
        """For which rows trembles are found at a group of points, and for which it is unclear."""
        shown, hangs = np.zeros((2, len(rows)), dtype=np.bool_)
        orders = self.shape.orders_of(group)
        for option in orders:
            left = np.flatnonzero(~shown)
            if not len(left):
                return shown, ~shown
            done, possible = self._try(group, option, rows[left])
            shown[left] = done
            hangs[left] |= possible
        return shown, ~shown & (hangs | (not orders.exhausted))

    def _try(
        self, group: tuple[int, ...], option: _Option, rows: NDArray[np.intp]
    ) -> tuple[Bools, Bools]:
        """Which rows one choice of classes settles, and which other weights might settle."""
        even, some = np.ones((2, len(rows)), dtype=np.bool_)
        slack = self.slack[rows]
        chosen: list[Array] = []
        for alike, support in zip(self.shape.alike(group), option.supports, strict=True):
            parts = [self._weighted(i, rows)[:, support] for i in alike]
            part = np.ascontiguousarray(np.concatenate(parts, axis=2))
            even &= (part.sum(axis=1) >= -slack[:, None]).all(axis=1)
            worth, weight = _best(part)
            some &= worth >= -slack
            chosen.append(weight)
        done = even | some if option.free else even
        logs = [np.log(np.maximum(weight, SMALLEST)) for weight in chosen]
        ratios = np.concatenate([log[:, 1:] - log[:, :1] for log in logs], axis=1)
        ratios[even] = 0.0
        weights = ratios @ option.solve.T * option.free
        for j, (g, a) in enumerate(option.lost):
            written = TREMBLE * option.order[g, a] + weights[:, j]
            self.log_tremble[rows[done], g, a] = written[done]
        return done, some & ~done

    def _weighted(self, i: int, rows: NDArray[np.intp]) -> Array:
        """Advantages [Q, C, B] at a point, times what chance and play give to each class."""
        point = self.shape.open[i]
        weight = np.stack(
            [self.play.weight[rows][:, list(nodes)].sum(axis=1) for nodes in point.classes], axis=1
        )
        share = weight / weight.sum(axis=1, keepdims=True)
        return share[:, :, None] * self.gains[i][rows]


def _best(gains: Array) -> tuple[Array, Array]:
    """The largest smallest advantage [Q] over beliefs, and the beliefs [Q, C]."""
    worth, belief = np.zeros(len(gains)), np.zeros(gains.shape[:2])
    best_beliefs(np.ascontiguousarray(gains), worth, belief)
    return worth, belief


def _gains(tables: StageTables, point: _Point, play: Play) -> Array:
    """The advantage of what is played over each action [Q, classes, A], by class of nodes."""
    t = tables.search
    player, actions = int(t.player[point.infoset]), int(t.n_actions[point.infoset])
    rows: list[Array] = []
    for nodes in point.classes:
        weight = play.weight[:, list(nodes)]
        weight = weight / weight.sum(axis=1, keepdims=True)
        starts = t.child_start[list(nodes)]
        children = t.child[starts[:, None] + np.arange(actions)]
        worth = np.einsum("qn,qna->qa", weight, play.value[:, children, player])
        own = (worth * play.probability[:, point.infoset, :actions]).sum(axis=1)
        rows.append(own[:, None] - worth)
    return np.stack(rows, axis=1)


def _is_best(gains: Array, point: _Point, slack: Array) -> Bools:
    """Whether no action is better [Q], and those played are equally good, by gains [Q, A]."""
    return np.all(gains >= -_room(point) * slack[:, None], axis=1)


def _room(point: _Point) -> float:
    """What rounding may leave: mixing is only as exact as the search for it."""
    return 1.0 if len(point.played) == 1 else 1e3


def _others(gains: Array, point: _Point) -> Array:
    """Advantages over the actions that are not played [Q, classes, B]."""
    left = [a for a in range(gains.shape[2]) if a not in point.played]
    return np.ascontiguousarray(gains[:, :, left])
