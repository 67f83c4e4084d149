"""Gambit's own catalogue of games: read as Gambit reads it, and imported without faults."""

from __future__ import annotations

from importlib.util import find_spec
from io import StringIO
from pathlib import Path

import numpy as np
import pytest

from tenbin.commands.convert import ConvertRequest, convert_file
from tenbin.errors import ScenarioError
from tenbin.forms.tree.exchange import read_game
from tenbin.forms.tree.exchange_nfg import normal_form
from tenbin.forms.tree.exchange_objects import from_pygambit, to_pygambit
from tenbin.judge.check import check_scenario

FOUND = find_spec("pygambit")
CATALOGUE = Path(FOUND.origin or "").parent / "catalog_data" if FOUND else Path("none")
GAMES = [path for kind in ("efg", "nfg") for path in sorted(CATALOGUE.rglob(f"*.{kind}"))]

pytestmark = pytest.mark.skipif(not GAMES, reason="pygambit's catalogue is not installed")


@pytest.fixture(params=GAMES, ids=lambda path: str(path.relative_to(CATALOGUE)))
def path(request):
    return request.param


def theirs(path: Path):
    gambit = pytest.importorskip("pygambit", exc_type=ImportError)
    return (gambit.read_efg if path.suffix == ".efg" else gambit.read_nfg)(str(path))


def rows(payoffs: np.ndarray) -> np.ndarray:
    """All profiles' payoffs in an order that no order of strategies changes."""
    found = payoffs.reshape(-1, payoffs.shape[-1]).round(9) + 0.0
    return found[np.lexsort(found.T[::-1])]


def test_games_with_perfect_recall_alone_are_read(path):
    known = theirs(path).is_perfect_recall

    if known:
        assert read_game(path).valid.all()
    else:
        with pytest.raises(ScenarioError, match="forgets"):
            read_game(path)


def test_reduced_normal_form_is_gambits(path):
    gambit = theirs(path)
    if not gambit.is_perfect_recall:
        pytest.skip("no perfect recall")
    pygambit = pytest.importorskip("pygambit", exc_type=ImportError)

    ours = normal_form(read_game(path), 0).payoffs
    other = normal_form(from_pygambit(pygambit.read_nfg(StringIO(gambit.to_nfg()))), 0).payoffs

    assert ours.shape == other.shape
    assert rows(ours) == pytest.approx(rows(other))


def test_game_survives_gambit(path):
    if not theirs(path).is_perfect_recall:
        pytest.skip("no perfect recall")
    game = read_game(path)

    back = from_pygambit(to_pygambit(game))

    assert np.array_equal(back.payoffs, game.payoffs)
    assert np.array_equal(back.tree.infoset, game.tree.infoset)


def test_game_becomes_a_scenario_without_faults(path, tmp_path):
    if not theirs(path).is_perfect_recall:
        pytest.skip("no perfect recall")

    target = convert_file(ConvertRequest(path, tmp_path / "game.yaml"))

    assert check_scenario(target)[1] == []
