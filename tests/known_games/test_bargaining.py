"""Published results on bargaining, to a billionth."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from forms.bargaining.made import OFFERS, ONCE, PIE, Solved

CLOSE = {"rtol": 0.0, "atol": 1e-9}
RNG = np.random.default_rng(20241114)


def draw(low: float = 0.0, high: float = 1.0, worlds: int = 200) -> np.ndarray:
    return RNG.uniform(low, high, worlds)


def certified(solved: Solved) -> Solved:
    assert solved.certificate.certified.all()
    return solved


def test_rubinstein1982_first_share() -> None:
    """Rubinstein (1982): (1 - d2)/(1 - d1 d2)."""
    d1, d2 = draw(0, 0.999), draw(0, 0.999)

    solved = certified(Solved(OFFERS, d1=d1, d2=d2))

    np.testing.assert_allclose(solved("agreement(m.pie)"), (1 - d2) / (1 - d1 * d2), **CLOSE)
    np.testing.assert_allclose(solved("offer(m.B.pie)"), d1 * (1 - d2) / (1 - d1 * d2), **CLOSE)
    assert solved.solution.complete.all()


@pytest.mark.parametrize("periods", [1, 2, 3, 7, 50])
def test_stahl1972_first_share(periods: int) -> None:
    """Stahl (1972): T periods, a common discount, nothing after: (1 - (-d)^T)/(1 + d)."""
    d = draw(0, 1)

    solved = certified(Solved({**OFFERS, "periods": periods}, d1=d, d2=d))

    np.testing.assert_allclose(solved("agreement(m.pie)"), (1 - (-d) ** periods) / (1 + d), **CLOSE)


def test_binmore_shaked_sutton1989_outside_option() -> None:
    """Binmore, Shaked and Sutton (1989): the option is worth nothing, or exactly itself."""
    d, w = draw(0.01, 0.999), draw(0, 0.999)

    solved = certified(Solved({**OFFERS, "outside": {"B": "w"}}, d1=d, d2=d, w=w))

    np.testing.assert_allclose(solved("E(m.B)"), np.maximum(w, d / (1 + d)), **CLOSE)
    np.testing.assert_array_equal(solved("P(m.left)"), 0)


def test_putnam1988_known_floor() -> None:
    """Schelling; Putnam (1988): a floor r binds iff r > d/(1 + d)."""
    d, r = draw(0.01, 0.999), draw(0, 0.999)
    body = {**OFFERS, "ratify": [{"player": "A", "floor": "r"}]}

    solved = certified(Solved(body, d1=d, d2=d, r=r))
    binds = np.maximum(r, d / (1 + d))

    np.testing.assert_allclose(solved("agreement(m.pie)"), 1 - d * (1 - binds), **CLOSE)
    np.testing.assert_allclose(solved("offer(m.B.pie)"), binds, **CLOSE)


def test_iida1993_unknown_floor() -> None:
    """Iida (1993): x* = (1 - dF + a)/2 cut to [a, b], ratified with (x* - a)/(b - a)."""
    a, failure = draw(0, 0.5), draw(-1, 0.45)
    b = a + draw(0.05, 0.5)
    floor = {"player": "B", "floor": {"uniform": ["a", "b"]}}
    body = {**PIE, **ONCE, "disagreement": {"A": "failure"}, "ratify": [floor]}

    solved = certified(Solved(body, a=a, b=b, failure=failure))
    offered = np.clip((1 - failure + a) / 2, a, b)

    np.testing.assert_allclose(1 - solved("agreement(m.pie)"), offered, **CLOSE)
    np.testing.assert_allclose(solved("P(m.ratified)"), (offered - a) / (b - a), **CLOSE)
    assert {True, False} == set((offered == b).tolist())


def test_fearon1995_known_costs() -> None:
    """Fearon (1995): peace for shares in [p - cA, p + cB]; the demand is min(1, p + cB)."""
    p, one, two = draw(), draw(0.01, 0.5), draw(0.01, 0.5)
    body = {**PIE, **ONCE, "war": {"win": {"A": "p"}, "cost": {"A": "one", "B": "two"}}}

    solved = certified(Solved(body, p=p, one=one, two=two))

    np.testing.assert_allclose(solved("agreement(m.pie)"), np.minimum(1, p + two), **CLOSE)
    np.testing.assert_allclose(solved("low(m.pie)"), np.maximum(0, p - one), **CLOSE)
    np.testing.assert_allclose(solved("high(m.pie)"), np.minimum(1, p + two), **CLOSE)
    np.testing.assert_array_equal(solved("P(m.war)"), 0)


def test_fearon1995_private_cost_uniform() -> None:
    """Fearon (1995), uniform on [l, u]: x* = p + k*, k* = max(l, (u - cA)/2) cut at 1 - p."""
    p, low, own = draw(0.1, 0.9), draw(0, 0.3), draw(0, 0.6)
    high = low + draw(0.05, 0.6)
    cost = {"A": "own", "B": {"uniform": ["low", "high"]}}
    body = {**PIE, **ONCE, "war": {"win": {"A": "p"}, "cost": cost}}
    p = np.minimum(p, 1 - low)

    solved = certified(Solved(body, p=p, low=low, high=high, own=own))
    k = np.minimum(np.maximum(low, (high - own) / 2), 1 - p)

    np.testing.assert_allclose(solved("agreement(m.pie)"), p + k, **CLOSE)
    np.testing.assert_allclose(solved("P(m.war)"), (k - low) / (high - low), **CLOSE)
    assert (k == low).any()
    assert (k == 1 - p).any()


GENERAL = {
    "normal": ([0.2, 0.1], stats.norm(0.2, 0.1)),
    "beta": ([2, 3], stats.beta(2, 3)),
    "beta_scaled": ([1, 1.5, 0.1, 0.7], stats.beta(1, 1.5, 0.1, 0.6)),
    "triangular": ([0, 0.3, 0.5], stats.triang(0.6, 0, 0.5)),
}


@pytest.mark.parametrize("name", GENERAL)
def test_fearon1995_private_cost_general(name: str) -> None:
    """Fearon (1995): f/(1 - F) = 1/(k + cA) at the cost k of who is just indifferent."""
    parameters, cost = GENERAL[name]
    war = {"win": {"A": 0.25}, "cost": {"A": "own", "B": {name.split("_")[0]: parameters}}}
    own = draw(0.02, 0.15, 20)

    solved = certified(Solved({**PIE, **ONCE, "war": war}, own=own))
    k = solved("agreement(m.pie)") - 0.25

    np.testing.assert_allclose(cost.pdf(k) * (k + own) / cost.sf(k), 1.0, rtol=0, atol=1e-9)
    np.testing.assert_allclose(solved("P(m.war)"), cost.cdf(k), **CLOSE)
    np.testing.assert_allclose(
        solved("E(m.A)"), cost.sf(k) * (0.25 + k) + cost.cdf(k) * (0.25 - own), **CLOSE
    )


def test_fearon1995_preventive_war() -> None:
    """Fearon (1995, 404-406): the side in decline attacks iff d p2 - p1 > cB (1 - d)^2."""
    worlds = 2_000
    d, p1, cost = draw(0.3, 0.98, worlds), draw(0, 0.6, worlds), draw(0, 2, worlds)
    p2 = np.minimum(p1 + draw(0, 1, worlds), 1 - cost * (1 - d))
    rising = p2 > p1
    d, p1, p2, cost = d[rising], p1[rising], p2[rising], cost[rising]
    body = {
        **PIE,
        **ONCE,
        "war": {"win": {"A": "p1"}, "cost": {"A": 0.2, "B": "cost"}},
        "shift": {"win": {"A": "p2"}},
        "discount": {"A": "d", "B": "d"},
    }

    solved = certified(Solved(body, d=d, p1=p1, p2=p2, cost=cost))
    attacked = solved("P(m.war)") == 1

    np.testing.assert_array_equal(attacked, d * p2 - p1 > cost * (1 - d) ** 2)
    assert 0.1 < attacked.mean() < 0.9
    np.testing.assert_allclose(
        solved("E(m.B)")[attacked], ((1 - p1) / (1 - d) - cost)[attacked], rtol=1e-12
    )


def test_nash1950_curved_payoffs() -> None:
    """Nash (1950): u1 = x^a, u2 = (1 - x)^b gives a/(a + b)."""
    a, b = draw(0.05, 1), draw(0.05, 1)

    solved = certified(Solved({**PIE, "curvature": {"A": "a", "B": "b"}}, a=a, b=b))

    np.testing.assert_allclose(solved("agreement(m.pie)"), a / (a + b), **CLOSE)


def test_nash1950_and_kalai_smorodinsky1975_square_root() -> None:
    """u1 = x, u2 = sqrt(1 - x): Nash 2/3, Kalai-Smorodinsky (sqrt 5 - 1)/2."""
    body = {**PIE, "curvature": {"B": 0.5}}

    nash = certified(Solved(body))
    kalai = certified(Solved({**body, "concept": "kalai_smorodinsky"}))

    np.testing.assert_allclose(nash("agreement(m.pie)"), 2 / 3, **CLOSE)
    np.testing.assert_allclose(kalai("agreement(m.pie)"), (np.sqrt(5) - 1) / 2, **CLOSE)


def test_nash1950_linear_surplus() -> None:
    """x_i = d_i + w_i (S - d1 - d2)."""
    surplus, one, two, weight = draw(2, 5), draw(-1, 1), draw(-1, 1), draw()
    values = {"A": [0, "surplus"], "B": ["surplus", 0]}
    body = {
        "issues": {"pie": {"values": values}},
        "disagreement": {"A": "one", "B": "two"},
        "power": "weight",
    }

    solved = certified(Solved(body, surplus=surplus, one=one, two=two, weight=weight))
    left = surplus - one - two
    wanted = np.clip(one + weight * left, 0, surplus)  # no transfers beyond the surplus

    np.testing.assert_allclose(solved("E(m.A)"), wanted, **CLOSE)
    np.testing.assert_allclose(solved("E(m.A)") + solved("E(m.B)"), surplus, **CLOSE)


def test_rubinstein1982_nears_nash_as_the_period_shrinks() -> None:
    """Binmore, Rubinstein and Wolinsky (1986): d_i = r_i^(1/n) tends to Nash's solution with
    weights by impatience."""
    one, two = 0.3, 0.6
    step = 1e-6

    solved = Solved(
        {**OFFERS, "curvature": {"A": 0.5, "B": 1}}, d1=np.exp(-one * step), d2=np.exp(-two * step)
    )
    weight = two / (one + two)

    np.testing.assert_allclose(
        solved("agreement(m.pie)"), 0.5 * weight / (0.5 * weight + 1 - weight), atol=1e-5
    )
