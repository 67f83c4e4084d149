"""Trees from short texts, and solutions typed by hand, for the tests of the room."""

from __future__ import annotations

from collections.abc import Mapping
from io import StringIO
from typing import Any

import numpy as np
from ruamel.yaml import YAML

from tenbin.errors import Problem, ScenarioError
from tenbin.forms import room
from tenbin.forms.tree.bind import BoundTree, bind_tree
from tenbin.forms.tree.game import TreeModel, compile_tree
from tenbin.forms.tree.tables import NONE, Tree, TreeSolution
from tenbin.scenario import Scenario
from tenbin.scenario.expressions import parse_expression
from tenbin.scenario.language import OutcomeCall

PLAYERS = ("DPRK", "US", "ROK")
UNCERTAINTIES = {
    "stake": "0.5..1.5",
    "war_cost": "0.8..2.0",
    "p": "0..1",
    "q": "0..1",
}

DETERRENCE = """
types: {US: {resolved: p, bluffing: rest}}
start: challenge
moves:
  challenge: {player: DPRK, actions: {keep_quiet: quiet, probe: response}}
  response: {player: US, actions: {concede: concession, resist: last}}
  last: {player: DPRK, actions: {back_down: deterred, attack: war}}
ends:
  quiet: {DPRK: 0, US: 0, measures: {troops: 10}}
  concession: {DPRK: stake, US: -stake}
  deterred: {DPRK: -0.2, US: 0.1}
  war:
    DPRK: stake - war_cost
    US: {resolved: 0.2 - war_cost, bluffing: -stake - war_cost}
    measures: {troops: {resolved: 4, else: "2 * stake"}}
"""

SIMULTANEOUS = """
start: row
moves:
  row: {player: DPRK, actions: {up: column, down: column}, hidden_from: [US]}
  column: {player: US, actions: {left: a, right: b}}
ends: {a: {DPRK: 1, US: 0}, b: {DPRK: 0, US: 1}}
"""


def plain(text: str) -> Any:
    """YAML text as plain data."""
    return YAML(typ="safe", pure=True).load(StringIO(text))


def scenario_of(body: str | Mapping[str, Any], **sections: Any) -> Scenario:
    """A scenario with one model `m` of form tree."""
    body = plain(body) if isinstance(body, str) else dict(body)
    data = {
        "tenbin": 1,
        "title": "a test",
        "players": {name: name for name in PLAYERS},
        "uncertainties": UNCERTAINTIES,
        "measures": {"troops": {"unit": "soldiers"}, "won": {}},
        "models": {"m": {"form": "tree", **body}},
    }
    return Scenario.from_dict({**data, **sections})


def compiled(body: str | Mapping[str, Any], play: Mapping[str, str] | None = None) -> TreeModel:
    return compile_tree(scenario_of(body), "m", play or {})


def problems_of(body: str | Mapping[str, Any], play: Mapping[str, str] | None = None) -> str:
    """Every problem that compiling finds, as one text; empty where there is none."""
    try:
        model = compiled(body, play)
    except ScenarioError as error:
        return str(error)
    return "\n".join(str(problem) for problem in model.warnings)


def bound(model: TreeModel, worlds: int = 1, **numbers: Any) -> BoundTree:
    values = {"stake": 1.0, "war_cost": 1.2, "p": 0.6, "q": 0.5, **numbers}
    return bind_tree(model, {k: np.asarray(v, float)[()] for k, v in values.items()}, {}, worlds)


def call_of(text: str) -> OutcomeCall:
    expression, problems = parse_expression(text)
    assert expression is not None, [str(problem) for problem in problems]
    return expression.calls[0]


def call_problems(model: TreeModel, text: str) -> list[Problem]:
    return room("tree").check_call(model, call_of(text))


def solution_of(
    game: BoundTree,
    limit: Mapping[str, Mapping[str, float]],
    trembles: Mapping[str, Mapping[str, float]] | None = None,
    precision: float | None = None,
) -> TreeSolution:
    """The same profile in every world: limit probabilities by infoset and action.

    Actions not named have probability zero; information sets not named are uniform. `trembles`
    gives log-probabilities of the witness, -1e5 where a zero has none.
    """
    tree = game.game.tree
    profile = np.zeros(tree.n_actions)
    log_witness = np.zeros(tree.n_actions)
    for i, name in enumerate(tree.infoset_names):
        actions = range(tree.infoset_start[i], tree.infoset_start[i + 1])
        for g in actions:
            action = tree.action_names[g]
            profile[g] = limit[name].get(action, 0.0) if name in limit else 1 / len(actions)
            tremble = (trembles or {}).get(name, {}).get(action, -1e5)
            log_witness[g] = np.log(profile[g]) if profile[g] > 0 else tremble
    worlds = game.game.n_worlds
    return TreeSolution(
        tree=tree,
        profile=np.tile(profile, (worlds, 1, 1)),
        log_witness=np.tile(log_witness, (worlds, 1, 1)),
        found=np.ones((worlds, 1), bool),
        status=np.zeros(worlds, np.int8),
        complete=np.zeros(worlds, bool),
        method="by hand",
        precision=precision,
    )


def outcome(game: BoundTree, solution: TreeSolution, text: str) -> float:
    """An outcome in the first world."""
    call = call_of(text)
    assert not room("tree").check_call(game.model, call)
    return float(room("tree").outcome(game, solution, call)[0, 0])


def own_history(tree: Tree, node: int, player: int) -> tuple[tuple[int, int], ...]:
    """The player's information sets and actions on the path to a node."""
    found: list[tuple[int, int]] = []
    while tree.parent[node] != NONE:
        parent = int(tree.parent[node])
        if tree.infoset[parent] != NONE and tree.infoset_player[tree.infoset[parent]] == player:
            found.append((int(tree.infoset[parent]), int(tree.action[node])))
        node = parent
    return tuple(reversed(found))


def has_perfect_recall(tree: Tree) -> bool:
    """Whether every player's own history is the same at all nodes of each information set."""
    for infoset in range(tree.n_infosets):
        player = int(tree.infoset_player[infoset])
        nodes = np.flatnonzero(tree.infoset == infoset)
        if len({own_history(tree, int(node), player) for node in nodes}) > 1:
            return False
    return True
