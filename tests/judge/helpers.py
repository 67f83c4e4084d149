"""Hand-made answers and propositions, so that judging is tested without solving anything."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from tenbin.forms.contract import Certificate, Status
from tenbin.judge.propositions import Comparison, Operator, Quantity, Score
from tenbin.judge.reads import reads_of
from tenbin.judge.views import Answer, Choice
from tenbin.run import Chunk, Job, Plan, SolvedJob
from tenbin.run.combinations import Axis, Slots
from tenbin.run.solved import Rests
from tenbin.scenario import Scenario, read_scenario
from tenbin.scenario.expressions import parse_expression
from tenbin.scenario.language import Array, OutcomeCall, Setting
from tenbin.worlds import draw_worlds

NAN = float("nan")


def answer(
    values: ArrayLike,
    *,
    group: int = 0,
    found: ArrayLike | None = None,
    status: ArrayLike | None = None,
    scale: float = 1.0,
    rests: Mapping[int, ArrayLike] | None = None,
    capped: ArrayLike | None = None,
) -> Answer:
    """One outcome: values [W] or [W, K]; every slot holds an equilibrium unless `found` says.

    `rests` [W, K] tells by group on which slot of it each slot of this one rests.
    """
    array = np.asarray(values, dtype=np.float64)
    array = array[:, None] if array.ndim == 1 else array
    worlds = array.shape[0]
    where = np.ones(array.shape, dtype=bool) if found is None else np.asarray(found, dtype=bool)
    states = np.full(worlds, Status.SOLVED) if status is None else np.asarray(status)
    scales = np.full(worlds, scale)
    resting = {other: np.asarray(slots, dtype=np.int32) for other, slots in (rests or {}).items()}
    missing = None if capped is None else np.asarray(capped, dtype=bool)
    axis = Axis(where, resting, missing)
    return Answer(array, states.astype(np.int8), scales, group, axis)


def quantity(
    text: str | float, atoms: Sequence[int] = (), setting: Setting | None = None
) -> Quantity:
    """A number of a claim; `atoms` number its outcome calls in reading order."""
    expression, problems = parse_expression(text)
    assert expression is not None, problems
    calls = reads_of(expression.tree)[1]
    pairs = tuple(zip(calls, atoms, strict=True))
    plain = str(text).startswith(("P(", "E(")) and str(text).endswith(")") and len(calls) == 1
    return Quantity(expression.tree, setting or Setting(), pairs, plain)


def outcome(atom: int) -> Quantity:
    """Outcome number `atom` and nothing else."""
    return quantity(f"P(m.end{atom})", [atom])


def compare(left: Quantity, operator: Operator, right: Quantity) -> Comparison:
    return Comparison(operator, left, right)


def less(left: int, right: int) -> Comparison:
    """Outcome number `left` is less than outcome number `right`."""
    return Comparison("<", outcome(left), outcome(right))


def score(atom: int, sign: Literal[1, -1] = 1, threshold: float | None = None) -> Score:
    return Score(outcome(atom), sign, None if threshold is None else quantity(threshold))


def no_numbers(_setting: Setting, _choice: Choice) -> Mapping[str, float]:
    return {}


CRISIS = """
tenbin: 1
title: Crisis
players: {A: Attacker, D: Defender}
uncertainties:
  stake: {range: 0.5..1.5}
  noise: {uniform: 0..1}
  kind: {choice: {1: 0.5, 2: 0.2, 4: 0.3}}
constants: {floor: 2, ceiling: 5}
derived: {gap: ceiling - floor, risk: 1 - P(crisis.war)}
levers: {troops: {default: 1, range: 0..2}, idle: {default: 0, range: 0..1}}
policies:
  quo: {}
  stay: {troops: 2}
  same: {idle: 1}
facts:
  F-1: {quantity: Share, value: 3, low: 2.5, high: 3.5, verified: true}
  F-2: {quantity: Hearsay, value: 3, verified: false}
models:
  crisis:
    form: tree
    start: choose
    moves: {choose: {player: A, actions: {attack: war, wait: peace}}}
    ends:
      war: {A: stake - troops, D: -1}
      peace: {A: 0, D: noise * 0}
  after:
    form: tree
    start: respond
    moves: {respond: {player: D, actions: {arm: armed, hold: resting}}}
    ends:
      armed: {D: P(crisis.war) - 0.5}
      resting: {D: 0}
decision_maker: D
objectives:
  war: {min: P(crisis.war), at_most: 0.4}
  pay: {max: E(crisis.D)}
claims:
"""
"""Two models, the second fed by the first; claims are appended, two spaces deep."""


def scenario_with(folder: Path, claims: str, base: str = CRISIS) -> Scenario:
    """The crisis with the claims given, one mapping per line."""
    path = folder / "crisis.yaml"
    lines = [f"  {line}" for line in claims.strip().splitlines()]
    path.write_text(base + "\n".join(lines) + "\n", encoding="utf-8")
    scenario, problems = read_scenario(path)
    assert scenario is not None, problems
    return scenario


def solved_chunk(
    plan: Plan,
    values: Callable[[Job, OutcomeCall], ArrayLike],
    *,
    start: int = 0,
    stop: int = 4,
    status: Mapping[str, ArrayLike] | None = None,
    rests: Mapping[str, Mapping[str, ArrayLike]] | None = None,
) -> Chunk:
    """Worlds of a run as if solved: outcomes [W, K] as `values` says, statuses [W] by model.

    A slot is found where its values are not infinite; `rests` [K] tells by model, and model that
    feeds it, on which slot of the job that feeds it each slot rests.
    """
    draws = draw_worlds(plan.scenario, start, stop, total=plan.worlds)
    chunk = Chunk(plan, start, stop, draws, {})
    for planned in plan.jobs:
        worlds = chunk.worlds_of(planned.job)
        if worlds == 0:
            continue
        outcomes = {call: _two_axes(values(planned.job, call), worlds) for call in planned.outcomes}
        shape = (worlds, max((array.shape[1] for array in outcomes.values()), default=1))
        outcomes = {call: np.broadcast_to(array, shape) for call, array in outcomes.items()}
        found = np.ones(shape, dtype=bool)
        for array in outcomes.values():
            found &= ~np.isinf(array)
        states = np.broadcast_to((status or {}).get(planned.job.model, 0), (worlds,))
        nothing = np.zeros(shape)
        chunk.solved[planned.job] = SolvedJob(
            status=states.astype(np.int8),
            found=found,
            complete=np.full(worlds, shape[1] == 1),
            certificate=Certificate(nothing + 1e-9, nothing, nothing, found),
            outcomes=outcomes,
            scales=dict.fromkeys(outcomes, 1.0),
            flags={},
            steps=None,
            method="by hand",
            rests=_rests(plan, planned.job, (rests or {}).get(planned.job.model), shape),
        )
    return chunk


def _rests(
    plan: Plan, job: Job, slots: Mapping[str, ArrayLike] | None, shape: tuple[int, int]
) -> Rests | None:
    if slots is None:
        return None
    found: dict[Hashable, Slots] = {
        feeding: np.broadcast_to(np.asarray(slots[feeding.model], dtype=np.int32), shape)
        for feeding in plan.upstream(job)
    }
    return Rests(found, np.zeros(shape[0], dtype=bool))


def _two_axes(values: ArrayLike, worlds: int) -> Array:
    array = np.asarray(values, dtype=np.float64)
    array = array[:, None] if array.ndim == 1 else array
    return np.broadcast_to(array, (worlds, array.shape[-1] if array.ndim else 1)).copy()
