"""What a solved conflict yields, and what it is told that cannot be asked."""

from __future__ import annotations

import numpy as np
import pytest

from forms.conflict.scenarios import TRIANGLE, call_of, compiled, solved
from tenbin.forms.conflict.room import ROOM
from tenbin.forms.contract import SolverOptions

DILEMMA = """
options: {one: US, two: DPRK}
start: []
states: {peace: one and two}
preferences:
  US: {ranking: [s3, peace, s1, s2]}
  DPRK: {ranking: [s2, peace, s1, s3]}
coalitions: all
"""
"""The prisoner's dilemma: each would rather leave the own option, both gain by taking both."""


def outcome(body: str, text: str, concept: str = "", **numbers: list[float]) -> np.ndarray:
    bound, solution = solved(body, concept, **numbers)
    call = call_of(text)
    assert ROOM.check_call(bound.model, call) == []
    return ROOM.outcome(bound, solution, call)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("stable(m.s1, 'nash')", 1),
        ("stable(m.peace, 'nash')", 0),
        ("stable(m.peace, 'seq')", 1),
        ("stable(m.one or m.two, 'nash')", 0),
        ("stable(not m.one, 'nash')", 1),
        ("stable(m.s1, 'coalition_nash')", 0),
        ("stable(m.s1, 'coalition_seq')", 0),
        ("stable(m.peace, 'coalition_seq')", 1),
        ("stable(m.s1)", 0),
        ("stable(m.peace)", 1),
        ("stable(m.US.s1, 'nash')", 1),
        ("stable(m.US.DPRK.s1, 'nash')", 0),
        ("stable(m.DPRK.US.peace, 'gmr')", 1),
        ("stable(m.US.s2, 'nash')", 0),
        ("reached(m.s1)", 1),
        ("reached(m.peace)", 0),
        ("reached(m.peace, 'moves')", 1),
        ("reached(m.peace, 'coalition_improvements')", 1),
        ("P(m.one and m.two)", 1),
        ("P(m.peace)", 1),
        ("P(not m.one)", 0),
        ("E(m.US)", 3),
    ],
)
def test_outcome_of_the_prisoners_dilemma_with_coalitions(text, value):
    assert outcome(DILEMMA, text)[0].tolist() == [value]


def test_outcomes_are_of_the_equilibrium_of_their_slot():
    alone = DILEMMA.replace("coalitions: all\n", "")

    assert outcome(alone, "P(m.peace)")[0].tolist() == [0, 1]
    assert outcome(alone, "E(m.DPRK)")[0].tolist() == [2, 3]
    assert outcome(alone, "stable(m.s1, 'nash')")[0].tolist() == [1, 1]


def test_expected_payoff_is_the_sum_of_weights():
    values = outcome(TRIANGLE, "E(m.DPRK)", "nash", w=[0.9, 0.1], v=[0.2, 0.2])
    bound, solution = solved(TRIANGLE, "nash", w=[0.9, 0.1], v=[0.2, 0.2])

    for world, w in enumerate((0.9, 0.1)):
        for slot in np.flatnonzero(solution.found[world]):
            relax, align, aid = bound.game.graph.options[solution.state[world, slot]]
            assert values[world, slot] == pytest.approx(w * relax - 0.2 * align + 0.4 * aid)


def test_slots_without_an_equilibrium_are_undefined():
    bound, solution = solved(TRIANGLE, "gmr", w=np.linspace(0, 1, 9), v=np.linspace(1, 0, 9))

    for text in ("P(m.deal)", "E(m.US)", "stable(m.deal)", "reached(m.deal)"):
        values = ROOM.outcome(bound, solution, call_of(text))
        assert (np.isnan(values) == ~solution.found).all()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("B(m.deal, US.x)", "no outcome 'B'"),
        ("stable(m.deel)", "unknown option or state 'deel'"),
        ("stable(m.deal, 'sqe')", "'stable' has no 'sqe'"),
        ("stable(m.deal, 'coalition_seq')", "has no coalitions"),
        ("stable(m.UK.deal)", "unknown player 'UK'"),
        ("stable(m.US.DPRK.deal)", "cannot form"),
        ("stable(m.US.deel)", "unknown option or state 'deel'"),
        ("reached(m.deal, 'steps')", "'reached' has no 'steps'"),
        ("reached(m.deal, 'coalition_improvements')", "has no coalitions"),
        ("P(m.deal, given=m.relax)", "`given=` is not for conflicts"),
        ("P(m.US.deal)", "unknown option or state 'US.deal'"),
        ("E(m.deal)", "unknown player 'deal'"),
        ("E(m.US and m.DPRK)", "unknown player"),
        ("stable(m.deal, m.relax)", "write stable(m.state)"),
    ],
)
def test_question_that_cannot_be_answered_is_told(text, words):
    problems = ROOM.check_call(compiled(TRIANGLE), call_of(text))

    assert words in "\n".join(map(str, problems))


def test_reached_needs_a_start():
    model = compiled(TRIANGLE.replace("start: [aid]\n", ""))

    (problem,) = ROOM.check_call(model, call_of("reached(m.deal)"))

    assert "no `start`" in problem.what


def test_state_that_a_commitment_rules_out_is_never_there():
    bound, solution = solved(TRIANGLE, "seq", play={"align": "off"})

    for text in ("P(m.deal)", "stable(m.deal)", "reached(m.deal)"):
        assert ROOM.check_call(bound.model, call_of(text)) == []
        assert ROOM.outcome(bound, solution, call_of(text))[0, 0] == 0


def test_scale_is_one_for_truths_and_the_payoff_range_for_payoffs():
    bound, _ = solved(TRIANGLE, w=[0.9, 0.1], v=[0.2, 0.2])

    assert ROOM.scale(bound, call_of("stable(m.deal)")) == 1.0
    assert ROOM.scale(bound, call_of("E(m.DPRK)")) == pytest.approx([1.5, 0.7])
    assert ROOM.scale(bound, call_of("E(m.US)")) == pytest.approx([3, 3])


def test_description_tells_what_is_taken_and_how_it_is_reached():
    bound, solution = solved(DILEMMA.replace("coalitions: all\n", ""))
    certificate = ROOM.certify(bound, solution, SolverOptions(concept="seq"))

    nearest, other = ROOM.describe(bound, solution, certificate, 0)

    assert nearest["state"] == "s1"
    assert nearest["improvements"] == 0
    assert other["profile"] == {"one": {"on": 1.0, "off": 0.0}, "two": {"on": 1.0, "off": 0.0}}
    assert other["payoffs"] == {"US": 3.0, "DPRK": 3.0}
    assert other["concepts"] == ["seq", "gmr", "smr"]
    assert other["improvements"] is None
    assert other["moves"] == 2
