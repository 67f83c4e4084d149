"""Backward induction against pygambit's `lcp_solve` and against NumPy written by hand, in one run.

A tree of six moves in turn, two actions each, 64 terminal nodes. Ours and NumPy's find the best
action at every node. `lcp_solve`, in floating point, finds some Nash equilibrium: it is counted as
solved where nobody gains more than 1e-6 by another plan, though threats off the path may not be
credible (that share is printed too). The certificate is timed apart.

    python benchmarks/perfect.py [--worlds N] [--seconds S]
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from games import make_six_moves
from numpy.typing import NDArray
from peers import time_peer

from tenbin.forms.contract import SolverOptions
from tenbin.forms.tree.certify import certify_tree
from tenbin.forms.tree.solvers.perfect import solve_perfect
from tenbin.forms.tree.tables import NONE, TreeGame

MOVES = 6
BATCH = 10_000
"""Worlds at a time, for everybody: about a chunk of a run."""


def solve_by_lcp(game: Any) -> Any:
    """The peer's equilibrium; None if it fails."""
    from pygambit.nash import lcp_solve

    try:
        return lcp_solve(game, rational=False).equilibrium
    except (RuntimeError, ValueError):
        return None


def by_hand(payoffs: NDArray[np.float64]) -> list[NDArray[np.bool_]]:
    """Whether the right action is the better [W, nodes], for each depth from the last up."""
    choices = []
    for depth in reversed(range(MOVES)):
        left, right = payoffs[:, 0::2], payoffs[:, 1::2]
        better = right[..., depth % 2] > left[..., depth % 2]
        payoffs = np.where(better[..., None], right, left)
        choices.append(better)
    return choices


def profile_by_hand(game: TreeGame) -> NDArray[np.float64]:
    """The same as probabilities [W, G], with depths and nodes put back into preorder."""
    tree = game.tree
    depth = np.zeros(tree.n_nodes, dtype=int)
    for node in range(1, tree.n_nodes):
        depth[node] = depth[tree.parent[node]] + 1
    choices = by_hand(game.payoffs)
    profile = np.zeros((game.n_worlds, tree.n_actions))
    for d in range(MOVES):
        nodes = np.flatnonzero((depth == d) & (tree.infoset != NONE))
        first = tree.infoset_start[tree.infoset[nodes]]
        right = choices[MOVES - 1 - d]
        profile[:, first + 1] = right
        profile[:, first] = ~right
    return profile


def rate(work: Callable[[TreeGame], Any], batches: list[TreeGame]) -> float:
    """Worlds per CPU second over all batches, the best of three runs."""
    best = np.inf
    for _ in range(3):
        begin = time.process_time()
        for game in batches:
            work(game)
        best = min(best, time.process_time() - begin)
    return sum(game.n_worlds for game in batches) / best


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=int, default=100_000, help="worlds, ours and NumPy's")
    parser.add_argument("--seconds", type=float, default=15.0, help="the peer's")
    arguments = parser.parse_args()
    game = make_six_moves(BATCH, seed=1)
    options = SolverOptions(concept="perfect", threads=1)
    solution = solve_perfect(game, options)
    certified = certify_tree(game, solution, 1e-6).certified.mean()
    batches = [make_six_moves(BATCH, seed) for seed in range(max(1, arguments.worlds // BATCH))]
    ours = rate(lambda game: solve_perfect(game, options), batches)
    hand = rate(lambda game: by_hand(game.payoffs), batches)
    whole = rate(profile_by_hand, batches)
    check = rate(lambda game: certify_tree(game, solution, 1e-6), [game])
    peer = time_peer(game, BATCH, solve_by_lcp, arguments.seconds)
    same = np.array_equal(profile_by_hand(game), solution.profile[:, 0])
    print(f"worlds per CPU second; ours {certified:.2%} certified")
    print(f"ours (strategies and witness) {ours:>12,.0f}")
    print(f"NumPy by hand, strategies     {whole:>12,.0f}   ours / it {ours / whole:.2f}")
    print(f"NumPy by hand, choices only   {hand:>12,.0f}   ours / it {ours / hand:.2f}")
    print(f"lcp_solve                     {peer.nash_rate:>12,.2f}   ours / it ", end="")
    print(f"{ours / peer.nash_rate if peer.nash else np.inf:,.0f}")
    print(f"    {peer.tried} worlds: {peer.nash} Nash, {peer.agents} credible at every node")
    print(f"the certificate               {check:>12,.0f}")
    print(f"same strategies as NumPy by hand: {'yes' if same else 'NO'}")


if __name__ == "__main__":
    main()
