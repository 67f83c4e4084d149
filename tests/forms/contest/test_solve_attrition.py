"""Wars of attrition: hazards, stopping times, closed forms and quadrature."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import truncnorm

from forms.contest.small import solve, uniform
from tenbin.forms.contest.tables import LEVELS

KNOWN = {"concept": "attrition", "values": {"A": "V", "B": "Z"}, "costs": {"A": "c", "B": "d"}}


def private(low: float, high: float, cost: float = 1.0, kind: str = "uniform") -> dict:
    values = {kind: [low, high]}
    return {"concept": "attrition", "players": ["A", "B"], "values": values, "costs": cost}


def test_known_prizes_give_hazards_one_over_the_others_value():
    # Hendricks, Weiss and Wilson (1988): hazards 1/V2 and 1/V1, payoffs 0.
    solved = solve({"concept": "attrition", "values": {"A": 3, "B": 2}})

    assert solved.solution.rate[0, 0].tolist() == [1 / 2, 1 / 3]
    assert solved.solution.payoff[0, 0].tolist() == [0.0, 0.0]
    assert solved.ask("P(m.A)")[0, 0] == pytest.approx(2 / 5)
    assert solved.ask("E(m.length)")[0, 0] == pytest.approx(6 / 5)
    assert solved.ask("lasts(m.A, 2)")[0, 0] == pytest.approx(np.exp(-1))


def test_simulated_play_wins_lasts_and_pays_as_told():
    numbers = {"V": np.array([3.0]), "Z": np.array([2.0]), "c": np.array([0.5]),
               "d": np.array([1.5])}  # fmt: skip
    solved = solve(KNOWN, numbers)
    rng = np.random.default_rng(0)
    stops = rng.exponential(1 / solved.solution.rate[0, 0], (400_000, 2))
    length, wins = stops.min(axis=1), stops[:, 1] < stops[:, 0]

    assert solved.ask("P(m.A)")[0, 0] == pytest.approx(wins.mean(), abs=3e-3)
    assert solved.ask("E(m.length)")[0, 0] == pytest.approx(length.mean(), rel=5e-3)
    assert (3.0 * wins - 0.5 * length).mean() == pytest.approx(0.0, abs=8e-3)


def test_giving_in_at_once_is_an_equilibrium_too():
    solved = solve(KNOWN, uniform(0, 50, V=(1, 4), Z=(1, 4), c=(0.5, 2), d=(0.5, 2)))

    assert solved.solution.found.all()
    assert solved.certificate.certified.all()
    assert (solved.ask("P(m.A)")[:, 1:] == [1.0, 0.0]).all()
    assert (solved.ask("E(m.length)")[:, 1:] == 0.0).all()


def test_uniform_values_stop_at_the_closed_form():
    # Bishop, Cannings and Maynard Smith (1978): t(v) = -v - ln(1 - v).
    solved = solve(private(0, 1))

    for v in (0.0, 0.25, 0.5, 0.9, 0.999):
        assert solved.ask(f"stops(m.A, {v})")[0, 0] == pytest.approx(-v - np.log(1 - v), abs=1e-12)
    assert np.isnan(solved.ask("stops(m.A, 1)")[0, 0])
    assert solved.ask("E(m.A)")[0, 0] == pytest.approx(1 / 6, abs=1e-15)
    assert solved.ask("E(m.length)")[0, 0] == pytest.approx(1 / 6, abs=1e-15)


@pytest.mark.parametrize(("mean", "spread"), [(2.0, 0.5), (1.0, 1.0), (-1.0, 0.7), (9.0, 0.2)])
def test_normal_values_are_those_of_quadrature(mean, spread):
    solved = solve(private(mean, spread, 1.7, "normal"))
    drawn = truncnorm(-mean / spread, np.inf, mean, spread)

    def lower_of_two(v: float) -> float:
        return drawn.sf(v) ** 2

    for q in (0.1, 0.5, 0.95):
        v = float(drawn.ppf(q))
        wanted = quad(lambda x: x * drawn.pdf(x) / drawn.sf(x), 0, v, points=[v / 2])[0] / 1.7
        assert solved.ask(f"stops(m.A, {v!r})")[0, 0] == pytest.approx(wanted, abs=1e-7)
    least = quad(lower_of_two, 0, mean + 12 * spread, points=[max(mean, 0.01)])[0]
    assert solved.ask("E(m.A)")[0, 0] == pytest.approx(drawn.mean() - least, abs=1e-7)
    assert solved.certificate.certified.all()


def test_stopping_times_of_the_grid_are_those_of_single_types():
    solved = solve(private(1.5, 0.6, 0.8, "normal"))
    drawn = truncnorm(-2.5, np.inf, 1.5, 0.6)

    for at in (40, 200, 320):
        v = float(drawn.isf(np.exp(-LEVELS[at])))
        single = solved.ask(f"stops(m.A, {v!r})")[0, 0]
        assert solved.solution.stop[0, at] == pytest.approx(single, abs=1e-8)


def test_lasting_inverts_stopping():
    solved = solve(private(0.5, 2, 1.3))

    time = float(solved.ask("stops(m.A, 1.2)")[0, 0])

    assert solved.ask(f"lasts(m.A, {time!r})")[0, 0] == pytest.approx(0.8 / 1.5, abs=1e-9)
    assert solved.ask(f"lasts(m.contest, {time!r})")[0, 0] == pytest.approx((0.8 / 1.5) ** 2)


def test_private_values_are_certified_in_many_worlds():
    numbers = uniform(1, 300, a=(0, 2), b=(0.1, 3), c=(0.2, 3))
    drawn = solve({**private(0, 1), "values": {"uniform": ["a", "a + b"]}, "costs": "c"}, numbers)
    bell = solve({**private(0, 1), "values": {"normal": ["a", "b"]}, "costs": "c"}, numbers)

    assert drawn.certificate.certified.all()
    assert bell.certificate.certified.all()
