"""`tenbin show` begins with all models as one system."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from tenbin.cli import app

SCENARIO = """\
tenbin: 1
title: two games
players: {US: {en: United States, ja: 米国, ko: 미국}}
uncertainties: {x: 0..1}
models:
  up:
    form: tree
    title: {en: The first game, ja: 第一のゲーム, ko: 첫째 게임}
    start: choice
    moves: {choice: {player: US, actions: {go: on, stay: off}}}
    ends: {on: {US: x}, off: {US: 0.5}}
  down:
    form: tree
    title: {en: The second game, ja: 第二のゲーム, ko: 둘째 게임}
    start: choice
    moves: {choice: {player: US, actions: {go: on, stay: off}}}
    ends: {on: {US: "E(up.US, x=0)"}, off: {US: 0.5}}
"""


@pytest.fixture
def path(tmp_path: Path) -> str:
    (tmp_path / "two.yaml").write_text(SCENARIO, encoding="utf-8")
    return str(tmp_path / "two.yaml")


def shown(*arguments: str) -> str:
    result = CliRunner().invoke(app, ["show", *arguments])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_scenario_begins_with_the_system_of_its_models(path: str):
    text = shown(path)

    head = text.split("\n\n")[0]
    assert "The games as one system" in head
    assert "2 The second game (down)" in head
    assert "← E(up.US) from “The first game” with x = 0" in head


def test_one_model_is_shown_without_the_system(path: str):
    assert "The games as one system" not in shown(path, "up")


def test_system_speaks_the_language_asked_for(path: str):
    assert "（「第一のゲーム」より）" in shown(path, "--lang", "ja")


def test_system_is_written_as_svg_first(path: str, tmp_path: Path):
    written = shown(path, "--svg", str(tmp_path / "pictures")).split()

    assert [Path(line).name for line in written] == ["system.svg", "up-tree.svg", "down-tree.svg"]
    assert "The second game" in Path(written[0]).read_text("utf-8")
