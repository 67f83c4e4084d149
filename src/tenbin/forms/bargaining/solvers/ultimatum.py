"""One offer, taken or left."""

from __future__ import annotations

from tenbin.forms.bargaining.solvers.batch import solve_frontier
from tenbin.forms.bargaining.solvers.risky import solve_risky
from tenbin.forms.bargaining.solvers.screening import solve_screening
from tenbin.forms.bargaining.solvers.shift import solve_shift
from tenbin.forms.bargaining.solvers.worlds_kernel import TAKE_IT_OR_LEAVE_IT
from tenbin.forms.bargaining.tables import BargainingSolution, Problems
from tenbin.forms.contract import SolverOptions

__all__ = ["solve_ultimatum"]


def solve_ultimatum(problems: Problems, options: SolverOptions, worlds: int) -> BargainingSolution:
    """The best offer, in every problem.

    Where everything about the other is known it concedes just what the other would get by
    refusing; where the other's types, its secret or a ratifier's limit are not known, it trades
    what it asks for against the probability of consent.
    """
    if problems.shift is not None:
        return solve_shift(problems, worlds)
    if problems.n_types > 1:
        return solve_screening(problems, options, worlds)
    if len(problems.consents.kind):
        return solve_risky(problems, options, worlds, once=True)
    return solve_frontier(problems, options, worlds, TAKE_IT_OR_LEAVE_IT, "best acceptable offer")
