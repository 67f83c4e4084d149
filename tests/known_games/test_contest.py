"""Published results on contests, attrition, arms races and alliances, each with its citation."""

from __future__ import annotations

import numpy as np
import pytest

from forms.contest.small import solve


def test_tullock_lottery_contest():
    # Tullock (1980): x1 = V1^2 V2 / (V1 + V2)^2, win probability V1 / (V1 + V2).
    solved = solve({"values": {"A": 3, "B": 1}})

    assert solved.ask("effort(m.A)")[0, 0] == pytest.approx(9 / 16, abs=1e-15)
    assert solved.ask("effort(m.B)")[0, 0] == pytest.approx(3 / 16, abs=1e-15)
    assert solved.ask("P(m.A)")[0, 0] == pytest.approx(3 / 4, abs=1e-15)
    assert solved.certificate.certified.all()


def test_war_of_attrition_with_private_values():
    # Bishop, Cannings and Maynard Smith (1978): stop at t(v) = -v - ln(1 - v).
    body = {"concept": "attrition", "players": ["A", "B"], "values": {"uniform": [0, 1]}}
    solved = solve(body)

    for v in np.linspace(0.0, 0.99, 34):
        time = solved.ask(f"stops(m.A, {float(v)})")[0, 0]
        assert time == pytest.approx(-v - np.log1p(-v), abs=1e-12)
    assert solved.certificate.certified.all()


def test_war_of_attrition_with_known_prizes():
    # Hendricks, Weiss and Wilson (1988): concession hazards 1/V2 and 1/V1, payoffs 0.
    solved = solve({"concept": "attrition", "values": {"A": 2, "B": 5}})

    assert solved.solution.rate[0, 0].tolist() == [1 / 5, 1 / 2]
    assert solved.ask("E(m.A)")[0, 0] == 0
    assert solved.ask("E(m.B)")[0, 0] == 0
    assert solved.certificate.certified.all()


@pytest.mark.parametrize(("reaction", "stable"), [(0.5, 1.0), (2.0, 0.0)])
def test_richardson_rests_and_is_stable_iff_ab_exceeds_kl(reaction, stable):
    # Richardson (1960).
    k, l, a, b, g, h = reaction, 0.8, 1.0, 1.2, 0.3, 0.4  # noqa: E741  his letters
    body = {
        "concept": "richardson",
        "react": {"A": {"B": k}, "B": {"A": l}},
        "fatigue": {"A": a, "B": b},
        "grievance": {"A": g, "B": h},
    }

    solved = solve(body)

    assert solved.ask("stable(m.rest)")[0, 0] == stable == float(a * b > k * l)
    assert solved.ask("effort(m.A)")[0, 0] == pytest.approx((k * h + b * g) / (a * b - k * l))
    assert solved.ask("effort(m.B)")[0, 0] == pytest.approx((l * g + a * h) / (a * b - k * l))
    assert solved.certificate.certified.all()


def test_olson_zeckhauser_smallest_ally_rides_free():
    # Olson and Zeckhauser (1966): g_i = w_i - ((1 - a) / a) G, m contributors share
    # G = a sum(w) / (1 + (m - 1)(1 - a)).
    weights = {"A": 10, "B": 8, "C": 1}
    solved = solve({"concept": "alliance", "weights": weights, "taste": 0.5}, players="ABC")

    total = 0.5 * 18 / 1.5
    assert solved.ask("E(m.total)")[0, 0] == pytest.approx(total, abs=1e-12)
    assert solved.ask("effort(m.A)")[0, 0] == pytest.approx(10 - total, abs=1e-12)
    assert solved.ask("effort(m.B)")[0, 0] == pytest.approx(8 - total, abs=1e-12)
    assert solved.ask("effort(m.C)")[0, 0] == 0.0
    assert solved.certificate.certified.all()
