"""A run of every textbook scenario comes to the word that the theorem wants: each claim holds."""

from __future__ import annotations

import pytest

from known_games.textbook import GAMES, textbook
from tenbin.judge import Tally, claim_requests
from tenbin.run import RunOptions, execute, make_plan

WORLDS = 512


@pytest.mark.parametrize("game", GAMES)
def test_every_claim_of_the_textbook_holds(game, tmp_path):
    scenario = textbook(game)
    plan = make_plan(scenario, claim_requests(scenario), WORLDS)
    tally = Tally(scenario, plan, seed=0)

    for chunk in execute(scenario, plan, RunOptions(worlds=WORLDS, out=tmp_path)):
        tally.add(chunk)

    words = {name: claim["word"] for name, claim in tally.verdicts()["claims"].items()}
    assert words == dict.fromkeys(scenario.claims, "holds")
