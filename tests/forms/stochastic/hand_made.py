"""Stochastic games from a few lines, and solutions made by hand: no solver is used.

`play` turns a profile into a `StochasticSolution`: posteriors by Bayes and values by one dense
linear system per world, type and player, the slow way.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from tenbin.errors import Problem
from tenbin.forms.stochastic.asked import check_call
from tenbin.forms.stochastic.bind import BoundGame, bind_stochastic
from tenbin.forms.stochastic.game import StochasticModel, compile_stochastic
from tenbin.forms.stochastic.outcomes import stochastic_outcome
from tenbin.forms.stochastic.tables import NONE, StochasticGame, StochasticSolution
from tenbin.scenario.expressions import parse_expression
from tenbin.scenario.language import OutcomeCall
from tenbin.scenario.objects import Scenario
from tenbin.scenario.reading import load_scenario

PLAYERS = {"DPRK": {}, "US": {}, "China": {}}


def scenario(body: Mapping[str, Any], **sections: Any) -> Scenario:
    """A scenario with one stochastic model `m`."""
    model = {"form": "stochastic", "discount": 0.9, **body}
    data = {"tenbin": 1, "title": "t", "players": PLAYERS, **sections, "models": {"m": model}}
    return Scenario.from_dict(data)


def compiled(
    body: Mapping[str, Any], play: dict[str, str] | None = None, **sections: Any
) -> StochasticModel:
    return compile_stochastic(scenario(body, **sections), "m", play or {})


def bound(model: StochasticModel, worlds: int = 1, **numbers: Any) -> BoundGame:
    return bind_stochastic(model, numbers, {}, worlds)


def from_yaml(text: str, folder: Any) -> Scenario:
    path = folder / "s.yaml"
    path.write_text(text, encoding="utf-8")
    return load_scenario(path)


def call(text: str) -> OutcomeCall:
    expression, problems = parse_expression(text)
    assert expression is not None, problems
    (found,) = expression.calls
    return found


def ask(game: BoundGame, solution: StochasticSolution, text: str) -> np.ndarray:
    """An outcome [W] of the first equilibrium."""
    asked = call(text)
    assert check_call(game.model, asked) == []
    return stochastic_outcome(game, solution, asked)[:, 0]


def faults(game: BoundGame, text: str) -> list[Problem]:
    return check_call(game.model, call(text))


def play(game: StochasticGame, profile: np.ndarray) -> StochasticSolution:
    """The solution that a profile [W, G, A] would be."""
    s, worlds = game.structure, game.n_worlds
    posterior = posteriors(game, profile)
    value = np.zeros((worlds, 1, s.grid, s.n_states, s.n_players, s.n_types))
    nodes = s.grid * s.n_states
    for world in range(worlds):
        for kind in range(s.n_types):
            chain, paid = dense_chain(game, profile, posterior, world, kind)
            for player in range(s.n_players):
                system = np.eye(nodes) - game.discount[world, player] * chain
                found = np.linalg.solve(system, paid[:, player])
                value[world, 0, :, :, player, kind] = found.reshape(s.grid, s.n_states)
    return StochasticSolution(
        structure=s,
        profile=profile[:, None],
        value=value,
        posterior=posterior[:, None] if s.n_types == 2 else None,
        found=np.ones((worlds, 1), dtype=np.bool_),
        status=np.zeros(worlds, dtype=np.int8),
        complete=np.zeros(worlds, dtype=np.bool_),
        method="by hand",
    )


def posteriors(game: StochasticGame, profile: np.ndarray) -> np.ndarray:
    """The belief in type 0 after each action [W, G, A] of the informed player."""
    s = game.structure
    found = np.full(profile.shape, np.nan)
    if s.n_types == 1:
        return found
    for first, second in typed_pairs(s):
        b = s.beliefs
        zero, one = b * profile[:, :, first], (1 - b) * profile[:, :, second]
        with np.errstate(invalid="ignore"):
            after = np.where(zero + one > 0, zero / (zero + one), b)
        found[:, :, first] = found[:, :, second] = after
    return found


def typed_pairs(s: Any) -> list[tuple[int, int]]:
    """The same action of the informed player for type 0 and for type 1."""
    pairs = []
    for point in range(s.n_points):
        if s.point_type[point] == 0:
            (other,) = [
                p
                for p in range(s.n_points)
                if s.point_state[p] == s.point_state[point] and s.point_type[p] == 1
            ]
            for k in range(s.action_start[point + 1] - s.action_start[point]):
                pairs.append((s.action_start[point] + k, s.action_start[other] + k))
    return pairs


def dense_chain(
    game: StochasticGame, profile: np.ndarray, posterior: np.ndarray, world: int, kind: int
) -> tuple[np.ndarray, np.ndarray]:
    """Transitions between nodes (grid point, state) and payoffs there, as full matrices."""
    s = game.structure
    chain = np.zeros((s.grid, s.n_states, s.grid, s.n_states))
    paid = np.zeros((s.grid, s.n_states, s.n_players))
    for g in range(s.grid):
        for q in range(s.n_cells):
            weight, after = 1.0, s.beliefs[g]
            for p in range(s.n_players):
                action = s.cell_action[q, p, kind]
                if action != NONE:
                    weight *= profile[world, g, action]
                    if p == s.informed:
                        after = posterior[world, g, action]
            paid[g, s.cell_state[q]] += weight * game.payoffs[world, q, :, kind]
            spread = split(after, s.grid)
            for b in np.flatnonzero(s.branch_cell == q):
                flow = weight * game.prob[world, b] * spread
                chain[g, s.cell_state[q], :, s.branch_to[b]] += flow
    return chain.reshape(s.grid * s.n_states, -1), paid.reshape(-1, s.n_players)


def split(belief: float, grid: int) -> np.ndarray:
    """The lottery over grid points that keeps the mean."""
    if grid == 1:
        return np.ones(1)
    points = np.linspace(0, 1, grid)
    return np.maximum(0, 1 - np.abs(points - belief) * (grid - 1))


def random_profile(game: StochasticGame, seed: int) -> np.ndarray:
    """A fully mixed profile [W, G, A]."""
    s = game.structure
    raw = np.random.default_rng(seed).uniform(0.1, 1, (game.n_worlds, s.grid, s.n_actions))
    total = np.add.reduceat(raw, s.action_start[:-1], axis=2)
    return raw / total[:, :, s.action_point]
