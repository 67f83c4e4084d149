"""Units where they are given."""

import subprocess
import sys

import pytest

from scenario.helpers import errors, scenario
from tenbin.scenario.units import unit_factors

NUMBERS = {
    "constants": {
        "rate": {"value": 1395, "unit": "KRW/USD"},
        "paid": {"value": 1.5, "unit": "trn KRW"},
        "won": {"value": 3, "unit": "KRW"},
        "share": {"value": 0.2},
    },
    "uncertainties": {"price": {"range": "0..1", "unit": "USD"}},
    "measures": {"cost": {"unit": "KRW"}, "troops": {"unit": "soldiers"}},
}


def unit_errors(derived=None, holds=None):
    claims = {"C": {"says": "s", "holds": holds}} if holds else {}
    given = {name: value for name, value in NUMBERS.items() if name != "constants"}
    constants = {name: value for name, value in NUMBERS["constants"].items() if name != "share"}
    constants["part"] = 0.2
    return errors(**given, constants=constants, derived={"d": derived or 1}, claims=claims)


@pytest.mark.parametrize(
    "derived",
    [
        {"value": "price * rate", "unit": "KRW"},
        {"value": "price * rate + won", "unit": "KRW"},
        {"value": "price * part + 3", "unit": "USD"},
        {"value": "won / rate", "unit": "USD"},
        {"value": "paid * 1e12 / 2", "unit": "trn_KRW"},
        {"value": "max(won, 0) if price > 0 else part", "unit": "KRW"},
        {"value": "log(won / (price * rate))", "unit": "%"},
        {"value": "sqrt(won ** 2)", "unit": "KRW"},
        {"value": "E(m.cost) + won", "unit": "KRW"},
        {"value": "mix(m.a, won, m.b, price * rate)", "unit": "KRW"},
        {"value": "part + price", "unit": "USD"},
    ],
)
def test_units_that_agree_are_accepted(derived):
    assert unit_errors(derived) == []


@pytest.mark.parametrize(
    ("derived", "words"),
    [
        ({"value": "price * rate", "unit": "USD"}, "in KRW, but USD is expected"),
        ("won + price", "in USD, but KRW is expected"),
        ("won + paid", "in trn KRW, but KRW is expected"),
        ("exp(price)", "exp of a number in USD"),
        ("max(won, price)", "in USD, but KRW"),
        ("won if part > 0 else price", "in USD, but KRW"),
        ("1 if won > price else 0", "in USD, but KRW"),
        ("E(m.cost) - E(m.troops)", "soldier"),
    ],
)
def test_units_that_differ_are_an_error(derived, words):
    (error,) = unit_errors(derived)

    assert words in error


def test_comparison_of_a_claim_is_checked():
    assert unit_errors(holds="E(m.cost) < won") == []
    assert "in USD, but KRW" in unit_errors(holds="E(m.cost) < price")[0]


def test_unknown_unit_is_located_with_the_nearest():
    (error,) = errors(constants={"c": {"value": 1, "unit": "soldeir"}})

    assert error == "constants.c.unit: unknown unit 'soldeir' of 'c'"


@pytest.mark.parametrize(
    ("unit", "full"),
    [
        ("bn USD/yr", "(1e+09 * USD) / year"),
        ("soldiers per month", "soldier / month"),
        ("km**2", "(kilometre ** 2)"),
        ("%", "percent"),
        ("1/year", "1 / year"),
    ],
)
def test_unit_is_read_in_full_words(unit, full):
    assert unit_factors(unit) == full


def test_same_people_are_counted_by_any_word():
    scenario(
        constants={"a": {"value": 1, "unit": "soldiers"}, "b": {"value": 1, "unit": "persons"}},
        derived={"d": "a + b"},
    )


def test_pint_is_loaded_only_where_units_differ_in_words():
    code = (
        "import sys; from tenbin.scenario import Scenario;"
        "Scenario.from_dict({'tenbin': 1, 'title': 't',"
        " 'constants': {'a': {'value': 1, 'unit': 'USD'}}, 'derived': {'d': 'a + a'}});"
        "sys.exit('pint' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
