"""Published results on cascades and arms races out of fear, each with its citation."""

from __future__ import annotations

import numpy as np
import pytest

from forms.cascade.small import solve


def test_granovetter_all_hundred_join():
    # Granovetter (1978): thresholds 0..99.
    solved = solve({"actors": {"count": 100, "thresholds": "i"}})

    assert solved.ask("E(m.adopters)")[0, 0] == 100
    assert solved.ask("order(m.a99)")[0, 0] == 100
    assert solved.solution.complete.all()


def test_granovetter_one_threshold_changed_leaves_exactly_one():
    # Granovetter (1978): the one threshold 1 becomes 2.
    solved = solve({"actors": {"count": 100, "thresholds": "where(i == 1, 2, i)"}})

    assert solved.ask("E(m.adopters)").tolist() == [[1.0, 100.0]]
    assert not solved.solution.complete.any()
    assert solved.certificate.certified.all()


def test_granovetter_eight_people_five_join():
    # Granovetter (1978): 0, 1, 1, 3, 4, 7, 7, 8.
    thresholds = dict(zip("ABCDEFGH", (0, 1, 1, 3, 4, 7, 7, 8), strict=True))

    solved = solve({"thresholds": thresholds}, players="ABCDEFGH")

    assert solved.ask("E(m.adopters)")[0, 0] == 5
    assert [solved.ask(f"adopts(m.{n})")[0, 0] for n in "EFGH"] == [1, 0, 0, 0]


def test_morris_shin_regime_falls_below_one_minus_cost():
    # Morris and Shin (2003): theta* = 1 - c, diffuse prior, any noise.
    cost, noise = np.meshgrid(np.linspace(0.01, 0.99, 50), np.geomspace(1e-4, 1e3, 15))
    numbers = {"c": cost.ravel(), "s": noise.ravel()}

    solved = solve({"concept": "global", "cost": "c", "noise": "s"}, numbers)

    assert solved.ask("cutoff(m.state)")[:, 0] == pytest.approx(1 - numbers["c"], abs=1e-15)
    assert solved.certificate.certified[:, 0].all()


def baliga_sjostrom(numbers: dict[str, np.ndarray]):
    body = {
        "players": ["A", "B"],
        "gain": "mu",
        "influence": "-mu",
        "staying": "d",
        "cost": {"uniform": [0, "top"]},
    }
    return solve(body, numbers)


def draws(worlds: int) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(0)
    mu = rng.uniform(0.05, 1, worlds)
    return {"mu": mu, "d": mu + rng.uniform(0, 2, worlds), "top": rng.uniform(0.2, 5, worlds)}


def test_baliga_sjostrom_builds_up_to_the_cutoff():
    # Baliga and Sjostrom (2004), uniform case: cbar <= d: everyone builds; else
    # c* = mu cbar / (cbar - d + mu), Pr(build) = c* / cbar.
    numbers = draws(5000)
    mu, d, top = (numbers[name] for name in ("mu", "d", "top"))

    solved = baliga_sjostrom(numbers)

    cutoff = mu * top / (top - d + mu)
    everyone = top <= d
    assert 0.2 < everyone.mean() < 0.8
    wanted = np.where(everyone, 1.0, cutoff / top)
    assert solved.ask("P(m.A)")[:, 0] == pytest.approx(wanted, abs=1e-9)
    told = solved.ask("cutoff(m.B)")[:, 0]
    assert told[~everyone] == pytest.approx(cutoff[~everyone], abs=1e-9)
    assert solved.ask("P(m.A and m.B)")[:, 0] == pytest.approx(wanted**2, abs=1e-9)


def test_baliga_sjostrom_equilibrium_is_unique():
    solved = baliga_sjostrom(draws(5000))

    assert solved.solution.complete.all()
    assert not solved.solution.found[:, 1].any()
    assert solved.certificate.certified[:, 0].all()


def test_symmetric_coordination_has_three_equilibria_of_which_both_ends_are_found():
    # Two players, cost 1/2 known, each other's joining worth 1: nobody, everybody (and mixed).
    solved = solve({"players": ["A", "B"], "cost": 0.5, "influence": 1})

    assert solved.ask("P(m.A and m.B)").tolist() == [[0.0, 1.0]]


@pytest.mark.parametrize("noise", [0.05, 0.01, 0.002])
def test_nearly_common_costs_select_the_risk_dominant_action(noise):
    # Carlsson and van Damme (1993): with costs seen with vanishing noise, play is risk dominant:
    # join iff the cost is below gain + w / 2. Correlation 1 - noise.
    solved = solve(
        {
            "players": ["A", "B"],
            "gain": 0.2,
            "influence": 1,
            "cost": {"normal": [0.7, 1]},
            "correlation": "r",
        },
        {"r": np.array([1 - noise])},
    )

    assert solved.ask("cutoff(m.A)")[0, 0] == pytest.approx(0.7, abs=1e-9)
    assert solved.solution.complete.all()
