"""Conflicts with uncertain weights: orders, equilibria and certificate, in time and memory.

Three players own ten yes/no options (1,024 states); each weighs a dozen conditions, uncertain
anew in every world, so that nearly every world ranks the states in an order of its own. A conflict
of the size that texts show (five options, 32 states) stands beside it: there many worlds share an
order. The peer is the same definition in plain Python, world by world, as far as the time allows.

    python benchmarks/conflict.py [--worlds N] [--options O] [--coalitions] [--seconds S]
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from tenbin.forms.conflict.certify import certify_conflict
from tenbin.forms.conflict.game import BoundConflict
from tenbin.forms.conflict.room import ROOM
from tenbin.forms.contract import SolverOptions
from tenbin.scenario.reading import load_data

PLAYERS = ("A", "B", "C")
CONDITIONS = 12


def make_scenario(options: int, coalitions: bool, seed: int) -> Any:
    """A scenario of three players; weights w0, w1, ... are its uncertainties."""
    rng = np.random.default_rng(seed)
    names = [f"o{n}" for n in range(options)]
    owners = {name: PLAYERS[n % 3] for n, name in enumerate(names)}
    weights: dict[str, dict[str, str]] = {}
    for number, player in enumerate(PLAYERS):
        found: dict[str, str] = {}
        while len(found) < CONDITIONS:
            one, two = rng.choice(names, 2, replace=False)
            joint = rng.choice(["and", "or", "and not"])
            text = f"{one} {joint} {two}" if len(found) % 2 else f"{one}"
            found.setdefault(text, f"w{number * CONDITIONS + len(found)}")
            if len(found) >= options and options < CONDITIONS:
                break
        weights[player] = found
    used = [name for its in weights.values() for name in its.values()]
    model: dict[str, Any] = {
        "form": "conflict",
        "options": owners,
        "start": [],
        "preferences": {player: {"weights": its} for player, its in weights.items()},
    }
    if coalitions:
        model["coalitions"] = "all"
    return load_data(
        {
            "tenbin": 1,
            "title": "benchmark",
            "players": {player: player for player in PLAYERS},
            "uncertainties": {name: {"range": "-1..1"} for name in used},
            "models": {"m": model},
        }
    )


def timed(work: Callable[[], Any]) -> tuple[Any, float, float]:
    """What the work gives, with its CPU and wall seconds."""
    cpu, wall = time.process_time(), time.perf_counter()
    found = work()
    return found, time.process_time() - cpu, time.perf_counter() - wall


def plain_seq(bound: BoundConflict, world: int) -> list[int]:
    """Sequentially stable equilibria of one world, by sets and loops."""
    graph = bound.game.graph
    values = [p.payoffs(slice(world, world + 1))[0].tolist() for p in bound.game.preferences]
    moves = [[graph.moves(p, s).tolist() for s in range(graph.n_states)] for p in range(3)]
    found = range(graph.n_states)
    for player in range(3):
        others = [p for p in range(3) if p != player]
        found = [s for s in found if _stable(player, others, s, moves, values)]
    return list(found)


def _stable(
    player: int, others: list[int], s: int, moves: list[list[list[int]]], values: list[list[float]]
) -> bool:
    own = values[player]
    for x in moves[player][s]:
        if own[x] <= own[s]:
            continue
        seen: set[tuple[int, int]] = set()
        waiting, sanctioned = [(x, -1)], False
        while waiting and not sanctioned:
            state, last = waiting.pop()
            for p in others:
                for t in moves[p][state] if p != last else ():
                    if values[p][t] > values[p][state] and (t, p) not in seen:
                        seen.add((t, p))
                        waiting.append((t, p))
                        sanctioned |= own[t] <= own[s]
        if not sanctioned:
            return False
    return True


def measure(options: int, worlds: int, coalitions: bool, seconds: float) -> None:
    """One line of the table, and the peer's."""
    scenario = make_scenario(options, coalitions, seed=1)
    model = ROOM.compile(scenario, "m", {})
    rng = np.random.default_rng(2)
    draws = {name: rng.uniform(-1, 1, worlds) for name in sorted(model.names)}
    bound, bind_cpu, _ = timed(lambda: ROOM.bind(model, draws, {}, worlds))
    game = bound.game
    chosen = SolverOptions(concept="seq", threads=1)
    solution, solve_cpu, _ = timed(lambda: ROOM.solve(bound, chosen))
    _, _, two_wall = timed(lambda: ROOM.solve(bound, SolverOptions(concept="seq", threads=2)))
    certificate, certify_cpu, _ = timed(lambda: certify_conflict(game, solution, 1e-6))
    certified = float((certificate.certified == solution.found).all(axis=1).mean())
    begin, tried = time.process_time(), 0
    while tried < worlds and time.process_time() - begin < seconds and not coalitions:
        state = solution.state[tried]
        assert sorted(state[state >= 0].tolist()) == plain_seq(bound, tried)
        tried += 1
    peer = (time.process_time() - begin) / max(tried, 1)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    what = "with coalitions" if coalitions else "players alone"
    print(f"{model.graph.n_states} states, {worlds:,} worlds, {what}: {game.n_orders:,} orders")
    print(f"  equilibria a world, mean and most  {solution.found.sum(1).mean():8.1f}", end="")
    print(f" {solution.found.shape[1]:6d}")
    print(f"  ranking (bind), CPU s              {bind_cpu:8.2f}")
    print(
        f"  all four stabilities, CPU s        {solve_cpu:8.2f}   two threads, wall {two_wall:.2f}"
    )
    print(f"  certificate of seq, CPU s          {certify_cpu:8.2f}   certified {certified:.2%}")
    print(f"  largest memory so far, GiB         {memory:8.2f}")
    if tried:
        ours = (bind_cpu + solve_cpu) / worlds
        print(f"  plain Python, seq: {tried} worlds, {peer:.3f} s each, ratio {peer / ours:,.0f}")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=int, default=10_000)
    parser.add_argument("--options", type=int, nargs="*", default=[5, 10])
    parser.add_argument("--coalitions", action="store_true")
    parser.add_argument("--seconds", type=float, default=10.0, help="the peer's")
    arguments = parser.parse_args()
    ROOM.prepare(lambda text: print(text))
    for options in arguments.options:
        measure(options, arguments.worlds, arguments.coalitions, arguments.seconds)


if __name__ == "__main__":
    main()
