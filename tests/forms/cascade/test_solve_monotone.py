"""Both ends of a network's equilibria: exhaustive search, invariants, closed forms."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtr

from forms.cascade.small import LETTERS, random_network, solve
from tenbin.forms.cascade.tables import CascadeGame
from tenbin.forms.contract import Status


def equilibria(game: CascadeGame, world: int) -> list[np.ndarray]:
    """Every set of players that is its own best reply, ties joining, by trying all sets."""
    weight = (game.influence + game.staying)[world]
    found = []
    for chosen in product((0.0, 1.0), repeat=game.n_players):
        joined = np.array(chosen)
        reply = (game.gain[world] + weight @ joined >= game.cost_a[world] - 1e-9).astype(float)
        if (reply == joined).all():
            found.append(joined)
    return found


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), count=st.integers(2, 8))
def test_both_ends_are_those_of_exhaustive_search(seed, count):
    rng = np.random.default_rng(seed)
    body, numbers = random_network(rng, count, worlds=4)

    solved = solve(body, numbers, LETTERS[:count])

    for world in range(4):
        found = equilibria(solved.bound.game, world)
        least, greatest = np.minimum.reduce(found), np.maximum.reduce(found)
        joins = solved.solution.joins[world]
        assert joins[0].tolist() == least.tolist()
        assert joins[1].tolist() == greatest.tolist()
        assert bool(solved.solution.complete[world]) == (len(found) == 1)
    assert solved.certificate.certified[solved.solution.found].all()


@pytest.mark.parametrize("private", [False, True])
def test_lower_thresholds_or_higher_weights_never_lose_an_adopter(private):
    rng = np.random.default_rng(5)
    body, numbers = random_network(rng, 5, worlds=300)
    if private:
        body = {**body, "cost": {n: {"normal": [f"t{n}", 0.4]} for n in LETTERS[:5]}}
        del body["thresholds"]
    eased = {k: v - 0.4 if k[0] == "t" else v + 0.2 for k, v in numbers.items()}

    before = solve(body, numbers, LETTERS[:5])
    after = solve(body, eased, LETTERS[:5])

    assert (after.solution.joins >= before.solution.joins - 1e-12).all()
    assert (after.solution.joins > before.solution.joins + 1e-3).any()


def test_least_is_never_above_greatest():
    rng = np.random.default_rng(6)
    numbers = {"w": rng.uniform(0, 3, 500), "s": rng.uniform(0.01, 1, 500)}
    body = {"influence": "w", "cost": {n: {"normal": [1, "s"]} for n in "ABC"}}

    solved = solve(body, numbers)

    joins = solved.solution.joins
    assert (joins[:, 0] <= joins[:, 1] + 1e-15).all()
    assert solved.solution.flags["several"].any()
    assert not solved.solution.flags["several"].all()


def test_greatest_as_concept_swaps_the_slots():
    body = {"thresholds": {"A": 1, "B": 1, "C": 5}}

    least, greatest = solve(body), solve({**body, "concept": "greatest"})

    assert least.ask("E(m.adopters)").tolist() == [[0.0, 2.0]]
    assert greatest.ask("E(m.adopters)").tolist() == [[2.0, 0.0]]


def test_symmetric_normal_costs_solve_their_equation():
    # Two players: p = F(g + w p). At g = 0, w = 2, mean 1: p = 1/2 always solves it.
    body = {"influence": 2, "cost": {"normal": [1, "s"]}, "players": ["A", "B"]}
    numbers = {"s": np.array([2.0, 0.7, 0.3])}

    solved = solve(body, numbers)

    p = solved.solution.joins[:, 0, 0]
    assert ndtr((2 * p - 1) / numbers["s"]) == pytest.approx(p, abs=1e-14)
    assert p[0] == pytest.approx(0.5, abs=1e-14)
    assert solved.solution.found[:, 1].tolist() == [False, True, True]


def test_slow_iteration_is_finished_with_proof():
    # Slope 1 - 1e-6 at the end: plain iteration would need tens of millions of rounds.
    body = {"gain": 0.1, "influence": "w", "cost": {"uniform": [0, 1]}, "players": ["A", "B"]}
    solved = solve({**body, "gain": "g"}, {"w": np.array([1 - 1e-6]), "g": np.array([5e-7])})

    assert solved.solution.status[0] == Status.SOLVED
    assert solved.solution.steps[0] <= 16
    assert solved.solution.joins[0, 0, 0] == pytest.approx(0.5, abs=1e-9)


def test_exact_tangency_is_solved_or_says_that_it_is_not():
    # p = F(p) with slope exactly one at the end: no contraction, so no proof by Newton's method.
    s = 1 / np.sqrt(2 * np.pi)
    body = {"influence": 1, "cost": {"normal": [0.5, "s"]}, "players": ["A", "B"]}

    solved = solve(body, {"s": np.array([s])}, max_steps=300)

    assert solved.solution.status[0] in (Status.SOLVED, Status.MAX_STEPS_REACHED)
    assert solved.solution.joins[0, 0, 0] <= 0.5


@pytest.mark.parametrize("scale", [1e-9, 1.0, 1e9])
def test_payoff_unit_does_not_matter(scale):
    rng = np.random.default_rng(8)
    numbers = {k: rng.uniform(0.1, 1, 50) for k in ("w", "a", "b", "g")}
    body = {"gain": "g", "influence": "w", "cost": {n: {"uniform": ["a", "a + b"]} for n in "AB"}}

    one = solve(body, numbers, "AB")
    other = solve(body, {k: v * scale for k, v in numbers.items()}, "AB")

    assert other.solution.joins[:, 0] == pytest.approx(one.solution.joins[:, 0], abs=1e-12)


def test_sums_that_round_count_as_ties():
    # 0.1 + 0.7 is less than 0.8 in binary; the threshold is met all the same.
    body = {
        "seed": ["A", "B"],
        "thresholds": {"C": 0.8},
        "influence": {"C": {"A": 0.1, "B": 0.7}},
    }

    assert solve(body).ask("adopts(m.C)")[0, 0] == 1.0


def test_degenerate_distributions_are_known_costs():
    body = {"gain": "g", "influence": 1, "players": ["A", "B"]}
    numbers = {"g": np.array([0.2, 0.5, 0.8])}
    known = solve({**body, "cost": 0.5}, numbers)

    for drawn in ({"uniform": [0.5, 0.5]}, {"normal": [0.5, 0]}):
        solved = solve({**body, "cost": drawn}, numbers)
        assert solved.solution.joins.tolist() == known.solution.joins.tolist()
        assert solved.certificate.certified[solved.solution.found].all()


def test_world_alone_is_the_same_as_in_a_batch_bit_for_bit():
    rng = np.random.default_rng(9)
    numbers = {k: rng.uniform(0, 2, 40) for k in ("w", "m", "g")}
    body = {"gain": "g", "influence": "w", "cost": {n: {"normal": ["m", 0.3]} for n in "ABC"}}
    whole = solve(body, numbers).solution

    for world in (0, 17, 39):
        alone = solve(body, {k: v[world : world + 1] for k, v in numbers.items()}).solution
        assert alone.joins[0].tobytes() == whole.joins[world].tobytes()


def test_numbers_that_are_not_finite_get_a_status():
    body = {"thresholds": {"A": 0, "B": "1 / x", "C": 1}}

    solved = solve(body, {"x": np.array([0.0, 1.0])})

    assert solved.solution.status.tolist() == [Status.NOT_FINITE, Status.SOLVED]
    assert solved.solution.found[:, 0].tolist() == [False, True]
    assert np.isnan(solved.ask("E(m.adopters)")[0]).all()


def test_substitutes_are_refused_world_by_world():
    body = {"gain": 1, "influence": "w", "cost": {n: {"uniform": [0, 1]} for n in "AB"}}

    solved = solve(body, {"w": np.array([-0.5, 0.5])}, "AB")

    assert solved.solution.status.tolist() == [Status.NOT_FINITE, Status.SOLVED]
