"""Objects of other packages: what goes out and comes back is the same game."""

from __future__ import annotations

import sys
from types import SimpleNamespace

import numpy as np
import pytest

from forms.tree.hand_made import make_game
from forms.tree.random_trees import Shape, grow_game
from tenbin.errors import MissingExtraError
from tenbin.exchange import (
    from_pygambit,
    from_pyspiel,
    scenario_game,
    to_pygambit,
    to_pyspiel,
    write_nfg,
)
from tenbin.library import find_scenario
from tenbin.scenario import load_scenario


def assert_same(back, game, world):
    for column in ("parent", "action", "branch", "infoset", "terminal", "infoset_player"):
        assert np.array_equal(getattr(back.tree, column), getattr(game.tree, column)), column
    assert back.payoffs[0] == pytest.approx(game.payoffs[world], rel=1e-14)
    assert back.chance[0] == pytest.approx(game.chance[world], abs=1e-15)


@pytest.mark.parametrize("seed", range(6))
def test_trees_go_to_gambit_and_come_back(seed):
    pytest.importorskip("pygambit", exc_type=ImportError)
    game = grow_game(seed, Shape(players=3, depth=3), worlds=2)

    back = from_pygambit(to_pygambit(game, 1, "a title"))

    assert_same(back, game, 1)
    assert back.tree.infoset_names == game.tree.infoset_names


def test_normal_forms_come_from_gambit():
    gambit = pytest.importorskip("pygambit", exc_type=ImportError)
    from io import StringIO

    game = make_game("A B", ("A", "h", {"l": (1, 2), "r": (3, 4)}))

    back = from_pygambit(gambit.read_nfg(StringIO(write_nfg(game))))

    assert back.tree.n_infosets == 2
    assert back.payoffs[0].tolist() == [[1, 2], [3, 4]]


@pytest.mark.parametrize("seed", range(6))
def test_trees_go_to_openspiel_and_come_back(seed):
    pytest.importorskip("pyspiel", exc_type=ImportError)
    game = grow_game(seed, Shape(players=2, depth=3), worlds=1)

    assert_same(from_pyspiel(to_pyspiel(game)), game, 0)


def test_kuhn_poker_of_openspiel_is_read():
    """H. W. Kuhn, 1950: 3 x 2 deals, 12 information sets, value -1/18 to the first player."""
    pyspiel = pytest.importorskip("pyspiel", exc_type=ImportError)
    game = from_pyspiel(pyspiel.load_game("kuhn_poker"))

    assert (game.tree.n_infosets, game.tree.n_terminals) == (12, 30)


def test_simultaneous_game_of_openspiel_is_read_in_turn():
    pyspiel = pytest.importorskip("pyspiel", exc_type=ImportError)
    game = from_pyspiel(pyspiel.load_game("matrix_rps"))

    assert game.tree.n_infosets == 2
    assert game.payoffs[0, :3].tolist() == [[0, 0], [-1, 1], [1, -1]]


@pytest.mark.parametrize(
    ("module", "convert", "extra"),
    [("pygambit", to_pygambit, "gambit"), ("pyspiel", to_pyspiel, "openspiel")],
)
def test_missing_package_is_told_with_its_extra(monkeypatch, module, convert, extra):
    monkeypatch.setitem(sys.modules, module, None)
    game = make_game("A", (1,))

    with pytest.raises(MissingExtraError, match=rf'pip install "tenbin\[{extra}\]"') as caught:
        convert(game)

    assert "\n" not in str(caught.value)


def test_game_of_another_version_of_gambit_is_told_by_its_attribute():
    text = 'NFG 1 R "" { "A" } { 2 } 1 5'
    theirs = SimpleNamespace(is_tree=False, to_nfg=lambda: text)

    assert from_pygambit(theirs).payoffs[0].tolist() == [[1], [5]]


def test_model_of_a_scenario_is_a_game_of_one_world():
    scenario = load_scenario(find_scenario("textbook/entry_deterrence"))
    (name,) = [name for name, its in scenario.models.items() if its.form == "tree"][:1]

    central = scenario_game(scenario, name)
    other = scenario_game(scenario, name, world=3, seed=1)

    assert central.n_worlds == other.n_worlds == 1
    assert central.tree.node_names == other.tree.node_names
