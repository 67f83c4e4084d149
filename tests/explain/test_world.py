"""One world walked through: values of decisions by hand, and the words for them."""

from __future__ import annotations

import pytest

from tenbin.errors import TenbinError
from tenbin.explain import explain_words
from tenbin.explain.world import WorldPlace, walk_claim, walk_models
from tenbin.explain.world_words import world_lines
from tenbin.figures.words import LANGUAGES
from tenbin.library import find_scenario
from tenbin.scenario import Scenario, load_scenario

ENTRY = {
    "tenbin": 1,
    "title": {"en": "Entry"},
    "players": {
        "E": {"en": "Entrant", "ja": "参入者", "ko": "진입자"},
        "M": {"en": "Monopolist", "ja": "独占者", "ko": "독점자"},
    },
    "uncertainties": {
        "gain": {"range": "2..4", "unit": "trn KRW", "source": "judgement"},
        "loss": {"range": "-3..-1", "source": "judgement"},
    },
    "models": {
        "entry": {
            "form": "tree",
            "start": "choose",
            "moves": {
                "choose": {"player": "E", "actions": {"enter": "reply", "stay_out": "alone"}},
                "reply": {"player": "M", "actions": {"give_way": "shared", "fight": "war"}},
            },
            "ends": {
                "alone": {"E": 0, "M": 5},
                "shared": {"E": "gain", "M": 2},
                "war": {"E": "loss", "M": -1},
            },
        }
    },
    "claims": {
        "enters": {"says": {"en": "So."}, "kind": "prediction", "holds": "P(entry.shared) == 1"}
    },
}


def shipped(name: str) -> Scenario:
    path = find_scenario(name)
    assert path is not None
    return load_scenario(path)


def test_a_deviation_costs_what_the_payoffs_say() -> None:
    """[selten1978]: entering brings 3 instead of 0, giving way 2 instead of -1."""
    walked = walk_claim(Scenario.from_dict(ENTRY), "enters", WorldPlace(), threads=1)

    decisions = {
        item["infoset"].partition("|")[0]: item for item in walked["models"][0]["decisions"]
    }
    assert walked["verdict"] == "holds"
    assert decisions["choose"]["deviation"] == "stay_out"
    assert decisions["choose"]["cost"] == pytest.approx(3.0, abs=1e-6)
    assert decisions["reply"]["deviation"] == "fight"
    assert decisions["reply"]["cost"] == pytest.approx(3.0, abs=1e-6)


def test_values_are_weighed_by_what_the_mover_believes() -> None:
    """[zagare2000]: no reached decision of an equilibrium has a deviation that gains."""
    walked = walk_models(shipped("udg"), WorldPlace(5), threads=1)

    decisions = walked["models"][0]["decisions"]
    costs = [item["cost"] for item in decisions if item["cost"] is not None]
    assert decisions
    assert min(costs) >= -1e-6


def test_a_mix_is_between_equals() -> None:
    walked = walk_models(shipped("matching_pennies"), WorldPlace(), threads=1)

    decisions = walked["models"][0]["decisions"]
    assert decisions
    for item in decisions:
        first, second = item["values"].values()
        assert first == pytest.approx(second, abs=1e-6)
        assert item["deviation"] is None


def test_world_has_the_numbers_of_the_run() -> None:
    from tenbin.worlds import draw_worlds

    scenario = Scenario.from_dict(ENTRY)
    walked = walk_models(scenario, WorldPlace(7, seed=3), threads=1)

    expected = draw_worlds(scenario, 0, 16, seed=3)
    assert {item["name"]: item["value"] for item in walked["numbers"]} == {
        name: values[7] for name, values in expected.items()
    }


def test_a_world_past_the_run_is_refused() -> None:
    with pytest.raises(TenbinError, match="there is no world 9: the run has 8"):
        walk_models(Scenario.from_dict(ENTRY), WorldPlace(9, total=8))


def test_an_unknown_claim_is_refused() -> None:
    with pytest.raises(TenbinError, match=r"unknown claim 'enter'.*Did you mean 'enters'"):
        walk_claim(Scenario.from_dict(ENTRY), "enter", WorldPlace())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_line_is_filled_in(language: str) -> None:
    scenario = Scenario.from_dict(ENTRY)
    walked = walk_claim(scenario, "enters", WorldPlace(3), threads=1)

    lines = world_lines(walked, scenario, explain_words(language))

    assert len(lines) > 8
    assert not any("{" in line or "}" in line for line in lines)


def test_what_the_best_deviation_costs_is_said() -> None:
    scenario = Scenario.from_dict(ENTRY)
    walked = walk_claim(scenario, "enters", WorldPlace(), threads=1)

    lines = world_lines(walked, scenario, explain_words("en"))

    assert "  Entrant, at “choose” (reached with 100%): “choose.enter”." in lines
    assert any("the best of what is left out, would cost 3." in line for line in lines)


@pytest.mark.parametrize(
    "name", ["fearon_bargaining", "granovetter", "elmira", "tullock_contest", "grim_trigger"]
)
def test_every_form_is_walked_as_far_as_it_tells(name: str) -> None:
    scenario = shipped(name)

    walked = walk_models(scenario, WorldPlace(), threads=1)

    for model in walked["models"]:
        assert model["status"] == "solved"
    assert any(model["profile"] for model in walked["models"])
    assert world_lines(walked, scenario, explain_words("en"))
