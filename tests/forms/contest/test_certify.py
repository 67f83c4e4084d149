"""The certifier rejects efforts, chances and rates that are not those of an equilibrium."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from forms.contest.small import Solved, solve

BODIES = {
    "tullock": {"values": {"A": 3, "B": 2}},
    "damped": {"values": {"A": 3, "B": 2, "C": 2.5}, "decisiveness": 0.6},
    "attrition": {"concept": "attrition", "values": {"A": 3, "B": 2}},
    "private": {"concept": "attrition", "players": ["A", "B"], "values": {"uniform": [0, 1]}},
    "richardson": {
        "concept": "richardson",
        "react": {"A": {"B": 0.5}, "B": {"A": 0.4}},
        "fatigue": 1,
        "grievance": 0.3,
    },
    "alliance": {"concept": "alliance", "weights": {"A": 3, "B": 2}, "taste": 0.6},
}


def solved(name: str) -> Solved:
    return solve(BODIES[name], players="ABC")


@pytest.mark.parametrize("name", BODIES)
def test_equilibrium_is_certified(name):
    assert solved(name).certificate.certified.all()


@pytest.mark.parametrize("name", BODIES)
@pytest.mark.parametrize("factor", [1.001, 0.999])
def test_efforts_a_thousandth_off_are_noticed(name, factor):
    found = solved(name)

    certificate = found.certify(replace(found.solution, effort=found.solution.effort * factor))

    assert not certificate.certified[:, 0].any()


@pytest.mark.parametrize("name", ["tullock", "damped", "attrition", "private"])
def test_wrong_chances_are_noticed(name):
    found = solved(name)
    win = found.solution.win.copy()
    win[:, :, 0] += 1e-4

    assert not found.certify(replace(found.solution, win=win)).certified.any()


@pytest.mark.parametrize("name", ["tullock", "alliance", "attrition", "private"])
def test_wrong_payoffs_are_noticed(name):
    found = solved(name)

    certificate = found.certify(replace(found.solution, payoff=found.solution.payoff + 1e-4))

    assert not certificate.certified.any()


def test_wrong_rates_are_noticed():
    found = solved("attrition")

    certificate = found.certify(replace(found.solution, rate=found.solution.rate * 1.001))

    assert not certificate.certified[0, 0]


@pytest.mark.parametrize("power", [1.01, 0.99])
def test_wrong_stopping_times_are_noticed(power):
    found = solved("private")

    certificate = found.certify(replace(found.solution, stop=found.solution.stop**power))

    assert not certificate.certified.any()


def test_wrong_stability_is_noticed():
    found = solved("richardson")

    certificate = found.certify(replace(found.solution, growth=-found.solution.growth))

    assert not certificate.certified.any()


def test_idle_player_who_should_contend_is_noticed():
    found = solve({"values": {"A": 3, "B": 2, "C": 1.9}}, players="ABC")
    effort = found.solution.effort.copy()
    effort[0, 0] = [6 / 5 * 3 / 5, 6 / 5 * 2 / 5, 0.0]
    win = np.array([[[3 / 5, 2 / 5, 0.0]]])
    payoff = np.array([[[27 / 25, 8 / 25, 0.0]]])

    wrong = replace(found.solution, effort=effort, win=win, payoff=payoff)

    assert not found.certify(wrong).certified.any()
