"""Nash's solution: the largest weighted product of gains over disagreement."""

from __future__ import annotations

from tenbin.forms.bargaining.solvers.batch import solve_frontier
from tenbin.forms.bargaining.solvers.risky import solve_risky
from tenbin.forms.bargaining.solvers.worlds_kernel import NASH
from tenbin.forms.bargaining.tables import BargainingSolution, Problems
from tenbin.forms.contract import SolverOptions

__all__ = ["solve_nash"]


def solve_nash(problems: Problems, options: SolverOptions, worlds: int) -> BargainingSolution:
    """The agreement with the largest weighted product of gains, in every problem.

    Outside options and ratifiers bound the agreements; they do not move the disagreement point
    (Binmore, Rubinstein and Wolinsky 1986: a party is dealt its outside option only where Nash's
    agreement would give it less). Where no agreement is as good as what each could have alone,
    there is none. Exact on linear packages, to neighbouring numbers on a curve. Where consent is
    uncertain the gains are those expected: the product is weighed by the probability of consent.

    References
    ----------
    [binmore1986]
    """
    if len(problems.consents.kind):
        return solve_risky(problems, options, worlds, once=False)
    return solve_frontier(problems, options, worlds, NASH, "product of gains on the frontier")
