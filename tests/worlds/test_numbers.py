"""Numbers under a setting: replaced numbers read the world's own, derived ones the replaced."""

from __future__ import annotations

import numpy as np
import pytest

from tenbin.scenario import Scenario
from tenbin.scenario.expressions import parse_expression
from tenbin.scenario.language import Setting
from tenbin.worlds import numbers_under, reached_numbers

DRAWS = {"x": np.array([1.0, 2.0])}


@pytest.fixture(scope="module")
def scenario():
    return Scenario.from_dict(
        {
            "tenbin": 1,
            "title": "numbers",
            "players": {"A": "A"},
            "uncertainties": {"x": "0..3"},
            "constants": {"c": 10},
            "levers": {"l": {"default": 0.5, "range": "0..1"}},
            "derived": {"total": "double + c * l", "double": "2 * x", "fed": "E(m.A) + x"},
            "models": {"m": {"form": "toy", "player": "A", "actions": {"go": "x"}}},
        }
    )


def expression(text):
    found, problems = parse_expression(text)
    assert found is not None, problems
    return found


def setting(**values):
    return Setting(tuple(sorted((name, expression(text)) for name, text in values.items())))


def test_numbers_without_a_setting_are_the_worlds_own(scenario):
    numbers = numbers_under(scenario, DRAWS, Setting())

    assert numbers["l"] == 0.5
    np.testing.assert_array_equal(numbers["total"], [7.0, 9.0])


def test_replaced_number_is_computed_from_unreplaced_ones(scenario):
    numbers = numbers_under(scenario, DRAWS, setting(x="x + c", c="x * 100"))

    np.testing.assert_array_equal(numbers["x"], [11.0, 12.0])
    np.testing.assert_array_equal(numbers["c"], [100.0, 200.0])
    np.testing.assert_array_equal(numbers["total"], [22.0 + 50.0, 24.0 + 100.0])


def test_derived_number_can_be_replaced(scenario):
    numbers = numbers_under(scenario, DRAWS, setting(double="total"))

    np.testing.assert_array_equal(numbers["total"], [12.0, 14.0])


def test_derived_number_that_reads_an_outcome_needs_it(scenario):
    call = scenario.derived["fed"].expression.calls[0]

    without = numbers_under(scenario, DRAWS, Setting())
    fed = numbers_under(scenario, DRAWS, Setting(), {call: np.array([5.0, 6.0])})

    assert "fed" not in without
    np.testing.assert_array_equal(fed["fed"], [6.0, 8.0])


def test_reached_numbers_go_through_derived_ones_but_not_through_replaced(scenario):
    call = scenario.derived["fed"].expression.calls[0]

    assert reached_numbers(scenario, ["total"])[0] == {"total", "double", "x", "c", "l"}
    assert reached_numbers(scenario, ["total"], ["double"])[0] == {"total", "double", "c", "l"}
    assert reached_numbers(scenario, ["fed"]) == ({"fed", "x"}, (call,))
