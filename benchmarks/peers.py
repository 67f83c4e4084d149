"""The peer, pygambit, on our games: written as `.efg` text, read, solved, and timed alone."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from games import GRAINS
from numpy.typing import NDArray

from tenbin.forms.tree.tables import NONE, TreeGame

__all__ = ["PeerTime", "as_gambit", "logit_rows", "peer_order", "spread", "time_peer"]


def as_gambit(game: TreeGame, world: int) -> Any:
    """One world as a game of pygambit, with the same numbers."""
    import pygambit

    tree = game.tree
    children: list[list[int]] = [[] for _ in range(tree.n_nodes)]
    for node in range(1, tree.n_nodes):
        children[tree.parent[node]].append(node)
    lines = ['EFG 2 R "world" { ' + " ".join(f'"{name}"' for name in tree.players) + " }"]
    for node in range(tree.n_nodes):
        z, h = int(tree.terminal[node]), int(tree.infoset[node])
        if z != NONE:
            payoffs = ", ".join(repr(float(x)) for x in game.payoffs[world, z])
            lines.append(f't "" {z + 1} "z{z}" {{ {payoffs} }}')
        elif h != NONE:
            player = int(tree.infoset_player[h])
            number = int((tree.infoset_player[: h + 1] == player).sum())
            start, stop = int(tree.infoset_start[h]), int(tree.infoset_start[h + 1])
            labels = " ".join(f'"a{g}"' for g in range(start, stop))
            lines.append(f'p "" {player + 1} {number} "h{h}" {{ {labels} }} 0')
        else:
            shares = [int(game.chance[world, tree.branch[n]] * GRAINS) for n in children[node]]
            labels = " ".join(f'"b{i}" {share}/{GRAINS}' for i, share in enumerate(shares))
            lines.append(f'c "" {node + 1} "" {{ {labels} }} 0')
    return pygambit.read_efg(io.StringIO("\n".join(lines) + "\n"))


def peer_order(game: TreeGame) -> NDArray[np.intp]:
    """Our actions [G] in the order in which pygambit lists them: by player, then infoset."""
    owner = game.tree.infoset_player[game.tree.action_infoset]
    return np.argsort(owner, kind="stable")


def logit_rows(game: TreeGame, world: int, precision: float) -> NDArray[np.float64]:
    """The peer's logit equilibrium [G] at a finite precision, in our order."""
    from pygambit.qre import logit_solve_lambda

    row = logit_solve_lambda(as_gambit(game, world), precision)[0]
    found = np.empty(game.tree.n_actions)
    found[peer_order(game)] = [row[i] for i in range(len(row))]
    return found


def spread(game: TreeGame) -> NDArray[np.float64]:
    """The payoff range of each world [W]: the widest spread of any player's payoffs."""
    return np.ptp(game.payoffs, axis=1).max(axis=1)


@dataclass(frozen=True)
class PeerTime:
    """Worlds tried, CPU seconds of solving alone, and worlds solved to 1e-6 of the payoff range:
    by a player's gain from another plan (`nash`), and from another action at any information set
    (`agents`).
    """

    tried: int
    seconds: float
    nash: int
    agents: int

    @property
    def nash_rate(self) -> float:
        """Nash equilibria per CPU second."""
        return self.nash / self.seconds

    @property
    def agents_rate(self) -> float:
        """Worlds solved at every information set per CPU second."""
        return self.agents / self.seconds


def time_peer(game: TreeGame, worlds: int, solve: Callable[[Any], Any], seconds: float) -> PeerTime:
    """Solve worlds one after the other, until `seconds` are spent however many are left."""
    tried = nash = agents = 0
    spent = 0.0
    for world in range(min(worlds, game.n_worlds)):
        ours = as_gambit(game, world)
        begin = time.process_time()
        profile = solve(ours)
        spent += time.process_time() - begin
        tried += 1
        if profile is not None:
            allowed = 1e-6 * spread(game)[world]
            nash += profile.max_regret() <= allowed
            agents += profile.agent_max_regret() <= allowed
        if spent > seconds:
            break
    return PeerTime(tried, spent, nash, agents)
