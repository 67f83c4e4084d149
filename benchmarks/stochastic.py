"""Markov perfect equilibria against sgamesolver's logit homotopy, in one run; and a cycle game.

Per CPU second of one thread and per world solved to 1e-6 by our certifier. sgamesolver 1.0.2 needs
NumPy 1.26 and is built without build isolation, so it lives in an environment of its own:

    python -m venv sgame
    sgame/bin/pip install "numpy==1.26.4" "pandas<2.3" "scipy<1.15" "setuptools<70" wheel cython
    sgame/bin/pip install --no-build-isolation --no-deps sgamesolver==1.0.2
    python benchmarks/stochastic.py --peer sgame/bin/python
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from forms.stochastic.made_games import cycle_game, random_game
from tenbin.forms.contract import SolverOptions
from tenbin.forms.stochastic.certify import certify_stochastic
from tenbin.forms.stochastic.solvers.markov import solve_markov
from tenbin.forms.stochastic.solvers.warm import warm_up
from tenbin.forms.stochastic.tables import StochasticGame, StochasticSolution

PLAYERS, STATES, ACTIONS, DISCOUNT = 2, 5, 3, 0.9
OPTIONS = SolverOptions(threads=1)
TOLERANCES = (1e-7, 1e-9)
"""The peer's own default, and one at which most of its games are solved to 1e-6."""
FINE = 1e-10


def first(game: StochasticGame, worlds: int) -> StochasticGame:
    """The games of the first worlds."""
    names = ("payoffs", "prob", "discount", "prior", "start", "valid")
    return replace(game, **{name: getattr(game, name)[:worlds] for name in names})


def ask_peer(
    python: str, game: StochasticGame, seconds: float, tolerance: float
) -> tuple[np.ndarray, float]:
    """The peer's strategies [tried, states, players, actions], and the CPU seconds it took."""
    shape = (-1, STATES, ACTIONS, ACTIONS)
    payoffs = np.moveaxis(game.payoffs[..., 0].reshape(*shape, PLAYERS), -1, 2)
    prob = game.prob.reshape(*shape, STATES)
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "games.npz", Path(folder) / "found.npz"
        np.savez(source, payoffs=payoffs, prob=prob, discount=DISCOUNT)
        script = str(Path(__file__).parent / "stochastic_peer.py")
        limits = (str(seconds), str(tolerance))
        subprocess.run([python, script, str(source), str(target), *limits], check=True)
        found = np.load(target)
        return found["strategies"], float(found["seconds"])


def residuals(game: StochasticGame, strategies: np.ndarray) -> np.ndarray:
    """What our certifier finds left to gain in strategies [W, S, P, A], in payoff ranges [W]."""
    worlds = len(strategies)
    profile = strategies.reshape(worlds, 1, 1, -1)
    solution = StochasticSolution(
        structure=game.structure,
        profile=profile,
        value=values_of(game, strategies)[:, None, None, :, :, None],
        posterior=None,
        found=np.isfinite(profile).all(axis=(2, 3)),
        status=np.zeros(worlds, dtype=np.int8),
        complete=np.zeros(worlds, dtype=np.bool_),
        method="sgamesolver",
    )
    return certify_stochastic(first(game, worlds), solution, 1e-6).residual[:, 0]


def compare(python: str, worlds: int, seconds: float) -> None:
    """Both on the same random games: rates per CPU second."""
    game = random_game(1, worlds, PLAYERS, STATES, ACTIONS, DISCOUNT)
    begin = time.process_time()
    solution = solve_markov(game, OPTIONS)
    spent = time.process_time() - begin
    certified = certify_stochastic(game, solution, 1e-6).certified[:, 0]
    ours = certified.sum() / spent
    print(f"ours: {ours:,.0f} worlds per CPU s, {certified.mean():.3%} certified, n = {worlds}")
    if not python:
        return
    for tolerance in TOLERANCES:
        strategies, peer_seconds = ask_peer(python, game, seconds, tolerance)
        tried = len(strategies)
        solved = (residuals(game, strategies) <= 1e-6).sum()
        print(
            f"peer, tolerance {tolerance:.0e}: {tried / peer_seconds:.2f} worlds per CPU s, "
            f"{solved / tried:.1%} of {tried} solved to 1e-6: ours is "
            f"{ours * peer_seconds / tried:,.0f} times as fast per world tried, "
            f"{ours * peer_seconds / max(solved, 1):,.0f} times per world solved (bar 100)"
        )


def agree(python: str, worlds: int) -> None:
    """Values of both where the peer goes on to its highest precision."""
    game = random_game(2, worlds, PLAYERS, STATES, ACTIONS, DISCOUNT)
    ours = solve_markov(game, OPTIONS).value[:, 0, 0, :, :, 0]
    strategies, _ = ask_peer(python, game, np.inf, FINE)
    apart = np.abs(ours - values_of(game, strategies)).max(axis=(1, 2))
    left = residuals(game, strategies)
    print(
        f"values of {worlds} games, peer's tolerance {FINE:.0e}: median difference "
        f"{np.median(apart):.1e}, largest {apart.max():.1e}, within 1e-4 in "
        f"{(apart <= 1e-4).mean():.0%}"
    )
    for world in np.flatnonzero(~(apart <= 1e-4)):
        print(
            f"  world {world}: apart by {apart[world]:.1e}, the peer's residual {left[world]:.1e}"
        )


def values_of(game: StochasticGame, strategies: np.ndarray) -> np.ndarray:
    """Values [W, S, P] of strategies [W, S, P, A], by one linear system per world and player."""
    worlds = len(strategies)
    joint = strategies[:, :, 0, :, None] * strategies[:, :, 1, None, :]
    cells = joint.reshape(worlds, STATES, -1)
    prob = game.prob[:worlds].reshape(worlds, STATES, -1, STATES)
    payoffs = game.payoffs[:worlds, ..., 0].reshape(worlds, STATES, -1, PLAYERS)
    onward = np.einsum("wsq,wsqz->wsz", cells, prob)
    now = np.einsum("wsq,wsqp->wsp", cells, payoffs)
    return np.linalg.solve(np.eye(STATES) - DISCOUNT * onward, now)


def cycle(worlds: int, phases: int, levels: int, actions: tuple[int, int]) -> None:
    """A crisis cycle with a stock that cannot fall, two types and nine beliefs."""
    game = cycle_game(2, worlds, phases=phases, levels=levels, actions=actions)
    began, begin = time.perf_counter(), time.process_time()
    solution = solve_markov(game, SolverOptions(threads=0))
    spent, wall = time.process_time() - begin, time.perf_counter() - began
    certificate = certify_stochastic(game, solution, 1e-6)
    shares = ", ".join(f"{name} {flag.mean():.0%}" for name, flag in solution.flags.items())
    print(
        f"cycle {phases} x {levels} states, {actions} actions, 9 beliefs: "
        f"{worlds / spent:.2f} worlds per CPU s, {wall:.0f} s on all cores for {worlds}, "
        f"{certificate.certified.mean():.2%} certified ({shares})"
    )


def main() -> None:
    """Print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peer", default="", help="the interpreter that has sgamesolver")
    parser.add_argument("--worlds", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=20.0, help="the peer's")
    parser.add_argument(
        "--agreement", type=int, default=100, help="games whose values are compared"
    )
    parser.add_argument("--cycle", type=int, default=64, help="worlds of the cycle game")
    arguments = parser.parse_args()
    warm_up()
    compare(arguments.peer, arguments.worlds, arguments.seconds)
    if arguments.peer and arguments.agreement:
        agree(arguments.peer, arguments.agreement)
    if arguments.cycle:
        cycle(arguments.cycle, 4, 6, (3, 2))
        cycle(arguments.cycle, 5, 6, (2, 2))


if __name__ == "__main__":
    main()
