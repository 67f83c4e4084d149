"""Games with a persistent private type: closed forms on the grid, and an independent slow twin."""

from __future__ import annotations

import numpy as np
import pytest

from forms.stochastic.made_games import cycle_game, make_game, make_structure
from tenbin.forms.contract import SolverOptions, Status
from tenbin.forms.stochastic.certify import certify_stochastic
from tenbin.forms.stochastic.solvers.markov import solve_markov, solve_qre
from tenbin.forms.stochastic.tables import StochasticGame, StochasticSolution

OPTIONS = SolverOptions(threads=1)

TOUGH, WEAK = 0, 1
ENTRY, RESPONSE, LAST_ENTRY, LAST_RESPONSE, END = range(5)
GAIN, DISCOUNT, PREY = 2.0, 0.9, 0.55
"""What the incumbent has from an entrant that stays out; b, the entrant's gain if acquiesced to."""


def chain_store() -> StochasticGame:
    """Two entrants, one after the other, face an incumbent that may be tough (Kreps, Wilson 1982).

    Out: (a, 0). In: acquiesce (0, b) or fight (-1, b - 1); the tough like fighting. Nine beliefs.
    """
    structure = make_structure(
        3,
        [{1: 2}, {0: 2}, {2: 2}, {0: 2}, {}],
        [
            [[RESPONSE], [LAST_ENTRY]],
            [[LAST_ENTRY], [LAST_ENTRY]],
            [[LAST_RESPONSE], [END]],
            [[END], [END]],
            [[END]],
        ],
        informed=0,
        grid=9,
    )
    payoffs = np.zeros((1, structure.n_cells, 3, 2))
    for entry, entrant in ((ENTRY, 1), (LAST_ENTRY, 2)):
        out, fight, yields = 2 * entry + 1, 2 * entry + 2, 2 * entry + 3
        payoffs[0, out, 0] = GAIN
        payoffs[0, fight, 0] = [1.0, -1.0]
        payoffs[0, fight, entrant] = PREY - 1
        payoffs[0, yields, entrant] = PREY
    return make_game(structure, payoffs, np.ones((1, structure.n_branches)), DISCOUNT)


def first_actions(solution: StochasticSolution, state: int, kind: int = -1) -> np.ndarray:
    """The probability [G] of the first action at the decision point of a state."""
    s = solution.structure
    found = (s.point_state == state) & ((s.point_type == kind) if kind >= 0 else True)
    return solution.profile[0, 0, :, s.action_start[np.flatnonzero(found)[0]]]


def test_chain_store_incumbent_builds_a_reputation_as_kreps_and_wilson_say() -> None:
    # The last entrant stays out from belief .625 on (the grid's first beyond b = .55), so the value
    # of a reputation rises linearly from 0 at .5 to a at .625, and the weak incumbent fights just
    # often enough that the posterior is where -1 + discount * value = 0.
    belief = np.linspace(0, 1, 9)
    needed = 0.5 + 0.125 / (DISCOUNT * GAIN)
    inside = belief[1:-1]
    fights = np.minimum(1.0, inside * (1 - needed) / ((1 - inside) * needed))

    solution = solve_markov(chain_store(), OPTIONS)

    assert solution.status[0] == Status.SOLVED
    np.testing.assert_allclose(first_actions(solution, LAST_ENTRY), belief < PREY, atol=1e-9)
    np.testing.assert_allclose(first_actions(solution, LAST_RESPONSE, WEAK), 0.0, atol=1e-9)
    np.testing.assert_allclose(first_actions(solution, RESPONSE, WEAK)[1:-1], fights, atol=1e-7)
    np.testing.assert_allclose(first_actions(solution, RESPONSE, TOUGH), 1.0, atol=1e-9)
    np.testing.assert_allclose(first_actions(solution, ENTRY), belief < PREY * needed, atol=1e-9)


def test_chain_store_solution_is_certified() -> None:
    game = chain_store()

    certificate = certify_stochastic(game, solve_markov(game, OPTIONS), 1e-6)

    assert certificate.certified[0, 0]
    assert certificate.residual[0, 0] < 1e-9


def test_certain_beliefs_are_the_game_of_that_type() -> None:
    game = cycle_game(3, 10, phases=3, levels=2, actions=(2, 2))
    structure = make_structure(
        2,
        [{0: 2, 1: 2}] * 6,
        [
            [
                game.structure.branch_to[game.structure.branch_cell == q].tolist()
                for q in range(4 * s, 4 * s + 4)
            ]
            for s in range(6)
        ],
    )
    payoffs = game.payoffs.copy()
    payoffs[..., WEAK] = payoffs[..., TOUGH]
    known = make_game(structure, payoffs[..., :1], game.prob, 0.9)

    solution, alone = solve_markov(game, OPTIONS), solve_markov(known, OPTIONS)

    ours = solution.value[:, 0, -1, :, :, TOUGH]
    np.testing.assert_allclose(ours, alone.value[:, 0, 0, :, :, 0], atol=1e-6)


def values_twin(game: StochasticGame, solution: StochasticSolution, kind: int) -> np.ndarray:
    """Values [G, S, P] of world 0 under a type, by iterating the definition cell by cell."""
    s = game.structure
    profile = solution.profile[0, 0]
    value = np.zeros((s.grid, s.n_states, s.n_players))
    for _ in range(150):
        new = np.zeros_like(value)
        for q in range(s.n_cells):
            state, actions = s.cell_state[q], s.cell_action[q]
            for g in range(s.grid):
                b, (one, other) = g / (s.grid - 1), actions[s.informed]
                tough, weak = b * profile[g, one], (1 - b) * profile[g, other]
                given = solution.posterior[0, 0, g, one]  # type: ignore[index]
                place = (tough / (tough + weak) if tough + weak > 0 else given) * (s.grid - 1)
                low = min(int(place), s.grid - 2)
                chance = np.prod([profile[g, actions[p, kind]] for p in range(s.n_players)])
                later = sum(
                    game.prob[0, e]
                    * (
                        (1 - place + low) * value[low, s.branch_to[e]]
                        + (place - low) * value[low + 1, s.branch_to[e]]
                    )
                    for e in np.flatnonzero(s.branch_cell == q)
                )
                new[g, state] += chance * (game.payoffs[0, q, :, kind] + game.discount[0] * later)
        value = new
    return value


@pytest.mark.parametrize("kind", [TOUGH, WEAK])
def test_values_are_those_of_an_independent_twin(kind: int) -> None:
    game = cycle_game(8, 1, phases=2, levels=1, actions=(2, 2), discount=0.8)

    solution = solve_markov(game, OPTIONS)

    twin = values_twin(game, solution, kind)
    np.testing.assert_allclose(solution.value[0, 0, ..., kind], twin, atol=1e-8)


def test_posteriors_keep_their_mean() -> None:
    game = cycle_game(6, 5, phases=3, levels=1, actions=(3, 2))
    s = game.structure

    solution = solve_markov(game, OPTIONS)

    assert solution.posterior is not None
    belief = s.beliefs[None, :]
    for i in np.flatnonzero(s.point_type == TOUGH):
        one = slice(s.action_start[i], s.action_start[i + 1])
        other = slice(s.action_start[i + 1], s.action_start[i + 2])
        profile, posterior = solution.profile[:, 0], solution.posterior[:, 0, :, one]
        chance = (
            belief[..., None] * profile[..., one] + (1 - belief[..., None]) * profile[..., other]
        )
        np.testing.assert_allclose((chance * posterior).sum(axis=2), belief + 0 * chance[..., 0])


def test_random_games_with_types_are_solved_and_certified() -> None:
    game = cycle_game(31, 100, phases=3, levels=2, actions=(2, 2))

    solution = solve_markov(game, OPTIONS)

    certificate = certify_stochastic(game, solution, 1e-6)
    assert certificate.certified.mean() >= 0.99
    assert (certificate.certified[:, 0] == (solution.status == Status.SOLVED)).all()
    assert solution.flags["jumped"].any()


def test_quantal_response_with_types_is_the_logit_response_to_itself() -> None:
    game = cycle_game(4, 10, phases=3, levels=1, actions=(2, 2))

    solution = solve_qre(game, SolverOptions(concept="qre", precision=3.0, threads=1))

    certificate = certify_stochastic(game, solution, 1e-6)
    assert (solution.status == Status.SOLVED).all()
    assert certificate.residual.max() < 1e-8
