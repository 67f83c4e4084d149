"""The algebra of settings: policies, replaced numbers, who reads whose numbers."""

from __future__ import annotations

import numpy as np
import pytest

from tenbin.errors import ScenarioError
from tenbin.run import bare_call, overlay, policy_setting, set_values
from tenbin.scenario.language import Setting
from tenbin.worlds import numbers_under
from toy_scenarios import number, outcome_call, toy_scenario

SCENARIO = toy_scenario()


def values_of(setting):
    return {name: value.text for name, value in setting.values}


def test_policy_setting_holds_levers_and_play():
    assert values_of(policy_setting(SCENARIO, "helping")).keys() == {"help"}
    assert policy_setting(SCENARIO, "bound").play == (("up.choose", "stay"),)


def test_call_without_policy_keeps_the_askers_setting():
    asker = set_values(policy_setting(SCENARIO, "bound"), {"y": number("0.1")})

    found = overlay(SCENARIO, asker, outcome_call("E(up.A, x=0.2)"))

    assert values_of(found) == {"x": number("0.2").text, "y": number("0.1").text}
    assert found.play == asker.play


def test_policy_of_a_call_takes_the_place_of_the_askers_policy():
    asker = policy_setting(SCENARIO, "helping")

    assert overlay(SCENARIO, asker, outcome_call("E(up.A, policy=none)")) == Setting()
    assert overlay(SCENARIO, asker, outcome_call("E(up.A, policy=bound)")).play


def test_policy_of_a_call_leaves_replaced_numbers_and_other_levers():
    asker = set_values(Setting(), {"x": number("0.1"), "aid": number("1")})

    found = overlay(SCENARIO, asker, outcome_call("E(up.A, policy=helping)"))

    assert values_of(found).keys() == {"x", "aid", "help"}


def test_replaced_number_of_a_call_wins_over_its_policy():
    found = overlay(SCENARIO, Setting(), outcome_call("E(up.A, policy=helping, help=0.3)"))

    assert values_of(found) == {"help": number("0.3").text}


@pytest.mark.parametrize(
    ("asked", "expected"),
    [("x=2 * y", 6.0), ("x=x + 1", 11.0), ("x=half", 0.5), ("x=min(x, y)", 3.0)],
)
def test_replaced_number_of_a_call_reads_the_askers_numbers(asked, expected):
    asker = set_values(Setting(), {"x": number("10"), "y": number("3")})
    draws = {name: np.array([0.5]) for name in "xyz"}

    found = overlay(SCENARIO, asker, outcome_call(f"E(up.A, {asked})"))

    assert np.asarray(numbers_under(SCENARIO, draws, found)["x"]).item() == expected


def test_replaced_number_of_a_call_sees_the_askers_numbers_through_derived_ones():
    scenario = toy_scenario(derived={"worth": "y + half", "twice": "2 * worth"})
    asker = set_values(Setting(), {"y": number("3")})
    draws = {name: np.array([0.5]) for name in "xyz"}

    found = overlay(scenario, asker, outcome_call("E(up.A, x=twice)"))

    assert np.asarray(numbers_under(scenario, draws, found)["x"]).item() == 7.0


def test_replaced_number_that_is_an_outcome_is_refused():
    with pytest.raises(ScenarioError, match="'worth' is computed from an outcome of a model"):
        overlay(SCENARIO, Setting(), outcome_call("E(up.A, x=worth)"))


def test_bare_call_keeps_the_condition():
    call = outcome_call("P(up.go, given=any, policy=helping, x=1)")

    assert bare_call(call) == outcome_call("P(up.go, given=any)")
