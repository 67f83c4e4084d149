"""The hinge of a claim: the fewest assumptions that decide it, and how well they do.

Looked for on the rarer side, where the claim fails or where it holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from tenbin.explain.boxes import Box, Score, all_worlds, score_box
from tenbin.explain.boxes_union import union_score
from tenbin.explain.evidence import Evidence, Input, read_evidence
from tenbin.explain.hinge_search import Found, Method, search_boxes
from tenbin.explain.shallow_tree import Node, recount
from tenbin.judge.words import wilson_interval
from tenbin.run.resolve import Resolver
from tenbin.scenario.objects import Scenario

__all__ = [
    "LEAST_HITS",
    "Hinge",
    "HingeBox",
    "HingeStatus",
    "Restriction",
    "Side",
    "Tradeoff",
    "find_hinge",
    "hinge_of",
]

Side = Literal["holds", "fails"]
HingeStatus = Literal["found", "constant", "too few", "none"]

LEAST_HITS = 20
"""Worlds on the rarer side below which nothing is looked for."""
REPEATS = 10
"""Random halves of the worlds in which the search is repeated."""


@dataclass(frozen=True, slots=True)
class Restriction:
    """One assumption of a box: from `low` up to `high` (None is open), or one of `values`.

    `quasi_p` is the chance that worlds picked at random from the box without this restriction
    would be of interest as often as those in the box are, in worlds not used to find it;
    `found_again` in which share of random halves of the worlds the search for a first box (or the
    tree) restricted this input; None where that is not known.
    """

    input: Input
    low: float | None
    high: float | None
    values: tuple[float, ...] = ()
    quasi_p: float = 0.0
    found_again: float | None = None


@dataclass(frozen=True, slots=True)
class HingeBox:
    """A box with its counts in all worlds, and in those not used to find it (`held_out`)."""

    box: Box
    restrictions: tuple[Restriction, ...]
    score: Score
    held_out: Score


@dataclass(frozen=True, slots=True)
class Tradeoff:
    """A box of the peeling trajectory."""

    coverage: float
    density: float
    restricted: int
    worlds: int


@dataclass(frozen=True, eq=False)
class Hinge:
    """What decides a claim under a policy.

    `side` is the rarer of where it holds and where it fails, and what boxes are about. `boxes` are
    joined by "or"; `together` counts their union. `status`: `found`; `constant` where the claim
    does the same in every world; `too few` worlds on the rarer side; `none` where no assumption was
    borne out.
    """

    claim: str
    policy: str
    side: Side
    status: HingeStatus
    together: Score
    worlds: int
    unsolved: int
    inputs: tuple[Input, ...]
    method: Method = "prim"
    boxes: tuple[HingeBox, ...] = ()
    tree: Node | None = None
    trajectory: tuple[Tradeoff, ...] = ()

    def as_data(self) -> dict[str, Any]:
        """Plain data for JSON: numbers and texts alone."""
        return {
            "claim": self.claim,
            "policy": self.policy,
            "side": self.side,
            "status": self.status,
            "method": self.method,
            "worlds": self.worlds,
            "unsolved": self.unsolved,
            "inputs": [item.name for item in self.inputs],
            **_score_data(self.together),
            "boxes": [_box_data(item) for item in self.boxes],
            "tree": None if self.tree is None else _tree_data(self.tree, self.inputs),
            "trajectory": [
                [step.coverage, step.density, step.restricted, step.worlds]
                for step in self.trajectory
            ],
        }


def hinge_of(
    folder: Path,
    scenario: Scenario,
    claim: str,
    policy: str | None = None,
    *,
    resolver: Resolver | None = None,
) -> Hinge:
    """The hinge of a claim of a run; see `read_evidence` for what is read and raised."""
    return find_hinge(read_evidence(folder, scenario, claim, policy, resolver=resolver))


def find_hinge(evidence: Evidence, *, repeats: int = REPEATS) -> Hinge:
    """The hinge in evidence that has been read.

    Parameters
    ----------
    evidence
        Of one claim under one policy.
    repeats
        In how many random halves the search is repeated, for `found_again`.

    Notes
    -----
    In one half of the worlds PRIM [friedman1999] peels a trajectory of boxes. Of those the one is
    chosen with the fewest restricted inputs whose correlation (of lying in the box with being of
    interest) is within 0.02, or one standard error, of the best; it is pasted, inputs are freed
    one after the other while the others find their best interval, and the same rule chooses again.
    Restrictions are then dropped, the worst first, until each one's quasi-p-value in the other half
    ([bryant2010]) is below 1 % over the number of restrictions. What is left is fitted to all
    worlds. A further box, looked for in the worlds outside, must raise the correlation in the other
    half by 0.05; a tree, whose leaves then stand in place of the boxes, by 0.02. Last, boxes are
    merged and restrictions freed where that loses at most half a percent.
    """
    holds, solved = evidence.holds, evidence.solved
    side: Side = "holds" if 2 * holds <= solved else "fails"
    hits = min(holds, solved - holds)
    if hits < LEAST_HITS:
        return Hinge(
            evidence.claim,
            evidence.policy,
            side,
            "constant" if hits == 0 else "too few",
            Score(0, 0, solved, hits),
            evidence.worlds,
            evidence.unsolved,
            evidence.inputs,
        )
    return _searched(evidence, side, repeats)


def _searched(evidence: Evidence, side: Side, repeats: int) -> Hinge:
    target = evidence.binned
    if side == "fails":
        target = target.with_truth(np.logical_not)
    every = all_worlds(target)
    found = search_boxes(target, repeats=repeats)
    return Hinge(
        claim=evidence.claim,
        policy=evidence.policy,
        side=side,
        status="found" if found.boxes else "none",
        together=union_score(target, every, [item.box for item in found.boxes]),
        worlds=evidence.worlds,
        unsolved=evidence.unsolved,
        inputs=evidence.inputs,
        method=found.method,
        boxes=tuple(
            HingeBox(
                item.box,
                _restrictions(evidence.inputs, item, found.again, first=place == 0),
                score_box(target, every, item.box),
                item.held_out,
            )
            for place, item in enumerate(found.boxes)
        ),
        tree=recount(target, every, found.tree),
        trajectory=tuple(
            Tradeoff(s.score.coverage, s.score.density, len(s.box.restricted), s.score.worlds)
            for s in found.trajectory
        ),
    )


def _restrictions(
    inputs: tuple[Input, ...], found: Found, again: dict[int, float], *, first: bool
) -> tuple[Restriction, ...]:
    """The restrictions of a box, the most telling first."""
    order = sorted(found.box.restricted, key=lambda j: (found.quasi_p[j], j))
    return tuple(
        Restriction(
            inputs[j],
            *_limits(inputs[j], found.box, j),
            quasi_p=found.quasi_p[j],
            found_again=again.get(j, 0.0 if first and again else None),
        )
        for j in order
    )


def _limits(
    item: Input, box: Box, dimension: int
) -> tuple[float | None, float | None, tuple[float, ...]]:
    """What a box allows of an input: from, up to, values."""
    allowed = np.flatnonzero(box.allowed[dimension][: item.codes])
    if not item.ordered:
        return None, None, tuple(item.values[int(code)] for code in allowed)
    first, last = int(allowed[0]), int(allowed[-1])
    low = item.edges[first] if first > 0 else None
    high = item.edges[last + 1] if last < item.codes - 1 else None
    return low, high, ()


def _score_data(score: Score) -> dict[str, Any]:
    return {
        "coverage": score.coverage,
        "coverage_interval": list(wilson_interval(score.hits, score.all_hits)),
        "density": score.density,
        "density_interval": list(wilson_interval(score.hits, score.worlds)),
        "base": score.base,
        "worlds_inside": score.worlds,
    }


def _box_data(item: HingeBox) -> dict[str, Any]:
    return {
        **_score_data(item.score),
        "held_out": {"coverage": item.held_out.coverage, "density": item.held_out.density},
        "restrictions": [_restriction_data(one) for one in item.restrictions],
    }


def _restriction_data(item: Restriction) -> dict[str, Any]:
    return {
        "input": item.input.name,
        "unit": item.input.unit,
        "low": item.low,
        "high": item.high,
        "values": list(item.values),
        "quasi_p": item.quasi_p,
        "found_again": item.found_again,
    }


def _tree_data(tree: Node, inputs: tuple[Input, ...]) -> dict[str, Any]:
    data: dict[str, Any] = {"worlds": tree.score.worlds, "share": tree.score.density}
    if tree.children:
        item = inputs[tree.dimension]
        low, high, values = _limits(item, tree.children[0].box, tree.dimension)
        data["input"] = item.name
        data["first"] = {"low": low, "high": high, "values": list(values)}
        data["children"] = [_tree_data(child, inputs) for child in tree.children]
    return data
