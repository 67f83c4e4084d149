"""Kalai and Smorodinsky's solution: equal shares of the most that each could gain."""

from __future__ import annotations

from tenbin.forms.bargaining.solvers.batch import solve_frontier
from tenbin.forms.bargaining.solvers.worlds_kernel import KALAI
from tenbin.forms.bargaining.tables import BargainingSolution, Problems
from tenbin.forms.contract import SolverOptions

__all__ = ["solve_kalai_smorodinsky"]


def solve_kalai_smorodinsky(
    problems: Problems, options: SolverOptions, worlds: int
) -> BargainingSolution:
    """The efficient agreement with equal shares of the best gains, in every problem.

    The best gains are those among agreements that are ratified and leave both at least what they
    could have alone. Where a ratifier's limit keeps the shares from being equal, the efficient
    agreement with the largest of the smaller shares.
    """
    return solve_frontier(problems, options, worlds, KALAI, "ray to the best gains")
