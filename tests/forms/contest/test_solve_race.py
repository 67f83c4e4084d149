"""Arms races: rest points, stability, floors, paths."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from forms.contest.small import solve, uniform
from tenbin.forms.contract import Status

TWO = {
    "concept": "richardson",
    "react": {"A": {"B": "k"}, "B": {"A": "l"}},
    "fatigue": {"A": "a", "B": "b"},
    "grievance": {"A": "g", "B": "h"},
}
SPANS = {"k": (0, 2), "l": (0, 2), "a": (0.1, 2), "b": (0.1, 2), "g": (-1, 1), "h": (-1, 1)}


def many(count: int, worlds: int, seed: int = 0) -> tuple[dict, dict[str, np.ndarray]]:
    names = "ABCDEF"[:count]
    spans = {f"k{i}{j}": (0.0, 2.0 / (count - 1)) for i in names for j in names if i != j}
    spans |= {f"g{i}": (-1.0, 1.0) for i in names}
    body = {
        "concept": "richardson",
        "react": {i: {j: f"k{i}{j}" for j in names if j != i} for i in names},
        "fatigue": 1,
        "grievance": {i: f"g{i}" for i in names},
    }
    return body, uniform(seed, worlds, **spans)


def test_rest_point_and_stability_are_richardsons():
    # Richardson (1960): stable iff ab > kl; rest point ((kh + bg), (lg + ah)) / (ab - kl).
    numbers = uniform(0, 2000, **SPANS)
    k, l, a, b, g, h = (numbers[name] for name in "klabgh")  # noqa: E741  his letters
    determinant = a * b - k * l

    solved = solve(TWO, numbers)

    size = 1e-9 * (1 + 1 / np.abs(determinant))
    assert (np.abs(solved.ask("effort(m.A)")[:, 0] - (k * h + b * g) / determinant) < size).all()
    assert (np.abs(solved.ask("effort(m.B)")[:, 0] - (l * g + a * h) / determinant) < size).all()
    assert (solved.ask("stable(m.rest)")[:, 0] == (determinant > 0)).all()
    assert solved.certificate.certified.all()


def test_unstable_race_still_has_a_rest_point():
    numbers = {name: np.array([v]) for name, v in zip("klabgh", (2, 2, 1, 1, -1, -1), strict=True)}

    solved = solve(TWO, numbers)

    assert solved.ask("effort(m.A)")[0, 0] == pytest.approx(1.0)
    assert solved.ask("stable(m.rest)")[0, 0] == 0.0
    assert solved.solution.flags["unstable"].all()


def test_balanced_race_without_rest_point_says_so():
    numbers = {name: np.array([v]) for name, v in zip("klabgh", (1, 1, 1, 1, 1, 1), strict=True)}

    assert solve(TWO, numbers).solution.status.tolist() == [Status.NO_EQUILIBRIUM_FOUND]


@pytest.mark.parametrize("count", [3, 5])
def test_stability_of_many_is_that_of_leading_minors(count):
    # Reactions not below zero: stable iff all leading principal minors of fatigue - react are
    # positive (Hawkins and Simon 1949).
    body, numbers = many(count, 500)

    solved = solve(body, numbers, "ABCDEF"[:count])

    game = solved.bound.game
    matrix = np.eye(count) * game.fatigue[:, :, None] - game.react
    minors = [np.linalg.det(matrix[:, :n, :n]) > 0 for n in range(1, count + 1)]
    stable = np.logical_and.reduce(minors)
    assert 0.1 < stable.mean() < 0.9
    assert (solved.ask("stable(m.rest)")[:, 0] == stable).all()


def test_floor_keeps_efforts_from_falling_below_zero():
    body, numbers = many(4, 400, seed=1)

    solved = solve({**body, "negative": False}, numbers, "ABCD")

    found = solved.solution.found
    assert (solved.solution.effort[found] >= 0).all()
    assert solved.certificate.certified[found].all()
    assert found.sum(axis=1).max() >= 2


def test_stable_floored_race_has_one_rest_point_where_play_ends():
    # A matrix whose disturbances die out leaves one solution (linear complementarity).
    body, numbers = many(3, 60, seed=2)
    numbers = {name: v * (0.4 if name[0] == "k" else 1.0) for name, v in numbers.items()}
    solved = solve({**body, "negative": False}, numbers, "ABC")
    game = solved.bound.game

    assert (solved.solution.found.sum(axis=1) == 1).all()
    for world in range(60):
        effort = np.full(3, 0.5)
        for _ in range(4000):
            drift = game.react[world] @ effort - effort + game.grievance[world]
            effort = np.maximum(effort + 0.05 * drift, 0.0)
        assert solved.solution.effort[world, 0] == pytest.approx(effort, abs=1e-6)


def test_path_is_that_of_integration():
    body, numbers = many(3, 5, seed=3)
    solved = solve({**body, "start": {"A": 1, "B": 0.5}}, numbers, "ABC")
    game = solved.bound.game

    for world in range(5):

        def drift(_: float, x: np.ndarray, world: int = world) -> np.ndarray:
            return game.react[world] @ x - x + game.grievance[world]

        end = solve_ivp(drift, (0, 3), [1, 0.5, 0], rtol=1e-11, atol=1e-12).y[:, -1]
        told = [solved.ask(f"effort(m.{name}, 3)")[world, 0] for name in "ABC"]
        assert told == pytest.approx(end, abs=1e-8)
