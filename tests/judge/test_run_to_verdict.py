"""From a file to verdicts, with the games really solved."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from judge.helpers import scenario_with
from tenbin.judge import Tally, claim_requests
from tenbin.run import RunOptions, execute, make_plan

CLAIMS = """
war: {says: x, holds: 'iff(P(crisis.war) > 0.5, stake > troops)'}
lower: {says: x, holds: 'P(crisis.war, policy=stay) < P(crisis.war, policy=quo)'}
rising: {says: x, holds: 'rises(P(crisis.war, policy=quo), stake)'}
fed: {says: x, holds: 'iff(P(after.armed) > 0.5, P(crisis.war) > 0.5)'}
stays: {says: x, holds: 'best(stay, objective=war)'}
lowest: {says: x, holds: 'best(stay, by=mean, objective=war)'}
never: {says: x, holds: 'P(crisis.war, given=[crisis.war, crisis.peace], policy=stay) == 1'}
"""


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder: Path = tmp_path_factory.mktemp("crisis")
    scenario = scenario_with(folder, CLAIMS)
    plan = make_plan(scenario, claim_requests(scenario), 1500)
    tally = Tally(scenario, plan)
    for chunk in execute(scenario, plan, RunOptions(worlds=1500)):
        tally.add(chunk)
    return tally.verdicts()


def test_run_agrees_with_the_closed_form(verdicts: dict[str, Any]) -> None:
    # The attacker attacks where the stake, uniform over 0.5..1.5, exceeds the troops.
    claims = verdicts["claims"]

    assert claims["war"]["word"] == "holds"
    assert claims["fed"]["word"] == "holds"
    assert claims["lower"]["policies"]["all"]["holds"] == pytest.approx(0.5, abs=0.01)
    assert claims["rising"]["word"] == "holds"
    assert claims["stays"]["word"] == "holds"
    assert claims["lowest"]["word"] == "holds"


def test_run_rests_on_fewer_worlds_where_numbers_are_replaced(verdicts: dict[str, Any]) -> None:
    worlds = {name: entry["worlds"] for name, entry in verdicts["claims"].items()}

    assert (worlds["war"], worlds["rising"]) == (1500, 1024)


def test_run_leaves_an_impossible_condition_unsolved(verdicts: dict[str, Any]) -> None:
    row = verdicts["claims"]["never"]["policies"]["all"]

    assert (row["unsolved"], row["word"]) == (1.0, "undecided")
    assert row["reasons"] == {"undefined": 1.0}


def test_run_solves_every_model(verdicts: dict[str, Any]) -> None:
    assert [model["solved"] for model in verdicts["models"].values()] == [1.0, 1.0]
