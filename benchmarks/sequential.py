"""The sequential solver against pygambit's `logit_solve`, in one run.

Per CPU second and per world solved to 1e-6: a world that a solver leaves with a larger gain from
deviating at some information set counts as time spent and nothing solved. Then the same equations
at equal finite precision, where the two must agree to 1e-8.

    python benchmarks/sequential.py [--worlds N] [--seconds S]
"""

from __future__ import annotations

import argparse
import time
from typing import Any

import numpy as np
from games import make_crisis
from peers import logit_rows, time_peer

from tenbin.forms.contract import SolverOptions
from tenbin.forms.tree.certify import certify_tree
from tenbin.forms.tree.solvers.branch import branch_problem
from tenbin.forms.tree.solvers.qre import solve_qre
from tenbin.forms.tree.solvers.sequential import solve_sequential
from tenbin.forms.tree.solvers.subgames import undivided

BARS = {16: 60, 24: 100, 52: 100}
PRECISIONS = (10.0, 50.0)


def solve_by_logit(game: Any) -> Any:
    """The peer's equilibrium, whether it says that it converged or not; None if it fails."""
    from pygambit.nash import logit_solve

    try:
        return logit_solve(game).equilibrium
    except (RuntimeError, ValueError, ArithmeticError):
        return None


def measure(terminals: int, worlds: int, seconds: float) -> str:
    """One row of the table."""
    game = make_crisis(terminals, worlds, seed=terminals)
    options = SolverOptions(concept="sequential", threads=1)
    solve_sequential(make_crisis(terminals, 500, seed=1), options)
    begin = time.process_time()
    solution = solve_sequential(game, options)
    spent = time.process_time() - begin
    solved = int(certify_tree(game, solution, 1e-6).certified.sum())
    peer = time_peer(game, worlds, solve_by_logit, seconds)
    ours, theirs = solved / spent, peer.agents_rate
    unknowns = branch_problem(game.tree, undivided(game.tree)).n_unknowns
    return (
        f"{terminals:>9} {game.tree.n_infosets:>8} {unknowns:>8} "
        f"{ours:>12,.0f} {solved / worlds:>8.2%} {theirs:>11,.1f} {peer.agents / peer.tried:>8.1%} "
        f"{peer.tried:>6} {ours / theirs:>8,.0f} {BARS[terminals]:>5} {agreement(terminals):>10.1e}"
    )


def agreement(terminals: int, worlds: int = 10) -> float:
    """The largest difference of any probability from the peer's at equal finite precision."""
    game = make_crisis(terminals, worlds, seed=7)
    largest = 0.0
    for precision in PRECISIONS:
        options = SolverOptions(concept="qre", precision=precision, threads=1)
        ours = solve_qre(game, options).profile[:, 0]
        theirs = np.array([logit_rows(game, world, precision) for world in range(worlds)])
        largest = max(largest, float(np.max(np.abs(ours - theirs))))
    return largest


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=int, default=10_000, help="worlds per tree, ours")
    parser.add_argument("--seconds", type=float, default=15.0, help="per tree, the peer's")
    arguments = parser.parse_args()
    print(
        f"{'terminals':>9} {'infosets':>8} {'unknowns':>8} {'ours /CPU-s':>12} {'solved':>8} "
        f"{'peer /CPU-s':>11} {'solved':>8} {'worlds':>6} {'times':>8} {'bar':>5} {'agreement':>10}"
    )
    for terminals in BARS:
        print(measure(terminals, arguments.worlds, arguments.seconds), flush=True)


if __name__ == "__main__":
    main()
