"""Which of the equilibria found stands first: `select` in a model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from tenbin.errors import FormError, Problem
from tenbin.forms.tree.grouping import end_probabilities
from tenbin.forms.tree.tables import NONE, Bools, Tree, TreeGame, TreeSolution
from tenbin.scenario.language import Array
from tenbin.scenario.objects import ModelEntry

__all__ = ["RULES", "SEVERAL", "Selection", "read_selection", "select_equilibrium"]

RULES = ("principal", "payoff_dominance", "risk_dominance")
"""The rules that have a name; beside them `{favourite: PLAYER}`."""

SEVERAL = ("pure", "all")
"""The concepts that find several equilibria, so that there is something to select."""

TOLERANCE = 1e-9
"""Payoffs that differ by less, in units of the payoff range, are equal."""

Selection = str | tuple[str, str]
"""A rule's name, or ("favourite", player)."""


def read_selection(
    entry: ModelEntry, players: tuple[str, ...], problems: list[Problem]
) -> Selection:
    """The rule of a model; what is wrong with it is added to `problems`."""
    given: Any = entry.body.get("select", RULES[0])
    place = entry.place_of("select")
    if "select" in entry.body and entry.concept not in SEVERAL:
        what = "`select` needs a concept that finds several equilibria"
        problems.append(Problem(place, what, entry.concept, SEVERAL))
    if isinstance(given, dict) and set(given) == {"favourite"}:
        player = str(given["favourite"])
        if player not in players:
            problems.append(Problem(place, f"unknown player '{player}'", player, players))
        return ("favourite", player)
    if given not in RULES:
        advice = "Or write {favourite: PLAYER}."
        what = f"unknown rule of selection '{given}'"
        problems.append(Problem(place, what, str(given), RULES, advice))
        return RULES[0]
    return str(given)


def select_equilibrium(game: TreeGame, solution: TreeSolution, rule: Selection) -> TreeSolution:
    """The same equilibria, the selected one in slot 0.

    Parameters
    ----------
    game
        The games of W worlds.
    solution
        Their equilibria, the one on the principal branch in slot 0.
    rule
        `principal`: as it is. `payoff_dominance`: the equilibrium in which every player is at
        least as well off as in any other [harsanyi1988]. `risk_dominance`: in a 2x2 game with two
        strict equilibria the one with the larger product of losses from deviating [harsanyi1988].
        ("favourite", player): the one that this player likes best.

    Returns
    -------
    The solution; the flag `unselected` marks worlds in which the rule chooses none (no equilibrium
    is best for all, or there are no two strict ones, or both risk the same), where the principal
    one stays first.

    Raises
    ------
    FormError
        If the rule does not cover the game.
    """
    if rule == "principal":
        return solution
    chosen, decided = (
        _RULES[rule](game, solution)
        if isinstance(rule, str)
        else _favourite(game, solution, rule[1])
    )
    several = solution.found.sum(axis=1) > 1
    flags = {**solution.flags, "unselected": several & ~decided}
    return _first(replace(solution, flags=flags), np.where(decided, chosen, 0))


def _first(solution: TreeSolution, chosen: Array) -> TreeSolution:
    """The chosen slot [W] first, the others as they were."""
    slots = np.arange(solution.found.shape[1])
    order = np.argsort(slots != chosen[:, None], axis=1, kind="stable")
    rows = order[:, :, None]
    return replace(
        solution,
        profile=np.take_along_axis(solution.profile, rows, axis=1),
        log_witness=np.take_along_axis(solution.log_witness, rows, axis=1),
        found=np.take_along_axis(solution.found, order, axis=1),
    )


def _values(game: TreeGame, solution: TreeSolution) -> tuple[Array, Array]:
    """Expected payoffs [W, K, P], -inf in empty slots, and what counts as no difference [W]."""
    payoffs = np.where(np.isfinite(game.payoffs), game.payoffs, 0.0)
    ends = end_probabilities(game, solution.profile)
    values = np.einsum("wkz,wzp->wkp", ends, payoffs)
    spread = (payoffs.max(axis=1) - payoffs.min(axis=1)).max(axis=1)
    return np.where(solution.found[:, :, None], values, -np.inf), TOLERANCE * spread


def _payoff_dominance(game: TreeGame, solution: TreeSolution) -> tuple[Array, Bools]:
    values, slack = _values(game, solution)
    best = values.max(axis=1, keepdims=True)
    dominant = (values >= best - slack[:, None, None]).all(axis=2) & solution.found
    return dominant.argmax(axis=1), dominant.any(axis=1)


def _favourite(game: TreeGame, solution: TreeSolution, player: str) -> tuple[Array, Bools]:
    values, slack = _values(game, solution)
    own = values[:, :, game.tree.players.index(player)]
    best = own >= own.max(axis=1, keepdims=True) - slack[:, None]
    found: Bools = np.asarray(solution.found.any(axis=1))
    return (best & solution.found).argmax(axis=1), found


def _risk_dominance(game: TreeGame, solution: TreeSolution) -> tuple[Array, Bools]:
    first, second = _two_by_two(game.tree)
    payoffs = _matrix(game, first, second)
    a, b = (
        payoffs[..., game.tree.infoset_player[first]],
        payoffs[..., game.tree.infoset_player[second]],
    )
    start = game.tree.infoset_start
    played = np.stack(
        [solution.profile[:, :, start[first] + 1], solution.profile[:, :, start[second] + 1]]
    )
    with np.errstate(invalid="ignore"):
        pure = (np.abs(played - np.round(played)) < TOLERANCE).all(axis=0) & solution.found
    i, j = np.round(played).astype(np.intp)
    rows = np.arange(game.n_worlds)[:, None]
    losses = a[rows, i, j] - a[rows, 1 - i, j], b[rows, i, j] - b[rows, i, 1 - j]
    strict = pure & (losses[0] > 0) & (losses[1] > 0)
    product = np.where(strict, losses[0] * losses[1], -np.inf)
    best = product.max(axis=1, keepdims=True)
    largest = product >= best * (1 - TOLERANCE)
    decided = (strict.sum(axis=1) == 2) & ((largest & strict).sum(axis=1) == 1)
    return product.argmax(axis=1), decided


def _two_by_two(tree: Tree) -> tuple[int, int]:
    """The two information sets of a 2x2 game."""
    sizes = np.diff(tree.infoset_start)
    fits = (
        tree.n_infosets == 2
        and sizes.tolist() == [2, 2]
        and tree.infoset_player[0] != tree.infoset_player[1]
        and tree.infoset[0] != NONE
        and tree.n_terminals == 4
    )
    if not fits:
        raise FormError(
            "risk dominance covers games in which two players choose once, at the same time, "
            "between two actions each; select by payoff_dominance or {favourite: PLAYER}"
        )
    first = int(tree.infoset[0])
    return first, 1 - first


def _matrix(game: TreeGame, first: int, second: int) -> Array:
    """Payoffs [W, 2, 2, P] by the actions at the two information sets."""
    tree = game.tree
    found = np.zeros((game.n_worlds, 2, 2, game.payoffs.shape[2]))
    for node in np.flatnonzero(tree.terminal != NONE):
        i = tree.action[tree.parent[node]] - tree.infoset_start[first]
        j = tree.action[node] - tree.infoset_start[second]
        found[:, i, j] = game.payoffs[:, tree.terminal[node]]
    return found


_RULES: dict[str, Callable[[TreeGame, TreeSolution], tuple[Array, Bools]]] = {
    "payoff_dominance": _payoff_dominance,
    "risk_dominance": _risk_dominance,
}
