"""Scenarios of one conflict, from the text of its body."""

from __future__ import annotations

from typing import Any

import numpy as np
from ruamel.yaml import YAML

from tenbin.forms.conflict.game import BoundConflict, ConflictModel
from tenbin.forms.conflict.room import ROOM
from tenbin.forms.conflict.tables import ConflictSolution
from tenbin.forms.contract import SolverOptions
from tenbin.scenario.grammar import parse_expression
from tenbin.scenario.language import OutcomeCall
from tenbin.scenario.objects import Scenario

PLAYERS = ("US", "DPRK", "China")

TRIANGLE = """
options:
  relax: US
  align: {player: DPRK, title: Align with the US}
  aid: China
infeasible: [align and aid]
start: [aid]
states: {deal: relax and align, help: [aid]}
preferences:
  US: {statements: [align, not relax]}
  DPRK: {weights: {relax: w, aid: 0.4, align: "-v"}}
  China: {ranking: [[help, s6], s1, [s2, s3, deal]]}
"""


def scenario(body: str | dict[str, Any]) -> Scenario:
    """A scenario with one model, `m`, of the players US, DPRK and China; numbers w and v."""
    read = YAML(typ="safe").load(body) if isinstance(body, str) else body
    return Scenario.from_dict(
        {
            "tenbin": 1,
            "title": "A conflict",
            "players": {name: name for name in PLAYERS},
            "uncertainties": {"w": {"range": "0..1"}, "v": {"range": "0..1"}},
            "models": {"m": {"form": "conflict", **read}},
        }
    )


def compiled(body: str | dict[str, Any], play: dict[str, str] | None = None) -> ConflictModel:
    return ROOM.compile(scenario(body), "m", play or {})


def solved(
    body: str | dict[str, Any],
    concept: str = "",
    play: dict[str, str] | None = None,
    **numbers: Any,
) -> tuple[BoundConflict, ConflictSolution]:
    """The conflict in worlds given by the numbers w and v (0.5 where not given)."""
    worlds = max((len(values) for values in numbers.values()), default=1)
    known = {"w": np.full(worlds, 0.5), "v": np.full(worlds, 0.5)}
    known |= {name: np.asarray(values, dtype=np.float64) for name, values in numbers.items()}
    model = compiled(body, play)
    used = {name: values for name, values in known.items() if name in model.names}
    bound = ROOM.bind(model, used, {}, worlds)
    return bound, ROOM.solve(bound, SolverOptions(concept=concept, threads=1))


def call_of(text: str) -> OutcomeCall:
    expression, problems = parse_expression(text)
    assert expression is not None, problems
    (call,) = expression.calls
    return call
