"""The certificate of bargaining: random problems pass, perturbed solutions do not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from forms.bargaining.made import OFFERS, ONCE, PIE, Solved, drawn, drawn_package, package
from tenbin.forms.bargaining.room import ROOM
from tenbin.forms.contract import SolverOptions, Status

WORLDS = 600
APART = {"disagreement": {"A": "x", "B": "y"}}
AWAY = {"outside": {"A": "u", "B": "v"}}
LIMITS = [
    {"player": "A", "floor": "f"},
    {"player": "B", "issue": "i1", "floor": "g", "waiver": 0.3},
    {"player": "A", "issue": "i2", "at_most": 0.6},
]
UNKNOWN = [
    {"player": "A", "issue": "i0", "at_least": {"uniform": ["f - 0.3", "f + 0.4"]}},
    {"player": "B", "floor": {"normal": ["g", 0.5]}},
    {"player": "B", "issue": "i1", "floor": {"triangular": ["g - 0.5", "g", "g + 1"]}},
]
FOUR = package(4)
DISCOUNT = {"discount": {"A": "d1", "B": "d2"}, "concept": "rubinstein"}
CURVED = {**PIE, "curvature": {"A": "p", "B": "q"}}
TYPED = {
    **ONCE,
    **package(4, typed=True),
    "types": {"B": {"eager": "d1", "wary": "rest"}},
    "disagreement": {"A": "x", "B": {"eager": "y", "wary": "f"}},
}

CASES: dict[str, dict[str, Any]] = {
    "nash_package": {**FOUR, **APART, "power": "d1"},
    "nash_package_outside": {**FOUR, **APART, **AWAY},
    "nash_package_limits": {**FOUR, **APART, "ratify": LIMITS},
    "nash_curved": {**CURVED, **APART},
    "kalai_curved": {**CURVED, **APART, "concept": "kalai_smorodinsky"},
    "kalai_package_limits": {
        **FOUR, **APART, "concept": "kalai_smorodinsky", "ratify": LIMITS,
    },
    "offers_pie": {**OFFERS, **APART, **AWAY, "ratify": [{"player": "A", "floor": "f"}]},
    "offers_package": {**FOUR, **DISCOUNT, **APART, **AWAY, "ratify": LIMITS[:2]},
    "periods_package": {
        **FOUR, **DISCOUNT, **APART, **AWAY, "ratify": LIMITS[:2], "periods": 6,
    },
    "once_package": {**FOUR, **ONCE, **APART, **AWAY, "first": "B", "ratify": LIMITS},
    "once_secret_package": {
        **FOUR, **ONCE, **APART, "first": "B", "outside": {"A": {"uniform": ["x", "x + 2"]}},
    },
    "nash_unknown_package": {**FOUR, **APART, "power": 0.4, "ratify": UNKNOWN},
    "once_unknown_package": {**FOUR, **ONCE, **APART, "ratify": UNKNOWN},
    "nash_unknown_curved": {
        **CURVED,
        **APART,
        "ratify": [
            {"player": "A", "issue": "pie", "at_least": {"beta": [2, 3]}, "waiver": 0.2},
            {"player": "B", "floor": {"normal": ["g", 0.2]}},
        ],
    },
    "typed_package": TYPED,
    "typed_package_outside": {
        **TYPED, "outside": {"A": "u", "B": "v"},
        "ratify": [{"player": "A", "floor": 0}, {"player": "B", "issue": "i1", "at_most": 0.5}],
    },
    "shift": {
        **PIE,
        **ONCE,
        "war": {"win": {"A": "d1"}, "cost": {"A": 0.2, "B": "q"}},
        "shift": {"win": {"A": "d2"}},
        "discount": {"A": "p", "B": "p"},
    },
}  # fmt: skip


def numbers(seed: int) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    found = drawn(
        rng, WORLDS, x=(-2, 1), y=(-2, 1), u=(-2, 2), v=(-2, 2), f=(-1, 1), g=(-1, 1),
        d1=(0, 0.99), d2=(0, 0.99), p=(0.3, 0.95), q=(0.3, 1),
    )  # fmt: skip
    return {**found, **drawn_package(rng, WORLDS, 4, "abc")}


def used(body: dict[str, Any], found: dict[str, Any]) -> dict[str, Any]:
    """Only the numbers that a model reads: the others would be idle."""
    return {name: value for name, value in found.items() if name in str(body)}


@pytest.mark.parametrize("case", CASES)
def test_every_random_problem_is_certified(case: str) -> None:
    solved = Solved(CASES[case], **numbers(7))

    assert (solved.solution.status == Status.SOLVED).all()
    assert solved.certificate.certified.all()


@pytest.mark.parametrize("case", [name for name in CASES if name != "periods_package"])
def test_certificate_rejects_other_shares(case: str) -> None:
    solved = Solved(CASES[case], **numbers(8))
    solution, cases = solved.solution, solved.game.n_cases
    first = solved.model.first
    agreed = np.isfinite(solution.offer[:, first]).all(axis=1)
    low, high = solved.game.problems.low, solved.game.problems.high
    other = low + 0.37 * (high - low)
    moved = np.where(np.isfinite(solution.offer), other[:, None], solution.offer)
    far = agreed & (np.abs(moved - solution.offer)[:, first] > 0.02).all(axis=1)
    worlds = far.reshape(-1, cases).all(axis=1)
    wrong = replace(solution, offer=moved)

    certificate = ROOM.certify(solved.game, wrong, SolverOptions())

    assert worlds.any()
    assert not certificate.certified[worlds].any()


@pytest.mark.parametrize("case", CASES)
def test_certificate_rejects_other_payoffs(case: str) -> None:
    solved = Solved(CASES[case], **numbers(9))
    wrong = replace(solved.solution, payoff=solved.solution.payoff + 0.1)
    happens = solved("P(m.ratified)") > 0

    certificate = ROOM.certify(solved.game, wrong, SolverOptions())

    assert happens.any()
    assert not certificate.certified[happens].any()


def test_certificate_rejects_no_agreement_where_there_is_one() -> None:
    solved = Solved({**PIE, "disagreement": {"A": "x"}}, x=[0.1, 0.5, 0.9])
    none = np.zeros_like(solved.solution.chance)
    none[:, 3] = 1.0
    payoff = np.stack([solved.numbers["x"], np.zeros(3)], axis=1)[:, :, None, None]
    wrong = replace(solved.solution, chance=none, payoff=payoff)

    certificate = ROOM.certify(solved.game, wrong, SolverOptions())

    assert not certificate.certified.any()


def test_nash_product_of_random_packages_is_never_beaten() -> None:
    rng = np.random.default_rng(4)
    solved = Solved({**FOUR, **APART}, **drawn(rng, 60, x=(-2, 0), y=(-2, 0)),
                    **drawn_package(rng, 60, 4))  # fmt: skip
    problems = solved.game.problems
    shares = rng.uniform(size=(20_000, 4))
    shares[::2] = np.round(shares[::2])

    worth = np.einsum("nij,sj->nis", problems.slope[:, :, 0], shares)
    gains = np.maximum(worth - problems.disagreement, 0.0)
    best = gains.prod(axis=1).max(axis=1)
    ours = (solved.solution.payoff[:, :, 0, 0] - problems.disagreement[:, :, 0]).prod(axis=1)

    assert (ours >= best - 1e-12).all()
