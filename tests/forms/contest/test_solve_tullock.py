"""Tullock contests: closed forms, who takes part, the limits of decisiveness."""

from __future__ import annotations

import numpy as np
import pytest

from forms.contest.small import solve, uniform
from tenbin.forms.contract import Status

FIVE = {"values": {name: f"v{name}" for name in "ABCDE"}, "decisiveness": "r"}


def five(seed: int, worlds: int, r: float | np.ndarray) -> dict[str, np.ndarray]:
    spans = {f"v{name}": (0.1, 10.0) for name in "ABCDE"}
    return {**uniform(seed, worlds, **spans), "r": np.broadcast_to(r, worlds).astype(float)}


def test_lottery_contest_of_two_is_tullocks():
    # Tullock (1980): x1 = V1^2 V2 / (V1 + V2)^2, win V1 / (V1 + V2).
    numbers = uniform(0, 1000, V=(0.1, 10), Z=(0.1, 10))
    v, z = numbers["V"], numbers["Z"]

    solved = solve({"values": {"A": "V", "B": "Z"}}, numbers)

    assert solved.ask("effort(m.A)")[:, 0] == pytest.approx(v**2 * z / (v + z) ** 2, rel=1e-13)
    assert solved.ask("P(m.A)")[:, 0] == pytest.approx(v / (v + z), rel=1e-13)
    assert solved.ask("E(m.A)")[:, 0] == pytest.approx(v**3 / (v + z) ** 2, rel=1e-12)


def test_costs_count_like_lower_values():
    numbers = uniform(1, 200, V=(0.1, 10), c=(0.2, 3))

    dear = solve({"values": {"A": "V", "B": 2}, "costs": {"A": "c"}}, numbers)
    worth = solve({"values": {"A": "V / c", "B": 2}}, numbers)

    assert dear.ask("effort(m.A)") == pytest.approx(worth.ask("effort(m.A)"), rel=1e-13)


def test_two_players_are_an_instance_of_many():
    # A third whose prize is next to nothing leaves the contest of two.
    numbers = uniform(2, 300, V=(0.5, 4), Z=(0.5, 4), r=(0.05, 0.5))
    values = {"A": "V", "B": "Z"}

    two = solve({"values": values, "decisiveness": "r"}, numbers)
    three = solve({"values": {**values, "C": 1e-12}, "decisiveness": "r"}, numbers, "ABC")

    slack = 0.02  # with r below one even the weakest spends a little
    assert three.ask("effort(m.A)") == pytest.approx(two.ask("effort(m.A)"), rel=slack)


def test_dominated_players_stay_out():
    # Lottery contest: player 3 is active iff v3 exceeds the total effort of the other two.
    solved = solve({"values": {"A": 3, "B": 2, "C": "v"}}, {"v": np.array([1.19, 1.21])}, "ABC")

    assert solved.ask("active(m.C)")[:, 0].tolist() == [0.0, 1.0]
    assert solved.ask("E(m.total)")[0, 0] == pytest.approx(6 / 5)


def test_equal_players_spend_the_textbook_amount():
    # n equal players with r: effort r (n - 1) V / n^2.
    numbers = {"r": np.linspace(0.02, 1.0, 99)}

    solved = solve({"values": dict.fromkeys("ABCDE", 2), "decisiveness": "r"}, numbers, "ABCDE")

    wanted = numbers["r"] * 4 * 2 / 25
    assert solved.ask("effort(m.C)")[:, 0] == pytest.approx(wanted, rel=1e-12)


def test_five_unequal_players_are_certified_at_every_decisiveness():
    r = np.concatenate([np.full(200, 1.0), np.linspace(1e-3, 1 - 1e-9, 600)])

    solved = solve(FIVE, five(3, 800, r), "ABCDE")

    assert solved.certificate.certified.all()
    assert solved.solution.win.sum(axis=2) == pytest.approx(1.0, abs=1e-12)


def test_nearly_linear_contest_is_near_the_linear_one():
    almost = solve(FIVE, five(4, 300, 1 - 1e-7), "ABCDE")
    linear = solve(FIVE, five(4, 300, 1.0), "ABCDE")

    assert almost.solution.effort == pytest.approx(linear.solution.effort, abs=1e-4)


@pytest.mark.parametrize(("ratio", "bound"), [(1.0, 2.0), (0.5, None)])
def test_too_decisive_contest_of_two_has_no_equilibrium(ratio, bound):
    # Nti (1999): r <= 1 + (v2 / v1)^r; for equals r <= 2.
    grid = np.linspace(1.0, 2.5, 1501)
    exists = grid <= 1 + ratio**grid + 1e-9

    solved = solve({"values": {"A": 1, "B": ratio}, "decisiveness": "r"}, {"r": grid})

    assert (solved.solution.found[:, 0] == exists).mean() > 0.999
    assert (solved.solution.status[~exists] == Status.NO_EQUILIBRIUM_FOUND).all()
    assert solved.certificate.certified[exists, 0].all()
    if bound:
        assert grid[exists].max() == pytest.approx(bound, abs=2e-3)


def test_more_than_two_in_a_contest_of_increasing_returns_are_not_solved():
    solved = solve(FIVE, five(5, 3, 1.2), "ABCDE")

    assert (solved.solution.status == Status.NO_EQUILIBRIUM_FOUND).all()
    assert np.isnan(solved.ask("effort(m.A)")).all()


@pytest.mark.parametrize("scale", [1e-8, 1e8])
def test_unit_of_prizes_does_not_matter(scale):
    numbers = five(6, 100, 0.7)
    larger = {name: v * (scale if name != "r" else 1) for name, v in numbers.items()}

    one, other = solve(FIVE, numbers, "ABCDE"), solve(FIVE, larger, "ABCDE")

    assert other.solution.effort == pytest.approx(one.solution.effort * scale, rel=1e-10)


def test_world_alone_is_the_same_as_in_a_batch_bit_for_bit():
    numbers = five(7, 30, np.linspace(0.1, 1, 30))
    whole = solve(FIVE, numbers, "ABCDE").solution

    for world in (0, 13, 29):
        alone = solve(FIVE, {k: v[world : world + 1] for k, v in numbers.items()}, "ABCDE")
        assert alone.solution.effort[0].tobytes() == whole.effort[world].tobytes()


def test_numbers_out_of_bounds_get_a_status():
    values = np.array([1.0, 0.0, -1.0, np.nan])

    solved = solve({"values": {"A": "V", "B": 1}}, {"V": values})

    wanted = [Status.SOLVED] + 3 * [Status.NOT_FINITE]
    assert solved.solution.status.tolist() == wanted
