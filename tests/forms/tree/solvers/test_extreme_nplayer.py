"""Simultaneous games of several players: all pure equilibria, and mixed ones by search."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from numpy.typing import NDArray

from tenbin.errors import ShapeError
from tenbin.forms.contract import Status
from tenbin.forms.tree.solvers.extreme import extreme_equilibria
from tenbin.forms.tree.solvers.extreme_nplayer import (
    ProfileEquilibria,
    mixed_profiles,
    pure_profiles,
)

Floats = NDArray[np.float64]


def rows(found: ProfileEquilibria, world: int = 0) -> set[tuple[float, ...]]:
    return {tuple(row) for row in np.round(found.profile[world, found.found[world]], 7).tolist()}


def gain(payoffs: Floats, profile: Floats) -> float:
    """The most that a player gains by the best reply, from payoffs [P, m1, ..., mP]."""
    shape = payoffs.shape[1:]
    mixes = np.split(profile, np.cumsum(shape)[:-1])
    worst = 0.0
    for p in range(len(shape)):
        value = payoffs[p]
        for q in reversed(range(len(shape))):
            if q != p:
                value = np.tensordot(value, mixes[q], axes=(q, 0))
        worst = max(worst, float(value.max() - value @ mixes[p]) / float(np.ptp(payoffs[p])))
    return worst


def mckelvey_mclennan() -> Floats:
    """Three players, two actions each, nine equilibria: the most a regular such game can have.

    McKelvey and McLennan (1997), "The maximal number of regular totally mixed Nash equilibria".
    """
    payoffs = np.zeros((1, 3, 2, 2, 2))
    payoffs[0, :, 0, 0, 0] = 9, 8, 12
    payoffs[0, :, 1, 1, 0] = 9, 8, 2
    payoffs[0, :, 1, 0, 1] = 3, 4, 6
    payoffs[0, :, 0, 1, 1] = 3, 4, 6
    return payoffs


def crowding(players: int) -> Floats:
    """Everybody chooses one of two roads and pays one for each who is on it."""
    payoffs = np.zeros((1, players, *[2] * players))
    for profile in product(range(2), repeat=players):
        for p in range(players):
            payoffs[(0, p, *profile)] = -profile.count(profile[p])
    return payoffs


def test_mckelvey_mclennan_game_has_nine_equilibria():
    payoffs = mckelvey_mclennan()

    found = mixed_profiles(payoffs)

    assert found.found.sum() == 9
    assert (0.5, 0.5, 0.4, 0.6, 0.25, 0.75) in rows(found)
    assert found.isolated[found.found].all()
    assert not found.complete[0]
    assert "found so far" in found.method
    assert all(gain(payoffs[0], row) < 1e-9 for row in found.profile[0][found.found[0]])


def test_even_crowding_is_the_pure_equilibrium():
    """A congestion game has pure equilibria (Rosenthal 1973): here, two on each of the roads."""
    found = pure_profiles(crowding(4))

    assert found.found.sum() == 6
    assert (found.profile[0, found.found[0]].reshape(-1, 4, 2).sum(axis=1) == 2).all()
    assert found.complete[0]


def test_pure_profiles_are_those_in_which_nobody_gains():
    payoffs = np.random.default_rng(1).integers(0, 3, size=(30, 3, 2, 3, 2)).astype(float)

    found = pure_profiles(payoffs)

    for world, u in enumerate(payoffs):
        corners = [
            np.concatenate([np.eye(m)[i] for m, i in zip((2, 3, 2), profile, strict=True)])
            for profile in product(range(2), range(3), range(2))
        ]
        wanted = {tuple(corner.tolist()) for corner in corners if gain(u, corner) == 0}
        assert rows(found, world) == wanted
    assert found.complete.all()


def test_pure_profiles_flag_gains_taken_for_ties():
    payoffs = np.zeros((3, 2, 2, 2))
    payoffs[:, 0] = [[1, 0], [1, 1]]
    payoffs[1:, 0, 1, 0] += (1e-14, 1e-9)

    found = pure_profiles(payoffs)

    assert found.found.sum(axis=1).tolist() == [3, 3, 2]
    assert found.knife_edge.tolist() == [False, True, False]


@pytest.mark.parametrize("shape", [(2, 2, 2), (3, 2, 2), (3, 3, 2)])
def test_search_finds_an_odd_number_in_random_games(shape: tuple[int, ...]):
    """Almost all games have one (Harsanyi 1973); an even number would show that some are missed."""
    payoffs = np.random.default_rng(2).normal(size=(60, 3, *shape))

    found = mixed_profiles(payoffs)

    assert (found.found.sum(axis=1) % 2 == 1).all()
    held = zip(*np.nonzero(found.found), strict=True)
    assert all(gain(payoffs[world], found.profile[world, k]) < 1e-8 for world, k in held)
    assert (found.status == Status.SOLVED).all()


def test_search_finds_all_that_two_players_have():
    payoffs = np.random.default_rng(3).normal(size=(80, 2, 3, 3))

    search = mixed_profiles(payoffs, starts=1)
    proved = extreme_equilibria(payoffs[:, 0], payoffs[:, 1])

    for world in range(80):
        whole = np.concatenate([proved.x, proved.y], axis=2)[world, proved.found[world]]
        assert rows(search, world) == {tuple(row) for row in np.round(whole, 7).tolist()}


def test_search_keeps_one_member_of_a_continuum_for_each_support():
    """The third player's actions do not matter to anybody."""
    payoffs = np.zeros((1, 3, 2, 2, 2))
    payoffs[0, 0] = np.array([[1.0, -1], [-1, 1]])[:, :, None]
    payoffs[0, 1] = -payoffs[0, 0]

    found = mixed_profiles(payoffs)

    assert (0.5, 0.5, 0.5, 0.5, 1, 0) in rows(found)
    assert found.found.sum() <= 3
    assert all(gain(payoffs[0, :2, :, :, 0], row[:4]) < 1e-9 for row in found.profile[0])


def test_search_does_not_hang_on_other_worlds_or_threads():
    payoffs = np.random.default_rng(4).normal(size=(600, 3, 2, 2, 2))

    whole, shared = mixed_profiles(payoffs), mixed_profiles(payoffs, threads=2)
    alone = mixed_profiles(payoffs[333:334])

    assert np.array_equal(whole.profile, shared.profile)
    assert np.array_equal(alone.profile[0], whole.profile[333, : alone.found.shape[1]])


def test_larger_supports_left_out_are_counted():
    found = mixed_profiles(np.zeros((0, 4, 4, 4, 4, 4)))

    assert "625 larger profiles of supports were not tried" in found.method


@pytest.mark.parametrize("solve", [pure_profiles, mixed_profiles])
def test_payoffs_that_are_not_finite_spoil_their_world_alone(solve):
    payoffs = np.repeat(mckelvey_mclennan(), 3, axis=0)
    payoffs[1, 2, 0, 1, 0] = np.nan

    found = solve(payoffs)

    assert found.status.tolist() == [Status.SOLVED, Status.NOT_FINITE, Status.SOLVED]
    assert not found.found[1].any()
    assert rows(found, 0) == rows(found, 2)
    assert not found.complete[1]


@pytest.mark.parametrize("solve", [pure_profiles, mixed_profiles])
def test_an_axis_for_each_player_is_wanted(solve):
    with pytest.raises(ShapeError, match=r"an axis of actions for each player.*\(1, 3, 2, 2\)"):
        solve(np.zeros((1, 3, 2, 2)))


def test_search_matches_gambit():
    pygambit = pytest.importorskip("pygambit")
    payoffs = np.random.default_rng(5).integers(-9, 10, size=(6, 3, 2, 2, 2))

    found = mixed_profiles(payoffs.astype(float))

    for world in range(6):
        game = pygambit.StrategicGame.from_arrays(*payoffs[world])
        theirs = pygambit.nash.enumpoly_solve(game, use_strategic=True).equilibria
        wanted = [[float(q) for p in ("1", "2", "3") for _, q in each[p]] for each in theirs]
        ours = found.profile[world, found.found[world]]
        assert len(ours) == len(wanted)
        assert all(np.abs(ours - row).max(axis=1).min() < 1e-6 for row in np.array(wanted))
