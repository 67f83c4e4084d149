"""Games from one kind of file into another: scenarios, Gambit's `.efg` and `.nfg`, `.gmcr`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tenbin.commands.names import choose
from tenbin.errors import TenbinError
from tenbin.forms.tree.exchange import SUFFIXES, read_game_file, write_efg, write_nfg
from tenbin.forms.tree.exchange_file import game_of_file
from tenbin.forms.tree.exchange_nfg import Version
from tenbin.forms.tree.exchange_scenario import scenario_of_game
from tenbin.forms.tree.tables import TreeGame

__all__ = ["ConvertRequest", "convert_file"]

YAML = (".yaml", ".yml")


@dataclass(frozen=True)
class ConvertRequest:
    """What `tenbin convert` was asked for.

    `model`, `policy`, `world`, `seed` and `replaced` choose the game where the source is a
    scenario; `version` is the kind of `.nfg` file.
    """

    source: Path
    target: Path
    model: str | None = None
    policy: str | None = None
    world: int | None = None
    seed: int = 0
    replaced: Mapping[str, float] = field(default_factory=dict[str, float])
    version: Version = "payoff"
    force: bool = False


def convert_file(request: ConvertRequest) -> Path:
    """Write a game into another kind of file, by the endings of the two.

    Returns
    -------
    The file written.

    Raises
    ------
    ScenarioError
        If the source has errors.
    TenbinError
        If one cannot be made into the other, the target is there already, or a name is unknown.
    """
    source, target = request.source, request.target
    is_game = source.suffix.lower() in (*SUFFIXES, ".gmcr")
    allowed = (*SUFFIXES, *YAML)
    if target.suffix.lower() not in allowed:
        raise TenbinError(
            f"'{target}' ends in none of {', '.join(allowed)}: what is to be written?"
        )
    if target.exists() and not request.force:
        raise TenbinError(f"'{target}' is there already; name another file, or say --force")
    chosen = (request.model, request.policy, request.world)
    if is_game and (any(x is not None for x in chosen) or request.replaced):
        raise TenbinError(
            f"'{source}' holds one game of one world: --model, --policy, --world and --with belong "
            "to scenarios"
        )
    text = _as_scenario(request) if target.suffix.lower() in YAML else _as_game(request)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")
    return target


def _as_scenario(request: ConvertRequest) -> str:
    """The text of a scenario that holds the game of the source."""
    source = request.source
    if source.suffix.lower() == ".gmcr":
        from tenbin.forms.conflict.exchange import read_gmcr
        from tenbin.scenario import Scenario

        return Scenario.from_dict(read_gmcr(source)).to_yaml()
    if source.suffix.lower() not in SUFFIXES:
        raise TenbinError(f"'{source}' is a scenario already; write it as {' or '.join(SUFFIXES)}")
    from tenbin.scenario.digest import yaml_text

    game = read_game_file(source)
    beside = source.resolve().parent == request.target.resolve().parent
    is_plain = re.fullmatch(r"[\w\-.]+", source.name) is not None
    imported = source.name if beside and is_plain else game.text.text
    return yaml_text(scenario_of_game(game, source.stem, imported))


def _as_game(request: ConvertRequest) -> str:
    """The text of a file of Gambit that holds the game of the source."""
    game, title = _game(request)
    if request.target.suffix.lower() == ".nfg":
        return write_nfg(game, 0, title, request.version)
    return write_efg(game, 0, title)


def _game(request: ConvertRequest) -> tuple[TreeGame, str]:
    """The game of the source in one world, and its title."""
    source = request.source
    if source.suffix.lower() in SUFFIXES:
        found = read_game_file(source)
        return game_of_file(found), found.title
    if source.suffix.lower() == ".gmcr":
        raise TenbinError(f"'{source}' holds a conflict, which is no tree; write it as .yaml")
    from tenbin.exchange import scenario_game
    from tenbin.scenario import load_scenario
    from tenbin.scenario.fixing import with_numbers

    scenario = load_scenario(source)
    if request.replaced:
        scenario = with_numbers(scenario, request.replaced)
    trees = tuple(name for name, its in scenario.models.items() if its.form == "tree")
    name = choose("model", request.model, trees if request.model is None else (*scenario.models,))
    policies = tuple(scenario.policies)
    policy = None if request.policy is None else choose("policy", request.policy, policies)
    game = scenario_game(scenario, name, policy, request.world, request.seed)
    return game, scenario.models[name].title.in_language("en")
