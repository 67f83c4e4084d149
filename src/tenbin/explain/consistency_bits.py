"""Counts of worlds in which claims hold together: of pairs by products, of triples by bits.

Axis letters: `L` policy, `C` claim, `T` triple of claims. Every count is a sum over parts of a run,
so that no more than one part is in memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tenbin.explain.stored import CodesOf, StoredRun
from tenbin.judge.counts import NOT_JUDGED, counted, verdict_codes
from tenbin.judge.evaluate import Verdict
from tenbin.judge.questions import ALL
from tenbin.scenario.language import Array

__all__ = [
    "Bits",
    "PairCounts",
    "TripleCounts",
    "chance_of_none",
    "count_pairs",
    "count_triples",
    "part_bits",
    "unseen_triples",
]

Bools = NDArray[np.bool_]
Whole = NDArray[np.int64]

_WORLDS_AT_ONCE = 2**14
_PAIRS_AT_ONCE = 256
_TRIPLES_AT_ONCE = 4096


@dataclass(frozen=True, slots=True)
class Bits:
    """Some worlds under one policy: where each claim is decided, holds, and can hold [C, W].

    A claim can hold where it is true at some equilibrium found.
    """

    decided: Bools
    holds: Bools
    possible: Bools


@dataclass(frozen=True, slots=True)
class PairCounts:
    """Worlds [L, C, C] in which two claims are both decided, and then both, or the first, hold.

    own [L, C] counts the worlds in which each claim holds; possible [L, C, C] those in which both
    are true at some equilibrium.
    """

    own: Whole
    decided: Whole
    one: Whole
    together: Whole
    possible: Whole

    def shares(self) -> Array:
        """The share [C, C] of decided worlds, over all policies, in which both hold."""
        decided, together = self.decided.sum(axis=0), self.together.sum(axis=0)
        return np.where(decided > 0, together / np.maximum(decided, 1), np.nan)

    def association(self) -> Array:
        """The correlation [C, C] of two claims' truth; NaN where one of them never changes."""
        worlds, both = (
            each.sum(axis=0).astype(np.float64) for each in (self.decided, self.together)
        )
        first = self.one.sum(axis=0).astype(np.float64)
        second = first.T
        product = first * (worlds - first) * second * (worlds - second)
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(
                product > 0, (both * worlds - first * second) / np.sqrt(product), np.nan
            )


@dataclass(frozen=True, slots=True)
class TripleCounts:
    """Triples never seen together: `places` of their claims, and counts of worlds [L, T].

    one [L, T, 3]: in how many worlds in which all three are decided each of them holds; two
    [L, T, 3]: in how many the two others do.
    """

    places: tuple[tuple[int, int, int], ...]
    decided: Whole
    one: Whole
    two: Whole
    possible: Whole


def chance_of_none(worlds: Whole, first: Whole, second: Whole) -> Array:
    """The chance that two random sets of so many worlds have none in common (hypergeometric)."""
    from scipy.special import gammaln

    n, a, b = (np.asarray(each, dtype=np.float64) for each in (worlds, first, second))
    room = n - a - b
    logs = (
        gammaln(n - a + 1) + gammaln(n - b + 1) - gammaln(n + 1) - gammaln(np.maximum(room, 0) + 1)
    )
    return np.where(room >= 0, np.exp(np.minimum(logs, 0.0)), 0.0)


def part_bits(run: StoredRun, claims: tuple[str, ...], codes: CodesOf, policy: str) -> Bits:
    """What the codes of a part say of every claim under a policy; undecided where not judged."""
    length = max((len(each) for each in codes.values()), default=0)
    shape = (len(claims), length)
    bits = Bits(*(np.zeros(shape, dtype=np.bool_) for _ in range(3)))
    for row, claim in enumerate(claims):
        each = codes.get((claim, policy), codes.get((claim, ALL)))
        if each is None:
            continue
        verdict = verdict_codes(each)
        decided = (verdict != NOT_JUDGED) & (verdict != Verdict.UNSOLVED)
        bits.decided[row] = decided
        bits.holds[row] = decided & counted(each, run.scenario.claims[claim].equilibria)
        bits.possible[row] = (verdict == Verdict.HOLDS) | (verdict == Verdict.MIXED)
    return bits


def _all_bits(run: StoredRun, claims: tuple[str, ...]) -> Iterator[tuple[int, Bits]]:
    """Every block of worlds under every policy, with the policy's number."""
    for _, codes in run.parts(run.keys):
        length = max((len(each) for each in codes.values()), default=0)
        for start in range(0, length, _WORLDS_AT_ONCE):
            part = slice(start, start + _WORLDS_AT_ONCE)
            here = {key: each[part] for key, each in codes.items()}
            for number, policy in enumerate(run.policies):
                yield number, part_bits(run, claims, here, policy)


def count_pairs(run: StoredRun, claims: tuple[str, ...]) -> PairCounts:
    """Counts of every pair of claims."""
    policies, size = len(run.policies), len(claims)
    own = np.zeros((policies, size), dtype=np.int64)
    found = [np.zeros((policies, size, size), dtype=np.int64) for _ in range(4)]
    for policy, bits in _all_bits(run, claims):
        holds, decided, possible = (
            each.astype(np.float32) for each in (bits.holds, bits.decided, bits.possible)
        )
        own[policy] += bits.holds.sum(axis=1)
        products = (decided @ decided.T, holds @ decided.T, holds @ holds.T, possible @ possible.T)
        for count, product in zip(found, products, strict=True):
            count[policy] += np.rint(product).astype(np.int64)
    return PairCounts(own, *found)


def unseen_triples(
    run: StoredRun, claims: tuple[str, ...], pairs: PairCounts
) -> tuple[tuple[int, int, int], ...]:
    """Triples never seen together of which every two were, as places of claims."""
    size = len(claims)
    seen = pairs.together.sum(axis=0) > 0
    unseen = seen[:, :, None] & seen[:, None, :] & seen[None, :, :]
    first, second = np.triu_indices(size, 1)
    # Only i < j < k: one entry per triple.
    order = np.arange(size)
    unseen &= (order[:, None, None] < order[:, None]) & (order[:, None] < order)
    for _, bits in _all_bits(run, claims):
        holds = bits.holds.astype(np.float32)
        open_pairs = np.flatnonzero(unseen[first, second].any(axis=1))
        for start in range(0, len(open_pairs), _PAIRS_AT_ONCE):
            i, j = (side[open_pairs[start : start + _PAIRS_AT_ONCE]] for side in (first, second))
            unseen[i, j] &= (holds[i] * holds[j]) @ holds.T == 0.0
    return tuple((int(i), int(j), int(k)) for i, j, k in zip(*np.nonzero(unseen), strict=True))


def count_triples(
    run: StoredRun, claims: tuple[str, ...], places: tuple[tuple[int, int, int], ...]
) -> TripleCounts:
    """Counts of given triples."""
    policies = len(run.policies)
    decided = np.zeros((policies, len(places)), dtype=np.int64)
    possible = decided.copy()
    one = np.zeros((policies, len(places), 3), dtype=np.int64)
    two = one.copy()
    index = np.array(places, dtype=np.intp).reshape(-1, 3)
    for policy, bits in _all_bits(run, claims):
        packed = [np.packbits(each, axis=1) for each in (bits.decided, bits.holds, bits.possible)]
        for start in range(0, len(places), _TRIPLES_AT_ONCE):
            part = slice(start, start + _TRIPLES_AT_ONCE)
            known, holds, can = (each[index[part].T] for each in packed)
            all_known = known[0] & known[1] & known[2]
            decided[policy, part] += _count(all_known)
            possible[policy, part] += _count(can[0] & can[1] & can[2])
            for place, others in enumerate(((1, 2), (0, 2), (0, 1))):
                one[policy, part, place] += _count(all_known & holds[place])
                both = holds[others[0]] & holds[others[1]]
                two[policy, part, place] += _count(all_known & both)
    return TripleCounts(places, decided, one, two, possible)


def _count(packed: NDArray[np.uint8]) -> Whole:
    """How many bits are set in each row."""
    return np.bitwise_count(packed).sum(axis=-1, dtype=np.int64)
