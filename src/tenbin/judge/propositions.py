"""A claim's proposition as plain data: what it compares, under which settings.

A `Question` is one claim under one policy. Its outcomes are numbered; every part of the
proposition refers to them by number, so that evaluating never looks at a file's text.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import Literal

from tenbin.scenario.language import OutcomeCall, Setting

__all__ = [
    "Atom",
    "Comparison",
    "Equivalence",
    "Junction",
    "Monotone",
    "Negation",
    "Operator",
    "Proposition",
    "Quantity",
    "Question",
    "Ranking",
    "Score",
]

Operator = Literal["<", "<=", ">", ">=", "==", "!="]


@dataclass(frozen=True, slots=True)
class Atom:
    """One outcome asked for: a call without policy or replaced numbers, and its whole setting."""

    call: OutcomeCall
    setting: Setting


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number of a claim: its tree, the setting its names are read under, its outcomes.

    `atoms` pairs every outcome call as the tree has it with the number of its `Atom`.
    """

    tree: ast.expr = field(repr=False)
    setting: Setting
    atoms: tuple[tuple[OutcomeCall, int], ...] = ()
    plain: bool = False
    """Whether the tree is one outcome call and nothing else."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two numbers compared with the tolerance of the outcomes in them."""

    operator: Operator
    left: Quantity
    right: Quantity


@dataclass(frozen=True, slots=True)
class Junction:
    """All of the parts, or at least one of them."""

    operator: Literal["and", "or"]
    parts: tuple[Proposition, ...]


@dataclass(frozen=True, slots=True)
class Negation:
    part: Proposition


@dataclass(frozen=True, slots=True)
class Equivalence:
    """`iff`: both or neither."""

    first: Proposition
    second: Proposition


@dataclass(frozen=True, slots=True)
class Monotone:
    """`rises` or `falls`: the same number at five points of a name's range, in rising order."""

    rising: bool
    points: tuple[Quantity, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """An objective under one policy; `sign` is 1 where more is better, -1 where less is."""

    quantity: Quantity
    sign: Literal[1, -1]
    threshold: Quantity | None = None
    """What is good enough; None unless the ranking is by `satisfice`."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """`best` or `dominated`: one policy against the others.

    `own` are the policy's scores, one per objective; `rivals` those of every other policy.
    """

    kind: Literal["best", "dominated"]
    by: Literal["regret", "mean", "satisfice"]
    policy: str
    own: tuple[Score, ...]
    rivals: tuple[tuple[Score, ...], ...]


Proposition = Comparison | Junction | Negation | Equivalence | Monotone | Ranking


@dataclass(frozen=True, slots=True)
class Question:
    """One claim under one policy; `policy` is `all` where the claim names its policies.

    `worlds` [atoms] is the number of worlds each outcome is asked for, None for all. Outcomes that
    only feed numbers of the claim are among them: their jobs must be solved, and combined.
    """

    claim: str
    policy: str
    proposition: Proposition
    atoms: tuple[Atom, ...]
    worlds: tuple[int | None, ...]
