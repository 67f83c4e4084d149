"""From the file to states, moves and rankings; and what a faulty file is told."""

from __future__ import annotations

import numpy as np
import pytest
from jsonschema import Draft202012Validator

from forms.conflict.scenarios import TRIANGLE, compiled, scenario, solved
from tenbin.errors import ScenarioError
from tenbin.forms.conflict.room import ROOM
from tenbin.forms.conflict.spec import schema
from tenbin.forms.contract import Status


def problems_of(body: object, play: dict[str, str] | None = None) -> str:
    with pytest.raises(ScenarioError) as caught:
        compiled(body, play)  # pyright: ignore[reportArgumentType]
    return str(caught.value)


def moves_of(body: str, player: int = 0) -> set[tuple[int, int]]:
    """The moves of a player by the numbers of states, from one."""
    graph = compiled(body).graph
    return {(s + 1, int(t) + 1) for s in range(graph.n_states) for t in graph.moves(player, s)}


def test_states_are_the_feasible_combinations_in_the_order_of_their_codes():
    graph = compiled(TRIANGLE).graph

    on = [{o for o, taken in zip("rla", row, strict=True) if taken} for row in graph.options]
    assert on == [set(), {"r"}, {"l"}, {"r", "l"}, {"a"}, {"r", "a"}]
    assert graph.state_names == ("s1", "s2", "s3", "deal", "help", "s6")
    assert graph.start == 4
    assert graph.players == ("US", "DPRK", "China")


def test_moves_of_random_options_are_those_of_the_definition():
    rng = np.random.default_rng(1)
    for _ in range(40):
        count = int(rng.integers(1, 6))
        owner = rng.choice(["US", "DPRK", "China"], count).tolist()
        only = rng.choice(["both", "on", "off"], count).tolist()
        barred = rng.choice(count, 2).tolist()
        options = {
            f"o{n}": {"player": owner[n], **({} if only[n] == "both" else {"only": only[n]})}
            for n in range(count)
        }
        preferences = {player: {"statements": ["o0"]} for player in owner}
        infeasible = [f"o{barred[0]} and not o{barred[1]}"] if barred[0] != barred[1] else []
        graph = compiled(
            {"options": options, "infeasible": infeasible, "preferences": preferences}
        ).graph

        rows = [tuple(row) for row in graph.options.tolist()]
        assert all(not (row[barred[0]] and not row[barred[1]]) for row in rows)
        assert len(rows) == 2**count - (2 ** (count - 2) if infeasible else 0)
        for p, player in enumerate(graph.players):
            for s, before in enumerate(rows):
                wanted = [
                    t
                    for t, after in enumerate(rows)
                    if t != s
                    and all(
                        a == b or (owner[n] == player and only[n] in ("both", "on" if a else "off"))
                        for n, (b, a) in enumerate(zip(before, after, strict=True))
                    )
                ]
                assert graph.moves(p, s).tolist() == wanted


def test_player_changes_any_of_the_own_options_at_once():
    body = """
    options: {a: US, b: US, c: DPRK}
    preferences: {US: {weights: {a: 1}}, DPRK: {weights: {c: 1}}}
    """

    assert {(s, t) for s, t in moves_of(body) if s == 1} == {(1, 2), (1, 3), (1, 4)}
    assert {(s, t) for s, t in moves_of(body, 1) if s == 1} == {(1, 5)}


@pytest.mark.parametrize(
    ("direction", "moves"),
    [
        ("reversible: no", {(1, 2)}),
        ("reversible: false", {(1, 2)}),
        ("only: 'on'", {(1, 2)}),
        ("only: 'off'", {(2, 1)}),
        ("reversible: yes", {(1, 2), (2, 1)}),
    ],
)
def test_irreversible_option_changes_in_one_direction(direction, moves):
    body = f"""
    options: {{a: {{player: US, {direction}}}}}
    preferences: {{US: {{ranking: [s1, s2]}}}}
    """

    assert moves_of(body) == moves


def test_merged_states_are_one_and_stand_last():
    body = """
    options: {a: US, b: DPRK, stop: {player: US, reversible: no}}
    merge: {over: stop}
    preferences:
      US: {ranking: [s1, s2, s3, s4, over]}
      DPRK: {ranking: [over, s1, s2, s3, s4]}
    """
    graph = compiled(body).graph

    assert graph.state_names == ("s1", "s2", "s3", "s4", "over")
    assert not graph.moves(0, 4).size
    assert not graph.moves(1, 4).size
    assert 4 in graph.moves(0, 2)
    assert graph.options[4].tolist() == [False, False, True]


def ranks_of(preference: str) -> list[int]:
    body = f"""
    options: {{a: US, b: US, c: DPRK}}
    preferences: {{US: {preference}, DPRK: {{weights: {{c: 1}}}}}}
    """
    return solved(body)[0].game.ranks[0][0].tolist()


def test_statements_rank_by_the_first_that_tells_two_states_apart():
    # States 1 to 8 by a, b, c; the first statement outweighs all others together.
    assert ranks_of("{statements: [a, b, c]}") == [1, 5, 3, 7, 2, 6, 4, 8]


def test_many_statements_do_not_overflow():
    many = ", ".join(["a and b"] * 1200 + ["c"])

    assert ranks_of(f"{{statements: [{many}]}}") == [1, 1, 1, 3, 2, 2, 2, 4]


@pytest.mark.parametrize(
    ("statement", "holds"),
    [
        ("a if b", [1, 1, 0, 1, 1, 1, 0, 1]),
        ("a iff b", [1, 0, 0, 1, 1, 0, 0, 1]),
        ("not a and (b or c)", [0, 0, 1, 0, 1, 0, 1, 0]),
        ("b if a and c", [1, 1, 1, 1, 1, 0, 1, 1]),
    ],
)
def test_statement_means_what_it_says(statement, holds):
    assert [rank - 1 for rank in ranks_of(f"{{statements: ['{statement}']}}")] == holds


def test_ranking_by_name_of_a_set_ties_its_states():
    body = """
    options: {a: US, b: US}
    states: {some: a or b}
    preferences: {US: {ranking: [some, s1]}}
    """

    assert solved(body)[0].game.ranks[0][0].tolist() == [1, 2, 2, 2]


def test_weights_of_conditions_that_hold_are_added_in_every_world():
    bound, _ = solved(TRIANGLE, w=[0.1, 0.9], v=[0.2, 0.2])

    payoffs = bound.game.preferences[1].payoffs(slice(0, 2))

    assert payoffs.tolist() == pytest.approx(
        np.array([[0, 0.1, -0.2, -0.1, 0.4, 0.5], [0, 0.9, -0.2, 0.7, 0.4, 1.3]])
    )


def test_world_with_an_undefined_weight_is_not_finite():
    body = TRIANGLE.replace("relax: w", "relax: 1 / w")

    _, solution = solved(body, w=[0.0, 0.5])

    assert solution.status.tolist() == [Status.NOT_FINITE, Status.SOLVED]


def test_check_numbers_tells_of_an_undefined_weight():
    model = compiled(TRIANGLE.replace("relax: w", "relax: 1 / w"))

    (problem,) = ROOM.check_numbers(model, {"w": np.array([0.0, 0.5]), "v": 0.5}, {}, 2)

    assert "1 / w" in problem.what
    assert "50.0%" in problem.what


GRAPH = """
states: [a, b, c]
moves: {US: {a: [b], b: [c]}, DPRK: {b: a}}
start: a
preferences: {US: {payoffs: {a: 0, b: w, c: 1}}, DPRK: {ranking: [[a, b], c]}}
"""


def test_conflict_may_be_given_as_a_graph():
    graph = compiled(GRAPH).graph

    assert graph.state_names == ("a", "b", "c")
    assert moves_of(GRAPH) == {(1, 2), (2, 3)}
    assert moves_of(GRAPH, 1) == {(2, 1)}
    assert graph.start == 0


def test_listed_moves_need_not_be_transitive():
    bound, solution = solved(GRAPH, "nash", w=[0.5])

    assert [bound.game.graph.state_names[s] for s in solution.state[0]] == ["c"]


@pytest.mark.parametrize(
    ("coalitions", "found"),
    [
        ("all", ((0, 1), (0, 2), (1, 2), (0, 1, 2))),
        ("[[China, US]]", ((0, 2),)),
        ("[[US, DPRK, China]]", ((0, 1), (0, 2), (1, 2), (0, 1, 2))),
    ],
)
def test_coalitions_hold_their_sub_coalitions(coalitions, found):
    assert compiled(f"{TRIANGLE}coalitions: {coalitions}").graph.coalitions == found


def test_commitment_leaves_the_states_that_keep_it_and_moves_the_start():
    model = compiled(TRIANGLE, {"relax": "on"})

    assert model.graph.state_names == ("s2", "deal", "s6")
    assert model.graph.start == 2
    assert not model.graph.moves(0, 0).size


@pytest.mark.parametrize(
    ("play", "words"),
    [
        ({"relx": "on"}, "Did you mean 'relax'?"),
        ({"relax": "yes"}, "committed to on or off"),
        ({"align": "on"}, "the start is infeasible"),
        ({"align": "on", "aid": "on"}, "leaves no feasible state"),
    ],
)
def test_faulty_commitment_is_told(play, words):
    assert words in problems_of(TRIANGLE, play)


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("relax: US", "relax: UK", "unknown player 'UK'"),
        ("align and aid", "algn and aid", "Did you mean 'align'?"),
        ("align and aid", "align & aid", "this cannot stand in a condition"),
        ("align and aid", "align and", "not a condition"),
        ("align and aid", "align > 1", "this cannot stand in a condition"),
        ("align and aid", "a if b if c", "at most one `if` or `iff`"),
        ("align and aid", "align or not align", "no state is left"),
        ("start: [aid]", "start: [aid, align]", "the state with aid, align on is infeasible"),
        ("start: [aid]", "start: [add]", "unknown option 'add'"),
        ("start: [aid]", "start: relax", "the start must be one state"),
        ("start: [aid]", "start: helps", "unknown state 'helps'"),
        ("deal: relax and align", "deal: align and aid", "holds at no feasible state"),
        ("help: [aid]", "help: [aid, align]", "is infeasible"),
        ("help: [aid]", "aid: [aid]", "'aid' is already the name of an option"),
        ("help: [aid]", "US: [aid]", "'US' is already the name of a player"),
        ("help: [aid]", "s9: [aid]", "'s9' names a state by number"),
        ("s1, [s2", "[s2", "leaves out s1"),
        ("s1, [s2", "s1, [s1, s2", "'s1' is ranked twice"),
        ("s1, [s2", "s1, [s7, s2", "unknown state 's7'"),
        ("statements: [align", "statements: [allign", "Did you mean 'align'?"),
        ("relax: w,", "relax: ww,", "unknown number 'ww'"),
        ("relax: w,", "relx: w,", "Did you mean 'relax'?"),
        ("US: {statements", "USA: {statements", "unknown player 'USA'"),
        ("  US: {statements: [align, not relax]}\n", "", "'US' has no preferences"),
        ("{statements: [align, not relax]}", "{}", "preferences say nothing"),
        ("statements: [align, not relax]", "statements: [align], ranking: [s1]", "exactly one"),
        ("start: [aid]", "strt: [aid]", "Did you mean 'start'?"),
        ("start: [aid]", "coalitions: some", "`all` is expected"),
        ("start: [aid]", "coalitions: [[US, UK]]", "unknown player 'UK'"),
        ("start: [aid]", "coalitions: [[US]]", "at least two members"),
        ("start: [aid]", "moves: {US: {}, DPRK: {s1: [s2]}}", "not by both"),
        ("start: [aid]", "concept: sqe", "unknown concept 'sqe'"),
        ("start: [aid]", "merge: {x: [aid]}", "needs the condition"),
        ("start: [aid]", "merge: {x: aid, y: relax}", "combinations in common"),
        ("start: [aid]", "merge: {x: align and aid}", "holds at no feasible state"),
    ],
)  # fmt: skip
def test_fault_is_told(before, after, words):
    assert before in TRIANGLE
    assert words in problems_of(TRIANGLE.replace(before, after, 1))


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("b: [c]", "b: [d]", "unknown state 'd'"),
        ("b: [c]", "b: [b]", "where the move starts"),
        ("b: [c]", "d: [c]", "unknown state 'd'"),
        ("DPRK: {b: a}", "UK: {b: a}", "unknown player 'UK'"),
        ("[a, b, c]", "[a, b, c, a]", "'a' is listed twice"),
        ("start: a", "infeasible: [a]", "belongs to a conflict with options"),
        ("states: [a, b, c]", "states: {a: b, b: , c: }", "has no options"),
        ("c: 1}", "d: 1}", "leaves out c"),
        ("states: [a, b, c]", "players: [US, DPRK]", "needs `options`"),
    ],
)
def test_fault_of_a_graph_is_told(before, after, words):
    assert before in GRAPH
    assert words in problems_of(GRAPH.replace(before, after, 1))


def test_faults_come_all_at_once():
    faulty = TRIANGLE.replace("start: [aid]", "start: [add]").replace("relax: w,", "relax: ww,")

    text = problems_of(faulty)

    assert "unknown option 'add'" in text
    assert "unknown number 'ww'" in text


def test_too_many_options_are_refused_before_they_are_combined():
    options = {f"o{n}": "US" for n in range(40)}

    assert "at most 20" in problems_of(
        {"options": options, "preferences": {"US": {"statements": ["o1"]}}}
    )


def test_too_many_states_are_refused():
    options = {f"o{n}": "US" for n in range(15)}

    assert "at most 10,000" in problems_of(
        {"options": options, "preferences": {"US": {"statements": ["o1"]}}}
    )


def test_schema_takes_what_the_room_takes():
    validator = Draft202012Validator(schema())
    for body in (TRIANGLE, GRAPH):
        entry = scenario(body).models["m"]

        assert list(validator.iter_errors(entry.body)) == []
