"""The games that the benchmarks solve: crises with two private types on each side."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tenbin.forms.tree.tables import NONE, Tree, TreeGame

__all__ = ["CRISES", "GRAINS", "make_crisis", "make_six_moves"]

Play = dict[str, "Play | None"]

CRISES: dict[int, tuple[Play, dict[tuple[str, ...], str]]] = {}
"""Terminal nodes in all -> what can be played once types are drawn, and who moves after what."""

GRAINS = 2**40
"""Chance probabilities are whole multiples of one over this, so that they sum to one exactly."""

TYPES = ("00", "01", "10", "11")

_LAST: Play = {"back_down": None, "attack": None}

CRISES[16] = (
    {"quiet": None, "probe": {"concede": None, "resist": _LAST}},
    {(): "C", ("probe",): "D", ("probe", "resist"): "C"},
)
CRISES[24] = (
    {"quiet": None, "probe": {"concede": None, "resist": _LAST, "escalate": _LAST}},
    {
        (): "C",
        ("probe",): "D",
        ("probe", "resist"): "C",
        ("probe", "escalate"): "C",
    },
)
CRISES[52] = (
    {
        "quiet": None,
        "probe": {
            "concede": None,
            "resist": {
                "back_down": None,
                "attack": None,
                "escalate": {"yield": None, "fight": None},
            },
            "bargain": {"accept": None, "delay": None, "reject": None},
        },
        "strike": {"yield": None, "defend": _LAST, "retaliate": None},
    },
    {
        (): "C",
        ("probe",): "D",
        ("strike",): "D",
        ("probe", "resist"): "C",
        ("probe", "bargain"): "C",
        ("strike", "defend"): "C",
        ("probe", "resist", "escalate"): "D",
    },
)


class _Grower:
    """Nodes in preorder, information sets by mover, own type and what was played."""

    def __init__(self, movers: dict[tuple[str, ...], str]) -> None:
        self.movers = movers
        self.rows: list[tuple[int, str | None, int, str | None]] = []
        self.actions: dict[str, tuple[str, ...]] = {}

    def add(
        self, play: Play | None, types: str, path: tuple[str, ...], parent: int, how: str
    ) -> None:
        node = len(self.rows)
        infoset = None
        if play is not None:
            mover = self.movers[path]
            infoset = f"{mover}{types['CD'.index(mover)]}|{' '.join(path)}"
            self.actions[infoset] = tuple(play)
        self.rows.append((parent, how or None, NONE if path else TYPES.index(types), infoset))
        for action, below in (play or {}).items():
            self.add(below, types, (*path, action), node, f"{infoset}.{action}")


def make_crisis(terminals: int, worlds: int, seed: int) -> TreeGame:
    """Random crises: a challenger C and a defender D, each of two types, drawn independently."""
    play, movers = CRISES[terminals]
    grower = _Grower(movers)
    grower.rows.append((NONE, None, NONE, None))
    for types in TYPES:
        grower.add(play, types, (), 0, "")
    tree = _tree(grower, ("C", "D"))
    rng = np.random.default_rng(seed)
    c, d = rng.uniform(0.1, 0.9, (2, worlds))
    chance = np.stack([c * d, c * (1 - d), (1 - c) * d, (1 - c) * (1 - d)], axis=1)
    chance = np.round(chance * GRAINS) / GRAINS
    chance[:, 3] = 1.0 - chance[:, :3].sum(axis=1)
    payoffs = rng.normal(size=(worlds, tree.n_terminals, 2))
    return TreeGame(tree, chance, payoffs, np.ones(worlds, dtype=np.bool_))


def make_six_moves(worlds: int, seed: int, moves: int = 6) -> TreeGame:
    """Perfect information: two players in turn, two actions each time, random payoffs."""
    grower = _Grower({})

    def grow(depth: int, path: str, parent: int, how: str | None) -> None:
        node = len(grower.rows)
        infoset = f"at {path}" if depth < moves else None
        grower.rows.append((parent, how, NONE, infoset))
        if infoset:
            grower.actions[infoset] = ("l", "r")
            for action in "lr":
                grow(depth + 1, path + action, node, f"{infoset}.{action}")

    grow(0, "", NONE, None)
    tree = _tree(grower, ("one", "two"), by_depth=True)
    payoffs = np.random.default_rng(seed).normal(size=(worlds, tree.n_terminals, 2))
    chance = np.zeros((worlds, 0))
    return TreeGame(tree, chance, payoffs, np.ones(worlds, dtype=np.bool_))


def _tree(grower: _Grower, players: tuple[str, str], *, by_depth: bool = False) -> Tree:
    """Tables from grown rows; the mover is named first in an infoset, or moves in turn."""
    infosets = list(grower.actions)
    names = [f"{h}.{a}" for h in infosets for a in grower.actions[h]]
    number = {name: g for g, name in enumerate(names)}
    parent, how, branch, held = (list(column) for column in zip(*grower.rows, strict=True))
    ends = iter(range(len(parent)))
    inner = set(parent)

    def ints(values: list[int]) -> NDArray[np.int32]:
        return np.array(values, dtype=np.int32)

    def owner(name: str) -> int:
        return (len(name) - len("at ")) % 2 if by_depth else "CD".index(name[0])

    return Tree(
        players=players,
        parent=ints(parent),
        action=ints([NONE if name is None else number[name] for name in how]),
        branch=ints(branch),
        infoset=ints([NONE if name is None else infosets.index(name) for name in held]),
        terminal=ints([NONE if node in inner else next(ends) for node in range(len(parent))]),
        infoset_player=ints([owner(name) for name in infosets]),
        infoset_start=ints(np.cumsum([0] + [len(grower.actions[h]) for h in infosets]).tolist()),
        infoset_names=tuple(infosets),
        action_names=tuple(name.rsplit(".", 1)[1] for name in names),
    )
