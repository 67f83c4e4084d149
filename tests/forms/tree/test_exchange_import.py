"""Models that import a game: names from the file, numbers from the scenario, faults located."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from jsonschema import Draft7Validator

from tenbin.commands.solve import solve_file
from tenbin.forms import room
from tenbin.forms.schema import form_schemas
from tenbin.judge.check import check_scenario
from tenbin.run import Setting, solve_central
from tenbin.scenario import Scenario, load_scenario
from tenbin.scenario.schema import scenario_schema

CRISIS = """EFG 2 R "A crisis" { "Player 1" "North Korea" }
"a comment"

c "nature" 1 "resolve" { "high" 1/3 "low" 2/3 } 0
p "" 1 1 "(1,1)" { "Stand firm" "back down" } 4 "mobilisation" { -0.1, 0 }
p "" 2 1 "reply" { "give in" "fight" } 0
t "" 1 "Yielded" { 1, -1 }
t "" 2 "War" { -2, -2 }
t "" 3 "Quiet" { 0, 0 }
p "" 1 2 "(1,2)" { "Stand firm" "back down" } 4
p "" 2 1
0
t "" 1
t "" 2
t "over" 0
"""
SCENARIO = """tenbin: 1
title: Imported
players: {US: United States, DPRK: {en: North Korea, ja: 北朝鮮}}
uncertainties: {cost: {range: 1..3}, p: {range: 0.2..0.6}}
measures: {troops: {title: Troops}}
models:
  crisis:
    form: tree
    import: crisis.efg
    players: {"Player 1": US}
    payoffs:
      War: {US: -cost, DPRK: -2 * cost, measures: {troops: 5}}
      mobilisation: {US: -0.25}
    chance: {resolve: {high: p, low: rest}}
policies: {free: {}, war: {play: {crisis.reply: fight}}}
claims:
  A: {says: they give in, holds: P(crisis.reply.give_in) > 0.9 and P(crisis.Yielded) > 0.9}
  B: {says: a move of the file, holds: P(crisis.move_1_1.Stand_firm) < P(crisis.resolve.low)}
  C: {says: measures and payoffs, holds: E(crisis.US) + E(crisis.troops) + P(crisis.over) < 9}
"""
PENNIES = 'NFG 1 R "" { "A" "B" } { { "h" "t" } { "h" "t" } } 1 -1 -1 1 -1 1 1 -1'


@pytest.fixture
def write(tmp_path):
    def writer(scenario: str = SCENARIO, game: str = CRISIS) -> Path:
        (tmp_path / "crisis.efg").write_text(game, encoding="utf-8")
        path = tmp_path / "scenario.yaml"
        path.write_text(scenario, encoding="utf-8")
        return path

    return writer


def solved(path: Path, play: tuple[tuple[str, str], ...] = ()) -> Any:
    return solve_central(load_scenario(path), "crisis", Setting((), play))


def test_payoffs_and_chances_are_those_of_the_scenario(write):
    """Outcomes on the way are added up, whether the file prices them or the scenario."""
    game = solved(write()).game.game

    assert game.tree.players == ("US", "DPRK")
    assert game.chance[0] == pytest.approx([0.4, 0.6])
    assert game.payoffs[0] == pytest.approx(
        np.array([[0.75, -1], [-2.25, -4], [-0.25, 0], [0.75, -1], [-2.25, -4], [-0.25, 0]])
    )


def test_parts_are_called_by_the_file(write):
    model = solved(write()).model

    assert model.tree.infoset_names == ("move_1_1", "reply", "move_1_2")
    assert tuple(model.rules.ends) == ("Yielded", "War", "Quiet", "over")
    assert model.tree.action_names[:2] == ("Stand_firm", "back_down")
    assert model.rules.titles["move_1_1",].in_language("en") == "(1,1)"
    assert model.rules.titles["move_1_1", "Stand_firm"].in_language("en") == "Stand firm"


def test_claims_may_ask_for_whatever_the_file_holds(write):
    scenario, problems = check_scenario(write())

    assert problems == []
    assert scenario is not None


def test_policy_commits_a_move_of_the_file(write):
    found = solved(write(), (("crisis.reply", "fight"),))

    assert found.model.tree.infoset_names == ("move_1_1", "move_1_2")
    assert "Yielded" not in found.model.tree.node_names
    assert found.certificate.certified.all()


def test_pictures_show_the_labels_of_the_file(write):
    scenario = load_scenario(write())
    found = solve_central(scenario, "crisis")

    (drawing,) = room("tree").draw(scenario, found.game, found.solution, "ja")

    assert "Stand firm" in str(drawing.spec)
    assert "北朝鮮" in str(drawing.spec)


def test_scenario_as_one_file_holds_the_game(write, tmp_path):
    scenario = load_scenario(write())
    alone = tmp_path / "alone" / "whole.yaml"
    alone.parent.mkdir()
    alone.write_text(scenario.to_yaml(), encoding="utf-8")

    back = load_scenario(alone)

    assert back == scenario
    assert "import: |" in alone.read_text("utf-8")
    assert solve_file(alone) == solve_file(write())


def test_another_game_is_another_scenario(write):
    first = load_scenario(write())

    assert load_scenario(write(game=CRISIS.replace("{ 1, -1 }", "{ 2, -1 }"))) != first


def test_normal_form_is_imported_as_simultaneous_moves():
    scenario = Scenario.from_dict(
        {
            "tenbin": 1,
            "title": "Pennies",
            "players": {"A": "A", "B": "B"},
            "models": {
                "pennies": {
                    "form": "tree",
                    "import": PENNIES,
                    "payoffs": {"h_h": {"A": 3}},
                }
            },
        }
    )

    game = solve_central(scenario, "pennies")

    assert game.model.tree.infoset_names == ("A_moves", "B_moves")
    assert game.game.game.payoffs[0, 0].tolist() == [3, -1]


@pytest.mark.parametrize(
    ("old", "new", "line", "column", "what"),
    [
        ("import: crisis.efg", "import: missing.efg", 9, 13, "there is no file"),
        ("import: crisis.efg", "import: ../crisis.efg", 9, 13, "is not a file inside the folder"),
        ("import: crisis.efg", "import: crisis.txt", 9, 13, "names no file of a game"),
        ('{"Player 1": US}', '{"Player 3": US}', 10, 15, "has no player 'Player 3'"),
        ('{"Player 1": US}', '{"Player 1": UK}', 10, 27, "unknown player 'UK'"),
        ('{"Player 1": US}', "{}", 10, 14, "'Player 1' of the imported game is no player"),
        ("      War: {US", "      Wra: {US", 12, 7, "has no outcome 'Wra'"),
        ("{US: -cost,", "{UK: -cost,", 12, 13, "unknown player 'UK'"),
        ("{US: -cost,", "{US: -cots,", 12, 18, "unknown number 'cots'"),
        ("troops: 5", "tanks: 5", 12, 52, "unknown measure 'tanks'"),
        ("{resolve: {high", "{resolved: {high", 14, 14, "has no chance move 'resolved'"),
        ("{high: p, low: rest}", "{hihg: p}", 14, 24, "has no branch 'hihg'"),
        ("crisis.reply: fight", "crisis.reply: figth", 15, 22, "to an unknown action 'figth'"),
        ("    chance:", "    moves:", 14, 5, "unknown key 'moves'"),
    ],
)
def test_fault_of_the_scenario_is_reported_there(write, old, new, line, column, what):
    assert SCENARIO.count(old) == 1

    _, problems = check_scenario(write(SCENARIO.replace(old, new)))

    (problem,) = [found for found in problems if what in found.what]
    assert (problem.place.line, problem.place.column) == (line, column)
    assert problem.place.file.endswith("scenario.yaml")


def test_fault_of_the_game_is_reported_in_the_game(write):
    _, problems = check_scenario(write(game=CRISIS.replace("{ -2, -2 }", "{ -2, two }")))

    (problem,) = problems
    assert problem.place.file.endswith("crisis.efg")
    assert (problem.place.line, problem.place.column) == (8, 20)
    assert problem.place.source == 't "" 2 "War" { -2, two }'


def test_fault_of_a_game_within_the_scenario_is_reported_at_its_text(tmp_path):
    text = "\n".join("      " + line for line in CRISIS.replace("-2, -2", "-2").splitlines())
    path = tmp_path / "scenario.yaml"
    path.write_text(SCENARIO.replace("import: crisis.efg", f"import: |\n{text}"), "utf-8")

    _, problems = check_scenario(path)

    (problem,) = problems
    assert problem.what == "1 payoffs for 2 players (line 8, column 14 of the game's text)"
    assert (problem.place.line, problem.place.column) == (10, 7)


def test_link_out_of_the_folder_is_not_followed(write, tmp_path):
    path = write()
    outside = tmp_path.parent / "outside.efg"
    outside.write_text(CRISIS, encoding="utf-8")
    (tmp_path / "crisis.efg").unlink()
    (tmp_path / "crisis.efg").symlink_to(outside)

    _, problems = check_scenario(path)

    assert "leads outside the scenario's folder" in problems[0].what


def test_probabilities_that_do_not_sum_to_one_are_found(write):
    _, problems = check_scenario(write(SCENARIO.replace("low: rest", "low: p")))

    (problem,) = problems
    assert "the probabilities of the branches of 'resolve' do not sum to one" in problem.what
    assert problem.place.line == 14


def test_editors_know_the_keys_of_an_import(write):
    schema = scenario_schema(form_schemas())
    model = load_scenario(write()).data["models"]["crisis"]
    validator = Draft7Validator({**schema, "$ref": "#/definitions/ModelSpec"})

    assert list(validator.iter_errors(model)) == []
    assert list(validator.iter_errors({"form": "tree", "players": ["US"]})) != []
