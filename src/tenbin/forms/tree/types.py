"""Types of a file: independent tables, or one joint table, as lotteries over combinations."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import product
from math import prod

from tenbin.errors import nearest
from tenbin.forms.tree.rules import JointType, Lottery
from tenbin.forms.tree.spec import TreeSpec

__all__ = ["MAX_TYPES", "TypeReader"]

MAX_TYPES = 10_000
"""Combinations of types of one model, at most: each has a terminal node at least."""

_ADVICE = "Write `{name: probability, other: rest}`, or list `joint_types`."

Drawn = tuple[tuple[Lottery, ...], tuple[JointType, ...]]
Chance = tuple[float | str, tuple[str | int, ...]]
"""A probability and where it stands."""


class TypeReader:
    """Reads `types` and `joint_types`; `lottery` and `problem` are the model reader's."""

    def __init__(
        self,
        spec: TreeSpec,
        players: Sequence[str],
        types: Sequence[tuple[str, ...]],
        lottery: Callable[..., Lottery],
        problem: Callable[..., None],
    ) -> None:
        self.spec, self.players, self.types = spec, players, types
        self.lottery, self.problem = lottery, problem

    def read(self) -> Drawn:
        """The lotteries that draw the types, and the combinations that can occur."""
        self._check_titles()
        for player, table in self.spec.types.items():
            if not table:
                self.problem(("types", player), f"{player} needs at least one type")
            if len(set(table)) < len(table):
                self.problem(("types", player), f"a type of {player} is listed twice")
        if self.spec.joint_types:
            return self._joint_table()
        return self._independent_types()

    def _check_titles(self) -> None:
        """Titles belong to types that there are."""
        for player, titles in self.spec.type_titles.items():
            if player not in self.spec.types:
                what = f"'{player}' has no types that could have titles"
                self.problem(("type_titles", player), what, player, tuple(self.spec.types))
                continue
            for name in titles:
                if name not in self.spec.types[player]:
                    what = f"unknown type '{name}' of {player}"
                    allowed = tuple(self.spec.types[player])
                    self.problem(("type_titles", player, name), what, name, allowed)

    def _independent_types(self) -> Drawn:
        lotteries: list[Lottery] = []
        typed: list[int] = []
        for number, player in enumerate(self.players):
            table = self.spec.types.get(player)
            if not table:
                continue
            if isinstance(table, list):
                what = f"the types of {player} have no probabilities"
                self.problem(("types", player), what, advice=_ADVICE)
                table = {name: ("rest" if not i else 0) for i, name in enumerate(table)}
            entries = [(p, ("types", player, name)) for name, p in table.items()]
            lotteries.append(self.lottery(entries, f"types of {player}", "types", player))
            typed.append(number)
        if prod(len(self.types[number]) for number in typed) > MAX_TYPES:
            what = f"more than {MAX_TYPES} combinations of types"
            self.problem(("types",), what, advice="Merge types, or list `joint_types`.")
            return (), ()
        joint: list[JointType] = []
        for chosen in product(*(range(len(self.types[number])) for number in typed)):
            types: list[str | None] = [None] * len(self.players)
            for number, entry in zip(typed, chosen, strict=True):
                types[number] = self.types[number][entry]
            joint.append(JointType(tuple(types), tuple(enumerate(chosen))))
        return tuple(lotteries), tuple(joint)

    def _joint_table(self) -> Drawn:
        joint: list[JointType] = []
        entries: list[Chance] = []
        listed: set[tuple[str | None, ...]] = set()
        typed = [player for player in self.players if player in self.spec.types]
        for player in typed:
            if isinstance(self.spec.types[player], dict):
                what = f"the types of {player} have probabilities of their own and a joint table"
                advice = f"Write `{player}: [{', '.join(self.spec.types[player])}]`."
                self.problem(("types", player), what, advice=advice)
        for row, cells in enumerate(self.spec.joint_types):
            types = self._joint_row(row, cells, typed)
            if types in listed:
                self.problem(("joint_types", row), "this combination of types stands twice")
            listed.add(types)
            joint.append(JointType(types, ((0, row),)))
            entries.append((cells.get("p", "rest"), ("joint_types", row, "p")))
        return (self.lottery(entries, "joint types", "joint_types"),), tuple(joint)

    def _joint_row(
        self, row: int, cells: Mapping[str, float | str], typed: Sequence[str]
    ) -> tuple[str | None, ...]:
        types: list[str | None] = [None] * len(self.players)
        for key in cells:
            if key not in typed and key != "p":
                allowed = (*typed, "p")
                self.problem(("joint_types", row, key), f"unknown player '{key}'", key, allowed)
        for key in (*typed, "p"):
            if key not in cells:
                self.problem(("joint_types", row), f"the key '{key}' is missing in this row")
        for player in typed:
            allowed = tuple(self.spec.types[player])
            name = str(cells.get(player, next(iter(allowed), "")))
            if name not in allowed:
                what = f"unknown type '{name}' of {player}"
                self.problem(("joint_types", row, player), what, name, allowed)
                name = nearest(name, allowed) or next(iter(allowed), "")
            types[self.players.index(player)] = name
        return tuple(types)
