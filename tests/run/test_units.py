"""How often the selection hangs on the units of payoffs, counted beside a run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tenbin.forms import room
from tenbin.forms.contract import SolverOptions
from tenbin.numerics.shares import wilson_interval
from tenbin.run import RunOptions, Setting, execute, make_plan, read_manifest
from tenbin.run.units import UNIT_WORLDS, VISIBLE
from tenbin.scenario.objects import Scenario

WORLDS = 1280


def game(she: list[str | float], he: list[str | float]) -> dict[str, Any]:
    """A game of two, neither seeing the other choose: payoffs at (a, a), (a, b), (b, a), (b, b)."""
    ends = {
        name: {"she": hers, "he": his}
        for name, hers, his in zip(("aa", "ab", "ba", "bb"), she, he, strict=True)
    }
    first = {"a": {"to": "his", "set": {"first": 1}}, "b": "his"}

    def either(his: str) -> dict[str, str]:
        one, two = ends["a" + his], ends["b" + his]
        return {who: f"first * ({one[who]}) + (1 - first) * ({two[who]})" for who in one}

    return {
        "form": "tree",
        "values": {"first": 0},
        "start": "her",
        "moves": {
            "her": {"player": "she", "actions": first, "hidden_from": ["he"]},
            "his": {"player": "he", "actions": {"a": "on_a", "b": "on_b"}},
        },
        "ends": {"on_a": either("a"), "on_b": either("b")},
    }


MODELS = {
    # Battle of the sexes (R. D. Luce and H. Raiffa, 1957, section 5.3): she would a little rather
    # have `b` than he would have `a`; his payoffs are in units that differ from world to world.
    "sexes": game([1, 0, 0, 2.1], ["2 * unit", 0, 0, "1 * unit"]),
    # The prisoner's dilemma has one equilibrium, whatever the units.
    "dilemma": game([3, 0, 5, 1], ["3 * unit", "5 * unit", 0, "1 * unit"]),
    "other": {**game([3, 0, 5, 1], [3, 5, 0, 1]), "concept": "qre", "precision": 2},
}


def scenario_of(models: dict[str, Any]) -> Scenario:
    return Scenario.from_dict(
        {
            "tenbin": 1,
            "title": "Units",
            "players": {"she": "She", "he": "He"},
            "uncertainties": {"unit": {"range": "0.1..10"}},
            "policies": {"first": {}, "second": {}},
            "models": models,
        }
    )


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return scenario_of(MODELS)


def shift(scenario: Scenario, model: str, units: list[float]) -> np.ndarray:
    tree = room("tree")
    compiled = tree.compile(scenario, model, {})
    game = tree.bind(compiled, {"unit": np.array(units)}, {}, len(units))
    return tree.unit_shift(game, SolverOptions(concept="sequential", threads=1))


def test_unit_of_a_player_decides_which_equilibrium_is_selected(scenario: Scenario) -> None:
    # In the players' own units she has more to lose; where his unit is large he has his way.
    moved = shift(scenario, "sexes", [0.2, 1.0, 8.0])

    assert moved[0] < VISIBLE
    assert moved[2] == pytest.approx(1.0, abs=1e-3)


def test_game_whose_ranges_are_one_already_stays_as_it_is() -> None:
    scaled = scenario_of({"sexes": game([0.5, 0, 0, 1.0], ["unit", 0, 0, "0.4 * unit"])})

    assert shift(scaled, "sexes", [1.0]).tolist() == [0.0]


def test_only_equilibrium_there_is_cannot_change(scenario: Scenario) -> None:
    assert (shift(scenario, "dilemma", [0.1, 0.7, 3.0, 10.0]) < 1e-6).all()


def test_game_that_is_not_solved_has_no_shift(scenario: Scenario) -> None:
    assert np.isnan(shift(scenario, "sexes", [1.0, np.nan])).tolist() == [False, True]


def test_run_counts_the_first_worlds_whatever_its_chunks_and_threads(
    scenario: Scenario, tmp_path: Path
) -> None:
    found = []
    for threads in (1, 2):
        options = RunOptions(worlds=WORLDS, out=tmp_path / str(threads), threads=threads)
        jobs = [(name, Setting()) for name in MODELS]
        for _ in execute(scenario, make_plan(scenario, (), WORLDS, jobs=jobs), options):
            pass
        found.append(read_manifest(options.out)["results"]["models"])

    assert found[0] == found[1]
    sexes = found[0]["sexes"]["units"]
    assert sexes["worlds"] + sexes["unsolved"] == UNIT_WORLDS[0]
    assert 0.3 < sexes["share"] < 1.0
    assert sexes["interval"] == list(wilson_interval(sexes["changed"], sexes["worlds"]))
    assert found[0]["dilemma"]["units"]["changed"] == 0
    assert "units" not in found[0]["other"]
