"""The equations of indifference of a support, solved in decimals of any length.

Every action taken at an information set earns the same, by how chance and the others lead there
from the root of the smallest subgame around it.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import pairwise
from typing import Any

from tenbin.forms.tree.exact import ONE, ZERO, ExactCheck
from tenbin.forms.tree.exact_numbers import ExactGame
from tenbin.forms.tree.tables import NONE

__all__ = ["SIMPLE", "Indifference", "rounded_row"]

NEAR = Fraction(1, 10**5)
"""How far a rounded probability may be from the one found."""
SIMPLE = (1, 12, 1000, 10**6)
"""Largest denominators that rounding tries."""
NEWTON_STEPS = 14
SINGULAR = Decimal("1e-12")
"""A pivot below this, of equations whose largest coefficient is one, makes them dependent."""
DEPENDENT = Decimal("1e-5")
"""As `SINGULAR`, at the start, which is known to the digits of a float at best."""
MOVED = 1e-3
"""How far an unknown may move from what was found."""


def rounded_row(row: Sequence[float], largest: int) -> list[Fraction] | None:
    """The row in fractions up to a denominator; None where that is too far away."""
    found = [Fraction(p).limit_denominator(largest) for p in row]
    top = row.index(max(row))
    found[top] = ONE - sum((p for a, p in enumerate(found) if a != top), ZERO)
    near = all(
        abs(p - Fraction(q)) <= NEAR and p >= 0 and (p > 0) == (q > 0)
        for p, q in zip(found, row, strict=True)
    )
    return found if near else None


class Indifference:
    """Equations of indifference, in the probabilities that are mixed.

    Of every action taken at an information set but the last one the probability is unknown, and
    what it earns less than the last must be zero, by how chance and the others lead to the nodes
    from the smallest subgame's root. Where they do not lead there at all it is the beliefs that
    decide, and the probabilities stay what rounding made of them.
    """

    def __init__(self, game: ExactGame, rows: Sequence[Sequence[float]]) -> None:
        self.game = game
        self.tree = tree = game.tree
        pure = [Fraction(int(p == max(row))) for row in rows for p in row]
        self.check = ExactCheck(game, _settled(pure, tree.infoset_start.tolist()))
        self.rounded = [_simple(row) for row in rows]
        self.support = [[a for a, p in enumerate(row) if p > 0] for row in rows]
        self.flat = [p for row in rows for p in row]
        self.simple = [p for row in self.rounded for p in row]
        roots = self.check.subgames
        self.root = [
            max(r for r in roots if r <= nodes[0] and _within(self.check, r, nodes))
            for nodes in self.check.members
        ]
        start = tree.infoset_start.tolist()
        self.free: list[tuple[int, int]] = [
            (h, start[h] + a)
            for h, support in enumerate(self.support)
            if len(support) > 1 and self._is_reached(h)
            for a in support[:-1]
        ]

    def _is_reached(self, infoset: int) -> bool:
        return any(
            self._weight(node, self.root[infoset], self.flat, 1.0)
            for node in self.check.members[infoset]
        )

    def _weight(self, node: int, root: int, profile: Sequence[Any], one: Any) -> Any:
        """How chance and the others lead from a root to a node, times one."""
        tree, weight = self.tree, one
        owner = int(tree.infoset_player[tree.infoset[node]])
        while node != root:
            action = int(tree.action[node])
            if action == NONE:
                share = self.game.chance[tree.branch[node]]
                weight = weight * share.numerator / share.denominator
            elif tree.infoset_player[tree.action_infoset[action]] != owner:
                weight = weight * profile[action]
            node = int(tree.parent[node])
        return weight

    def solve(self, digits: int) -> list[Decimal] | None:
        """The unknowns to so many digits, by Newton's method; None where it does not converge.

        Where equations depend on one another there is a continuum of solutions: unknowns that
        nothing determines then stay at simple fractions near what was found.
        """
        with localcontext() as context:
            context.prec = digits + 20
            point = [Decimal(self.flat[g]) for _, g in self.free]
            step = Decimal(10) ** -(digits // 2)
            small = Decimal(10) ** -digits
            used = _pivots(self._slopes(point, step))
            for j in set(range(len(point))) - {j for _, j in used}:
                point[j] = _decimal(self.simple[self.free[j][1]])
            for _ in range(NEWTON_STEPS):
                columns, here = self._slopes(point, step), self._residuals(point)
                change = _solved(
                    [[columns[j][i] for i, _ in used] for _, j in used], [here[i] for i, _ in used]
                )
                if change is None:
                    return None
                for (_, j), d in zip(used, change, strict=True):
                    point[j] -= d
                if max((abs(d) for d in change), default=Decimal(0)) < small:
                    return point if self._is_near(point) else None
        return None

    def _slopes(self, point: Sequence[Decimal], step: Decimal) -> list[list[Decimal]]:
        """How each residual changes with each unknown: a column per unknown."""
        here, columns = self._residuals(point), list[list[Decimal]]()
        for j in range(len(point)):
            there = self._residuals([x + step if i == j else x for i, x in enumerate(point)])
            columns.append([(b - a) / step for a, b in zip(here, there, strict=True)])
        return columns

    def _is_near(self, point: Sequence[Decimal]) -> bool:
        starts = (self.flat[g] for _, g in self.free)
        return all(abs(float(x) - s) <= MOVED for x, s in zip(point, starts, strict=True))

    def profile(self, free: Sequence[Fraction]) -> tuple[Fraction, ...]:
        """The whole profile, by the unknowns."""
        rows = [list(row) for row in self.rounded]
        start = self.tree.infoset_start.tolist()
        for infoset in {h for h, _ in self.free}:
            rows[infoset] = [ZERO] * len(rows[infoset])
        for (infoset, action), value in zip(self.free, free, strict=True):
            rows[infoset][action - start[infoset]] = value
        for infoset in {h for h, _ in self.free}:
            rows[infoset][self.support[infoset][-1]] = ONE - sum(rows[infoset], ZERO)
        return tuple(p for row in rows for p in row)

    def _residuals(self, point: Sequence[Decimal]) -> list[Decimal]:
        start = self.tree.infoset_start.tolist()
        profile = [_decimal(p) for row in self.rounded for p in row]
        for (_, action), value in zip(self.free, point, strict=True):
            profile[action] = value
        for infoset in {h for h, _ in self.free}:
            first = start[infoset]
            others = (profile[first + a] for a in self.support[infoset][:-1])
            profile[first + self.support[infoset][-1]] = 1 - sum(others, Decimal(0))
        values = self._values(profile)
        weights: dict[int, list[Decimal]] = {}
        found: list[Decimal] = []
        for infoset, action in self.free:
            nodes = self.check.members[infoset]
            if infoset not in weights:
                root = self.root[infoset]
                weights[infoset] = [self._weight(n, root, profile, Decimal(1)) for n in nodes]
            player = int(self.tree.infoset_player[infoset])
            this, last = action - start[infoset], self.support[infoset][-1]
            found.append(
                sum(
                    (
                        w * (values[below[this]][player] - values[below[last]][player])
                        for w, below in zip(
                            weights[infoset], (self.check.children[n] for n in nodes), strict=True
                        )
                        if w
                    ),
                    Decimal(0),
                )
            )
        return found

    def _values(self, profile: Sequence[Decimal]) -> list[list[Decimal]]:
        tree, players = self.tree, range(len(self.tree.players))
        values: list[list[Decimal]] = [[]] * tree.n_nodes
        for node in range(tree.n_nodes - 1, -1, -1):
            below = self.check.children[node]
            if not below:
                values[node] = [_decimal(x) for x in self.game.payoffs[tree.terminal[node]]]
                continue
            total = [Decimal(0)] * len(players)
            for child in below:
                action = int(tree.action[child])
                share = (
                    profile[action]
                    if action != NONE
                    else _decimal(self.game.chance[tree.branch[child]])
                )
                if share:
                    total = [t + share * v for t, v in zip(total, values[child], strict=True)]
            values[node] = total
        return values


def _within(check: ExactCheck, root: int, nodes: Sequence[int]) -> bool:
    """Whether all nodes lie in the subgame below a root."""
    for start in nodes:
        node = start
        while node > root:
            node = int(check.tree.parent[node])
        if node != root:
            return False
    return True


def _settled(pure: list[Fraction], starts: Sequence[int]) -> list[Fraction]:
    """One action for certain at every information set, the first of those marked."""
    found = [ZERO] * len(pure)
    for first, last in pairwise(starts):
        found[first + pure[first:last].index(ONE)] = ONE
    return found


def _simple(row: Sequence[float]) -> list[Fraction]:
    """The simplest fractions near a row."""
    found = (rounded_row(row, largest) for largest in SIMPLE)
    return next((fractions for fractions in found if fractions is not None), _settled_row(row))


def _settled_row(row: Sequence[float]) -> list[Fraction]:
    exact = [Fraction(p) for p in row]
    return [p / sum(exact) for p in exact]


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


def _solved(columns: Sequence[Sequence[Decimal]], right: Sequence[Decimal]) -> list[Decimal] | None:
    """The solution of a square system by elimination; None where it is singular."""
    size = len(right)
    rows = [_scaled([*(column[i] for column in columns), right[i]]) for i in range(size)]
    for i in range(size):
        pivot = max(range(i, size), key=lambda r, i=i: abs(rows[r][i]))
        rows[i], rows[pivot] = rows[pivot], rows[i]
        if abs(rows[i][i]) <= SINGULAR:
            return None
        for r in range(i + 1, size):
            factor = rows[r][i] / rows[i][i]
            if factor:
                rows[r] = [x - factor * y for x, y in zip(rows[r], rows[i], strict=True)]
    found = [Decimal(0)] * size
    for i in range(size - 1, -1, -1):
        known = sum((rows[i][j] * found[j] for j in range(i + 1, size)), Decimal(0))
        found[i] = (rows[i][-1] - known) / rows[i][i]
    return found


def _pivots(columns: Sequence[Sequence[Decimal]]) -> list[tuple[int, int]]:
    """Equations and unknowns of a largest regular part, as pairs, by full pivoting."""
    size = len(columns)
    rows = [_scaled([*(column[i] for column in columns), Decimal(0)]) for i in range(size)]
    left, unknowns, found = set(range(size)), set(range(size)), list[tuple[int, int]]()
    while left:
        i, j = max(((i, j) for i in left for j in unknowns), key=lambda at: abs(rows[at[0]][at[1]]))
        if abs(rows[i][j]) <= DEPENDENT:
            break
        found.append((i, j))
        left.remove(i)
        unknowns.remove(j)
        for r in left:
            factor = rows[r][j] / rows[i][j]
            rows[r] = [x - factor * y for x, y in zip(rows[r], rows[i], strict=True)]
    return found


def _scaled(row: list[Decimal]) -> list[Decimal]:
    """An equation divided by its largest coefficient."""
    largest = max(abs(x) for x in row[:-1])
    return [x / largest for x in row] if largest else row
