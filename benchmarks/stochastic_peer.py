"""Run by another interpreter: sgamesolver on games from a file, timed; see `stochastic.py`."""

from __future__ import annotations

import sys
import time

import numpy as np
from sgamesolver import SGame
from sgamesolver.homotopy import QRE


def main(source: str, target: str, seconds: float, tolerance: float) -> None:
    """Solve the games of one .npz file until the seconds are spent."""
    games = np.load(source)
    payoffs, prob, discount = games["payoffs"], games["prob"], float(games["discount"])
    worlds, states, players, actions = payoffs.shape[:4]
    strategies = np.full((worlds, states, players, actions), np.nan)
    spent, tried = 0.0, 0
    for world in range(-1, worlds):
        begin = time.process_time()
        homotopy = QRE(SGame(list(payoffs[world]), list(prob[world]), discount))
        homotopy.solver_setup()
        homotopy.solver.verbose = 0
        homotopy.solver.convergence_tol = tolerance
        homotopy.solve()
        if world < 0:  # the first run compiles or loads
            continue
        spent += time.process_time() - begin
        tried += 1
        if homotopy.equilibrium is not None:
            strategies[world] = homotopy.equilibrium.strategies
        if spent > seconds:
            break
    np.savez(target, strategies=strategies[:tried], seconds=spent)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], float(sys.argv[3]), float(sys.argv[4]))
