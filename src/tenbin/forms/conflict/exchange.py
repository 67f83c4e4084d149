"""GMCR+ files (`.gmcr`): read as a scenario of one conflict, in plain data.

The file is JSON: `options` with the direction in which each may change (`both`, `fwd`: may be
taken, `back`: may be dropped), `decisionMakers` with the numbers of their options and their
preferences, `infeasibles`. A condition is a list of pairs of an option's number and `Y` or `N`, all
of which hold; a compound one has `members` of which one holds. A ranking by hand
(`preferenceRanking`, in old files `preferenceVector`) numbers the feasible states from one, in the
order of their binary codes, the first option lowest. Nothing is unpickled or executed.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tenbin.errors import Place, Problem, ScenarioError
from tenbin.scenario.words import name_fault

__all__ = ["MAX_BYTES", "read_gmcr"]

MAX_BYTES = 16_000_000
"""The largest file read."""

Pair = tuple[int, Literal["Y", "N"]]


class _Part(BaseModel):
    """A mapping of the file; what GMCR+ keeps there beside (colours, notes) is passed over."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class _Compound(_Part):
    members: list[list[Pair]]


Condition = list[Pair] | _Compound


class _Option(_Part):
    name: str
    direction: Literal["both", "fwd", "back"] = Field("both", alias="permittedDirection")


class _Maker(_Part):
    name: str
    options: list[int]
    preferences: list[Condition] = Field(default_factory=list[Condition])
    ranking: list[int | list[int]] = Field(
        default_factory=list[int | list[int]], alias="preferenceRanking"
    )
    vector: list[int | list[int]] = Field(
        default_factory=list[int | list[int]], alias="preferenceVector"
    )
    misperceptions: list[Any] = Field(default_factory=list[Any])


class _File(_Part):
    options: list[_Option]
    makers: list[_Maker] = Field(alias="decisionMakers")
    infeasibles: list[Condition] = Field(default_factory=list[Condition])
    coalitions: list[int | list[int]] = Field(default_factory=list[int | list[int]])
    by_hand: bool = Field(False, alias="useManualPreferenceRanking")
    by_hand_once: bool = Field(False, alias="useManualPreferenceVectors")


def read_gmcr(path: Path) -> dict[str, Any]:
    """A scenario with one model, `conflict`, from a file of GMCR+; for `Scenario.from_dict`.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    Plain data in the shape of a scenario file. Names that are no identifiers are made into ones
    and kept as titles; there is no start, as the file has none. A group of decision makers that
    GMCR+ analyses as one is a coalition that may form.

    Raises
    ------
    ScenarioError
        If the file is not JSON of this shape, or says what cannot be read here: misperceptions, an
        option of nobody or of two.
    """
    found = _parsed(path)
    problems = _faults(found, path)
    if problems:
        raise ScenarioError(problems)
    options = _identifiers([option.name for option in found.options], "option")
    players = _identifiers([maker.name for maker in found.makers], "player", taken=options)
    owned = [
        (number, maker) for maker in range(len(players)) for number in found.makers[maker].options
    ]
    model: dict[str, Any] = {
        "form": "conflict",
        "title": path.stem,
        "players": players,
        "options": {
            options[number]: _option(found.options[number], players[maker])
            for number, maker in owned
        },
        "infeasible": [_text(condition, options) for condition in found.infeasibles],
        "preferences": {
            player: _preference(found, maker, options)
            for player, maker in zip(players, found.makers, strict=True)
        },
    }
    joint = [[players[member] for member in group] for group in _groups(found)]
    if joint:
        model["coalitions"] = joint
    titles = {name: maker.name for name, maker in zip(players, found.makers, strict=True)}
    return {"tenbin": 1, "title": path.stem, "players": titles, "models": {"conflict": model}}


def _parsed(path: Path) -> _File:
    place = Place(path.name, 1, 1)
    advice = "GMCR+ writes JSON with `options`, `decisionMakers` and `infeasibles`."
    if path.stat().st_size > MAX_BYTES:
        raise ScenarioError([Problem(place, f"the file is larger than {MAX_BYTES:,} bytes")])
    try:
        data = json.loads(path.read_bytes().decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise ScenarioError(
            [Problem(place, "not a file of GMCR+: no JSON", "", (), advice)]
        ) from None
    try:
        return _File.model_validate(data)
    except ValidationError as error:
        problems = [
            Problem(place, f"{'.'.join(map(str, fault['loc'])) or 'the file'}: {fault['msg']}")
            for fault in error.errors()
        ]
        raise ScenarioError(problems) from None


def _faults(found: _File, path: Path) -> list[Problem]:
    """What the file says that has no meaning here."""
    place, problems = Place(path.name, 1, 1), list[Problem]()
    options, makers = range(len(found.options)), range(len(found.makers))
    owned = [number for maker in found.makers for number in maker.options]
    used = [number for maker in found.makers for number in _used(maker.preferences)]
    used += _used(found.infeasibles)
    for number in sorted({*owned, *used} - {*options}):
        problems.append(Problem(place, f"there is no option number {number}"))
    for number in options:
        if owned.count(number) != 1:
            owners = "no decision maker" if number not in owned else "several decision makers"
            what = f"option '{found.options[number].name}' belongs to {owners}"
            problems.append(Problem(place, what))
    for maker in found.makers:
        if maker.misperceptions:
            what = f"'{maker.name}' has misperceptions, and a conflict here is seen alike by all"
            advice = "Make a model of what each player sees."
            problems.append(Problem(place, what, "", (), advice))
        if _by_hand(found) and not (maker.ranking or maker.vector):
            problems.append(Problem(place, f"'{maker.name}' has no ranking"))
    for group in _groups(found):
        if not set(group) <= {*makers}:
            problems.append(Problem(place, f"a coalition has no such member: {group}"))
    return problems


def _by_hand(found: _File) -> bool:
    return found.by_hand or found.by_hand_once


def _groups(found: _File) -> list[list[int]]:
    return [group for group in found.coalitions if isinstance(group, list) and len(group) > 1]


def _used(conditions: Iterable[Condition]) -> list[int]:
    """The options that conditions speak of."""
    return [
        number
        for condition in conditions
        for part in (condition.members if isinstance(condition, _Compound) else [condition])
        for number, _ in part
    ]


def _identifiers(names: Sequence[str], kind: str, taken: Sequence[str] = ()) -> list[str]:
    """A name of the expression language for each name of the file, all different."""
    used, found = set(taken), list[str]()
    for number, name in enumerate(names, start=1):
        plain = re.sub(r"\W+", "_", unicodedata.normalize("NFKC", name)).strip("_")
        if name_fault(plain, number=False) or re.fullmatch(r"s\d+", plain):
            plain = f"{kind}_{plain}".rstrip("_") if plain.isidentifier() else f"{kind}_{number}"
        base, again = plain, 2
        while plain in used:
            plain, again = f"{base}_{again}", again + 1
        used.add(plain)
        found.append(plain)
    return found


def _option(option: _Option, player: str) -> dict[str, Any]:
    given: dict[str, Any] = {"player": player, "title": option.name}
    if option.direction != "both":
        given["only"] = "on" if option.direction == "fwd" else "off"
    return given


def _text(condition: Condition, options: Sequence[str]) -> str:
    if isinstance(condition, _Compound):
        return " or ".join(f"({_all(part, options)})" for part in condition.members)
    return _all(condition, options)


def _all(pairs: Sequence[Pair], options: Sequence[str]) -> str:
    return " and ".join(
        options[number] if taken == "Y" else f"not {options[number]}" for number, taken in pairs
    )


def _preference(found: _File, maker: _Maker, options: Sequence[str]) -> dict[str, Any]:
    if not _by_hand(found):
        return {"statements": [_text(condition, options) for condition in maker.preferences]}
    ranking = maker.ranking or maker.vector
    return {
        "ranking": [
            [f"s{state}" for state in item] if isinstance(item, list) else f"s{item}"
            for item in ranking
        ]
    }
