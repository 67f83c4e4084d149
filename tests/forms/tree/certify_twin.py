"""The certifier once more, slowly: one world, plain Python, straight from the textbook."""

from __future__ import annotations

import math
from functools import cache

import numpy as np

from tenbin.forms.tree.tables import NONE, TreeGame

NEVER = -math.inf


def _log(probability: float) -> float:
    return math.log(probability) if probability > 0 else NEVER


class Assessment:
    """One world's profile, rounded, with the beliefs that it and its witness make."""

    def __init__(self, game: TreeGame, world: int, profile, log_witness, zero: float) -> None:
        self.tree = tree = game.tree
        self.chance, self.payoffs = game.chance[world], game.payoffs[world]
        self.log_witness = [float(x) for x in log_witness]
        self.sigma = [float(x) if x > zero else 0.0 for x in profile]
        for h in range(tree.n_infosets):
            row = self.actions(h)
            total = sum(self.sigma[g] for g in row)
            for g in row:
                self.sigma[g] /= total if total > 0 else 1.0
        self.children = {n: [] for n in range(tree.n_nodes)}
        for n in range(1, tree.n_nodes):
            self.children[int(tree.parent[n])].append(n)
        self.value = cache(self.value)

    def actions(self, h: int) -> range:
        return range(int(self.tree.infoset_start[h]), int(self.tree.infoset_start[h + 1]))

    def path(self, node: int) -> list[int]:
        """The nodes from below the root down to `node`."""
        steps = []
        while node > 0:
            steps.append(node)
            node = int(self.tree.parent[node])
        return steps[::-1]

    def is_possible(self, node: int) -> bool:
        branches = [int(self.tree.branch[n]) for n in self.path(node)]
        return all(self.chance[c] > 0 for c in branches if c != NONE)

    def log_reach(self, node: int, player: int, logs: list[float]) -> float:
        """Chance and everybody but `player`, whose own actions cancel."""
        total = 0.0
        for n in self.path(node):
            g, c = int(self.tree.action[n]), int(self.tree.branch[n])
            if c != NONE:
                total += _log(self.chance[c])
            elif self.tree.infoset_player[self.tree.action_infoset[g]] != player:
                total += logs[g]
        return total

    def beliefs(self, h: int) -> dict[int, float]:
        player = int(self.tree.infoset_player[h])
        nodes = [int(n) for n in np.flatnonzero(self.tree.infoset == h) if self.is_possible(int(n))]
        reach = [self.log_reach(n, player, [_log(s) for s in self.sigma]) for n in nodes]
        if nodes and max(reach) == NEVER:
            reach = [self.log_reach(n, player, self.log_witness) for n in nodes]
        weights = [math.exp(r - max(reach)) for r in reach]
        return {n: w / sum(weights) for n, w in zip(nodes, weights, strict=True)}

    def value(self, node: int, player: int) -> float:
        if self.tree.terminal[node] != NONE:
            return float(self.payoffs[self.tree.terminal[node], player])
        total = 0.0
        for n in self.children[node]:
            g, c = int(self.tree.action[n]), int(self.tree.branch[n])
            probability = self.chance[c] if c != NONE else self.sigma[g]
            total += probability * self.value(n, player) if probability > 0 else 0.0
        return total

    def utility(self, g: int, beliefs: dict[int, float], player: int) -> float:
        below = {int(self.tree.parent[n]): int(n) for n in np.flatnonzero(self.tree.action == g)}
        return sum(weight * self.value(below[n], player) for n, weight in beliefs.items())

    def scale(self) -> float:
        ends = [n for n in range(self.tree.n_nodes) if self.tree.terminal[n] != NONE]
        rows = [self.payoffs[self.tree.terminal[n]] for n in ends if self.is_possible(n)]
        spread = max(max(column) - min(column) for column in zip(*rows, strict=True))
        return float(spread) if spread > 0 else 1.0

    def judge(self) -> tuple[float, float]:
        """Residual and margin."""
        residual, margin = 0.0, math.inf
        for h in range(self.tree.n_infosets):
            beliefs = self.beliefs(h)
            if not beliefs:
                continue
            player = int(self.tree.infoset_player[h])
            utilities = {g: self.utility(g, beliefs, player) for g in self.actions(h)}
            best = max(utilities.values())
            played = sum(self.sigma[g] * u for g, u in utilities.items())
            residual = max(residual, best - played)
            unused = [best - u for g, u in utilities.items() if self.sigma[g] == 0]
            margin = min([margin, *unused])
        return residual / self.scale(), margin / self.scale()


def certify_slowly(
    game: TreeGame, world: int, profile, log_witness, tolerance: float, played: float
) -> tuple[float, float]:
    """Residual and margin of one profile, with the second look at rare actions."""
    first = Assessment(game, world, profile, log_witness, played).judge()
    if first[0] <= tolerance or not any(0 < p <= played for p in profile):
        return first
    second = Assessment(game, world, profile, log_witness, 0.0).judge()
    return second if second[0] < first[0] else first
