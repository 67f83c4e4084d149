"""Verdicts before everything is compiled: the same as the first ones of the run itself."""

from __future__ import annotations

from io import StringIO

import pytest
from rich.console import Console

from tenbin.commands import run as command
from tenbin.commands.early import EarlyVerdicts
from tenbin.commands.progress import ProgressShown
from tenbin.commands.words import command_words
from tenbin.judge import Tally, claim_requests
from tenbin.library import find_scenario
from tenbin.run import RunOptions, execute, make_plan
from tenbin.scenario import load_scenario

OPTIONS = RunOptions(worlds=1000, seed=3)


@pytest.fixture(scope="module")
def weighed():
    scenario = load_scenario(find_scenario("beer_quiche"))
    return scenario, make_plan(scenario, claim_requests(scenario), OPTIONS.worlds)


def test_claims_wait_for_the_forms_they_ask(weighed):
    assert EarlyVerdicts(*weighed, OPTIONS).without({"tree"}) is None


def test_early_verdicts_are_those_of_the_first_worlds_of_the_run(weighed):
    scenario, plan = weighed
    tally = Tally(scenario, plan, seed=OPTIONS.seed)
    tally.add(next(execute(scenario, plan, OPTIONS)))

    early = EarlyVerdicts(scenario, plan, OPTIONS).without({"stochastic"})

    assert early is not None
    assert early.worlds == 64
    assert early.verdicts["claims"] == tally.verdicts()["claims"]
    assert early.verdicts["claims"]


def test_nothing_is_said_twice(weighed):
    early = EarlyVerdicts(*weighed, OPTIONS)

    assert early.without({"conflict", "stochastic"}) is not None
    assert early.without({"stochastic"}) is None


def said_while_compiling(weighed, monkeypatch, needed):
    monkeypatch.setattr(command, "uncompiled_rooms", lambda _: needed)
    monkeypatch.setattr(command, "compile_rooms", lambda needed, _: iter(needed))
    out, words = StringIO(), command_words("en")
    shown = ProgressShown(words, Console(file=out, width=300))
    command._compile(*weighed, OPTIONS, shown, words)
    return out.getvalue().splitlines()


def test_person_is_told_once_what_is_compiled_and_what_is_known_meanwhile(weighed, monkeypatch):
    needed = {"tree": {"all": 2.0}, "conflict": {"all": 1.0}, "stochastic": {"all": 9.0}}

    compiling, first = said_while_compiling(weighed, monkeypatch, needed)

    assert "conflict graph, stochastic game, game tree" in compiling
    assert "after 64 worlds" in first


def test_nothing_is_said_where_nothing_needs_compiling(weighed, monkeypatch):
    assert said_while_compiling(weighed, monkeypatch, {}) == []
