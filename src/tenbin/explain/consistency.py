"""Which claims cannot stand together: the smallest sets that hold in no world, found from bits.

Two claims are looked at together under one policy (a claim that names its policies itself is the
same under each). A claim holds in a world as its own quantifier says, unsolved worlds are left out.
Never together in n worlds does not mean nowhere: the share is then at most about 3 / n (95 %), and
rare claims miss one another by chance. So a set is reported only where chance is ruled out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenbin.explain.consistency_bits import (
    PairCounts,
    TripleCounts,
    chance_of_none,
    count_pairs,
    count_triples,
    unseen_triples,
)
from tenbin.explain.consistency_nearest import Nearest, NearestWorlds
from tenbin.explain.stored import StoredRun
from tenbin.scenario.language import Array

__all__ = [
    "CHANCE",
    "MOST_CLAIMS",
    "Consistency",
    "Contradiction",
    "Tension",
    "find_consistency",
]

CHANCE = 0.05
"""The chance, over all sets looked at, of reporting one that only sampling kept apart."""
MOST_CLAIMS = 128
"""Claims up to which sets of three are looked for; of more, pairs alone."""
MOST_SHOWN = 200
"""Sets of each size that are reported, the most telling first; the others are counted."""
TENSION = 0.25
"""Pairs that hold together in at most this share of the worlds expected are in tension."""


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Claims that hold together in none of the worlds, though any fewer of them do.

    `worlds` is in how many all of them are decided; `bound` the largest share of worlds, at 95 %,
    in which they could still hold together; `expected` in how many worlds they would, were they
    independent. `in_equilibria` says whether there is also no world in which each is true at some
    equilibrium, so that no equilibrium found has them all.
    """

    claims: tuple[str, ...]
    worlds: int
    expected: float
    chance: float
    bound: float
    in_equilibria: bool
    nearest: Nearest | None = None

    def as_data(self) -> dict[str, Any]:
        return {
            "claims": list(self.claims),
            "together": 0,
            "worlds": self.worlds,
            "expected": self.expected,
            "chance": self.chance,
            "bound": self.bound,
            "in_no_equilibrium": self.in_equilibria,
            "nearest_world": None if self.nearest is None else self.nearest.world,
            "nearest": None if self.nearest is None else self.nearest.as_data(),
        }


@dataclass(frozen=True, slots=True)
class Tension:
    """Two claims that hold together far less often than if they were independent."""

    claims: tuple[str, str]
    together: int
    worlds: int
    expected: float

    def as_data(self) -> dict[str, Any]:
        return {
            "claims": list(self.claims),
            "together": self.together,
            "worlds": self.worlds,
            "expected": self.expected,
        }


@dataclass(frozen=True, eq=False)
class Consistency:
    """What the verdict bits say of the claims [C] together.

    `shares` [C, C]: of the worlds in which two claims are both decided, over all policies, in which
    share both hold; on the diagonal the claim's own share; NaN where they are decided together
    nowhere. `association` [C, C] is the correlation of their truth in the same worlds, NaN where
    one of them never changes. `hidden` counts sets that were never seen together either, but could
    be so by chance.
    """

    claims: tuple[str, ...]
    shares: Array
    association: Array
    contradictions: tuple[Contradiction, ...]
    tensions: tuple[Tension, ...]
    nowhere: tuple[str, ...]
    hidden: int
    unshown: int
    largest: int
    worlds: int

    def as_data(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "claims": list(self.claims),
            "together": _rows(self.shares),
            "association": _rows(self.association),
            "contradictions": [item.as_data() for item in self.contradictions],
            "tensions": [item.as_data() for item in self.tensions],
            "nowhere": list(self.nowhere),
            "by_chance": self.hidden,
            "not_shown": self.unshown,
            "largest_set": self.largest,
            "worlds": self.worlds,
        }


def find_consistency(run: StoredRun, *, told: Callable[[float], None] | None = None) -> Consistency:
    """The smallest sets of claims of a run that hold together in no world.

    Pairs first, then sets of three of which every two do hold together; larger sets are not looked
    for. Where more than `MOST_CLAIMS` claims are judged in worlds, pairs alone.

    Parameters
    ----------
    run
        A run whose verdicts were stored.
    told
        Called now and then with the share of the work done.

    Notes
    -----
    That a set is apart by chance is tested under each policy as Fisher's exact test does
    [fisher1922]: the claims' own counts given, the chance that random worlds overlap nowhere; of
    three claims the largest over the ways to take two of them first. The smallest over policies
    counts, corrected (Bonferroni) for policies and for all sets of that size.
    """
    tell = told or _nothing
    claims = tuple(dict.fromkeys(claim for claim, _ in run.keys))
    pairs = count_pairs(run, claims)
    tell(0.3)
    nowhere = tuple(name for i, name in enumerate(claims) if not pairs.own[:, i].any())
    found, hidden = _pairs_apart(claims, pairs)
    largest = 2
    if 2 < len(claims) <= MOST_CLAIMS:
        largest = 3
        unseen = unseen_triples(run, claims, pairs)
        tell(0.6)
        triples = count_triples(run, claims, unseen)
        further, more = _triples_apart(claims, triples)
        found, hidden = found + further, hidden + more
    tell(0.8)
    shown = [item for size in (2, 3) for item in _of_size(found, size)[:MOST_SHOWN]]
    finder = NearestWorlds(run)
    placed: list[Contradiction] = []
    for number, item in enumerate(shown):
        nearest = finder.nearest(item.claims)
        placed.append(_placed(item, nearest))
        tell(0.8 + 0.2 * (number + 1) / len(shown))
    return Consistency(
        claims=claims,
        shares=pairs.shares(),
        association=pairs.association(),
        contradictions=tuple(placed),
        tensions=tuple(_tensions(claims, pairs)),
        nowhere=nowhere,
        hidden=hidden,
        unshown=len(found) - len(shown),
        largest=largest,
        worlds=run.worlds,
    )


def _rows(matrix: Array) -> list[list[float | None]]:
    return [[None if np.isnan(entry) else float(entry) for entry in row] for row in matrix]


def _nothing(_share: float) -> None:
    return


def _of_size(found: Sequence[Contradiction], size: int) -> list[Contradiction]:
    """Those of a size, the ones that chance explains least first."""
    here = [item for item in found if len(item.claims) == size]
    return sorted(here, key=lambda item: (-item.expected, item.claims))


def _placed(item: Contradiction, nearest: Nearest | None) -> Contradiction:
    return Contradiction(
        item.claims,
        item.worlds,
        item.expected,
        item.chance,
        item.bound,
        item.in_equilibria,
        nearest,
    )


def _bound(worlds: int) -> float:
    """The share that would show itself at least once in so many worlds, but for one in twenty."""
    return float(1.0 - CHANCE ** (1.0 / worlds)) if worlds else 1.0


def _pairs_apart(claims: tuple[str, ...], pairs: PairCounts) -> tuple[list[Contradiction], int]:
    """Pairs never seen together, and how many more of them could be so by chance."""
    tested = len(claims) * (len(claims) - 1) // 2
    alone = pairs.own.sum(axis=0) > 0
    found: list[Contradiction] = []
    hidden = 0
    for i, j in combinations(range(len(claims)), 2):
        worlds = int(pairs.decided[:, i, j].max())
        if pairs.together[:, i, j].any() or not (worlds and alone[i] and alone[j]):
            continue
        first, second = pairs.one[:, i, j], pairs.one[:, j, i]
        chance = _corrected(chance_of_none(pairs.decided[:, i, j], first, second), tested)
        if chance >= CHANCE:
            hidden += 1
            continue
        found.append(
            Contradiction(
                (claims[i], claims[j]),
                worlds,
                _expected(pairs.decided[:, i, j], first, second),
                chance,
                _bound(worlds),
                not pairs.possible[:, i, j].any(),
            )
        )
    return found, hidden


def _triples_apart(
    claims: tuple[str, ...], triples: TripleCounts
) -> tuple[list[Contradiction], int]:
    tested = max(len(claims) * (len(claims) - 1) * (len(claims) - 2) // 6, 1)
    found: list[Contradiction] = []
    hidden = 0
    for number, places in enumerate(triples.places):
        decided = triples.decided[:, number]
        ways = [
            (triples.two[:, number, left_out], triples.one[:, number, left_out])
            for left_out in range(3)
        ]
        chances = [chance_of_none(decided, two, one) for two, one in ways]
        chance = _corrected(np.max(chances, axis=0), tested)
        if chance >= CHANCE:
            hidden += 1
            continue
        worlds = int(decided.max())
        found.append(
            Contradiction(
                tuple(claims[place] for place in places),
                worlds,
                min(_expected(decided, two, one) for two, one in ways),
                chance,
                _bound(worlds),
                not triples.possible[:, number].any(),
            )
        )
    return found, hidden


def _corrected(chances: Array, tested: int) -> float:
    """The smallest chance over policies, corrected for how many sets and policies were tried."""
    return float(min(1.0, chances.min(initial=1.0) * len(chances) * tested))


def _expected(
    decided: NDArray[np.int64], first: NDArray[np.int64], second: NDArray[np.int64]
) -> float:
    """In how many worlds both would be true if independent, at most over policies."""
    expected = first.astype(np.float64) * second / np.maximum(decided, 1)
    return float(expected.max(initial=0.0))


def _tensions(claims: tuple[str, ...], pairs: PairCounts) -> Iterator[Tension]:
    """Pairs seen together far less often than expected, summed over policies, worst first."""
    decided, together = pairs.decided.sum(axis=0), pairs.together.sum(axis=0)
    one = pairs.one.astype(np.float64)
    expected = (one * one.transpose(0, 2, 1) / np.maximum(pairs.decided, 1)).sum(axis=0)
    rows: list[tuple[float, Tension]] = []
    for i, j in combinations(range(len(claims)), 2):
        seen, wanted = int(together[i, j]), float(expected[i, j])
        # Worlds are the same under all policies, so the counts of one policy are what is known.
        policies = max(int((pairs.decided[:, i, j] > 0).sum()), 1)
        surprise = (wanted - seen) / policies - 5.0 * np.sqrt(max(wanted / policies, 1e-9))
        if 0 < seen <= TENSION * wanted and surprise > 0.0:
            pair = (claims[i], claims[j])
            rows.append((seen / wanted, Tension(pair, seen, int(decided[i, j]), wanted)))
    rows.sort(key=lambda row: (row[0], row[1].claims))
    yield from (tension for _, tension in rows[:MOST_SHOWN])
