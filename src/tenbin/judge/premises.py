"""Whether a claim's premises hold anywhere: a claim whose premises never do is vacuous."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from tenbin.judge.counts import NOT_JUDGED, Codes, counted, verdict_codes
from tenbin.judge.evaluate import Verdict
from tenbin.judge.questions import ALL
from tenbin.scenario.objects import Scenario

__all__ = ["Premises"]

Key = tuple[str, str]
Bools = NDArray[np.bool_]


class Premises:
    """Counts the worlds in which the premises of each claim, and theirs, hold together.

    Premises that are judged in worlds count, under the claim's own policy where they are judged by
    policy. Whether a fact is true, or what a premise asserts of a number, is a matter of soundness
    and does not make a claim vacuous.
    """

    def __init__(self, scenario: Scenario, keys: tuple[Key, ...]) -> None:
        self._quantifiers = {name: claim.equilibria for name, claim in scenario.claims.items()}
        self._needed = {key: _needed_keys(scenario, key, keys) for key in keys}
        self._decided = dict.fromkeys(keys, 0)
        self._held = dict.fromkeys(keys, 0)

    def add(self, codes: Mapping[Key, Codes]) -> None:
        """Merge the codes [W] of one chunk."""
        for key, needed in self._needed.items():
            groups = [[codes[one] for one in group if one in codes] for group in needed]
            if not groups or not all(groups):
                continue
            quantifiers = [self._quantifiers[group[0][0]] for group in needed]
            parts = [
                _holds_and_decided(group, quantifier)
                for group, quantifier in zip(groups, quantifiers, strict=True)
            ]
            self._held[key] += int(np.logical_and.reduce([holds for holds, _ in parts]).sum())
            decided = np.logical_and.reduce([decided for _, decided in parts])
            self._decided[key] += int(decided.sum())

    def are_nowhere(self, key: Key) -> bool:
        """Whether the premises were decided in some world and held together in none."""
        return self._decided[key] > 0 and self._held[key] == 0


def _holds_and_decided(group: list[Codes], quantifier: str) -> tuple[Bools, Bools]:
    """A premise judged by policy holds where it does under any policy that may be meant."""
    holds: Bools = np.logical_or.reduce([counted(codes, quantifier) for codes in group])
    known: Bools = np.logical_and.reduce([_is_decided(codes) for codes in group])
    return holds, holds | known


def _is_decided(codes: Codes) -> Bools:
    verdict = verdict_codes(codes)
    return (verdict != NOT_JUDGED) & (verdict != Verdict.UNSOLVED)


def _needed_keys(scenario: Scenario, key: Key, keys: tuple[Key, ...]) -> list[list[Key]]:
    """The verdicts that stand for each premise of a claim."""
    _, policy = key
    by_claim: dict[str, list[Key]] = {}
    for one in keys:
        by_claim.setdefault(one[0], []).append(one)
    found: list[list[Key]] = []
    for premise in _all_needs(scenario, key[0]):
        judged = by_claim.get(premise, [])
        same = [one for one in judged if one[1] in (policy, ALL)]
        if judged:
            found.append(same or judged)
    return found


def _all_needs(scenario: Scenario, claim: str) -> tuple[str, ...]:
    found: dict[str, None] = {}
    waiting = list(scenario.claims[claim].needs)
    while waiting:
        premise = waiting.pop()
        if premise not in found and premise in scenario.claims:
            found[premise] = None
            waiting.extend(scenario.claims[premise].needs)
    return tuple(found)
