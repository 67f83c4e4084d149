"""Uncertainties, constants, levers, derived numbers and correlations."""

from math import inf

import pytest

from scenario.helpers import errors, scenario


@pytest.mark.parametrize(
    ("given", "kind", "parameters", "low", "high"),
    [
        ("0.5..1.5", "range", (0.5, 1.5), 0.5, 1.5),
        ({"range": "-1..1"}, "range", (-1, 1), -1, 1),
        ({"uniform": "0..1e3"}, "uniform", (0, 1000), 0, 1000),
        ({"normal": [0, 2]}, "normal", (0, 2), -inf, inf),
        ({"normal": [0, 2], "truncate": "0..inf"}, "normal", (0, 2), 0, inf),
        ({"lognormal": [3, 0.5]}, "lognormal", (3, 0.5), 0, inf),
        ({"beta": [4, 2]}, "beta", (4, 2), 0, 1),
        ({"beta": [4, 2], "on": "2..6"}, "beta", (4, 2), 2, 6),
        ({"triangular": [0, 1, 3]}, "triangular", (0, 1, 3), 0, 3),
    ],
)
def test_uncertainty_has_its_kind_and_support(given, kind, parameters, low, high):
    found = scenario(uncertainties={"u": given}).uncertainties["u"]

    assert (found.kind, found.parameters) == (kind, parameters)
    assert (found.low, found.high) == (low, high)


def test_only_a_range_claims_no_probability():
    found = scenario(uncertainties={"r": "0..1", "u": {"uniform": "0..1"}}).uncertainties

    assert not found["r"].is_distribution
    assert found["u"].is_distribution


def test_choice_has_values_and_probabilities_with_a_rest():
    found = scenario(uncertainties={"g": {"choice": {"0": "1/4", "2.5": "rest"}}})

    assert found.uncertainties["g"].values == (0, 2.5)
    assert found.uncertainties["g"].probabilities == (0.25, 0.75)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("1..0", "must be below"),
        ("0..inf", "finite"),
        ("hello", "written low..high"),
        (3, "written low..high"),
        ({}, "nothing of what it may be"),
        ({"range": "0..1", "uniform": "0..1"}, "range and uniform"),
        ({"normal": [0, 0]}, "above zero"),
        ({"normal": [0, 1, 2]}, "'normal'"),
        ({"normal": ["a", 1]}, "number is expected"),
        ({"lognormal": [-1, 1]}, "above zero"),
        ({"beta": [0, 1]}, "above zero"),
        ({"triangular": [0, 4, 3]}, "must rise"),
        ({"choice": {"0": 0.3, "1": 0.6}}, "sum to 0.9"),
        ({"choice": {"0": "rest", "1": "rest"}}, "stand once"),
        ({"choice": {"0": 1.5, "1": "rest"}}, "sum to 1.5"),
        ({"choice": {"0": -0.5, "1": 1.5}}, "below zero"),
        ({"choice": {"0": 0.5, "0.0": 0.5}}, "stands twice"),
        ({"choice": {"a": 0.5, "1": 0.5}}, "not a plain number"),
        ({"range": "0..1", "on": "0..2"}, "only a beta"),
        ({"beta": [1, 1], "truncate": "0..2"}, "only normal and lognormal"),
        ({"lognormal": [1, 1], "truncate": "-2..-1"}, "below zero"),
        ({"range": "0..1", "unti": "KRW"}, "unknown key 'unti'"),
    ],
)
def test_impossible_uncertainty_is_an_error(given, words):
    (error,) = errors(uncertainties={"u": given})

    assert words in error


def test_correlations_need_distributions_that_exist():
    found = errors(
        uncertainties={"r": "0..1", "a": {"beta": [1, 1]}, "b": {"beta": [1, 1]}},
        correlations=[
            {"between": ["a", "r"], "rank": 0.5},
            {"between": ["a", "nobody"], "rank": 0.5},
            {"between": ["a", "a"], "rank": 0.5},
            {"between": ["a", "b"], "rank": 1.5},
            {"between": ["a", "b"], "rank": 0.1},
            {"between": ["b", "a"], "rank": 0.2},
        ],
    )

    assert [error.split(": ", 1)[1].split(" ")[0] for error in found] == [
        "'r'",
        "unknown",
        "'a'",
        "'rank':",
        "these",
    ]


def test_correlations_that_cannot_hold_together_are_an_error():
    names = ("a", "b", "c")
    found = errors(
        uncertainties={name: {"beta": [1, 1]} for name in names},
        correlations=[
            {"between": ["a", "b"], "rank": 0.9},
            {"between": ["b", "c"], "rank": 0.9},
            {"between": ["a", "c"], "rank": -0.9},
        ],
    )

    assert "not positive definite" in found[0]


@pytest.mark.parametrize(
    ("lever", "words"),
    [
        ({"default": 2, "range": "0..1"}, "lies outside 0..1"),
        ({"default": 2, "range": "0..inf"}, "finite"),
        ({"default": 0}, "'range' is missing"),
        ({"default": "a", "range": "0..1"}, "a number is expected"),
    ],
)
def test_impossible_lever_is_an_error(lever, words):
    (error,) = errors(levers={"x": lever})

    assert words in error


def test_lever_may_not_take_a_key_of_policies():
    (error,) = errors(levers={"play": {"default": 0, "range": "0..1"}})

    assert "cannot be called 'play'" in error


@pytest.mark.parametrize("name", ["exp", "P", "mix", "if", "1a", "_x", "a-b", "a b", "given", "ﬁ"])
def test_number_may_not_be_called_like_a_word_of_the_language(name):
    assert "cannot be a name" in errors(constants={name: 1})[0]


def test_player_may_be_called_like_an_outcome_function():
    assert list(scenario(players={"P": "x", "E": "y"}).players) == ["P", "E"]


@pytest.mark.parametrize("value", [True, None, [1], "1/3", float("nan")])
def test_constant_is_a_finite_number(value):
    assert errors(constants={"c": value}) != []
