"""Outcomes of a cascade: events, order, tipping player, payoffs; what may be asked."""

from __future__ import annotations

import numpy as np
import pytest

from forms.cascade.small import problems_of, solve

CHAIN = {
    "seed": ["A"],
    "thresholds": {"B": 1, "C": 2, "D": 2, "E": 9},
    "influence": {
        "B": {"A": 1},
        "C": {"A": 1, "B": 1},
        "D": {"B": 1, "C": 1},
        "E": {"A": 1, "B": 1, "C": 1, "D": 1},
    },
}
PRIVATE = {
    "gain": {"A": 0.3, "B": 0.2, "C": 0.1},
    "influence": {"A": {"B": 0.2}, "B": {"A": 0.5, "C": 0.1}, "C": {"A": 0.2, "B": 0.4}},
    "staying": {"B": 0.2},
    "cost": {"A": {"uniform": [0, 1]}, "B": {"normal": [0.7, 0.4]}, "C": {"uniform": [0.1, 0.9]}},
}


def simulated(seed: int = 0, worlds: int = 400_000) -> tuple[np.ndarray, np.ndarray]:
    """Who joins [draws, 3] and the payoffs, if everybody keeps to the cutoffs found."""
    solved = solve(PRIVATE)
    cutoff = solved.solution.cutoff[0, 0]
    rng = np.random.default_rng(seed)
    costs = np.stack(
        [
            rng.uniform(0, 1, worlds),
            rng.normal(0.7, 0.4, worlds),
            rng.uniform(0.1, 0.9, worlds),
        ],
        axis=1,
    )
    joins = (costs <= cutoff).astype(float)
    game = solved.bound.game
    gain = game.gain[0] + joins @ game.influence[0].T - costs
    loss = -(joins @ game.staying[0].T)
    return joins, np.where(joins == 1, gain, loss)


def test_order_is_the_step_of_joining():
    solved = solve(CHAIN, players="ABCDE")

    steps = [solved.ask(f"order(m.{name})")[0, 0] for name in "ABCDE"]

    assert steps[:4] == [0, 1, 2, 3]
    assert np.isnan(steps[4])


def test_tipping_player_is_the_one_who_stops_most():
    solved = solve(CHAIN, players="ABCDE")

    tips = [solved.ask(f"tipping(m.{name})")[0, 0] for name in "ABCDE"]

    assert tips == [0, 1, 0, 0, 0]


def test_nobody_tips_where_nobody_follows():
    solved = solve({"thresholds": {"A": 0, "B": 0, "C": 9}})

    assert [solved.ask(f"tipping(m.{name})")[0, 0] for name in "ABC"] == [0, 0, 0]


def test_tipping_player_of_the_greatest_equilibrium_is_its_own():
    # Nobody begins; once all have joined, only B holds up both of the others.
    body = {
        "thresholds": {"A": 1, "B": 1, "C": 1},
        "influence": {"A": {"B": 1}, "B": {"A": 1, "C": 1}, "C": {"B": 1}},
        "concept": "greatest",
    }
    solved = solve(body)

    assert solved.ask("tipping(m.B)").tolist() == [[1.0, 0.0]]


def test_events_are_joined_by_independence():
    solved = solve(PRIVATE)
    joins, _ = simulated()
    a, b, c = joins.T == 1

    for text, happens in {
        "P(m.A)": a,
        "P(m.A and m.B)": a & b,
        "P(m.A or not m.C)": a | ~c,
        "P(not (m.A or m.B or m.C))": ~(a | b | c),
        "P((m.A and m.B) or (m.B and m.C))": (a & b) | (b & c),
    }.items():
        assert solved.ask(text)[0, 0] == pytest.approx(happens.mean(), abs=4e-3), text


def test_condition_on_an_event():
    solved = solve(PRIVATE)
    joins, _ = simulated()
    a, b, _ = joins.T == 1

    value = solved.ask("P(m.A, given=m.A or m.B)")[0, 0]

    assert value == pytest.approx(a[a | b].mean(), abs=4e-3)


def test_impossible_condition_is_undefined():
    solved = solve(CHAIN, players="ABCDE")

    assert np.isnan(solved.ask("P(m.B, given=m.E)")[0, 0])


def test_expected_payoffs_are_those_of_a_simulation():
    solved = solve(PRIVATE)
    _, payoffs = simulated()

    values = [solved.ask(f"E(m.{name})")[0, 0] for name in "ABC"]

    assert values == pytest.approx(payoffs.mean(axis=0), abs=4e-3)


def test_number_of_adopters_is_the_sum():
    solved = solve(PRIVATE)

    total = sum(solved.ask(f"adopts(m.{name})") for name in "ABC")

    assert solved.ask("E(m.adopters)")[0, 0] == pytest.approx(total[0, 0])


@pytest.mark.parametrize(("action", "adopters"), [("stay", 1), ("join", 4)])
def test_policies_commit_players(action, adopters):
    solved = solve(CHAIN, players="ABCDE", play={"B": action})

    assert solved.ask("E(m.adopters)")[0, 0] == adopters
    assert solved.certificate.certified[0, 0]


def test_crowd_pays_what_it_joins_for():
    solved = solve({"actors": {"count": 4, "thresholds": "i"}, "influence": 2})

    assert solved.ask("E(m.a3)")[0, 0] == 2 * 3 - 3
    assert solved.ask("order(m.a3)")[0, 0] == 3


@pytest.mark.parametrize(
    ("body", "text", "fault"),
    [
        (CHAIN, "P(m.F)", "has no player 'F'"),
        (CHAIN, "share(m.A)", "has no outcome 'share'"),
        (CHAIN, "E(m.A, given=m.B)", "only `P` takes `given=`"),
        (CHAIN, "E(m.A and m.B)", "has no player"),
        (CHAIN, "cutoff(m.A, 3)", "takes one name"),
        (PRIVATE, "order(m.A)", "all decide at once"),
        ({"concept": "global", "cost": 0.3}, "P(m.falls)", "depends on the state"),
        ({"concept": "global", "cost": 0.3}, "cutoff(m.A)", "takes no 'A'"),
        ({"concept": "global", "cost": 0.3}, "adopts(m.A)", "has no outcome"),
    ],
)
def test_wrong_questions_are_refused(body, text, fault):
    (problem,) = problems_of(body, text, "ABCDE")

    assert fault in problem.what
