"""Refinements: what they take away, what they leave, and which games they do not cover."""

from __future__ import annotations

import numpy as np
import pytest

from forms.tree.bimatrix import STAG_HUNT, bimatrix
from forms.tree.compiled import SIMULTANEOUS, plain, problems_of
from forms.tree.hand_made import make_game
from forms.tree.textbook_trees import beer_quiche, chain_store, entry_deterrence
from tenbin.errors import FormError
from tenbin.forms.contract import SolverOptions, Status
from tenbin.forms.tree.refine import kept_only, refine_equilibria
from tenbin.forms.tree.solvers.all import solve_all
from tenbin.forms.tree.solvers.pure import solve_pure
from tenbin.forms.tree.tables import TreeGame, TreeSolution

OPTIONS = SolverOptions(concept="all", threads=1)


def refined(game: TreeGame, *names: str) -> TreeSolution:
    return refine_equilibria(game, solve_all(game, OPTIONS), names)


def test_beer_quiche_keeps_beer():
    """Cho and Kreps (1987): where all have quiche only the strong could gain from beer."""
    game = beer_quiche(0.9)
    solution = refined(game, "intuitive")
    start = game.tree.infoset_start[game.tree.infoset_names.index("strong")]

    assert (solution.profile[0, solution.found[0], start] == 1.0).all()
    assert solution.found.any()
    assert solution.flags["refined"][0]


def test_equilibrium_in_which_all_is_sent_passes():
    game = beer_quiche(0.3)
    solution = refined(game, "intuitive")

    assert solution.found.sum() == 1
    assert not solution.flags["refined"][0]


def education(worlds: int = 1) -> TreeGame:
    """Spence (1973): school costs the able 1, others 3; wages are 4 or 2 and follow beliefs."""

    def firm(school: bool, cost: float, able: bool) -> tuple:
        wages = {"high": 4.0, "low": 2.0}
        pays = {
            name: (wage - cost * school, 1.0 if (name == "high") == able else 0.0)
            for name, wage in wages.items()
        }
        return ("firm", "schooled" if school else "plain", pays)

    def worker(name: str, cost: float) -> tuple:
        below = {
            "school": firm(True, cost, name == "able"),
            "none": firm(False, cost, name == "able"),
        }
        return ("worker", name, below)

    kinds = {"able": (0.4, worker("able", 1.0)), "other": (0.6, worker("other", 3.0))}
    return make_game("worker firm", ("chance", kinds), worlds)


def test_only_the_separation_of_spence_is_intuitive():
    """Pooling without school fails: only the able could gain from it."""
    game = education()
    before = solve_pure(game, OPTIONS)
    after = refine_equilibria(game, before, ("intuitive",))
    start = game.tree.infoset_start[game.tree.infoset_names.index("able")]

    assert before.found.sum() > after.found.sum()
    assert (after.profile[0, after.found[0], start] == 1.0).all()


@pytest.mark.parametrize("game", [entry_deterrence(), chain_store(2), bimatrix(*STAG_HUNT)])
def test_intuitive_criterion_of_other_games_is_refused(game):
    with pytest.raises(FormError, match="covers signalling games: chance draws"):
        refined(game, "intuitive")


def test_weakly_dominated_equilibrium_goes():
    """Both (a, l) and (b, r) are equilibria; b is never better than a, and worse against l."""
    game = bimatrix([[1, 0], [0, 0]], [[1, 0], [0, 0]])

    assert solve_all(game, OPTIONS).found.sum() > 1
    assert refined(game, "undominated").profile[0, 0].tolist() == [1.0, 0.0, 1.0, 0.0]


def test_undominated_equilibria_stay():
    game = bimatrix(*STAG_HUNT)

    assert refined(game, "undominated").found.sum() == 3


def test_dominance_is_judged_by_world():
    game = bimatrix([[1, 0], [0, 0]], [[1, 0], [0, 0]], 2)
    game.payoffs[1, 3] = [1.0, 1.0]
    solution = refined(game, "undominated")

    assert solution.found.sum(axis=1).tolist() == [1, 3]


def test_too_many_strategies_are_refused():
    with pytest.raises(FormError, match="at most 4096 are compared"):
        refined(chain_store(4), "undominated")


def test_world_left_without_any_says_so():
    game = bimatrix(*STAG_HUNT)
    solution = solve_all(game, OPTIONS)
    empty = kept_only(solution, np.zeros_like(solution.found))

    assert empty.status[0] == Status.NO_EQUILIBRIUM_FOUND
    assert empty.flags["refined"][0]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"concept": "all", "refine": ["intuitiv"]}, "unknown refinement 'intuitiv'"),
        ({"concept": "all", "refine": "intuitive"}, "a list of refinements is expected"),
        ({"refine": ["intuitive"]}, "`refine` needs a concept that finds several equilibria"),
    ],
)
def test_faulty_refinement_is_said(body, said):
    assert said in problems_of({**plain(SIMULTANEOUS), **body})
