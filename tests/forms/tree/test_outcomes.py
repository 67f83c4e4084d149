"""Probabilities, expectations and beliefs, on and off the path, with solutions typed by hand."""

from __future__ import annotations

import numpy as np
import pytest

from forms.tree.compiled import (
    DETERRENCE,
    bound,
    call_of,
    call_problems,
    compiled,
    outcome,
    solution_of,
)
from tenbin.errors import ShapeError
from tenbin.forms import room
from tenbin.forms.tree import outcomes
from tenbin.forms.tree.bind import BoundTree
from tenbin.forms.tree.tables import TreeSolution

MIXED = {
    "challenge": {"keep_quiet": 0.25, "probe": 0.75},
    "response|resolved|probe": {"resist": 1.0},
    "response|bluffing|probe": {"concede": 0.5, "resist": 0.5},
    "last": {"back_down": 0.4, "attack": 0.6},
}
QUIET = {
    "challenge": {"keep_quiet": 1.0},
    "response|resolved|probe": {"resist": 1.0},
    "response|bluffing|probe": {"concede": 1.0},
    "last": {"back_down": 1.0},
}


@pytest.fixture
def mixed() -> tuple[BoundTree, TreeSolution]:
    game = bound(compiled(DETERRENCE))
    return game, solution_of(game, MIXED)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("P(m.quiet)", 0.25),
        ("P(m.war)", 0.75 * (0.6 + 0.4 * 0.5) * 0.6),
        ("P(m.last)", 0.75 * 0.8),
        ("P(m.challenge.probe)", 0.75),
        ("P(m.response.resist)", 0.75 * 0.8),
        ("P(m.US.resolved)", 0.6),
        ("P(not m.quiet)", 0.75),
        ("P(m.last and m.US.resolved)", 0.75 * 0.6),
        ("P([m.last, m.US.resolved])", 0.75 * 0.6),
        ("P(m.quiet or m.deterred)", 0.25 + 0.75 * 0.8 * 0.4),
        ("P(m.US.resolved, given=m.last)", 0.6 / 0.8),
        ("P(m.war, given=m.US.bluffing)", 0.75 * 0.5 * 0.6),
        ("P(m.war, given=[m.last, m.US.bluffing])", 0.6),
        ("P(m.quiet, given=m.last)", 0.0),
        ("P(m.last.attack, given=any)", 0.6),
        ("P(m.response.resist, given=any)", 1.0),
        ("P(m.war, given=any)", 0.6),
        ("P(m.quiet, given=any)", 0.25),
        ("B(m.last, US.resolved)", 0.75),
        ("B(m.challenge, US.resolved)", 0.6),
        ("B(m.response, US.resolved)", 0.6),
        ("B(m.response, US.resolved, given=any)", 1.0),
        ("B(m.response, US.resolved, given=m.war)", 0.6 / 0.8),
        ("B(m.last, US.resolved, given=m.US.bluffing)", 0.75),
        ("E(m.troops)", 10 * 0.25 + 0.75 * 0.6 * (0.6 * 4 + 0.2 * 2)),
        ("E(m.troops, given=m.war)", (0.6 * 4 + 0.2 * 2) / 0.8),
        ("E(m.DPRK, given=m.concession)", 1.0),
    ],
)
def test_outcome_on_the_path_is_as_worked_out_by_hand(
    mixed: tuple[BoundTree, TreeSolution], text: str, value: float
) -> None:
    assert outcome(*mixed, text) == pytest.approx(value, abs=1e-12)


def test_expected_payoff_weighs_ends_by_probability(
    mixed: tuple[BoundTree, TreeSolution],
) -> None:
    at_last = 0.4 * -0.2 + 0.6 * (1.0 - 1.2)

    expected = 0.75 * (0.2 * 1.0 + 0.8 * at_last)

    assert outcome(*mixed, "E(m.DPRK)") == pytest.approx(expected)


def test_condition_never_met_follows_the_trembles() -> None:
    game = bound(compiled(DETERRENCE))
    trembles = {
        "challenge": {"probe": -5e4},
        "response|bluffing|probe": {"resist": -2e4},
        "last": {"attack": -1e4},
    }
    solution = solution_of(game, QUIET, trembles)

    assert outcome(game, solution, "P(m.challenge.probe)") == 0
    assert outcome(game, solution, "P(m.concession, given=m.response)") == pytest.approx(0.4)
    assert outcome(game, solution, "B(m.response, US.resolved)") == pytest.approx(0.6)
    # only the resolved type resists without a further tremble
    assert outcome(game, solution, "B(m.last, US.resolved)") == 1
    assert outcome(game, solution, "E(m.troops, given=m.war)") == pytest.approx(4)
    assert outcome(game, solution, "P(m.war, given=m.last)") == 0
    assert outcome(game, solution, "P(m.US.resolved, given=m.war)") == 1
    assert outcome(game, solution, "P(m.last.attack, given=any)") == 0


def test_trembles_of_one_order_share_the_condition_by_their_ratio() -> None:
    game = bound(compiled(DETERRENCE))
    limit = {**QUIET, "response|resolved|probe": {"concede": 1.0}}
    trembles = {
        "challenge": {"probe": -9e4},
        "response|resolved|probe": {"resist": -3e4 + np.log(0.25)},
        "response|bluffing|probe": {"resist": -3e4},
    }
    solution = solution_of(game, limit, trembles)

    ratio = 0.6 * 0.25 / (0.6 * 0.25 + 0.4)
    assert outcome(game, solution, "B(m.last, US.resolved)") == pytest.approx(ratio)
    assert outcome(game, solution, "P(m.US.resolved, given=m.last)") == pytest.approx(ratio)


def test_tremble_of_lower_order_vanishes() -> None:
    game = bound(compiled(DETERRENCE))
    limit = {**QUIET, "response|resolved|probe": {"concede": 1.0}}
    trembles = {
        "challenge": {"probe": np.log(1e-6)},
        "response|resolved|probe": {"resist": np.log(1e-12)},
        "response|bluffing|probe": {"resist": np.log(3e-6)},
    }
    solution = solution_of(game, limit, trembles)

    assert outcome(game, solution, "B(m.last, US.resolved)") == 0
    assert outcome(game, solution, "B(m.last, US.bluffing)") == 1


def test_play_after_a_condition_is_that_of_the_limit_whatever_its_trembles() -> None:
    game = bound(compiled(DETERRENCE))
    trembles = {"challenge": {"probe": np.log(1e-6)}, "last": {"attack": np.log(5e-4)}}
    solution = solution_of(game, QUIET, trembles)

    assert outcome(game, solution, "P(m.war, given=[m.last, m.US.resolved])") == 0


def test_condition_that_chance_rules_out_is_undefined() -> None:
    game = bound(compiled(DETERRENCE), p=0.0)
    solution = solution_of(game, QUIET)

    assert np.isnan(outcome(game, solution, "P(m.war, given=m.US.resolved)"))
    assert outcome(game, solution, "B(m.last, US.resolved)") == 0
    assert np.isnan(outcome(game, solution, "P(m.war, given=[m.quiet, m.last])"))


def test_given_any_looks_past_branches_that_chance_rules_out() -> None:
    limit = {**MIXED, "response|resolved|probe": {"concede": 0.1, "resist": 0.9}}
    model = compiled(DETERRENCE)
    game = bound(model, worlds=2, p=[0.0, 0.6])
    found = room("tree").outcome(
        game, solution_of(game, limit), call_of("P(m.response.resist, given=any)")
    )
    believed = room("tree").outcome(
        game, solution_of(game, limit), call_of("B(m.response, US.resolved, given=any)")
    )

    assert found[:, 0].tolist() == [0.5, 0.9]
    assert believed[:, 0].tolist() == [0, 1]


def test_given_any_leaves_out_nodes_where_the_event_is_settled() -> None:
    game = bound(compiled(DETERRENCE))
    solution = solution_of(game, {**QUIET, "last": {"attack": 1.0}})

    # after `probe` the end `quiet` is out of reach, and `last` has happened at its own nodes
    assert outcome(game, solution, "P(m.last, given=any)") == 1
    assert outcome(game, solution, "P(m.quiet, given=any)") == 1
    assert outcome(game, solution, "P(m.challenge, given=any)") == 0


def test_given_any_in_tiles_gives_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    game = bound(compiled(DETERRENCE), worlds=5, p=[0.1, 0.3, 0.5, 0.7, 0.9])
    solution, call = solution_of(game, MIXED), call_of("P(m.war, given=any)")
    whole = room("tree").outcome(game, solution, call)
    monkeypatch.setattr(outcomes, "TILE_CELLS", 30)

    assert (room("tree").outcome(game, solution, call) == whole).all()


def test_cut_action_has_probability_zero_and_committed_one_is_certain() -> None:
    game = bound(compiled(DETERRENCE, {"response": "resist"}))
    solution = solution_of(game, {"challenge": {"probe": 1.0}, "last": {"attack": 1.0}})

    assert outcome(game, solution, "P(m.response.concede)") == 0
    assert outcome(game, solution, "P(m.concession)") == 0
    assert outcome(game, solution, "P(m.response.concede, given=any)") == 0
    assert outcome(game, solution, "P(m.response.resist, given=any)") == 1
    assert outcome(game, solution, "P(m.response.resist)") == 1
    assert outcome(game, solution, "B(m.last, US.resolved)") == pytest.approx(0.6)
    assert np.isnan(outcome(game, solution, "P(m.war, given=m.concession)"))


def test_small_probabilities_are_meant_in_a_quantal_response_equilibrium() -> None:
    game = bound(compiled(DETERRENCE))
    limit = {
        "challenge": {"keep_quiet": 1 - 1e-12, "probe": 1e-12},
        "response|resolved|probe": {"concede": 1 - 1e-10, "resist": 1e-10},
        "response|bluffing|probe": {"concede": 1 - 3e-10, "resist": 3e-10},
        "last": {"back_down": 0.5, "attack": 0.5},
    }
    solution = solution_of(game, limit, precision=5.0)

    assert outcome(game, solution, "P(m.last)") == pytest.approx(1.8e-22)
    assert outcome(game, solution, "B(m.last, US.resolved)") == pytest.approx(0.6 / 1.8)


def test_quantal_response_condition_survives_underflow() -> None:
    game = bound(compiled(DETERRENCE))
    deep = {
        "challenge": {"probe": -600.0},
        "response|resolved|probe": {"resist": -500.0},
        "response|bluffing|probe": {"resist": -500.0},
    }
    limit = {
        "challenge": {"keep_quiet": 1.0},
        "response|resolved|probe": {"concede": 1.0},
        "response|bluffing|probe": {"concede": 1.0},
        "last": {"back_down": 0.5, "attack": 0.5},
    }
    solution = solution_of(game, limit, deep, precision=5.0)

    assert outcome(game, solution, "P(m.war, given=m.last)") == pytest.approx(0.5)
    assert outcome(game, solution, "B(m.last, US.resolved)") == pytest.approx(0.6)


def test_slots_and_worlds_without_equilibrium_are_nan() -> None:
    game = bound(compiled(DETERRENCE.replace("DPRK: 0,", "DPRK: 1 / q,")), worlds=3, q=[1, 0, 1])
    solution = solution_of(game, MIXED)
    solution.found[2, 0] = False

    found = room("tree").outcome(game, solution, call_of("P(m.war)"))

    assert np.isnan(found[:, 0]).tolist() == [False, True, True]


def test_equilibria_of_one_world_stand_side_by_side() -> None:
    game = bound(compiled(DETERRENCE), worlds=2, p=[0.2, 0.6])
    one, two = solution_of(game, QUIET), solution_of(game, MIXED)
    both = TreeSolution(
        tree=one.tree,
        profile=np.concatenate([one.profile, two.profile], axis=1),
        log_witness=np.concatenate([one.log_witness, two.log_witness], axis=1),
        found=np.ones((2, 2), bool),
        status=one.status,
        complete=one.complete,
        method="by hand",
    )

    for text in ("P(m.war)", "B(m.last, US.resolved)", "E(m.US)", "P(m.war, given=any)"):
        found = room("tree").outcome(game, both, call_of(text))
        for slot, alone in enumerate((one, two)):
            expected = room("tree").outcome(game, alone, call_of(text))
            assert np.allclose(found[:, slot], expected[:, 0])


def test_solution_of_another_game_is_refused() -> None:
    game, other = bound(compiled(DETERRENCE)), bound(compiled(DETERRENCE), worlds=2)

    with pytest.raises(ShapeError, match="profile of shape"):
        room("tree").outcome(game, solution_of(other, QUIET), call_of("P(m.war)"))


def test_beliefs_of_a_move_are_weighted_by_the_probability_of_its_infosets() -> None:
    text = """
    types: {US: {high: 0.5, low: rest}}
    start: signal
    moves:
      signal: {player: US, actions: {a: reply, b: reply}}
      reply: {player: DPRK, actions: {x: done, y: done}}
    ends: {done: {DPRK: 0, US: 0}}
    """
    game = bound(compiled(text))
    solution = solution_of(game, {"signal|high": {"a": 1.0}, "signal|low": {"a": 0.2, "b": 0.8}})

    assert outcome(game, solution, "B(m.reply, US.high)") == pytest.approx(0.5)
    assert outcome(game, solution, "B(m.reply, US.high, given=m.signal.a)") == pytest.approx(
        0.5 / 0.6
    )
    assert outcome(game, solution, "B(m.reply, US.high, given=m.signal.b)") == 0
    assert outcome(game, solution, "B(m.reply, US.high, given=any)") == pytest.approx(0.5 / 0.6)
    # the believed type is not learnt from a condition that the mover does not see
    assert outcome(game, solution, "B(m.reply, US.high, given=m.US.high)") == pytest.approx(
        0.5 / 0.6
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("P(m.wat)", "no end or move 'wat'"),
        ("P(m.challenge.prob)", "move 'challenge' has no action 'prob'"),
        ("P(m.US.resolvd)", "US has no type 'resolvd'"),
        ("P(m.nobody.what)", "no move or player 'nobody'"),
        ("P(m.war, given=m.wat)", "no end or move 'wat'"),
        ("P(m.US.resolved, given=any)", "types are settled"),
        ("E(m.US, given=any)", "needs an event"),
        ("E(m.war)", "no player or measure 'war'"),
        ("E(m.won)", "no player or measure 'won'"),
        ("B(m.war, US.resolved)", "held at a player's move"),
        ("B(m.last, US.wat)", "about a type"),
        ("stable(m.war, 'seq')", "a tree has no outcome 'stable'"),
    ],
)
def test_call_that_cannot_be_answered_is_a_problem(text: str, words: str) -> None:
    problems = call_problems(compiled(DETERRENCE), text)

    assert any(words in problem.what for problem in problems), problems
    assert all(problem.allowed or problem.advice for problem in problems)


def test_unknown_name_in_a_call_suggests_the_nearest() -> None:
    (problem,) = call_problems(compiled(DETERRENCE), "P(m.deterd)")

    assert "Did you mean 'deterred'?" in str(problem)


def test_probabilities_and_beliefs_lie_between_zero_and_one_by_definition() -> None:
    flags = [room("tree").is_probability(call_of(t)) for t in
             ("P(m.war)", "B(m.last, US.resolved)", "E(m.US)")]  # fmt: skip

    assert flags == [True, True, False]


def test_tolerance_is_relative_to_what_is_compared() -> None:
    game = bound(compiled(DETERRENCE), stake=1.5, war_cost=1.0)
    asked = ("P(m.war)", "B(m.last, US.resolved)", "E(m.US)", "E(m.troops)")

    scales = [np.max(room("tree").scale(game, call_of(text))) for text in asked]

    assert scales == pytest.approx([1, 1, 2.6, 10])


def test_measure_that_is_the_same_everywhere_is_compared_relatively() -> None:
    text = """
    start: a
    moves: {a: {player: US, actions: {x: one, y: two}}}
    ends:
      one: {US: 1, measures: {troops: stake, won: 0}}
      two: {US: 0, measures: {troops: stake}}
    """
    game = bound(compiled(text), stake=1.5)

    assert room("tree").scale(game, call_of("E(m.troops)")) == pytest.approx([1.5])
    assert room("tree").scale(game, call_of("E(m.won)")) == pytest.approx([1])
