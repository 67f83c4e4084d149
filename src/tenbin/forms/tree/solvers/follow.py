"""Following the principal branches of one problem in many worlds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tenbin.forms.contract import SolverOptions
from tenbin.forms.tree.solvers.branch import BranchProblem
from tenbin.forms.tree.solvers.finish_kernel import finish_worlds
from tenbin.forms.tree.solvers.kernel import follow_worlds, make_work
from tenbin.forms.tree.solvers.lanes_kernel import follow_lanes, make_lanes
from tenbin.forms.tree.tables import Ints
from tenbin.numerics import path
from tenbin.numerics.vector import LANES
from tenbin.scenario.language import Array

__all__ = ["Followed", "follow_branches", "uses_lanes"]


LARGEST_LANES = 1 << 22
"""Bytes of lane arrays up to which sixteen worlds at once were measured to be faster than one."""


def uses_lanes(problem: BranchProblem) -> bool:
    """Whether worlds are followed sixteen at a time: a matter of structure alone."""
    t = problem.tables
    numbers = problem.n_entries + problem.n_gradient + problem.n_shift + len(t.pair_node)
    numbers += problem.n_players * (len(t.parent) + len(t.child) + len(problem.ends))
    return 8 * LANES * numbers <= LARGEST_LANES


@dataclass(frozen=True)
class Followed:
    """What following a branch gives: strategies [W, G], root values [W, P], numbers [W]."""

    profile: Array
    log_witness: Array
    value: Array
    status: NDArray[np.int8]
    bifurcations: Ints
    steps: Ints


def follow_branches(
    problem: BranchProblem,
    chance: Array,
    payoffs: Array,
    precision_end: Array,
    options: SolverOptions,
    *,
    response: bool = False,
) -> Followed:
    """The limits of the principal branches of one problem, or the responses at their ends.

    Parameters
    ----------
    chance, payoffs
        Of the problem's branches [W, C] and ends [W, E, P], C-contiguous.
    precision_end
        Where each branch ends [W], at unit payoff range.
    response
        Whether the response at the end is wanted, and not the limit beyond it.
    """
    worlds, _, players = payoffs.shape
    tables, work = problem.tables, make_work(problem)
    ends, precision = np.zeros((worlds, problem.n_unknowns)), np.zeros(worlds)
    record = np.zeros((worlds, 3), dtype=np.int32)
    found = Followed(
        profile=np.zeros((worlds, len(problem.actions))),
        log_witness=np.zeros((worlds, len(problem.actions))),
        value=np.zeros((worlds, players)),
        status=np.zeros(worlds, dtype=np.int8),
        bifurcations=record[:, 2],
        steps=record[:, 1],
    )
    longest = options.max_steps
    games = chance, payoffs, precision_end
    if uses_lanes(problem):
        lanes = make_lanes(problem)
        follow_lanes(tables, work, lanes, *games, longest, ends, precision, record)
        failed = np.flatnonzero(record[:, 0] != path.ENDED)
        if len(failed):
            again = [array[failed] for array in (*games, ends, precision, record)]
            follow_worlds(tables, work, *again[:3], longest, *again[3:])
            ends[failed], precision[failed], record[failed] = again[3:]
    else:
        follow_worlds(tables, work, *games, longest, ends, precision, record)
    finish_worlds(
        tables,
        work,
        chance,
        payoffs,
        response,
        options.tolerance,
        ends,
        precision,
        record,
        found.profile,
        found.log_witness,
        found.value,
        found.status,
    )
    return found
