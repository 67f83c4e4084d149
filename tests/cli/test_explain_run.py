"""`run --explain` and `explain --search-levers` as a user meets them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

TEXT = """
tenbin: 1
title: hill
players: {A: A}
uncertainties: {x: {range: 0..1}, y: {range: 0..1}}
levers: {height: {default: 0, range: 0..1}}
policies: {low: {}, high: {height: 1}}
models:
  hill:
    form: tree
    start: choose
    moves: {choose: {player: A, actions: {go: gone, stay: stayed}}}
    ends:
      gone: {A: x - y - (height - 0.3) ** 2}
      stayed: {A: 0}
claims:
  up: {says: He goes, kind: causal, holds: P(hill.gone) > 0.5}
  down: {says: He stays, kind: causal, holds: P(hill.gone) < 0.5, needs: [up]}
decision_maker: A
objectives: {going: {max: E(hill.A)}}
"""


def tenbin(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tenbin.cli", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("explained")
    (folder / "hill.yaml").write_text(TEXT, encoding="utf-8")
    ran = tenbin("run", "hill.yaml", "--worlds", "512", "--out", "run", "--explain", folder=folder)
    assert ran.returncode == 0, ran.stderr
    return folder


def test_the_file_stands_beside_the_verdicts(finished: Path) -> None:
    explained = json.loads((finished / "run" / "explain.json").read_text(encoding="utf-8"))

    assert set(explained["claims"]) == {"up", "down"}
    assert explained["consistency"]["contradictions"][0]["claims"] == ["up", "down"]


def test_a_run_without_explaining_takes_the_old_file_away(finished: Path) -> None:
    again = tenbin("run", "hill.yaml", "--worlds", "256", "--out", "other", folder=finished)
    (finished / "other" / "explain.json").write_text("{}", encoding="utf-8")
    again = tenbin("run", "hill.yaml", "--worlds", "256", "--out", "other", folder=finished)

    assert again.returncode == 0, again.stderr
    assert not (finished / "other" / "explain.json").exists()


@pytest.mark.parametrize("source", ["run", "hill.yaml"])
def test_levers_are_searched_for_a_run_or_a_scenario(finished: Path, source: str) -> None:
    searched = tenbin("explain", source, "--search-levers", "--json", folder=finished)

    assert searched.returncode == 0, searched.stderr
    (found,) = json.loads(searched.stdout)["levers"]
    assert found["levers"]["height"] == pytest.approx(0.3, abs=0.1)


@pytest.mark.parametrize("language", ["en", "ja", "ko"])
def test_levers_are_said_in_the_language_of_the_reader(finished: Path, language: str) -> None:
    said = tenbin("explain", "run", "--search-levers", "--lang", language, folder=finished)

    assert said.returncode == 0, said.stderr
    assert "height = 0." in said.stdout
