"""Outcomes of hand-made profiles against closed forms and against chains followed the slow way."""

from __future__ import annotations

import numpy as np
import pytest

from forms.stochastic.hand_made import (
    ask,
    bound,
    compiled,
    dense_chain,
    faults,
    play,
    posteriors,
    random_profile,
)
from tenbin.forms.stochastic.bind import BoundGame
from tenbin.forms.stochastic.chains import chains_of, prior_mass
from tenbin.forms.stochastic.tables import StochasticSolution

STAYS = {"a": 3.0, "b": 1.5, "c": 2.0}
CYCLE = {
    "players": ["DPRK"],
    "start": "a",
    "states": {
        "a": {"next": {"a": "1 - 1 / 3", "b": "rest"}},
        "b": {"next": {"b": "1 - 1 / 1.5", "c": "rest"}},
        "c": {"next": {"c": "0.5", "war": "e / 2", "a": "rest"}},
        "war": {},
    },
}
TYPED = {
    "types": {"DPRK": {"trader": 0.4, "staller": "rest"}},
    "counters": {"arms": {"range": "0..2", "start": 0, "clip": True}},
    "start": {"talks": 0.7, "crisis": "rest"},
    "states": {
        "talks": {
            "actions": {"DPRK": ["talk", "stall"], "US": ["help", "wait"]},
            "payoffs": [{"DPRK": "arms", "US": -1}, {"when": "DPRK.staller", "DPRK": 2}],
            "next": [
                {"when": "DPRK.talk and US.help", "to": {"peace": 0.2, "talks": "rest"}},
                {"to": {"crisis": {"p": 0.5, "change": {"arms": 1}}, "talks": "rest"}},
            ],
        },
        "crisis": {
            "actions": {"DPRK": ["cede", "dare"]},
            "next": [
                {"when": "DPRK.cede", "to": "talks"},
                {"to": {"war": 0.1, "crisis": "rest"}},
            ],
        },
        "peace": {"payoffs": {"DPRK": 1, "US": 1}},
        "war": {},
    },
    "events": {"armed": "arms >= 1"},
}


def cycle(e: float) -> tuple[BoundGame, StochasticSolution]:
    sections = {"constants": {"e": e}}
    game = bound(compiled(CYCLE, **sections), e=e)
    return game, play(game.game, np.ones((1, 1, 0)))


def typed(seed: int = 1) -> tuple[BoundGame, StochasticSolution]:
    game = bound(compiled(TYPED), worlds=2)
    return game, play(game.game, random_profile(game.game, seed))


def masses(
    game: BoundGame, solution: StochasticSolution, periods: int, stop: np.ndarray
) -> np.ndarray:
    """Where play is [periods, W, T, G, S], step by step with full matrices."""
    profile = solution.profile[:, 0]
    start = prior_mass(game.game)[..., None] * game.game.start[:, None, None, :]
    found = [start]
    held = np.tile(stop, game.game.structure.grid)
    after = posteriors(game.game, profile)
    for _ in range(periods - 1):
        then = np.zeros_like(start)
        for world in range(start.shape[0]):
            for kind in range(start.shape[1]):
                chain, _ = dense_chain(game.game, profile, after, world, kind)
                chain = np.where(held[:, None], np.eye(len(chain)), chain)
                flat = found[-1][world, kind].ravel() @ chain
                then[world, kind] = flat.reshape(start.shape[2:])
        found.append(then)
    return np.array(found)


@pytest.mark.parametrize("e", [1e-9, 0.05, 1.0])
def test_time_to_war_is_the_round_over_the_risk(e):
    game, solution = cycle(e)

    waited = ask(game, solution, "time_to(m.war)")

    # Semi-Markov cycle with mean stays m_i: sum(m) / e, to full relative accuracy.
    np.testing.assert_allclose(waited, sum(STAYS.values()) / e, rtol=1e-9)


def test_shares_without_an_end_are_the_mean_stays():
    game, solution = cycle(0.0)

    shares = [ask(game, solution, f"share(m.{name})")[0] for name in STAYS]

    np.testing.assert_allclose(shares, np.array(list(STAYS.values())) / sum(STAYS.values()))
    assert ask(game, solution, "share(m.war)")[0] == 0


def test_time_to_what_may_never_come_is_undefined():
    game, solution = cycle(0.0)

    assert np.isnan(ask(game, solution, "time_to(m.war)")[0])
    assert ask(game, solution, "P(m.war)")[0] == 0
    assert ask(game, solution, "survival(m.war, at=1000)")[0] == 1


def test_start_begins_at_the_state_named():
    game, solution = cycle(0.5)

    first = ask(game, solution, "time_to(m.war)")[0]
    later = ask(game, solution, "time_to(m.war, start=c)")[0]

    assert first - later == pytest.approx(STAYS["a"] + STAYS["b"])


def test_survival_is_what_steps_of_full_matrices_give():
    game, solution = typed()
    armed = game.model.event_states(game.model.rules.events["armed"])

    steps = masses(game, solution, 9, armed)

    expected = 1 - steps[8][..., armed].sum(axis=(1, 2, 3))
    np.testing.assert_allclose(ask(game, solution, "survival(m.armed, at=8)"), expected)


def test_presence_and_counters_at_a_time_are_what_steps_give():
    game, solution = typed()
    steps = masses(game, solution, 6, np.zeros(game.game.structure.n_states, dtype=bool))
    crisis, arms = game.model.phase_states("crisis"), game.model.counters[:, 0]

    present = ask(game, solution, "P(m.crisis, at=5)")
    stock = ask(game, solution, "E(m.arms, at=5)")

    np.testing.assert_allclose(present, steps[5][..., crisis].sum(axis=(1, 2, 3)))
    np.testing.assert_allclose(stock, (steps[5] * arms).sum(axis=(1, 2, 3)))


def test_long_run_is_the_limit_of_many_steps():
    game, solution = typed()
    steps = masses(game, solution, 400, np.zeros(game.game.structure.n_states, dtype=bool))

    for name in ("peace", "war"):
        states = game.model.phase_states(name)
        expected = steps[-1][..., states].sum(axis=(1, 2, 3))
        np.testing.assert_allclose(ask(game, solution, f"P(m.{name})"), expected, atol=1e-6)
        np.testing.assert_allclose(ask(game, solution, f"share(m.{name})"), expected, atol=1e-6)


def test_probability_of_an_action_is_weighted_by_visits():
    game, solution = typed()
    steps = masses(game, solution, 600, np.zeros(game.game.structure.n_states, dtype=bool))
    structure = game.game.structure
    total = taken = np.zeros(2)
    for point in range(structure.n_points):
        state, kind = structure.point_state[point], structure.point_type[point]
        if structure.point_player[point] == 0 and game.model.phase_states("talks")[state]:
            visits = steps[:, :, kind, :, state].sum(axis=0)
            stall = structure.action_start[point] + 1
            total = total + visits.sum(axis=1)
            taken = taken + (visits * solution.profile[:, 0, :, stall]).sum(axis=1)

    found = ask(game, solution, "P(m.talks.DPRK.stall)")

    np.testing.assert_allclose(found, taken / total, atol=1e-6)
    np.testing.assert_allclose(found, ask(game, solution, "P(m.talks.stall)"))
    assert found[0] + ask(game, solution, "P(m.talks.talk)")[0] == pytest.approx(1)


def test_value_is_the_discounted_sum_of_steps():
    game, solution = typed()
    steps = masses(game, solution, 400, np.zeros(game.game.structure.n_states, dtype=bool))
    profile, after = solution.profile[:, 0], posteriors(game.game, solution.profile[:, 0])
    paid = np.array(
        [[dense_chain(game.game, profile, after, w, t)[1] for t in range(2)] for w in range(2)]
    ).reshape(2, 2, game.game.structure.grid, game.game.structure.n_states, -1)
    discounts = 0.9 ** np.arange(400)

    expected = 0.1 * np.einsum("h,hwtgs,wtgsp->wp", discounts, steps, paid)

    np.testing.assert_allclose(ask(game, solution, "E(m.DPRK)"), expected[:, 0])
    np.testing.assert_allclose(ask(game, solution, "E(m.US)"), expected[:, 1])


def test_beliefs_in_the_two_types_sum_to_one():
    game, solution = typed()

    trader = ask(game, solution, "B(m.crisis, DPRK.trader)")
    staller = ask(game, solution, "B(m.crisis, DPRK.staller)")

    np.testing.assert_allclose(trader + staller, 1)
    np.testing.assert_allclose(ask(game, solution, "P(m.DPRK.trader)"), 0.4)


def test_what_rounding_leaves_of_an_action_is_nothing():
    body = {
        "start": "trust",
        "states": {
            "trust": {
                "actions": {"US": ["keep", "cheat"]},
                "next": [{"when": "US.keep", "to": "trust"}, {"to": "broken"}],
            },
            "broken": {},
        },
    }
    game = bound(compiled(body))
    solution = play(game.game, np.array([[[1 - 1e-12, 1e-12]]]))

    assert ask(game, solution, "share(m.trust)")[0] == 1
    assert ask(game, solution, "P(m.broken)")[0] == 0


def test_an_action_where_play_never_comes_has_its_probability_there():
    body = {
        "start": "quiet",
        "states": {
            "quiet": {
                "actions": {"US": ["wait", "go"]},
                "next": [{"when": "US.wait", "to": "quiet"}, {"to": "loud"}],
            },
            "loud": {"actions": {"DPRK": ["up", "down"]}, "next": {"to": "quiet"}},
        },
    }
    game = bound(compiled(body))
    solution = play(game.game, np.array([[[1.0, 0.0, 0.25, 0.75]]]))

    assert ask(game, solution, "P(m.loud.down)")[0] == 0.75
    assert ask(game, solution, "share(m.loud, start=loud)")[0] == 0


def test_permuting_worlds_permutes_outcomes():
    game, _ = typed()
    profile = random_profile(game.game, 3)

    there = ask(game, play(game.game, profile), "share(m.war)")
    game.cache.clear()
    back = ask(game, play(game.game, profile[::-1]), "share(m.war)")

    np.testing.assert_allclose(there, back[::-1])


def test_slots_without_an_equilibrium_are_undefined():
    game, solution = typed()
    solution.found[1, 0] = False

    found = ask(game, solution, "P(m.war)")

    assert np.isfinite(found[0])
    assert np.isnan(found[1])


def test_chains_are_made_once_for_a_solution():
    game, solution = typed()

    assert chains_of(game, solution) is chains_of(game, solution)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("P(m.wra)", "no state or event 'wra'"),
        ("P(m.war, given=m.peace)", "no `given=`"),
        ("P(not m.war)", "`not` of a state needs a time"),
        ("P(m.talks.US.dare)", "no action 'talks.US.dare'"),
        ("survival(m.war)", "needs a time"),
        ("survival(m.war, at=0.5)", "no period"),
        ("E(m.war)", "no player or counter"),
        ("B(m.talks, US.hawk)", "no type"),
        ("time_to(m.war, start=here)", "no state or event 'here'"),
        ("stable(m.war)", "no outcome 'stable'"),
        ("E(m.US, at=3)", "takes no `at=`"),
    ],
)
def test_a_question_that_cannot_be_answered_says_why(text, told):
    game, _ = typed()

    assert told in " ".join(str(problem) for problem in faults(game, text))


def test_a_year_of_the_calendar_is_a_period():
    body = {**TYPED, "calendar": {"first": 1992, "step": 2}}
    game = bound(compiled(body))
    solution = play(game.game, random_profile(game.game, 1))
    plain = bound(compiled(TYPED))

    by_year = ask(game, solution, "survival(m.war, at=2002)")

    same = play(plain.game, random_profile(plain.game, 1))
    np.testing.assert_allclose(by_year, ask(plain, same, "survival(m.war, at=5)"))
    assert "no year" in str(faults(game, "survival(m.war, at=2001)")[0])
