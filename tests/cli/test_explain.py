"""`tenbin explain`, from a scenario and from a run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tenbin.cli import app


def called(*arguments: str) -> str:
    result = CliRunner().invoke(app, ["explain", *arguments])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_a_scenario_is_explained_without_a_run() -> None:
    text = called("fearon_bargaining", "no_war")

    assert "No war with known costs" in text
    assert "no counterexample was found" in text


@pytest.mark.parametrize("language", ["en", "ja", "ko"])
def test_a_world_is_walked_in_every_language(language: str) -> None:
    text = called("udg", "bluff", "--world", "3", "--lang", language)

    assert len(text.splitlines()) > 12
    assert "{" not in text


def test_a_run_is_explained_as_data(tmp_path: Path) -> None:
    run = CliRunner().invoke(
        app, ["run", "fearon_bargaining", "--worlds", "256", "--out", str(tmp_path)]
    )
    assert run.exit_code == 0, run.output

    data = json.loads(called(str(tmp_path), "whole_surplus", "--hold", "p", "--json"))

    entry = data["claims"]["whole_surplus"]
    assert entry["counterexample"]["held"] == ["p"]
    assert entry["hinge"]["status"] == "constant"
    assert "said" not in entry


def test_an_unknown_number_to_hold_is_refused() -> None:
    result = CliRunner().invoke(app, ["explain", "udg", "bluff", "--hold", "p_deff"])

    assert result.exit_code == 1
    assert "Did you mean 'p_def'" in str(result.exception)
