"""Alliance burdens: Olson and Zeckhauser's closed form, free riders, invariants."""

from __future__ import annotations

import numpy as np
import pytest

from forms.contest.small import solve, uniform

FOUR = {"concept": "alliance", "weights": {n: f"w{n}" for n in "ABCD"}, "taste": "a"}
SPANS = {**{f"w{n}": (0.1, 10.0) for n in "ABCD"}, "a": (0.05, 0.95)}


def test_contributors_give_the_closed_form():
    # Olson and Zeckhauser (1966): m contributors: G = a sum(w) / (1 + (m - 1)(1 - a)).
    numbers = uniform(0, 1000, **SPANS)
    a, w = numbers["a"], np.stack([numbers[f"w{n}"] for n in "ABCD"], axis=1)

    solved = solve(FOUR, numbers, "ABCD")

    effort = solved.solution.effort[:, 0]
    active = effort > 0
    m, total = active.sum(axis=1), effort.sum(axis=1)
    wanted = a * (w * active).sum(axis=1) / (1 + (m - 1) * (1 - a))
    assert total == pytest.approx(wanted, rel=1e-12)
    assert set(m.tolist()) == {1, 2, 3, 4}
    assert solved.certificate.certified.all()


def test_everybody_plays_a_best_reply():
    numbers = uniform(1, 1000, **SPANS)
    w = np.stack([numbers[f"w{n}"] for n in "ABCD"], axis=1)

    effort = solve(FOUR, numbers, "ABCD").solution.effort[:, 0]

    others = effort.sum(axis=1, keepdims=True) - effort
    a = numbers["a"][:, None]
    assert effort == pytest.approx(np.maximum(0, a * w - (1 - a) * others), abs=1e-12)


def test_the_smallest_ride_free():
    solved = solve({**FOUR, "taste": 0.5}, {k: np.array([v]) for k, v in
                   (("wA", 10.0), ("wB", 4.9), ("wC", 5.1), ("wD", 1.0))}, "ABCD")  # fmt: skip

    assert [solved.ask(f"active(m.{n})")[0, 0] for n in "ABCD"] == [1, 0, 1, 0]
    assert solved.solution.flags["free_riders"].all()


def test_a_dollar_moved_between_contributors_changes_nothing():
    # Neutrality (Warr 1983).
    numbers = {"wA": np.array([5.0]), "wB": np.array([4.0]), "x": np.array([0.3])}
    body = {"concept": "alliance", "taste": 0.6}

    before = solve({**body, "weights": {"A": "wA", "B": "wB"}}, numbers)
    after = solve({**body, "weights": {"A": "wA - x", "B": "wB + x"}}, numbers)

    assert after.ask("E(m.total)") == pytest.approx(before.ask("E(m.total)"), rel=1e-13)
    assert after.ask("E(m.A)") == pytest.approx(before.ask("E(m.A)"), rel=1e-13)


def test_unequal_tastes_are_certified():
    names = "ABCDE"
    spans = {f"w{n}": (0.1, 10.0) for n in names} | {f"a{n}": (0.02, 0.98) for n in names}
    body = {
        "concept": "alliance",
        "weights": {n: f"w{n}" for n in names},
        "taste": {n: f"a{n}" for n in names},
    }

    assert solve(body, uniform(2, 1000, **spans), names).certificate.certified.all()
