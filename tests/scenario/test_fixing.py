"""Numbers fixed in every world, as `--with` does."""

from __future__ import annotations

import pytest

from scenario.helpers import scenario
from tenbin.errors import ScenarioError, TenbinError
from tenbin.scenario import load_scenario
from tenbin.scenario.fixing import with_numbers

SECTIONS = {
    "uncertainties": {"x": {"normal": [0, 1]}, "y": {"normal": [0, 1]}},
    "correlations": [{"between": ["x", "y"], "rank": 0.5}],
    "constants": {"c": {"value": 1, "unit": "USD"}},
    "levers": {"l": {"default": 0, "range": "0..1"}},
    "derived": {"d": "x + y"},
    "policies": {"quo": {}, "more": {"l": 1}},
}


def test_fixed_numbers_become_constants_whatever_they_were() -> None:
    fixed = with_numbers(scenario(**SECTIONS), {"x": 2, "c": 3, "l": 0.5, "d": 7})

    assert {name: constant.value for name, constant in fixed.constants.items()} == {
        "x": 2,
        "c": 3,
        "l": 0.5,
        "d": 7,
    }
    assert fixed.constants["c"].unit == "USD"
    assert list(fixed.uncertainties) == ["y"]
    assert (fixed.levers, fixed.derived, fixed.correlations) == ({}, {}, ())
    assert fixed.policies["more"].values == ()


def test_fixed_scenario_keeps_its_path_but_has_content_of_its_own(tmp_path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(scenario(**SECTIONS).to_yaml())
    read = load_scenario(path)

    fixed = with_numbers(read, {"c": 3})

    assert fixed.path == path
    assert fixed.files == ()
    assert fixed.digest != read.digest


def test_unknown_number_offers_the_nearest() -> None:
    with pytest.raises(TenbinError, match="no number 'cc' in the scenario"):
        with_numbers(scenario(**SECTIONS), {"cc": 1})


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_number_that_is_not_finite_is_refused(value: float) -> None:
    with pytest.raises(ScenarioError, match="constant 'c' is not finite"):
        with_numbers(scenario(**SECTIONS), {"c": value})
