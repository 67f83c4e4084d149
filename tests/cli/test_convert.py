"""`tenbin convert`, and `tenbin solve` of other tools' files."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tenbin import exchange
from tenbin.cli import app, main
from tenbin.commands.solve import solve_file
from tenbin.judge.check import check_scenario

ROOT = Path(__file__).parents[2]
PENNIES = """NFG 1 R "Matching pennies" { "Even" "Odd" }
{ { "heads" "tails" } { "heads" "tails" } }
1 -1 -1 1 -1 1 1 -1
"""
SCENARIO = """tenbin: 1
title: Two
players: {A: A, B: B}
uncertainties: {x: {range: 0..2}}
models:
  one:
    form: tree
    start: ask
    moves:
      ask: {player: A, actions: {yes: reply, no: out}}
      reply: {player: B, actions: {up: high, down: low}}
    ends: {out: {A: 0, B: x}, high: {A: x, B: 1}, low: {A: -1, B: 0}}
  two:
    form: conflict
    options: {go: A}
    start: []
    preferences: {A: {weights: {go: 1}}, B: {weights: {go: 1}}}
policies: {free: {}, closed: {play: {one.ask: no}}}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pennies.nfg").write_text(PENNIES, "utf-8")
    (tmp_path / "two.yaml").write_text(SCENARIO, "utf-8")
    return tmp_path


def tenbin(*words: str) -> str:
    result = CliRunner().invoke(app, list(words), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def failed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: str) -> str:
    monkeypatch.setattr("sys.argv", ["tenbin", *words])
    with pytest.raises(SystemExit) as caught:
        main()
    assert caught.value.code in (1, 2)
    return capsys.readouterr().err


def test_normal_form_is_solved_by_infoset(folder: Path) -> None:
    """The one equilibrium of matching pennies mixes evenly."""
    answer = json.loads(tenbin("solve", "pennies.nfg", "--json"))

    profile = answer["equilibria"][0]["profile"]
    assert set(profile) == {"Even", "Odd"}
    assert profile["Even"]["heads"] == pytest.approx(0.5, abs=1e-6)
    assert "heads 0.5" in tenbin("solve", "pennies.nfg")


def test_concept_holds_for_other_tools_files(folder: Path) -> None:
    answer = json.loads(
        tenbin("solve", "pennies.nfg", "--concept", "qre", "--precision", "2", "--json")
    )

    assert answer["equilibria"][0]["profile"]["Odd"]["tails"] == pytest.approx(0.5, abs=1e-6)


def test_model_of_a_scenario_becomes_a_file_and_comes_back(folder: Path) -> None:
    tenbin("convert", "two.yaml:one", "one.efg")
    tenbin("convert", "one.efg", "again.yaml")

    assert (
        solve_file(Path("one.efg"))["equilibria"]
        == solve_file(Path("two.yaml"), "one")["equilibria"]
    )
    scenario, problems = check_scenario("again.yaml")
    assert problems == []
    assert scenario is not None
    assert scenario.models["one"].body["payoffs"]["high"] == {"A": 1, "B": 1}


def test_numbers_policy_and_world_choose_the_game(folder: Path) -> None:
    tenbin("convert", "two.yaml", "fixed.efg", "--with", "x=0.5", "--policy", "closed")
    tenbin("convert", "two.yaml", "third.efg", "--model", "one", "--world", "3")

    assert '"no" 1 }' in (folder / "fixed.efg").read_text("utf-8")
    assert "{ 0, 0.5 }" in (folder / "fixed.efg").read_text("utf-8")
    third = (folder / "third.efg").read_text("utf-8")
    assert "{ 0, 1 }" not in third
    answer = json.loads(tenbin("solve", "two.yaml", "--model", "one", "--world", "3", "--json"))
    assert solve_file(Path("third.efg"))["equilibria"] == answer["equilibria"]


def test_both_versions_of_a_normal_form_are_written(folder: Path) -> None:
    tenbin("convert", "pennies.nfg", "payoffs.nfg")
    tenbin("convert", "pennies.nfg", "outcomes.nfg", "--outcomes")

    assert (folder / "outcomes.nfg").read_text("utf-8").endswith("1 2 2 1\n")
    for name in ("payoffs.nfg", "outcomes.nfg"):
        assert solve_file(Path(name)) == solve_file(Path("pennies.nfg"))


def test_scenario_far_from_its_game_holds_its_text(folder: Path) -> None:
    tenbin("convert", "pennies.nfg", "far/pennies.yaml")
    tenbin("convert", "pennies.nfg", "near.yaml")

    assert "import: |" in (folder / "far/pennies.yaml").read_text("utf-8")
    assert "import: pennies.nfg" in (folder / "near.yaml").read_text("utf-8")
    for name in ("far/pennies.yaml", "near.yaml"):
        assert check_scenario(name)[1] == []


def test_conflict_of_gmcr_becomes_a_scenario(folder: Path) -> None:
    text = {
        "options": [{"name": "go"}],
        "decisionMakers": [{"name": "A", "options": [0], "preferences": [[[0, "Y"]]]}],
    }
    (folder / "c.gmcr").write_text(json.dumps(text), "utf-8")

    tenbin("convert", "c.gmcr", "c.yaml")

    assert solve_file(Path("c.yaml"), concept="nash") == solve_file(Path("c.gmcr"), concept="nash")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("two.yaml", "x.txt"), "ends in none of .efg, .nfg, .yaml, .yml"),
        (("two.yaml", "pennies.nfg"), "is there already; name another file, or say --force"),
        (("two.yaml", "x.yaml"), "is a scenario already"),
        (("two.yaml:two", "x.efg"), "'two' is of the form conflict"),
        (("two.yaml:tow", "x.efg"), "unknown model 'tow'"),
        (("two.yaml:one", "x.efg", "--model", "two"), "names the model 'one', and --model two"),
        (("pennies.nfg", "x.efg", "--world", "1"), "holds one game of one world"),
        (("two.yaml", "x.efg", "--with", "y=1"), "there is no number 'y'"),
    ],
)
def test_what_cannot_be_converted_is_told(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    said: str,
) -> None:
    assert said in failed(monkeypatch, capsys, "convert", *words)


def test_guide_runs_as_it_says(folder: Path) -> None:
    page = (ROOT / "docs/how-to/bring-a-gambit-game.md").read_text("utf-8")
    (game,), (scenario,) = (
        re.findall(rf"```{language}\n(.*?)```", page, flags=re.DOTALL)
        for language in ("efg", "yaml")
    )
    (folder / "crisis.efg").write_text(game, "utf-8")
    converted = [line for line in page.splitlines() if line.startswith("tenbin convert")]
    tenbin(*converted[0].split()[1:])
    assert check_scenario("crisis.yaml")[1] == []
    (folder / "crisis.yaml").write_text(scenario, "utf-8")

    assert check_scenario("crisis.yaml")[1] == []
    for line in converted[1:]:
        tenbin(*line.split()[1:])
        assert solve_file(Path(line.split()[3]))["status"] == "solved"


def test_reference_names_what_is_exported(folder: Path) -> None:
    page = (ROOT / "docs/reference/exchange.md").read_text("utf-8")

    assert [name for name in exchange.__all__ if name not in page] == []


def test_force_replaces_a_file(folder: Path) -> None:
    tenbin("convert", "two.yaml", "pennies.nfg", "--force")

    assert "yes / up" not in (folder / "pennies.nfg").read_text("utf-8")
    assert '{ "yes" "no" }' in (folder / "pennies.nfg").read_text("utf-8")
