"""Stochastic games by citation, each at many parameter points against its solution."""

from __future__ import annotations

from importlib.resources import files

import numpy as np

from tenbin.forms.contract import SolverOptions
from tenbin.forms.stochastic.room import ROOM
from tenbin.scenario.expressions import evaluate
from tenbin.scenario.grammar import parse_expression
from tenbin.scenario.reading import load_scenario

WORLDS = 128


class Played:
    """A model of a textbook scenario, solved in worlds drawn evenly over its ranges."""

    def __init__(self, name: str, model: str, play: dict[str, str] | None = None, **fixed: float):
        scenario = load_scenario(str(files("tenbin.library") / "textbook" / f"{name}.yaml"))
        rng = np.random.default_rng(11)
        drawn = {
            u.name: rng.uniform(u.low, u.high, WORLDS) for u in scenario.uncertainties.values()
        }
        self.numbers = {**drawn, **fixed}
        for derived in scenario.derived.values():
            self.numbers[derived.name] = evaluate(derived.expression, self.numbers)
        compiled = ROOM.compile(scenario, model, play or {})
        self.game = ROOM.bind(compiled, self.numbers, {}, WORLDS)
        self.solution = ROOM.solve(self.game, SolverOptions())
        self.certificate = ROOM.certify(self.game, self.solution, SolverOptions())

    def __getitem__(self, text: str) -> np.ndarray:
        expression, problems = parse_expression(text)
        assert expression is not None, problems
        (call,) = expression.calls
        assert ROOM.check_call(self.game.model, call) == []
        return ROOM.outcome(self.game, self.solution, call)[:, 0]


def test_crisis_cycle_semi_markov_mean_time_to_war():
    cycle = Played("crisis_cycle", "cycle")

    expected = cycle.numbers["round"] / cycle.numbers["e"]

    np.testing.assert_allclose(cycle["time_to(cycle.war)"], expected, rtol=1e-10)


def test_crisis_cycle_semi_markov_time_shares():
    cycle = Played("crisis_cycle", "cycle", e=0.0)

    for name in ("dialogue", "breakdown", "tension", "provocation"):
        expected = cycle.numbers[f"m_{name}"] / cycle.numbers["round"]
        np.testing.assert_allclose(cycle[f"share(cycle.{name})"], expected, rtol=1e-10)


def test_grim_trigger_friedman1971_restrains_from_the_threshold_on():
    trade = Played("grim_trigger", "trade", {"trust": "second.cooperate"})

    far = np.abs(trade.numbers["d"] - trade.numbers["threshold"]) > 1e-3
    restrained = trade.numbers["d"] >= trade.numbers["threshold"]

    assert trade.certificate.certified.all()
    np.testing.assert_allclose(
        trade["P(trade.trust.first.cooperate)"][far], restrained[far], atol=1e-6
    )


def test_big_match_blackwell1968_value_and_strategies():
    match = Played("big_match", "match")
    d = match.numbers["d"]

    assert match.certificate.certified.all()
    np.testing.assert_allclose(match["E(match.blockader)"], 0.5, atol=1e-5)
    np.testing.assert_allclose(match["P(match.open.strike)"], (1 - d) / (2 - d), atol=1e-5)
    np.testing.assert_allclose(match["P(match.open.sea)"], 0.5, atol=1e-5)
