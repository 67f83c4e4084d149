"""Payoffs and measures given by type: mappings of the file -> `rules.Payoff`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tenbin.forms.tree.rules import ByType, JointType, Payoff
from tenbin.scenario.language import Expression

__all__ = ["PayoffReader"]

Path = tuple[str | int, ...]


class PayoffReader:
    """Reads numbers that may differ by type.

    Keys of one mapping are the types of one player: a player's own types by name, those of any
    player as `PLAYER.type`; `else` covers the types that are not listed. In a measure, which is
    nobody's, a bare name will do where only one player has a type so called.
    """

    def __init__(
        self,
        players: Sequence[str],
        types: Sequence[Sequence[str]],
        joint_types: Sequence[JointType],
        number: Callable[..., Expression],
        problem: Callable[..., None],
    ) -> None:
        self.players, self.types, self.joint_types = players, types, joint_types
        self.number, self.problem = number, problem

    def read(self, given: Any, owner: int | None, path: Path) -> Payoff:
        """The payoff of `owner` (None: a measure) that stands at `path`."""
        return self._read(given, owner, path, {})

    def _read(self, given: Any, owner: int | None, path: Path, known: Mapping[int, str]) -> Payoff:
        if not isinstance(given, dict):
            return self._leaf(given, path)
        cases: dict[str, Any] = {}
        players: set[int] = set()
        for key, case in given.items():
            if key == "else":
                continue
            found = self._type_of(str(key), owner, (*path, key))
            if found is not None:
                players.add(found[0])
                cases[found[1]] = (case, (*path, key))
        if len(players) != 1:
            if players:
                what = "the keys of one mapping must be the types of one player"
                self.problem(path, what, advice="Put one mapping inside the other.")
            elif not given or set(given) == {"else"}:
                self.problem(path, "a mapping by type must list types")
            return self._leaf(0, path)
        return self._by_type(players.pop(), cases, given, owner, path, known)

    def _by_type(
        self,
        player: int,
        cases: Mapping[str, tuple[Any, Path]],
        given: Mapping[str, Any],
        owner: int | None,
        path: Path,
        known: Mapping[int, str],
    ) -> Payoff:
        found: dict[str, Payoff] = {}
        for name in self.types[player]:
            inside = {**known, player: name}
            if name in cases:
                case, where = cases[name]
                found[name] = self._read(case, owner, where, inside)
            elif "else" in given:
                found[name] = self._read(given["else"], owner, (*path, "else"), inside)
            elif self._can_occur(inside):
                what = f"no number for type '{name}' of {self.players[player]}"
                self.problem(path, what, advice="List the type, or add `else`.")
                found[name] = self._leaf(0, path)
        return ByType(player, found)

    def _leaf(self, given: Any, path: Path) -> Expression:
        if isinstance(given, bool) or not isinstance(given, int | float | str):
            self.problem(path, "expected a number, an expression or a mapping by type")
            given = 0
        return self.number(given, *path)

    def _can_occur(self, known: Mapping[int, str]) -> bool:
        """Whether some combination of types agrees with what is known."""
        return any(
            all(joint.types[player] == name for player, name in known.items())
            for joint in self.joint_types
        )

    def _type_of(self, key: str, owner: int | None, path: Path) -> tuple[int, str] | None:
        """The player and type that a key names."""
        if "." in key:
            player, _, name = key.partition(".")
            if player in self.players and name in self.types[self.players.index(player)]:
                return self.players.index(player), name
        else:
            holders = [owner] if owner is not None else range(len(self.players))
            found = [player for player in holders if key in self.types[player]]
            if len(found) == 1:
                return found[0], key
        self.problem(path, f"unknown type '{key}'", key, self._allowed(owner))
        return None

    def _allowed(self, owner: int | None) -> tuple[str, ...]:
        own = tuple(self.types[owner]) if owner is not None else ()
        dotted = (
            f"{player}.{name}"
            for player, names in zip(self.players, self.types, strict=True)
            for name in names
        )
        return (*own, *dotted, "else")
