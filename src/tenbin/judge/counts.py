"""Counts of what claims do, merged over chunks of worlds; and the codes kept for every world."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tenbin.forms.contract import Status
from tenbin.judge.evaluate import TRUE, UNDEFINED, Judged, Verdict
from tenbin.judge.propositions import Ranking
from tenbin.judge.words import verdict_word, wilson_interval
from tenbin.scenario.language import Array

__all__ = [
    "NOT_JUDGED",
    "Averages",
    "Codes",
    "Counts",
    "codes_of",
    "counted",
    "is_tie",
    "selected_holds",
    "verdict_codes",
    "verdict_column",
]

Codes = NDArray[np.int8]
Bools = NDArray[np.bool_]

NOT_JUDGED = -1
"""The code of a world that a claim does not rest on."""

_VERDICT_BITS, _TIE_BIT, _SELECTED_BIT = 0b0011, 0b0100, 0b1000


def codes_of(judged: Judged, worlds: int) -> Codes:
    """One number per world [W] to store: verdict, tie and selected truth as bits.

    Bits 0-1 are the `Verdict`, bit 2 is a tie, bit 3 the truth at the selected equilibria; worlds
    past those judged are `NOT_JUDGED`.
    """
    codes = np.full(worlds, NOT_JUDGED, dtype=np.int8)
    bits = judged.verdict + _TIE_BIT * judged.tie + _SELECTED_BIT * (judged.selected == TRUE)
    codes[: len(bits)] = bits
    return codes


def verdict_column(claim: str, policy: str) -> str:
    """The name of the column that keeps the codes of a claim under a policy."""
    return f"{claim}|{policy}"


def verdict_codes(codes: Codes) -> NDArray[np.int8]:
    """The `Verdict` [W] in stored codes; `NOT_JUDGED` stays."""
    return np.where(codes == NOT_JUDGED, NOT_JUDGED, codes & _VERDICT_BITS).astype(np.int8)


def is_tie(codes: Codes) -> Bools:
    """Whether a comparison was within its tolerance [W]."""
    return (codes != NOT_JUDGED) & (codes & _TIE_BIT != 0)


def selected_holds(codes: Codes) -> Bools:
    """Whether the claim is true at the selected equilibria [W]."""
    return (codes != NOT_JUDGED) & (codes & _SELECTED_BIT != 0)


def counted(codes: Codes, quantifier: str) -> Bools:
    """Whether a world counts as one where the claim holds [W], by the claim's quantifier."""
    verdict = verdict_codes(codes)
    if quantifier == "selected":
        return selected_holds(codes)
    if quantifier == "some":
        return (verdict == Verdict.HOLDS) | (verdict == Verdict.MIXED)
    return verdict == Verdict.HOLDS


@dataclass
class Counts:
    """How many worlds a claim holds in, under one policy."""

    worlds: int = 0
    verdicts: NDArray[np.int64] = field(default_factory=lambda: np.zeros(4, dtype=np.int64))
    selected: int = 0
    selected_unknown: int = 0
    ties: int = 0
    reasons: NDArray[np.int64] = field(
        default_factory=lambda: np.zeros(len(Status), dtype=np.int64)
    )

    def add(self, judged: Judged) -> None:
        self.worlds += len(judged.verdict)
        self.verdicts += np.bincount(judged.verdict, minlength=4)
        self.reasons += np.bincount(judged.reason, minlength=len(Status))
        self.selected += int((judged.selected == TRUE).sum())
        self.selected_unknown += int((judged.selected == UNDEFINED).sum())
        self.ties += int(judged.tie.sum())

    def row(self, quantifier: str, *, vacuous: bool) -> dict[str, object]:
        """The verdict as plain data: shares, interval, word, and why worlds are unsolved."""
        holds, fails, mixed, unsolved = (int(count) for count in self.verdicts)
        count, unknown = {
            "every": (holds, unsolved),
            "some": (holds + mixed, unsolved),
            "selected": (self.selected, self.selected_unknown),
        }[quantifier]
        if self.worlds == 0:
            unsolved, unknown = 1, 1
        worlds = max(self.worlds, 1)
        word = verdict_word(count / worlds, unknown / worlds, vacuous=vacuous)
        return {
            "word": word,
            "holds": holds / worlds,
            "fails": fails / worlds,
            "mixed": mixed / worlds,
            "unsolved": unsolved / worlds,
            "selected": self.selected / worlds,
            "ties": self.ties / worlds,
            "interval": list(wilson_interval(count, self.worlds)),
            "reasons": {
                Status(number).name.lower(): int(count) / worlds
                for number, count in enumerate(self.reasons)
                if count and number != Status.SOLVED
            },
        }


@dataclass
class Averages:
    """What rivals gain on a policy on average over worlds, for `by=mean`.

    The claim is then true or false of the run as a whole: its share is that of the worlds solved,
    or zero. It is `undecided` where drawing other worlds could change the order.
    """

    ranking: Ranking
    worlds: int = 0
    sums: Array | None = None
    squares: Array | None = None
    tolerances: Array | None = None
    solved: int = 0
    reasons: NDArray[np.int64] = field(
        default_factory=lambda: np.zeros(len(Status), dtype=np.int64)
    )

    def add(self, gains: Array, tolerances: Array, reason: NDArray[np.int8]) -> None:
        """Merge the gains of one chunk [rivals, objectives, W]."""
        use = reason == Status.SOLVED
        parts = (gains[..., use], gains[..., use] ** 2, tolerances[..., use])
        first, second, third = (part.sum(axis=-1) for part in parts)
        self.sums = first if self.sums is None else self.sums + first
        self.squares = second if self.squares is None else self.squares + second
        self.tolerances = third if self.tolerances is None else self.tolerances + third
        self.worlds += len(reason)
        self.solved += int(use.sum())
        self.reasons += np.bincount(reason, minlength=len(Status))

    def row(self, *, vacuous: bool) -> dict[str, object]:
        """The verdict as plain data, with the same keys as `Counts.row`."""
        holds, sure = self._truth()
        share = self.solved / self.worlds if self.worlds else 0.0
        unsolved = 1.0 - share
        low, high = (share, share) if holds else (0.0, 0.0)
        if not sure:
            low, high = 0.0, share
        word = verdict_word(low, unsolved + high - low, vacuous=vacuous)
        return {
            "word": word,
            "holds": share if holds else 0.0,
            "fails": 0.0 if holds else share,
            "mixed": 0.0,
            "unsolved": unsolved,
            "selected": share if holds else 0.0,
            "ties": 0.0,
            "interval": [low, high],
            "reasons": {
                Status(number).name.lower(): int(count) / self.worlds
                for number, count in enumerate(self.reasons)
                if count and number != Status.SOLVED
            },
        }

    def _truth(self) -> tuple[bool, bool]:
        """Whether the ranking is true of the averages, and whether sampling could not change it."""
        if not self.solved or self.sums is None:
            return False, False
        assert self.squares is not None
        assert self.tolerances is not None
        mean = self.sums / self.solved
        spread = np.sqrt(np.maximum(self.squares / self.solved - mean**2, 0.0) / self.solved)
        tolerance = self.tolerances / self.solved
        truths = {
            _ranked(self.ranking, mean + shift * 1.96 * spread, tolerance) for shift in (-1, 0, 1)
        }
        return _ranked(self.ranking, mean, tolerance), len(truths) == 1


def _ranked(ranking: Ranking, gains: Array, tolerance: Array) -> bool:
    """`best` or `dominated` by the gains [rivals, objectives] of every rival."""
    better, worse = gains > tolerance, gains < -tolerance
    if ranking.kind == "best":
        return not better.any()
    return bool((better.any(axis=1) & ~worse.any(axis=1)).any())
