"""Pure sequential equilibria from the definition alone, slow: no code shared with the solver."""

from __future__ import annotations

from itertools import product

import numpy as np
from scipy.optimize import linprog

from tenbin.forms.tree.tables import NONE, TreeGame

Profile = tuple[int, ...]
"""The global action at each information set."""


class Twin:
    """One world of a game, walked node by node."""

    def __init__(self, game: TreeGame, world: int = 0) -> None:
        self.tree, self.chance, self.payoffs = game.tree, game.chance[world], game.payoffs[world]
        tree = self.tree
        self.children = [np.flatnonzero(tree.parent == n).tolist() for n in range(tree.n_nodes)]
        self.members = [np.flatnonzero(tree.infoset == h).tolist() for h in range(tree.n_infosets)]
        self.actions = [
            range(int(tree.infoset_start[h]), int(tree.infoset_start[h + 1]))
            for h in range(tree.n_infosets)
        ]

    def profiles(self) -> list[Profile]:
        return list(product(*self.actions))

    def value(self, node: int, profile: Profile) -> np.ndarray:
        tree = self.tree
        if tree.terminal[node] != NONE:
            return self.payoffs[tree.terminal[node]]
        if tree.infoset[node] == NONE:
            return sum(
                self.chance[tree.branch[c]] * self.value(c, profile) for c in self.children[node]
            )
        chosen = profile[tree.infoset[node]]
        return next(self.value(c, profile) for c in self.children[node] if tree.action[c] == chosen)

    def gains(self, h: int, profile: Profile) -> np.ndarray:
        """What the action of the profile brings more than each other, at each node of h."""
        player = self.tree.infoset_player[h]
        worth = np.array(
            [[self.value(c, profile)[player] for c in self.children[n]] for n in self.members[h]]
        )
        own = profile[h] - self.actions[h][0]
        return np.delete(worth[:, [own]] - worth, own, axis=1)

    def weights(self, nodes: list[int], profile: Profile, tremble: dict[int, float]) -> np.ndarray:
        """The probability of each node where unplayed actions have the trembles' probability."""
        found = []
        for node in nodes:
            weight = 1.0
            while self.tree.parent[node] != NONE:
                action, branch = int(self.tree.action[node]), int(self.tree.branch[node])
                if branch != NONE:
                    weight *= self.chance[branch]
                elif action not in profile:
                    weight *= tremble[action]
                node = int(self.tree.parent[node])
            found.append(weight)
        return np.array(found)

    def is_sequential(self, profile: Profile, tremble: dict[int, float]) -> bool:
        """Whether the profile is rational with the beliefs in which these trembles almost end."""
        for h, nodes in enumerate(self.members):
            weights = self.weights(nodes, profile, tremble)
            belief = weights / weights.sum()
            if (belief @ self.gains(h, profile) < -1e-6).any():
                return False
        return True

    def is_rational_somehow(self, profile: Profile) -> bool:
        """Whether every action is best under some belief; beliefs on the path follow Bayes."""
        never = dict.fromkeys(range(self.tree.n_actions), 0.0)
        for h, nodes in enumerate(self.members):
            gains = self.gains(h, profile)
            weights = self.weights(nodes, profile, never)
            if weights.sum() > 0:
                if (weights / weights.sum() @ gains < -1e-9).any():
                    return False
            elif gains.size and not _some_belief(gains):
                return False
        return True


def _some_belief(gains: np.ndarray) -> bool:
    """Whether some belief over the rows makes every column of gains non-negative."""
    rows = len(gains)
    found = linprog(
        np.zeros(rows), A_ub=-gains.T, b_ub=np.full(gains.shape[1], 1e-9),
        A_eq=np.ones((1, rows)), b_eq=[1.0],
    )  # fmt: skip
    return found.status == 0


def twin_equilibria(game: TreeGame, world: int = 0) -> tuple[set[Profile], set[Profile]]:
    """Profiles that some tried trembles justify, and those that some beliefs allow.

    Every pure sequential equilibrium is in the second set; every profile in the first is one.
    """
    twin = Twin(game, world)
    inside: set[Profile] = set()
    outside: set[Profile] = set()
    for profile in twin.profiles():
        if not twin.is_rational_somehow(profile):
            continue
        outside.add(profile)
        unplayed = [g for g in range(game.tree.n_actions) if g not in profile]
        for orders in product((1, 2, 3), repeat=len(unplayed)):
            tremble = {g: 1e-9**k for g, k in zip(unplayed, orders, strict=True)}
            if twin.is_sequential(profile, tremble):
                inside.add(profile)
                break
    return inside, outside


def found_profiles(game: TreeGame, profile: np.ndarray, found: np.ndarray) -> set[Profile]:
    """Pure profiles of a solver [K, G] in the twin's form."""
    start = game.tree.infoset_start
    return {
        tuple(
            int(start[h] + row[start[h] : start[h + 1]].argmax())
            for h in range(game.tree.n_infosets)
        )
        for row, kept in zip(profile, found, strict=True)
        if kept
    }
