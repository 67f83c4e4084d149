"""Following a branch from kink to kink of the belief lottery, without any other way to help."""

from __future__ import annotations

import numpy as np
import pytest

from forms.stochastic.made_games import cycle_game
from forms.stochastic.test_solve_types import chain_store
from tenbin.forms.contract import SolverOptions, Status
from tenbin.forms.stochastic.certify import certify_stochastic
from tenbin.forms.stochastic.solvers import attempts
from tenbin.forms.stochastic.solvers.attempts import Way
from tenbin.forms.stochastic.solvers.markov import solve_markov, solve_qre

OPTIONS = SolverOptions(threads=1)


def only(monkeypatch: pytest.MonkeyPatch, *ways: Way) -> None:
    monkeypatch.setattr(attempts, "KINKED", ways)


def test_chain_store_has_the_same_equilibrium_from_kink_to_kink(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    usual = solve_markov(chain_store(), OPTIONS)

    only(monkeypatch, Way(pieces=True))
    followed = solve_markov(chain_store(), OPTIONS)

    assert (followed.status == Status.SOLVED).all()
    np.testing.assert_allclose(followed.value, usual.value, atol=1e-6)


def test_responses_at_a_low_precision_are_the_same_from_kink_to_kink(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    game = cycle_game(4, 10, phases=3, levels=1, actions=(2, 2))
    options = SolverOptions(concept="qre", precision=1.0, threads=1)
    usual = solve_qre(game, options)

    only(monkeypatch, Way(pieces=True))
    followed = solve_qre(game, options)

    assert (followed.status == Status.SOLVED).all()
    np.testing.assert_allclose(followed.profile, usual.profile, atol=1e-7)


@pytest.mark.parametrize("seed", [0, 1])
def test_a_branch_leads_to_an_equilibrium_unless_it_is_too_long(
    monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    game = cycle_game(31, 20, phases=3, levels=1, actions=(2, 2))
    only(monkeypatch, Way(pieces=True, aim=1.0, seed=seed))

    solution = solve_markov(game, OPTIONS)

    certified = certify_stochastic(game, solution, 1e-6).certified[:, 0]
    too_long = solution.status == Status.MAX_STEPS_REACHED
    assert (certified == (solution.status == Status.SOLVED)).all()
    assert (certified | too_long).all()
    assert certified.mean() > 0.5
    assert solution.flags["jumped"].all()
