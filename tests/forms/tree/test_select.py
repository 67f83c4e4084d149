"""Which equilibrium stands first, by rules with a name."""

from __future__ import annotations

import numpy as np
import pytest

from forms.tree.bimatrix import (
    BATTLE_OF_THE_SEXES,
    CHICKEN,
    MATCHING_PENNIES,
    STAG_HUNT,
    bimatrix,
    coordination,
)
from forms.tree.compiled import SIMULTANEOUS, bound, compiled, plain, problems_of
from forms.tree.textbook_trees import beer_quiche
from tenbin.errors import FormError
from tenbin.forms import room
from tenbin.forms.contract import SolverOptions
from tenbin.forms.tree.select import select_equilibrium
from tenbin.forms.tree.solvers.all import solve_all

OPTIONS = SolverOptions(concept="all", threads=1)


def selected(game, rule):
    found = select_equilibrium(game, solve_all(game, OPTIONS), rule)
    return found.profile[0, 0].tolist(), bool(found.flags["unselected"][0])


def test_stag_is_payoff_dominant_and_hare_risk_dominant():
    """Harsanyi and Selten (1988): at 4, 3, 0 the losses are 1 x 1 for the stag, 3 x 3 for hares."""
    game = bimatrix(*STAG_HUNT)

    assert selected(game, "payoff_dominance") == ([1.0, 0.0, 1.0, 0.0], False)
    assert selected(game, "risk_dominance") == ([0.0, 1.0, 0.0, 1.0], False)


@pytest.mark.parametrize(("high", "first"), [(2.0, 0.0), (0.5, 1.0)])
def test_larger_coordination_payoff_is_risk_dominant(high, first):
    profile, _ = selected(bimatrix(*coordination(1.0, high)), "risk_dominance")

    assert profile[0] == first


@pytest.mark.parametrize("rule", ["payoff_dominance", "risk_dominance"])
@pytest.mark.parametrize("game", [BATTLE_OF_THE_SEXES, CHICKEN])
def test_symmetric_conflict_is_left_to_the_principal_branch(game, rule):
    profile, unselected = selected(bimatrix(*game), rule)

    assert unselected
    assert 0 < profile[0] < 1


@pytest.mark.parametrize(("player", "expected"), [("one", [1, 0, 1, 0]), ("two", [0, 1, 0, 1])])
def test_favourite_is_what_the_player_likes_best(player, expected):
    profile, unselected = selected(bimatrix(*BATTLE_OF_THE_SEXES), ("favourite", player))

    assert profile == expected
    assert not unselected


def test_single_equilibrium_needs_no_rule():
    profile, unselected = selected(bimatrix(*MATCHING_PENNIES), "risk_dominance")

    assert profile == [0.5] * 4
    assert not unselected


def test_others_keep_their_order():
    game = bimatrix(*coordination(1, 2, 3))
    before = solve_all(game, OPTIONS)
    after = select_equilibrium(game, before, ("favourite", "one"))
    first = int(np.flatnonzero((before.profile[0] == after.profile[0, 0]).all(axis=1))[0])

    assert np.array_equal(after.profile[0, 1:], np.delete(before.profile[0], first, axis=0))


def test_risk_dominance_of_other_games_is_refused():
    game = beer_quiche(0.9)
    with pytest.raises(FormError, match="at the same time, between two actions each"):
        select_equilibrium(game, solve_all(game, OPTIONS), "risk_dominance")


def test_rule_of_the_file_is_applied():
    body = plain(SIMULTANEOUS)
    body |= {"concept": "all", "select": {"favourite": "US"}}
    body["ends"] = {"a": {"DPRK": 1, "US": 0}, "b": {"DPRK": 1, "US": 0}}
    game = bound(compiled(body))
    solution = room("tree").solve(game, SolverOptions(threads=1))

    assert "unselected" in solution.flags


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("risk_dominanc", "unknown rule of selection 'risk_dominanc'"),
        ({"favourite": "USA"}, "unknown player 'USA'"),
        (["principal"], "unknown rule of selection"),
    ],
)
def test_faulty_rule_is_said(given, said):
    assert said in problems_of({**plain(SIMULTANEOUS), "concept": "all", "select": given})


def test_rule_needs_a_concept_with_several_equilibria():
    body = {**plain(SIMULTANEOUS), "select": "payoff_dominance"}

    assert "`select` needs a concept that finds several equilibria" in problems_of(body)
