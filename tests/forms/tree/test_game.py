"""Expansion: nodes, information sets derived from what players see, numbers bound to worlds."""

from __future__ import annotations

import time
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms.tree.compiled import (
    DETERRENCE,
    SIMULTANEOUS,
    bound,
    compiled,
    has_perfect_recall,
    plain,
    problems_of,
    scenario_of,
)
from tenbin.forms import room
from tenbin.forms.schema import form_schemas
from tenbin.forms.tree.bind import payoff_range
from tenbin.forms.tree.game import TreeModel, compile_tree
from tenbin.forms.tree.tables import NONE

KUHN = {
    "types": {"DPRK": ["jack", "queen", "king"], "US": ["jack", "queen", "king"]},
    "joint_types": [
        {"DPRK": one, "US": two, "p": "rest" if (one, two) == ("king", "queen") else "1/6"}
        for one, two in permutations(("jack", "queen", "king"), 2)
    ],
    "start": "first",
    "moves": {
        "first": {"player": "DPRK", "actions": {"check": "after_check", "bet": "after_bet"}},
        "after_check": {"player": "US", "actions": {"check": "showdown", "bet": "back"}},
        "after_bet": {"player": "US", "actions": {"fold": "first_wins", "call": "double"}},
        "back": {"player": "DPRK", "actions": {"fold": "second_wins", "call": "double"}},
    },
    "ends": {
        "first_wins": {"DPRK": 1, "US": -1},
        "second_wins": {"DPRK": -1, "US": 1},
        "showdown": {
            player: {
                "DPRK.king": sign,
                "DPRK.jack": -sign,
                "DPRK.queen": {"US.jack": sign, "US.king": -sign},
            }
            for player, sign in (("DPRK", 1), ("US", -1))
        },
        "double": {
            player: {
                "DPRK.king": sign,
                "DPRK.jack": -sign,
                "DPRK.queen": {"US.jack": sign, "US.king": -sign},
            }
            for player, sign in (("DPRK", 2), ("US", -2))
        },
    },
}

REVEALED = """
start: posture
moves:
  posture: {player: US, actions: {keep: act, cut: act}, hidden_from: [DPRK], revealed_at: [late]}
  act: {player: DPRK, actions: {wait: late, go: done}}
  late: {player: DPRK, actions: {stop: done, push: done}}
ends: {done: {DPRK: 0, US: 0}}
"""


def infosets_of(model: TreeModel, move: str) -> list[str]:
    return [name for name in model.tree.infoset_names if name.split("|")[0] == move]


def test_deterrence_has_four_infosets_and_eight_terminal_nodes() -> None:
    model = compiled(DETERRENCE)

    assert model.size == {
        "terminal_nodes": 8,
        "decision_nodes": 6,
        "infosets": 4,
        "unknowns": 4,
        "nodes": 15,
    }
    assert sorted(model.tree.infoset_names) == [
        "challenge",
        "last",
        "response|bluffing|probe",
        "response|resolved|probe",
    ]


def test_tables_are_in_preorder_and_actions_in_their_order() -> None:
    tree = compiled(DETERRENCE).tree

    assert (tree.parent[1:] < np.arange(1, tree.n_nodes)).all()
    assert tree.node_names[:4] == ("(types)", "challenge", "quiet", "response")
    assert tree.branch_names == ("US.resolved", "US.bluffing")
    children = np.flatnonzero(tree.parent == 1)
    assert [tree.action_names[g] for g in tree.action[children]] == ["keep_quiet", "probe"]
    assert (tree.terminal[tree.terminal != NONE] == np.arange(tree.n_terminals)).all()


def test_terminal_ranges_bound_what_lies_below_each_node() -> None:
    model = compiled(DETERRENCE)
    tree = model.tree

    for node in range(tree.n_nodes):
        below = [
            z for z in range(tree.n_nodes) if tree.terminal[z] != NONE and _above(tree, node, z)
        ]
        expected = [int(tree.terminal[z]) for z in below]
        assert expected == list(range(model.first_terminal[node], model.last_terminal[node]))


def _above(tree, node: int, below: int) -> bool:
    while below not in (node, NONE):
        below = int(tree.parent[below])
    return below == node


def test_hidden_move_makes_moves_simultaneous() -> None:
    seen = compiled(SIMULTANEOUS.replace(", hidden_from: [US]", ""))
    hidden = compiled(SIMULTANEOUS)

    assert infosets_of(seen, "column") == ["column|up", "column|down"]
    assert infosets_of(hidden, "column") == ["column"]


def test_kuhn_poker_has_twelve_infosets_and_thirty_terminal_nodes() -> None:
    model = compiled(KUHN)

    assert model.size["terminal_nodes"] == 30
    assert model.size["infosets"] == 12
    assert len(model.tree.branch_names) == 6
    assert "back|queen|check,bet" in model.tree.infoset_names


def test_kuhn_poker_pays_the_higher_card() -> None:
    model = compiled(KUHN)
    game = bound(model).game
    names = np.array(model.tree.node_names)[model.tree.terminal != NONE]
    cards = [model.rules.joint_types[t].types for t in model.types[model.tree.terminal != NONE]]
    order = ("jack", "queen", "king")

    assert np.allclose(game.payoffs[0].sum(axis=1), 0)
    for name, (one, two, *_), payoff in zip(names, cards, game.payoffs[0, :, 0], strict=True):
        if name == "double":
            assert payoff == 2 * np.sign(order.index(one) - order.index(two))


def test_revealed_move_is_known_from_the_move_that_reveals_it() -> None:
    model = compiled(REVEALED)

    assert infosets_of(model, "act") == ["act"]
    assert infosets_of(model, "late") == ["late|wait,keep", "late|wait,cut"]


def test_move_hidden_for_good_leaves_no_trace() -> None:
    text = """
    start: watch
    moves:
      watch: {player: US, actions: {look: secret, leave: act}, hidden_from: [DPRK]}
      secret: {player: US, actions: {arm: act, wait: act}, hidden_from: [DPRK]}
      act: {player: DPRK, actions: {stay: done, go: done}}
    ends: {done: {DPRK: 0, US: 0}}
    """
    model = compiled(text)

    assert infosets_of(model, "act") == ["act"]
    assert (model.tree.infoset[model.nodes_by_name["act"]] >= 0).sum() == 3


def test_chance_move_is_seen_by_all_but_those_it_is_hidden_from() -> None:
    text = """
    start: fog
    moves:
      fog: {chance: {calm: 0.7, storm: rest}, to: first, hidden_from: [US]}
      first: {player: US, actions: {go: second, stay: second}}
      second: {player: DPRK, actions: {go: done, stay: done}}
    ends: {done: {DPRK: 0, US: 0}}
    """
    model = compiled(text)

    assert len(infosets_of(model, "first")) == 1
    assert len(infosets_of(model, "second")) == 4


def test_order_in_which_things_were_seen_tells_histories_apart() -> None:
    text = """
    start: coin
    moves:
      coin:
        chance: {own_first: {p: 0.5, to: a1}, other_first: {p: rest, to: b1}}
        hidden_from: [US, DPRK]
      a1: {player: US, actions: {x: b2}}
      b2: {player: DPRK, actions: {y: last}}
      b1: {player: DPRK, actions: {y: a2}}
      a2: {player: US, actions: {x: last}}
      last: {player: US, actions: {l: done, r: done}}
    ends: {done: {DPRK: 0, US: 0}}
    """
    model = compiled(text)

    assert infosets_of(model, "last") == ["last|x,y", "last|y,x"]
    assert has_perfect_recall(model.tree)


BURDEN = """
players: [US, ROK]
types:
  US: {bluffer: p, cutter: 0.2, withdrawer: 0.1}
  ROK: {low: q, high: rest}
values: {demand: 0, threat: 0, posture: 1, paid: 0}
start: demand
moves:
  demand:
    player: US
    actions:
      same: {to: threat, set: {demand: 1}}
      more: {to: threat, set: {demand: 2}}
      much: {to: threat, set: {demand: "3 + 0 * stake"}}
      five: {to: threat, set: {demand: 5}}
  threat:
    player: US
    actions: {none: reply, cut: {to: reply, set: {threat: 1}}, leave: {to: reply, set: {threat: 2}}}
  reply:
    player: ROK
    actions:
      accept: {to: posture, set: {paid: demand}}
      counter: {to: posture, set: {paid: "(1 + demand) / 2"}}
      refuse: posture
  posture:
    player: US
    actions:
      keep: done
      cut: {to: done, set: {posture: 0.5}}
      leave: {to: done, set: {posture: 0}}
ends:
  done: {US: "paid + stake * posture - war_cost * max(threat - posture, 0)", ROK: "posture - paid"}
"""


def test_burden_sharing_expands_over_types_and_path_values() -> None:
    model = compiled(BURDEN)

    assert model.size["terminal_nodes"] == 6 * 4 * 3 * 3 * 3
    assert len(infosets_of(model, "demand")) == 3
    assert len(infosets_of(model, "threat")) == 3 * 4
    assert len(infosets_of(model, "reply")) == 2 * 12
    assert len(infosets_of(model, "posture")) == 3 * 4 * 3 * 3
    assert has_perfect_recall(model.tree)
    # demand (fixed or not), threat and posture give far fewer distinct numbers than terminals
    assert len(np.unique(model.payoff_index)) < 200


def test_burden_sharing_binds_what_the_paths_set() -> None:
    model = compiled(BURDEN)
    game = bound(model, worlds=2, stake=[0.5, 1.5], p=0.7).game
    tree = model.tree
    names = [_path(model, z) for z in np.flatnonzero(tree.terminal != NONE)]
    z = names.index(("US.bluffer, ROK.low", "much", "leave", "counter", "cut"))

    assert np.allclose(game.payoffs[:, z, 0], [2 + 0.25 - 1.2 * 1.5, 2 + 0.75 - 1.2 * 1.5])
    assert np.allclose(game.payoffs[:, z, 1], 0.5 - 2)
    assert np.allclose(game.chance[:, 0], 0.7 * 0.5)
    assert game.valid.all()


def _path(model: TreeModel, node: int) -> tuple[str, ...]:
    tree, found = model.tree, []
    while tree.parent[node] != NONE:
        g, c = tree.action[node], tree.branch[node]
        found.append(tree.action_names[g] if g != NONE else tree.branch_names[c])
        node = tree.parent[node]
    return tuple(reversed(found))


def test_types_may_set_path_values() -> None:
    text = """
    types: {US: {bold: 0.5, shy: rest}}
    values: {nerve: 0}
    type_values: {US: {bold: {nerve: 2}}}
    start: act
    moves: {act: {player: US, actions: {go: done, stay: done}}}
    ends: {done: {US: nerve}}
    """

    assert np.allclose(bound(compiled(text)).game.payoffs[0, :, 0], [2, 2, 0, 0])


def test_only_if_cuts_an_action_where_it_does_not_hold() -> None:
    text = """
    values: {level: 0}
    start: first
    moves:
      first:
        player: DPRK
        actions: {low: {to: second, set: {level: 1}}, high: {to: second, set: {level: "level + 2"}}}
      second:
        player: US
        actions: {bend: done, resist: {to: done, only_if: level > 1}, wait: done}
    ends: {done: {DPRK: 0, US: 0}}
    """
    tree = compiled(text).tree

    assert np.diff(tree.infoset_start).tolist() == [2, 2, 3]
    hidden = text.replace("player: DPRK", "player: DPRK\n        hidden_from: [US]")
    found = problems_of(hidden)
    assert "US cannot tell apart two paths to 'second'" in found
    assert "bend, wait; and bend, resist, wait" in found


def test_committed_move_is_passed_through_with_its_other_actions_cut() -> None:
    model = compiled(DETERRENCE, {"challenge": "probe"})
    tree = model.tree

    assert model.size["infosets"] == 3
    assert model.size["terminal_nodes"] == 6
    assert "challenge" in tree.node_names
    assert not any(name.startswith("challenge") for name in tree.infoset_names)
    assert np.allclose(bound(model).game.chance, [[0.6, 0.4, 1, 1]])


def test_committed_move_drops_the_numbers_that_no_longer_reach_the_game() -> None:
    assert compiled(DETERRENCE).names == {"stake", "war_cost", "p"}
    assert compiled(DETERRENCE, {"response": "concede"}).names == {"stake", "p"}


def test_commitment_does_not_betray_a_hidden_path() -> None:
    text = """
    start: fog
    moves:
      fog: {chance: {calm: {p: 0.5, to: secret}, storm: {p: rest, to: act}}, hidden_from: [DPRK]}
      secret: {player: US, actions: {arm: act, wait: act}, hidden_from: [DPRK]}
      act: {player: DPRK, actions: {stay: done, go: done}}
    ends: {done: {DPRK: 0, US: 0}}
    """

    assert infosets_of(compiled(text, {"secret": "arm"}), "act") == ["act"]


def test_same_move_may_be_reached_over_several_paths() -> None:
    text = """
    start: a
    moves:
      a: {player: DPRK, actions: {left: b, right: c}, hidden_from: [ROK]}
      b: {player: US, actions: {go: c, stop: done}, hidden_from: [ROK]}
      c: {player: ROK, actions: {x: done, y: done}}
    ends: {done: {DPRK: 0, US: 0, ROK: 0}}
    """
    model = compiled(text)

    assert len(model.nodes_by_name["c"]) == 2
    assert infosets_of(model, "c") == ["c"]


@st.composite
def move_graphs(draw: st.DrawFn) -> dict[str, object]:
    """Random acyclic graphs of moves with hidden and revealed moves, types and chance."""
    count = draw(st.integers(2, 5))
    names = [f"m{i}" for i in range(count)]
    players = st.sampled_from(["DPRK", "US", "ROK"])
    moves: dict[str, object] = {}
    for i, name in enumerate(names):
        later = [*names[i + 1 :], "e"]
        targets = draw(st.lists(st.sampled_from(later), min_size=1, max_size=3))
        if i + 1 < count:
            targets[0] = names[i + 1]
        mover = draw(players)
        move: dict[str, object] = {
            "player": mover,
            "actions": {f"a{j}": target for j, target in enumerate(targets)},
        }
        if draw(st.integers(0, 4)) == 0:
            share = f"1/{len(targets)}"
            chance = {f"a{j}": {"p": share, "to": to} for j, to in enumerate(targets)}
            mover, move = "", {"chance": chance}
        hidden = draw(st.lists(players, unique=True, max_size=2))
        hidden = [player for player in hidden if player != mover]
        if hidden:
            move["hidden_from"] = hidden
            revealed = draw(st.lists(st.sampled_from(later), unique=True, max_size=2))
            move["revealed_at"] = [other for other in revealed if other != "e"]
        moves[name] = move
    types = {"US": {"high": 0.4, "low": "rest"}} if draw(st.booleans()) else {}
    return {
        "players": ["DPRK", "US", "ROK"],
        "types": types,
        "start": "m0",
        "moves": moves,
        "ends": {"e": {"DPRK": 0, "US": 0, "ROK": 0}},
    }


@settings(max_examples=60, deadline=None)
@given(move_graphs())
def test_perfect_recall_holds_by_construction(body: dict[str, object]) -> None:
    model = compiled(body)

    assert has_perfect_recall(model.tree)
    assert len(set(model.tree.infoset_names)) == model.tree.n_infosets


@settings(max_examples=40, deadline=None)
@given(move_graphs())
def test_no_infoset_holds_two_nodes_of_one_path(body: dict[str, object]) -> None:
    tree = compiled(body).tree

    for node in range(tree.n_nodes):
        met: list[int] = []
        while node != NONE:
            if tree.infoset[node] != NONE:
                met.append(int(tree.infoset[node]))
            node = int(tree.parent[node])
        assert len(met) == len(set(met))


def test_ten_thousand_terminal_nodes_are_allowed_and_one_more_is_not() -> None:
    def body(last: int) -> dict[str, object]:
        tenfold = {f"a{j}": None for j in range(10)}
        moves = {
            f"m{i}": {"player": "US", "actions": dict.fromkeys(tenfold, f"m{i + 1}")}
            for i in range(3)
        }
        moves["m3"] = {"player": "US", "actions": {f"a{j}": "e" for j in range(last)}}
        return {"start": "m0", "moves": moves, "ends": {"e": {"US": 0}}}

    assert compiled(body(10)).size["terminal_nodes"] == 10_000
    assert "expands to 11000 terminal nodes; at most 10000" in problems_of(body(11))


def test_tree_that_would_be_astronomic_is_refused_at_once() -> None:
    moves = {
        f"m{i}": {
            "player": "US",
            "actions": {
                "a": {"to": f"m{i + 1}", "set": {"x": "2 * x + stake"}},
                "b": {"to": f"m{i + 1}", "set": {"x": "2 * x + 1"}},
            },
        }
        for i in range(200)
    }
    moves["m200"] = {"player": "US", "actions": {"a": "e"}}
    body = {"values": {"x": 0}, "start": "m0", "moves": moves, "ends": {"e": {"US": "x"}}}

    begin = time.process_time()
    found = problems_of(body)

    assert "nodes; at most 10000 terminal nodes" in found
    assert time.process_time() - begin < 20


def test_probabilities_that_do_not_sum_to_one_make_a_world_invalid() -> None:
    text = DETERRENCE.replace("bluffing: rest", "bluffing: q")
    game = bound(compiled(text), worlds=3, p=[0.5, 0.5, 1.2], q=[0.5, 0.4, -0.2]).game

    assert game.valid.tolist() == [True, False, False]


def test_payoff_that_is_not_finite_makes_a_world_invalid() -> None:
    text = DETERRENCE.replace("DPRK: stake - war_cost", "DPRK: stake / q")

    assert bound(compiled(text), worlds=2, q=[0.0, 1.0]).game.valid.tolist() == [False, True]


def test_rest_that_only_rounding_keeps_from_zero_is_zero() -> None:
    text = DETERRENCE.replace("resolved: p, bluffing: rest", "a: 0.7, b: 0.2, c: p, d: rest")
    text = text.replace("resolved: 0.2 - war_cost, bluffing: -stake - war_cost", "else: 1, a: 0")
    text = text.replace('{resolved: 4, else: "2 * stake"}', "1")

    assert bound(compiled(text), p=0.1).game.chance[0, 3] == 0


def test_world_of_a_batch_equals_the_same_world_alone() -> None:
    model = compiled(BURDEN)
    stakes = np.linspace(0.5, 1.5, 8)
    batch = bound(model, worlds=8, stake=stakes, p=0.7).game

    for world in (0, 5):
        alone = bound(model, stake=stakes[[world]], p=0.7).game
        assert (alone.payoffs[0] == batch.payoffs[world]).all()


def test_payoff_range_is_the_largest_spread_of_one_player() -> None:
    text = """
    start: a
    moves: {a: {player: US, actions: {x: one, y: two}}}
    ends: {one: {US: 100, DPRK: 0}, two: {US: "100 + stake", DPRK: "-3 * p"}}
    """

    found = payoff_range(bound(compiled(text), worlds=3, stake=[1, 4, 0], p=[1, 1, 0]))

    assert found.tolist() == [3, 4, 1]


def test_measures_are_bound_when_asked_for() -> None:
    game = bound(compiled(DETERRENCE), stake=1.5)

    assert game.game.measures == {}
    assert game.measure("troops")[0].tolist() == [10, 0, 0, 4, 10, 0, 0, 3]
    assert list(game.game.measures) == ["troops"]


def test_links_are_the_outcomes_that_the_numbers_read() -> None:
    body = plain(DETERRENCE)
    body["ends"]["quiet"]["US"] = "0.1 * P(other.a.go)"
    other = plain(
        """
        form: tree
        start: a
        moves: {a: {player: US, actions: {go: x, stay: y}}}
        ends: {x: {US: 1}, y: {US: 0}}
        """
    )
    scenario = scenario_of(body, models={"m": {"form": "tree", **body}, "other": other})
    model = compile_tree(scenario, "m", {})

    assert [call.text() for call in model.links] == ["P(other: a.go)"]
    game = room("tree").bind(
        model,
        {"stake": 1.0, "war_cost": 1.0, "p": 0.5},
        {model.links[0]: np.array([0.25, 0.5])},
        2,
    )
    assert np.allclose(game.game.payoffs[:, 0, 1], [0.025, 0.05])


def test_check_numbers_says_in_which_share_of_worlds_and_gives_an_example() -> None:
    text = DETERRENCE.replace("bluffing: rest", "bluffing: q")
    text = text.replace("DPRK: stake - war_cost", "DPRK: 1 / (stake - 1)")
    model = compiled(text)
    numbers = {
        "stake": np.array([1.0, 1.1, 1.2, 1.3]),
        "war_cost": 1.0,
        "p": np.array([0.5, 0.5, 0.7, 0.5]),
        "q": 0.5,
    }

    problems = room("tree").check_numbers(model, numbers, {}, 4)

    texts = [problem.what for problem in problems]
    assert len(texts) == 2
    assert any(
        "not a finite number in 25.0% of the worlds" in t and "stake = 1" in t for t in texts
    )
    assert any("do not sum to one in 25.0%" in t and "p = 0.7" in t for t in texts)


def test_check_numbers_reports_negative_rest() -> None:
    text = DETERRENCE.replace("resolved: p, bluffing: rest", "resolved: p + q, bluffing: rest")

    numbers = {"stake": 1.0, "war_cost": 1.0, "p": np.array([0.5, 0.7]), "q": 0.4}
    (problem,) = room("tree").check_numbers(compiled(text), numbers, {}, 2)

    assert "include a negative one in 50.0% of the worlds" in problem.what


def test_check_numbers_finds_nothing_where_all_is_well() -> None:
    numbers = {"stake": 1.0, "war_cost": 1.0, "p": np.array([0.5, 0.7]), "q": 0.4}

    assert room("tree").check_numbers(compiled(DETERRENCE), numbers, {}, 2) == []


def test_schema_of_the_form_allows_the_short_forms() -> None:
    found = form_schemas()["tree"]

    assert {"start", "moves", "ends"} <= set(found["properties"])
    assert found["additionalProperties"] is False


@pytest.mark.parametrize("worlds", [4096])
def test_binding_four_thousand_worlds_takes_milliseconds(worlds: int) -> None:
    model = compiled(BURDEN)
    stakes = np.linspace(0.5, 1.5, worlds)
    bound(model, worlds=worlds, stake=stakes)

    begin = time.process_time()
    bound(model, worlds=worlds, stake=stakes)

    assert time.process_time() - begin < 2
