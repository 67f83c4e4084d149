"""One model in one world."""

from __future__ import annotations

import numpy as np
import pytest

from tenbin.forms.contract import SolverOptions
from tenbin.run import policy_setting, set_values, solve_central, solve_worlds
from tenbin.scenario.language import Setting
from toy_scenarios import number, toy_scenario

pytestmark = pytest.mark.usefixtures("toy")


def test_central_world_is_solved_with_its_upstream_models():
    solved = solve_central(toy_scenario(), "last")

    np.testing.assert_array_equal(solved.game.payoffs, [[0.5, 0.0]])
    assert solved.model.name == "last"
    assert solved.certificate.certified[0, 0]


def test_setting_is_in_force():
    scenario = toy_scenario()
    setting = set_values(policy_setting(scenario, "helping"), {"x": number("3")})

    np.testing.assert_array_equal(solve_central(scenario, "up", setting).game.payoffs, [[4.0, 0.5]])


def test_concept_of_the_options_takes_the_place_of_the_models():
    solved = solve_central(toy_scenario(), "lone", options=SolverOptions(concept="wrong"))

    assert solved.solution.chosen.shape == (1, 1)


def test_given_worlds_are_solved():
    draws = {name: np.array([0.1, 0.2, 0.7]) for name in "xyz"}

    solved = solve_worlds(toy_scenario(), "down", draws, Setting())

    np.testing.assert_allclose(solved.game.payoffs[:, 0], [0.6, 0.7, 1.4])


def test_scenario_without_uncertainties_has_one_world():
    scenario = toy_scenario(uncertainties={}, constants={"half": 0.5, "x": 1, "y": 0, "z": 0})

    assert solve_central(scenario, "up").solution.found.shape[0] == 1
