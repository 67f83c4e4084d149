"""Outcomes of games whose limits are known, solved by the room's own solvers."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from forms.tree.compiled import bound, call_of, compiled
from tenbin.errors import FormError
from tenbin.forms import room
from tenbin.forms.contract import SolverOptions

SIGNAL = """
types: {US: {high: p, low: rest}}
start: signal
moves:
  signal: {player: US, actions: {stay: kept, go: reply}}
  reply: {player: DPRK, actions: {x: left, y: right}}
ends:
  kept: {US: 1, DPRK: 0}
  left: {US: {high: "1 - stake", low: "1 - war_cost"}, DPRK: {US.high: 1, else: 0}}
  right: {US: {high: "1 - stake", low: "1 - war_cost"}, DPRK: {US.high: 0, else: 1}}
"""


def solved(text: str, calls: list[str], worlds: int = 1, **numbers: object) -> NDArray[np.float64]:
    """Outcomes [calls, W] of the selected equilibrium."""
    tree = room("tree")
    game = bound(compiled(text), worlds, **numbers)
    options = SolverOptions()
    solution = tree.solve(game, options)
    assert tree.certify(game, solution, options).certified.all()
    return np.array([tree.outcome(game, solution, call_of(call))[:, 0] for call in calls])


def test_belief_after_an_action_never_taken_falls_on_the_type_that_loses_less() -> None:
    calls = ["P(m.reply)", "B(m.reply, US.high)", "P(m.US.high, given=m.signal.go)"]

    # in the first world the high type loses less by going, in the second the low type
    found = solved(SIGNAL, calls, worlds=2, stake=[0.5, 1.5], war_cost=[1.5, 0.5], p=0.5)

    assert found[0] == pytest.approx([0, 0], abs=1e-9)
    assert found[1] == pytest.approx([1, 0])
    assert found[2] == pytest.approx([1, 0])


def test_belief_after_trembles_of_equal_cost_is_the_prior() -> None:
    calls = ["B(m.reply, US.high)", "P(m.right, given=m.reply)"]

    found = solved(SIGNAL, calls, stake=1.0, war_cost=1.0, p=0.3)

    assert found[0] == pytest.approx([0.3], abs=1e-5)
    assert found[1] == pytest.approx([1])


def test_play_after_a_refusal_that_never_happens_is_the_threat() -> None:
    text = """
    start: offer
    moves:
      offer: {player: US, actions: {fair: settled, harsh: answer}}
      answer: {player: ROK, actions: {accept: signed, refuse: next_step}}
      next_step: {player: US, actions: {stay: stayed, leave: gone}}
    ends:
      settled: {US: 3, ROK: 2}
      signed: {US: 2, ROK: 3}
      stayed: {US: 1, ROK: 2}
      gone: {US: "1 - stake", ROK: 0}
    """
    calls = [
        "P(m.gone)",
        "P(m.gone, given=m.answer.refuse)",
        "P(m.next_step.leave, given=any)",
        "E(m.ROK, given=m.answer)",
    ]

    # leaving is no credible threat in the first world; in the second it is what would happen
    found = solved(text, calls, worlds=2, stake=[0.5, -0.5])

    assert found[:, 0] == pytest.approx([0, 0, 0, 3])
    assert found[:, 1] == pytest.approx([0, 1, 1, 3])


def test_world_with_a_masked_type_is_solved_and_its_condition_undefined() -> None:
    calls = ["P(m.kept)", "P(m.kept, given=m.US.high)", "B(m.reply, US.low)"]

    found = solved(SIGNAL, calls, p=0.0)

    assert found[0] == pytest.approx([1])
    assert np.isnan(found[1, 0])
    assert found[2] == pytest.approx([1])


def test_concept_that_a_tree_does_not_have_is_refused() -> None:
    tree = room("tree")

    with pytest.raises(FormError, match="no concept 'nash'"):
        tree.solve(bound(compiled(SIGNAL)), SolverOptions(concept="nash"))
