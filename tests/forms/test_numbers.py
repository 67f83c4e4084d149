"""The table of a model's numbers: indices, bounds, worlds in which something is wrong."""

from __future__ import annotations

import numpy as np
import pytest

from tenbin.errors import Place
from tenbin.forms.numbers import NumberTable
from tenbin.scenario import Scenario

HERE = Place("game.yaml", 3, 5)
THERE = Place("game.yaml", 4, 5)


@pytest.fixture
def scenario() -> Scenario:
    return Scenario.from_dict(
        {
            "tenbin": 1,
            "title": "T",
            "uncertainties": {"x": {"range": "-1..1"}, "y": {"range": "0..1"}},
        }
    )


def test_numbers_are_evaluated_in_every_world(scenario):
    table = NumberTable(scenario)
    total, level = table.add("x + y", HERE), table.add("x * n", THERE, local={"n": 3, "m": 1})
    columns = table.evaluate({"x": np.array([1.0, -0.5]), "y": 0.25}, {}, 2)
    assert columns[:, total].tolist() == [1.25, -0.25]
    assert columns[:, level].tolist() == [3.0, -1.5]
    assert table.names == {"x", "y"}


def test_one_place_with_the_same_local_names_is_one_number(scenario):
    table = NumberTable(scenario)
    first = table.add("x + n", HERE, local={"n": 1, "unused": 2})
    assert table.add("x + n", HERE, local={"n": 1, "unused": 3}) == first
    assert table.add("x + n", HERE, local={"n": 2}) != first


def test_world_outside_bounds_is_invalid_and_told_with_an_example(scenario):
    table = NumberTable(scenario)
    table.add("x", HERE, low=0, open_low=True)
    numbers = {"x": np.array([0.5, 0.0, -1.0, 1.0])}
    assert table.valid(table.evaluate(numbers, {}, 4)).tolist() == [True, False, False, True]
    (problem,) = table.check(numbers, {}, 4)
    assert problem.place == HERE
    assert "outside (0, inf]" in problem.what
    assert "50.0%" in problem.what
    assert "x = 0" in problem.advice


def test_fault_of_a_number_that_is_read_is_not_told_again(scenario):
    table = NumberTable(scenario)
    table.add("x + 1", HERE)
    assert table.check({"x": np.array([np.nan, 1.0])}, {}, 2) == []


def test_fixed_number_is_known_and_checked_when_added(scenario):
    table = NumberTable(scenario)
    assert table.fixed(table.add("2 * n", HERE, local={"n": 3})) == 6.0
    assert table.fixed(table.add("x", HERE)) is None
    table.add(-1, THERE, low=0)
    assert [problem.place for problem in table.problems] == [THERE]


def test_unknown_name_is_a_problem_with_the_nearest(scenario):
    table = NumberTable(scenario)
    table.add("xx + 1", HERE)
    assert "unknown" in table.problems[0].what
