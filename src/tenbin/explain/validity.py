"""Validity, soundness and work: whether premises carry a claim, and whether they are true.

Validity is the share of worlds in which a claim holds when all its premises, and theirs, are
imposed. Whether they are true is another question, and answered apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import product
from math import sqrt
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from tenbin.explain.soundness import (
    Soundness,
    Truth,
    claim_truth,
    fact_truth,
    known_figures,
    soundness_of,
)
from tenbin.explain.stored import StoredRun
from tenbin.explain.validity_premises import Premise, chain_of, clashes_of, premises_of
from tenbin.explain.validity_truth import Asked, Truths
from tenbin.judge.counts import NOT_JUDGED, Codes, counted, verdict_codes
from tenbin.judge.evaluate import Verdict
from tenbin.judge.questions import ALL
from tenbin.judge.words import share_word, wilson_interval
from tenbin.scenario.language import Expression

__all__ = ["IDLE", "LEAST_SHARE", "Imposing", "Share", "Validity", "Work", "find_validity"]

Bools = NDArray[np.bool_]
How = Literal["imposed", "conditioned", "both", "none"]

LEAST_SHARE = 0.01
"""The share of worlds in which a premise must hold to be imposed by looking there."""
IDLE = 0.01
"""A premise that moves validity by less than this does no work,"""
IDLE_WITHIN = 0.1
"""if worlds are enough to tell: the interval of its work lies within this of nothing."""
REGARDLESS = 0.95
"""The share from which on a claim is said to hold, whether or not its premises do."""
MOST_VALUES = 16
"""Ways to settle a clash that are tried; of more, the first."""


@dataclass(frozen=True, slots=True)
class Share:
    """In how many of `worlds` a claim counts as holding; they are those of `looked` that count."""

    holds: int
    worlds: int
    looked: int
    unsolved: int = 0

    @property
    def share(self) -> float | None:
        return self.holds / self.worlds if self.worlds else None

    @property
    def interval(self) -> tuple[float, float]:
        return wilson_interval(self.holds, self.worlds)

    def as_data(self) -> dict[str, Any]:
        low, high = self.interval
        return {
            "share": self.share,
            "low": low,
            "high": high,
            "worlds": self.worlds,
            "of": self.looked,
            "unsolved": self.unsolved,
        }


@dataclass(frozen=True, slots=True)
class Work:
    """What a premise adds: validity less validity with it alone dropped, with its interval.

    None where it could not be told: nothing to impose in numbers, or too few worlds either way.
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    imposes: bool = True
    """False where the premise has nothing to impose in numbers."""


@dataclass(frozen=True, slots=True)
class Imposing:
    """Validity for one way to settle what premises assert of the same name.

    `share` is None where it was not found: `reason` is `rare` where a premise holds in under 1 % of
    the worlds, or all of them together in none, or names the model that is too dear to solve again.
    """

    asserts: dict[str, str]
    share: Share | None
    reason: str = ""
    work: dict[str, Work] = field(default_factory=dict[str, Work])

    def as_data(self) -> dict[str, Any]:
        empty = {"share": None, "low": None, "high": None, "worlds": 0, "of": 0, "unsolved": 0}
        return {
            "asserts": dict(self.asserts),
            **(empty if self.share is None else self.share.as_data()),
            "reason": self.reason or None,
            "work": {name: work.value for name, work in self.work.items()},
            "work_interval": {
                name: None if work.low is None else [work.low, work.high]
                for name, work in self.work.items()
            },
        }


@dataclass(frozen=True, eq=False)
class Validity:
    """What the premises of a claim do for it, under one policy.

    `per_value` has one entry unless premises clash. `as_it_is` is the claim's share with nothing
    imposed. `regardless`: it holds in at least 95 % of worlds without them, and where they fail.
    """

    claim: str
    policy: str
    how: How
    premises: tuple[Premise, ...]
    per_value: tuple[Imposing, ...]
    clash: dict[str, tuple[tuple[str, str], ...]]
    as_it_is: Share
    as_known: Share | None
    figures: dict[str, str]
    soundness: Soundness
    idle: tuple[str, ...]
    regardless: bool
    chain: tuple[tuple[str, tuple[str, ...]], ...]

    def as_data(self) -> dict[str, Any]:
        """Plain data for JSON."""
        first = self.per_value[0].as_data()
        return {
            "policy": self.policy,
            "how": self.how,
            "premises": {item.claim: item.how for item in self.premises},
            "per_value": [item.as_data() for item in self.per_value],
            "clash": {
                name: [{"claim": claim, "value": value} for claim, value in sides]
                for name, sides in self.clash.items()
            }
            or None,
            "as_it_is": self.as_it_is.as_data(),
            "as_known": None if self.as_known is None else self.as_known.as_data(),
            "figures": dict(self.figures),
            "sound": self.soundness.word,
            "truths": dict(self.soundness.truths),
            "work": first["work"],
            "work_interval": first["work_interval"],
            "idle": list(self.idle),
            "regardless": self.regardless,
            "chain": [{"claim": claim, "needs": list(needs)} for claim, needs in self.chain],
        }


def find_validity(
    run: StoredRun,
    claims: Iterable[str] | None = None,
    policies: Mapping[str, str] | None = None,
    *,
    told: Callable[[float], None] | None = None,
) -> dict[str, Validity]:
    """The validity of claims of a run that have premises and are judged world by world.

    Parameters
    ----------
    run
        A run whose verdicts were stored.
    claims
        Which; by default all.
    policies
        The policy to look at, by claim; by default each one's first.
    told
        Called with the share of the solving done.

    Notes
    -----
    What premises assert is imposed as replaced numbers; the claim is then judged again in the first
    1,024 worlds (or as many as it states), with all else as in the run. A premise without such
    numbers is imposed by looking only at worlds where it counts as holding, itself judged with the
    same numbers imposed; each must do so in 1 % of the worlds looked at, and in how many all of
    them do is said with the share. Facts that assert no number have nothing to impose. The interval
    of work is Newcombe's for two shares ([newcombe1998], method 10), which overstates it, since the
    worlds are the same ones.
    """
    wanted = tuple(run.scenario.claims) if claims is None else tuple(claims)
    chosen = dict(policies or {})
    truths = Truths(run)
    cases: list[_Case] = []
    for claim in wanted:
        judged = run.policies_of(claim)
        if judged and run.scenario.claims[claim].needs:
            cases.append(_Case(run, truths, claim, chosen.get(claim, judged[0])))
    for case in cases:
        case.want()
    truths.solve(told)
    return {case.claim: case.validity() for case in cases}


@dataclass
class _Case:
    """One claim under one policy, with its premises."""

    run: StoredRun
    truths: Truths
    claim: str
    policy: str

    def __post_init__(self) -> None:
        self.premises = premises_of(self.run, self.claim)
        self.clash = clashes_of(self.run.scenario, self.premises)
        self.figures = known_figures(self.run.scenario, self.premises)

    def want(self) -> None:
        """Ask for every truth that is read later."""
        for asked in self._all_asked():
            self.truths.want(asked)

    def validity(self) -> Validity:
        ways = self._ways()
        worlds = self._worlds()
        per_value = tuple(self._imposing(way, worlds) for way in ways)
        plain = self._share({}, (), self.run.worlds)
        assert isinstance(plain, Share)
        known = self._share(self.figures, (), worlds if self.figures else self.run.worlds)
        as_known = known if isinstance(known, Share) else None
        return Validity(
            claim=self.claim,
            policy=self.policy,
            how=self._how(),
            premises=self.premises,
            per_value=per_value,
            clash={
                name: tuple((claim, value.text) for claim, value in sides)
                for name, sides in self.clash.items()
            },
            as_it_is=plain,
            as_known=as_known,
            figures={name: value.text for name, value in self.figures.items()},
            soundness=soundness_of(
                {item.claim: self._truth_of(item.claim) for item in self.premises},
                claim_truth(None if as_known is None else as_known.share),
            ),
            idle=_idle(per_value[0]),
            regardless=self._holds_regardless(plain),
            chain=chain_of(self.run.scenario, self.claim),
        )

    def _how(self) -> How:
        asserting = any(item.how == "asserts" for item in self.premises)
        holding = any(item.how == "holds" for item in self.premises)
        if asserting and holding:
            return "both"
        return "imposed" if asserting else "conditioned" if holding else "none"

    def _ways(self) -> list[dict[str, Expression]]:
        """Every way to settle the clashes: a value for each name of which several are asserted."""
        options = [
            list({value.text: (name, value) for _, value in sides}.values())
            for name, sides in self.clash.items()
        ]
        return [dict(way) for way in product(*options)][:MOST_VALUES]

    def _values(self, way: Mapping[str, Expression], without: str = "") -> dict[str, Expression]:
        """The numbers imposed by all premises, or by all but one."""
        values: dict[str, Expression] = {}
        for item in self.premises:
            if item.how != "asserts" or item.claim == without:
                continue
            for name, value in self.run.scenario.claims[item.claim].asserts.items():
                if name not in way or way[name].text == value.text:
                    values[name] = value
        return values

    def _conditions(self, without: str = "") -> tuple[str, ...]:
        return tuple(
            item.claim for item in self.premises if item.how == "holds" and item.claim != without
        )

    def _asked(self, claim: str, values: Mapping[str, Expression]) -> list[Asked]:
        """The truths that stand for a claim: under the same policy, or under any it is judged by.

        A premise that is judged by policy, needed by a claim that is not, holds where it does under
        any of them.
        """
        policies = self.run.policies_of(claim)
        same = [policy for policy in policies if policy in (self.policy, ALL)]
        return [self.truths.reduced(claim, policy, values) for policy in same or policies]

    def _all_asked(self) -> list[Asked]:
        found: list[Asked] = []
        for way in self._ways():
            for without in ("", *(item.claim for item in self.premises if item.imposes)):
                values = self._values(way, without)
                for claim in (self.claim, *self._conditions(without)):
                    found += self._asked(claim, values)
        found += self._asked(self.claim, self.figures)
        for item in self.premises:
            if item.claim not in self.run.fixed_words:
                figures = known_figures(self.run.scenario, premises_of(self.run, item.claim))
                found += self._asked(item.claim, figures)
        return found

    def _worlds(self) -> int:
        """In how many worlds validity is looked at: all, unless something is solved again."""
        again = [asked for asked in self._all_asked() if asked.imposed]
        known = [self.truths.worlds_of(asked) for asked in again if not self.truths.refused(asked)]
        return min([self.run.worlds, *known])

    def _imposing(self, way: Mapping[str, Expression], worlds: int) -> Imposing:
        share = self._share(self._values(way), self._conditions(), worlds)
        asserts = {name: value.text for name, value in self._values(way).items()}
        work = {item.claim: self._work(way, item, share, worlds) for item in self.premises}
        if isinstance(share, Share):
            return Imposing(asserts, share, "", work)
        return Imposing(asserts, None, share, work)

    def _work(
        self, way: Mapping[str, Expression], item: Premise, whole: Share | str, worlds: int
    ) -> Work:
        if not item.imposes:
            return Work(None, imposes=False)
        values, conditions = self._values(way, item.claim), self._conditions(item.claim)
        without = self._share(values, conditions, worlds)
        if not isinstance(whole, Share) or not isinstance(without, Share):
            return Work(None)
        return _difference(whole, without)

    def _share(
        self, values: Mapping[str, Expression], conditions: tuple[str, ...], worlds: int
    ) -> Share | str:
        """The share with these numbers imposed where these claims hold, or why there is none."""
        asked = self._asked(self.claim, values)
        for one in (*asked, *(a for claim in conditions for a in self._asked(claim, values))):
            model = self.truths.refused(one)
            if model is not None:
                return model
        codes = self.truths.codes(asked[0])[:worlds]
        looked = codes != NOT_JUDGED
        held: list[Bools] = []
        for claim in conditions:
            parts = self._codes(claim, values, len(codes))
            looked &= np.logical_or.reduce([part != NOT_JUDGED for part in parts])
            held.append(_any_holds(self.run, claim, parts))
        count = int(looked.sum())
        among: Bools = np.logical_and.reduce([looked, *held])
        if not among.any() or min((int((h & looked).sum()) for h in held), default=count) < (
            LEAST_SHARE * count
        ):
            return "rare"
        holds = counted(codes, self.run.scenario.claims[self.claim].equilibria)
        unsolved = verdict_codes(codes) == Verdict.UNSOLVED
        return Share(
            int((holds & among).sum()), int(among.sum()), count, int((unsolved & among).sum())
        )

    def _codes(self, claim: str, values: Mapping[str, Expression], length: int) -> list[Codes]:
        found: list[Codes] = []
        for asked in self._asked(claim, values):
            codes = np.full(length, NOT_JUDGED, dtype=np.int8)
            given = self.truths.codes(asked)[:length]
            codes[: len(given)] = given
            found.append(codes)
        return found

    def _holds_regardless(self, plain: Share) -> bool:
        """Whether the claim holds as it is, and also where its premises do not."""
        if plain.share is None or share_word(plain.share) != "holds":
            return False
        conditions = self._conditions()
        codes = self.truths.codes(self._asked(self.claim, {})[0])
        judged = codes != NOT_JUDGED
        together = judged.copy()
        for claim in conditions:
            together &= _any_holds(self.run, claim, self._codes(claim, {}, len(codes)))
        outside = judged & ~together
        if int(outside.sum()) < LEAST_SHARE * int(judged.sum()):
            return True
        holds = counted(codes, self.run.scenario.claims[self.claim].equilibria)
        return float((holds & outside).sum()) >= REGARDLESS * float(outside.sum())

    def _truth_of(self, claim: str) -> Truth:
        """Whether a premise is true as known: by facts, or by its share under the policy."""
        fixed = self.run.fixed_words.get(claim)
        if fixed is not None:
            return fact_truth(fixed)
        figures = known_figures(self.run.scenario, premises_of(self.run, claim))
        shares = [self._known_share(asked) for asked in self._asked(claim, figures)]
        known = [share for share in shares if share is not None]
        return claim_truth(max(known) if known else None)

    def _known_share(self, asked: Asked) -> float | None:
        if self.truths.refused(asked):
            return None
        codes = self.truths.codes(asked)
        judged = codes != NOT_JUDGED
        holds = counted(codes, self.run.scenario.claims[asked.claim].equilibria)
        return float(holds.sum()) / float(judged.sum()) if judged.any() else None


def _any_holds(run: StoredRun, claim: str, codes: list[Codes]) -> Bools:
    quantifier = run.scenario.claims[claim].equilibria
    holds: Bools = np.logical_or.reduce([counted(one, quantifier) for one in codes])
    return holds


def _difference(whole: Share, without: Share) -> Work:
    """Newcombe's interval of the difference of two shares."""
    first, second = whole.share, without.share
    if first is None or second is None:
        return Work(None)
    (low, high), (low_other, high_other) = whole.interval, without.interval
    value = first - second
    return Work(
        value,
        value - sqrt((first - low) ** 2 + (high_other - second) ** 2),
        value + sqrt((high - first) ** 2 + (second - low_other) ** 2),
    )


def _idle(imposing: Imposing) -> tuple[str, ...]:
    """Premises that do no work, or have nothing to do it with."""
    if imposing.share is None:
        return ()
    return tuple(name for name, work in imposing.work.items() if _is_idle(work))


def _is_idle(work: Work) -> bool:
    if work.value is None or work.low is None or work.high is None:
        return not work.imposes
    return abs(work.value) < IDLE and max(-work.low, work.high) <= IDLE_WITHIN
