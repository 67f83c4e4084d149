"""Random games of many shapes as text in Gambit's format: everybody reads the same numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

__all__ = ["SHAPES", "Shape"]

Generator = np.random.Generator
Node = Any
"""`("end", payoffs)`, `("chance", [(weight, node), ...])`, `("move", player, key, [node, ...])`."""


@dataclass(frozen=True)
class Shape:
    """A kind of random game: how its tree is drawn. `one_shot`: two players, a matrix."""

    name: str
    players: int
    draw: Callable[[Generator], Node]
    one_shot: bool = False

    def text(self, seed: int) -> str:
        """A game of this shape as a `.efg` file."""
        return efg(self.draw(np.random.default_rng(seed)), self.players)


def efg(root: Node, players: int) -> str:
    """A nested tree in Gambit's format."""
    names = " ".join(f'"P{i + 1}"' for i in range(players))
    lines, known = [f'EFG 2 R "" {{ {names} }}', '""'], dict[tuple[int, str], int]()
    counts, ends, draws = [0] * players, 0, 0
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node[0] == "end":
            ends += 1
            lines.append(f't "" {ends} "" {{ {" ".join(map(str, node[1]))} }}')
            continue
        if node[0] == "chance":
            draws += 1
            total = sum(weight for weight, _ in node[1])
            parts = " ".join(f'"{i + 1}" {weight}/{total}' for i, (weight, _) in enumerate(node[1]))
            lines.append(f'c "" {draws} "" {{ {parts} }} 0')
            below = [child for _, child in node[1]]
        else:
            _, player, key, below = node
            if (player, key) not in known:
                counts[player] += 1
                known[player, key] = counts[player]
            labels = " ".join(f'"{"abcdefgh"[i]}"' for i in range(len(below)))
            lines.append(f'p "" {player + 1} {known[player, key]} "" {{ {labels} }} 0')
        waiting += reversed(below)
    return "\n".join(lines) + "\n"


def decimals(rng: Generator, players: int) -> Node:
    """An end with payoffs of three decimals."""
    return ("end", [round(float(x), 3) for x in rng.normal(size=players)])


def whole(rng: Generator, players: int) -> Node:
    """An end with payoffs of few values, so that there are ties."""
    return ("end", rng.integers(-2, 3, players).tolist())


End = Callable[[Generator, int], Node]


def simultaneous(*sizes: int, end: End = decimals) -> Callable[[Generator], Node]:
    """One move of each player, nobody seeing another's."""

    def draw(rng: Generator, player: int = 0) -> Node:
        if player == len(sizes):
            return end(rng, len(sizes))
        return ("move", player, "", [draw(rng, player + 1) for _ in range(sizes[player])])

    return draw


def grown(
    players: int, depth: int, *, hidden: float = 0.0, chance: float = 0.0, end: End = decimals
) -> Callable[[Generator], Node]:
    """A tree that grows at random; information sets are what their player has seen."""

    def draw(rng: Generator) -> Node:
        sizes: dict[tuple[int, str], int] = {}

        def grow(left: int, seen: Mapping[int, str]) -> Node:
            if left == 0 or (left < depth and rng.random() < 0.15):
                return end(rng, players)
            if left > 1 and rng.random() < chance:
                watcher = int(rng.integers(players))
                weights = rng.integers(1, 10, 2).tolist()
                below = [{**seen, watcher: seen[watcher] + mark} for mark in "uv"]
                return (
                    "chance",
                    [(w, grow(left - 1, s)) for w, s in zip(weights, below, strict=True)],
                )
            player = int(rng.integers(players))
            key = seen[player]
            size = sizes.setdefault((player, key), int(rng.integers(2, 4)))
            blind = [i != player and rng.random() < hidden for i in range(players)]
            below = [
                {i: s if blind[i] else f"{s}{player}{a}" for i, s in seen.items()}
                for a in "abc"[:size]
            ]
            return ("move", player, key, [grow(left - 1, s) for s in below])

        while True:
            root = grow(depth, dict.fromkeys(range(players), ""))
            if root[0] == "move":
                return root

    return draw


def signalling(rng: Generator) -> Node:
    """A sender of two types, two messages, two replies by a receiver who sees no type."""

    def reply(message: int) -> Node:
        return ("move", 1, f"{message}", [decimals(rng, 2), decimals(rng, 2)])

    weights = rng.integers(1, 10, 2).tolist()
    senders = [("move", 0, f"type {t}", [reply(0), reply(1)]) for t in range(2)]
    return ("chance", list(zip(weights, senders, strict=True)))


def crisis(rng: Generator) -> Node:
    """A challenge, an answer and a last word, two private types on each side: 16 ends."""

    def last(c: int) -> Node:
        return ("move", 0, f"last {c}", [decimals(rng, 2), decimals(rng, 2)])

    def answer(c: int, d: int) -> Node:
        return ("move", 1, f"answer {d}", [decimals(rng, 2), last(c)])

    weights = rng.integers(1, 10, 4).tolist()
    games = [
        ("move", 0, f"first {c}", [decimals(rng, 2), answer(c, d)]) for c in (0, 1) for d in (0, 1)
    ]
    return ("chance", list(zip(weights, games, strict=True)))


def entry_then_duel(rng: Generator) -> Node:
    """One player stays out or enters, then both move at once."""

    def column(key: str) -> Node:
        return ("move", 1, key, [decimals(rng, 2), decimals(rng, 2)])

    def duel(key: str) -> Node:
        return ("move", 0, key, [column(key), column(key)])

    return ("move", 0, "", [decimals(rng, 2), duel("left"), duel("right")])


SHAPES = (
    Shape("one-shot 2x2", 2, simultaneous(2, 2), one_shot=True),
    Shape("one-shot 3x3", 2, simultaneous(3, 3), one_shot=True),
    Shape("one-shot 4x4", 2, simultaneous(4, 4), one_shot=True),
    Shape("one-shot 3x3 with ties", 2, simultaneous(3, 3, end=whole), one_shot=True),
    Shape("perfect information", 2, grown(2, 3)),
    Shape("perfect information, chance, 3 players", 3, grown(3, 3, chance=0.3)),
    Shape("signalling", 2, signalling),
    Shape("crisis, two types a side", 2, crisis),
    Shape("entry, then simultaneous", 2, entry_then_duel),
    Shape("hidden moves", 2, grown(2, 3, hidden=0.6)),
    Shape("hidden moves, chance, ties", 2, grown(2, 3, hidden=0.5, chance=0.3, end=whole)),
    Shape("one-shot 2x2x2", 3, simultaneous(2, 2, 2)),
    Shape("hidden moves, 3 players", 3, grown(3, 3, hidden=0.6)),
)
