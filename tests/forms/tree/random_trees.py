"""Random extensive games with perfect recall, of many shapes, for property tests and attacks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from forms.tree.hand_made import make_game
from tenbin.forms.tree.tables import TreeGame


@dataclass(frozen=True)
class Shape:
    """What a random game may look like."""

    players: int = 2
    depth: int = 4
    most_actions: int = 3
    chance: float = 0.3
    hidden: float = 0.4
    types: bool = True
    integers: bool = False
    zero_chance: float = 0.0
    scale: float = 1.0


class _Grower:
    """Grows a tree whose information sets are derived from what each player has seen."""

    def __init__(self, rng: np.random.Generator, shape: Shape) -> None:
        self.rng, self.shape = rng, shape
        self.names = [f"P{i}" for i in range(shape.players)]
        self.moves: dict[tuple[str, str], int] = {}

    def payoffs(self) -> tuple[float, ...]:
        if self.shape.integers:
            values = self.rng.integers(-2, 3, self.shape.players).astype(float)
        else:
            values = self.rng.normal(size=self.shape.players)
        return tuple((self.shape.scale * values).tolist())

    def chances(self, n: int) -> list[float]:
        weights = self.rng.random(n) + 0.05
        if self.rng.random() < self.shape.zero_chance:
            weights[self.rng.integers(n)] = 0.0
        return (weights / weights.sum()).tolist()

    def grow(self, depth: int, seen: tuple[str, ...]) -> Any:
        """A subtree; `seen` is what each player knows of the play so far."""
        rng, shape = self.rng, self.shape
        if depth == 0 or (depth < shape.depth and rng.random() < 0.15):
            return self.payoffs()
        if rng.random() < shape.chance and depth > 1:
            watcher = int(rng.integers(shape.players)) if shape.types else -1
            p = self.chances(2)
            return (
                "chance",
                {
                    c: (p[i], self.grow(depth - 1, self._watch(seen, watcher, c)))
                    for i, c in enumerate("uv")
                },
            )
        player = int(rng.integers(shape.players))
        name = f"{self.names[player]}:{seen[player]}"
        n = self.moves.setdefault((name, ""), int(rng.integers(2, shape.most_actions + 1)))
        blind = [i != player and rng.random() < shape.hidden for i in range(shape.players)]
        below = {}
        for a in "abcd"[:n]:
            known = tuple(s if blind[i] else s + f"{player}{a}" for i, s in enumerate(seen))
            below[a] = self.grow(depth - 1, known)
        return (self.names[player], name, below)

    def _watch(self, seen: tuple[str, ...], watcher: int, label: str) -> tuple[str, ...]:
        return tuple(s + label if i == watcher else s for i, s in enumerate(seen))


def grow_game(seed: int, shape: Shape, worlds: int = 1) -> TreeGame:
    """A random game; further worlds have fresh payoffs on the same structure.

    An information set is what its player has seen, own actions included, so recall is perfect.
    """
    rng = np.random.default_rng(seed)
    grower = _Grower(rng, shape)
    root = grower.grow(shape.depth, ("",) * shape.players)
    while not isinstance(root[0], str):
        root = grower.grow(shape.depth, ("",) * shape.players)
    game = make_game(" ".join(grower.names), root, worlds)
    for w in range(1, worlds):
        for z in range(game.tree.n_terminals):
            game.payoffs[w, z] = grower.payoffs()
    return game


def random_profile(game: TreeGame, rng: np.random.Generator, pure: float) -> np.ndarray:
    """Action probabilities [G]; each information set is pure with probability `pure`."""
    row = np.zeros(game.tree.n_actions)
    for h in range(game.tree.n_infosets):
        start, stop = int(game.tree.infoset_start[h]), int(game.tree.infoset_start[h + 1])
        if rng.random() < pure:
            row[rng.integers(start, stop)] = 1.0
        else:
            weights = rng.random(stop - start) ** 3
            row[start:stop] = weights / weights.sum()
    return row
