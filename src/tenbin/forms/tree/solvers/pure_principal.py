"""The equilibrium on the principal branch put first among those found."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from tenbin.forms.contract import SolverOptions, Status
from tenbin.forms.tree.certify import certify_tree
from tenbin.forms.tree.grouping import SAME, end_probabilities
from tenbin.forms.tree.solvers.sequential import solve_sequential
from tenbin.forms.tree.tables import TreeGame, TreeSolution

__all__ = ["principal_first", "put_first"]


def principal_first(
    game: TreeGame, solution: TreeSolution, options: SolverOptions, *, add: bool
) -> TreeSolution:
    """The same equilibria, that of the principal branch in slot 0.

    With `add`, a principal equilibrium that was not found is added; else the one stands first
    whose distribution over terminal nodes is nearest to it, and the flag `principal_apart` says so.
    Worlds with nothing to choose from are left as they are.
    """
    several = solution.found.sum(axis=1) > 1
    wanted = np.flatnonzero((solution.status != Status.NOT_FINITE) & (several | add))
    apart = np.zeros(game.n_worlds, dtype=np.bool_)
    flags = {**solution.flags, "principal_apart": apart}
    if not len(wanted):
        return replace(solution, flags=flags)
    part = TreeGame(game.tree, game.chance[wanted], game.payoffs[wanted], game.valid[wanted])
    principal = solve_sequential(part, options)
    found = solution.found[wanted]
    distance = np.abs(solution.profile[wanted] - principal.profile).max(axis=2)
    at_end = end_probabilities(part, principal.profile)
    otherwise = np.abs(end_probabilities(part, solution.profile[wanted]) - at_end).sum(axis=2)
    missing = ~((distance <= SAME) & found).any(axis=1)
    chosen = np.where(missing, _least(otherwise, found), _least(distance, found))
    apart[wanted[missing]] = True
    solution = put_first(solution, wanted, chosen)
    if not add:
        return replace(solution, flags=flags)
    apart[:] = False
    certified = certify_tree(part, principal, options.tolerance).certified[:, 0]
    new = missing & certified
    return _with_first(replace(solution, flags=flags), wanted[new], principal, np.flatnonzero(new))


def _least(distance: NDArray[np.float64], found: NDArray[np.bool_]) -> NDArray[np.intp]:
    return np.where(found, distance, np.inf).argmin(axis=1)


def put_first(
    solution: TreeSolution, worlds: NDArray[np.intp], chosen: NDArray[np.intp]
) -> TreeSolution:
    """The slots of some worlds in another order: the chosen one first, the others as they were."""
    slots = np.arange(solution.found.shape[1])
    order = np.tile(slots, (len(solution.found), 1))
    order[worlds] = np.argsort(slots != chosen[:, None], axis=1, kind="stable")
    rows = order[:, :, None]
    return replace(
        solution,
        profile=np.take_along_axis(solution.profile, rows, axis=1),
        log_witness=np.take_along_axis(solution.log_witness, rows, axis=1),
        found=np.take_along_axis(solution.found, order, axis=1),
    )


def _with_first(
    solution: TreeSolution,
    worlds: NDArray[np.intp],
    added: TreeSolution,
    rows: NDArray[np.intp],
) -> TreeSolution:
    """Slot 0 of some worlds taken by the equilibria in `rows` of another solution."""
    if not len(worlds):
        return solution
    arrays = {"profile": solution.profile, "log_witness": solution.log_witness}
    found, status = solution.found.copy(), solution.status.copy()
    if found[worlds].sum(axis=1).max() == found.shape[1]:
        found = np.pad(found, ((0, 0), (0, 1)))
        arrays = {name: np.pad(a, ((0, 0), (0, 1), (0, 0))) for name, a in arrays.items()}
    else:
        arrays = {name: array.copy() for name, array in arrays.items()}
    for name, array in arrays.items():
        array[worlds, 1:] = array[worlds, :-1]
        array[worlds, 0] = getattr(added, name)[rows, 0]
    found[worlds, 1:] = found[worlds, :-1]
    found[worlds, 0] = True
    status[worlds] = Status.SOLVED
    return replace(solution, **arrays, found=found, status=status)
