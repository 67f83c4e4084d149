"""Gambit's files: what is read, what is refused and where, and that writing inverts reading."""

from __future__ import annotations

import numpy as np
import pytest

from forms.tree.hand_made import make_game, make_solution
from forms.tree.random_trees import Shape, grow_game
from tenbin.errors import FormError, ScenarioError
from tenbin.forms.tree import exchange_file, exchange_text
from tenbin.forms.tree.certify import certify_tree
from tenbin.forms.tree.exchange import read_efg, write_efg
from tenbin.forms.tree.tables import NONE

HORSE = """EFG 2 R "Selten's \\"horse\\"" { "One" "Two" "Three" }
"Selten (1975), figure 1"

p "" 1 1 "first" { "C" "D" } 0
p "" 2 1 "second" { "c" "d" } 0
t "" 1 "stay" { 1, 1, 1 }
p "" 3 1 "third" { "L" "R" } 0
t "" 2 "" { 4, 4, 0 }
t "" 3 "" { 0, 0, 1 }
p "" 3 1
0
t "" 4 "" { 3 2 2 }
t "" 5 "" { 0 0 0 }
"""

CARD = """EFG 2 R "one card" { "A" "B" }
c "deal" 1 "" { "king" 1/3 "queen" .5 "jack" 0.1666666666666666667 } 0
p "k" 1 1 "" { "bet" "fold" } 1 "ante" { 1/2, -0.5 }
p "" 2 1 "" { "call" "pass" } 2 "" { .25, 0 }
t "" 3 "" { 1e1, -10 }
t "" 0
t "" 4 "" { -1 , 1 }
p "q" 1 2 "" { "bet" "fold" } 0
p "" 2 1 "" { "call" "pass" } 0
t "" 3
t "" 3
t "" 4
t "j" 0 "" { 0, 0 }
"""


@pytest.fixture
def read(tmp_path):
    """Reads a text as an `.efg` file."""

    def reader(text, encoding="utf-8"):
        path = tmp_path / "game.efg"
        path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        return read_efg(path)

    return reader


def test_horse_is_read_as_its_tree(read):
    game = read(HORSE)

    assert game.n_worlds == 1
    assert game.tree.players == ("One", "Two", "Three")
    assert game.tree.infoset_names == ("first", "second", "third")
    assert game.tree.action_names == ("C", "D", "c", "d", "L", "R")
    assert game.tree.parent.tolist() == [NONE, 0, 1, 1, 3, 3, 0, 6, 6]
    assert game.tree.infoset.tolist() == [0, 1, NONE, 2, NONE, NONE, 2, NONE, NONE]
    assert game.payoffs[0].tolist() == [[1, 1, 1], [4, 4, 0], [0, 0, 1], [3, 2, 2], [0, 0, 0]]


def test_read_game_can_be_certified(read):
    game = read(HORSE)
    profile = {"first": {"C": 1}, "second": {"c": 1}, "third": {"R": 1}}
    witness = {"first": {"D": -30.0}, "second": {"d": -20.0}}

    certificate = certify_tree(game, make_solution(game, profile, witness), 1e-6)

    assert certificate.certified.all()


def test_decimals_and_fractions_are_numbers(read):
    game = read(CARD)

    assert game.chance[0] == pytest.approx([1 / 3, 1 / 2, 1 / 6])
    assert game.tree.branch_names == ("king", "queen", "jack")
    assert game.chance[0].sum() == pytest.approx(1, abs=1e-15)


def test_payoffs_at_inner_nodes_count_for_all_below(read):
    game = read(CARD)

    assert game.payoffs[0, :3].tolist() == [[10.75, -10.5], [0.75, -0.5], [-0.5, 0.5]]


def test_payoffs_of_a_known_outcome_may_be_left_out(read):
    game = read(CARD)

    assert game.payoffs[0, 3:].tolist() == [[10, -10], [10, -10], [-1, 1], [0, 0]]


def test_infosets_without_a_name_are_called_by_player_and_number(read):
    assert read(CARD).tree.infoset_names == ("A:1", "B:1", "A:2")


def test_names_that_repeat_are_told_apart(read):
    text = """EFG 2 R "" { "" "A" "A" }
    p "" 2 1 "x" { "go" "go" } 0 p "" 3 1 "x" { "" } 0 t "" 0 t "" 0"""

    tree = read(text).tree

    assert tree.players == ("player 1", "A (player 2)", "A (player 3)")
    assert tree.infoset_names == ("x (A (player 2):1)", "x (A (player 3):1)")
    assert tree.action_names == ("go (1)", "go (2)", "1")


def test_game_of_a_single_terminal_node_is_read(read):
    game = read('EFG 2 R "" { "A" } t "" 1 "" { 3 }')

    assert game.tree.n_nodes == 1
    assert game.payoffs.tolist() == [[[3]]]


def test_byte_order_mark_and_windows_lines_are_read(read):
    assert read(HORSE.replace("\n", "\r\n"), "utf-8-sig").tree.n_terminals == 5


@pytest.mark.parametrize(
    ("old", "new", "line", "column", "what"),
    [
        ("EFG 2", "NFG 1", 1, 1, "must start with 'EFG 2 R'; here stands 'NFG'"),
        ("EFG 2 R", "EFG 2 X", 1, 7, "comes R or D"),
        ('p "" 2 1 "second"', 'x "" 2 1 "second"', 5, 1, "a node starts with c"),
        ('p "" 2 1', 'p "" 4 1', 5, 6, "there is no player 4; there are 3"),
        ('p "" 2 1', 'p "" 2 -1', 5, 8, "the information set's number is needed"),
        ('p "" 2 1 "second" { "c" "d" }', 'p "" 2 1 ', 5, 11, "information set 1 is new here"),
        ("{ 1, 1, 1 }", "{ 1, 1 }", 6, 15, "2 payoffs for 3 players"),
        ("{ 1, 1, 1 }", "{ 1, 1, one }", 6, 23, "'one' is not a number"),
        ("{ 1, 1, 1 }", "{ 1, 1, 1/0 }", 6, 23, "'1/0' is not a finite number"),
        ("{ 1, 1, 1 }", "{ 1, 1, 1e999 }", 6, 23, "'1e999' is not a finite number"),
        ("{ 1, 1, 1 }", "", 6, 6, "outcome 1 is new here"),
        ('t "" 5', 't "" 4', 13, 11, "outcome 4 had other payoffs before"),
        ('p "" 3 1\n', 'p "" 3 1 "" { "L" }\n', 10, 8, "had other actions"),
        ('"second" { "c" "d" }', '"second" { }', 5, 19, "at least one action"),
        ('"second" {', '"second" { "', 5, 24, "is needed here"),
        ('t "" 5 "" { 0 0 0 }', "", 12, 20, "a node (c, p or t) is needed here, not the end"),
        ("{ 0 0 0 }", '{ 0 0 0 } t "" 0', 13, 21, "the tree is complete before 't'"),
    ],
)
def test_fault_is_reported_at_its_place(read, old, new, line, column, what):
    assert HORSE.count(old) == 1

    with pytest.raises(ScenarioError) as caught:
        read(HORSE.replace(old, new))

    (problem,) = caught.value.problems
    assert what in problem.what
    assert (problem.place.line, problem.place.column) == (line, column)
    assert problem.place.file.endswith("game.efg")


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("1/3", "1/2", "sum to 1.1666"),
        ("1/3", "-1/3", "'-1/3' is a negative probability"),
        ('{ "king" 1/3', '{ "king"', "a number is needed"),
    ],
)
def test_chance_probabilities_are_checked(read, old, new, what):
    with pytest.raises(ScenarioError, match=what):
        read(CARD.replace(old, new))


FORGETFUL = """EFG 2 R "" { "Driver" }
p "" 1 1 "where" { "exit" "on" } 0
t "" 1 "" { 0 }
p "" 1 {again} 0
t "" 2 "" { 4 }
t "" 3 "" { 1 }
"""


def test_absent_mindedness_is_refused_with_its_information_set(read):
    """M. Piccione and A. Rubinstein, "On the interpretation of decision problems with imperfect
    recall", 1997: the driver who does not know how many exits were passed."""
    what = r"forgets having moved: information set 1 'where' .* on line 2 \(absent-mindedness\)"

    with pytest.raises(ScenarioError, match=what) as caught:
        read(FORGETFUL.replace("{again}", "1"))

    assert (caught.value.problems[0].place.line, caught.value.problems[0].place.column) == (4, 1)


def test_forgotten_action_is_refused_with_what_was_forgotten(read):
    text = """EFG 2 R "" { "A" } p "" 1 1 "first" { "l" "r" } 0
    p "" 1 2 "" { "x" "y" } 0 t "" 0 t "" 0
    p "" 1 2 "" { "x" "y" } 0 t "" 0 t "" 0"""
    what = (
        "node of information set 2 and the one on line 2 differ in what 'A' did before: "
        "here 'r' at information set 1 'first', there 'l' at information set 1 'first'"
    )

    with pytest.raises(ScenarioError, match=what):
        read(text)


def test_forgotten_information_set_is_refused(read):
    """What a player knew and does not know any more: chance seen first, and then not."""
    text = """EFG 2 R "" { "A" } c "" 1 "" { "u" 1/2 "d" 1/2 } 0
    p "" 1 1 "up" { "go" } 0 p "" 1 3 "" { "x" "y" } 0 t "" 0 t "" 0
    p "" 1 2 "down" { "go" } 0 p "" 1 3 "" { "x" "y" } 0 t "" 0 t "" 0"""

    with pytest.raises(ScenarioError, match="here 'go' at information set 2 'down', there 'go'"):
        read(text)


def test_what_others_did_may_be_hidden(read):
    assert read(FORGETFUL.replace("{again}", '2 "" { "a" "b" }')).tree.n_infosets == 2


@pytest.mark.parametrize(
    "content", [b"", b"   \n", b"\x00\x01", b'EFG 2 R "never closed {', b"{{{"]
)
def test_what_is_no_game_is_refused(read, content):
    with pytest.raises(ScenarioError):
        read(content)


def test_bytes_that_are_no_text_are_refused_at_their_place(read):
    with pytest.raises(ScenarioError) as caught:
        read(b'EFG 2 R\n"caf\xe9" { }')

    (problem,) = caught.value.problems
    assert (problem.place.line, problem.place.column) == (2, 5)


def test_large_file_is_refused_unread(read, monkeypatch):
    monkeypatch.setattr(exchange_text, "MAX_BYTES", 100)

    with pytest.raises(ScenarioError, match="a game of at most 100 bytes is read"):
        read(HORSE)


def test_large_tree_is_refused_on_the_way(read, monkeypatch):
    monkeypatch.setattr(exchange_file, "MAX_NODES", 3)

    with pytest.raises(ScenarioError, match="more than 3 nodes"):
        read(HORSE)


def test_deep_tree_is_read_without_recursion(read):
    depth = 5000
    nodes = "".join(f'p "" 1 {i + 1} "" {{ "stop" "go" }} 0 t "" 0 ' for i in range(depth))

    assert read(f'EFG 2 R "" {{ "A" }} {nodes} t "" 0').tree.n_infosets == depth


def same(first, second):
    """Whether two games are the same tables."""
    columns = ("parent", "action", "branch", "infoset", "terminal", "infoset_player")
    return all(np.array_equal(getattr(first.tree, c), getattr(second.tree, c)) for c in columns)


@pytest.mark.parametrize("seed", range(6))
def test_written_game_is_read_back_exactly(read, seed):
    game = grow_game(seed, Shape(players=3, zero_chance=0.5), worlds=2)

    back = read(write_efg(game, 1, title="a title"))

    assert same(back, game)
    assert back.tree.infoset_names == game.tree.infoset_names
    assert back.tree.action_names == game.tree.action_names
    assert np.array_equal(back.payoffs[0], game.payoffs[1])
    assert back.chance[0] == pytest.approx(game.chance[1], abs=1e-15)


def test_names_with_quotes_survive(read):
    game = make_game("x\\", ("x\\", 'set "1"', {'go "on"': (1,), "stop": (0.1,)}))

    back = read(write_efg(game, 0)).tree

    assert back.players == ("x\\",)
    assert back.infoset_names == ('set "1"',)
    assert back.action_names == ('go "on"', "stop")


def test_invalid_world_is_not_written():
    game = make_game("A", (1,))
    game.valid[0] = False

    with pytest.raises(FormError, match="world 0"):
        write_efg(game, 0)


def test_gambit_reads_what_is_written_and_writes_what_is_read(read, tmp_path):
    """Gambit demands exact sums of probabilities; thirds and tenths are none in decimals."""
    gambit = pytest.importorskip("pygambit", exc_type=ImportError)
    thirds = {c: (1 / 3, ("A", c, {"l": (i, 1), "r": (0.1, 2)})) for i, c in enumerate("xyz")}
    tenths = {
        c: (p, below) for (c, (_, below)), p in zip(thirds.items(), (0.1, 0.2, 0.7), strict=True)
    }
    for branches in (thirds, tenths):
        game = make_game("A B", ("chance", branches))
        path = tmp_path / "written.efg"
        path.write_text(write_efg(game, 0), encoding="utf-8")

        theirs = gambit.read_efg(str(path)).to_efg()

        assert np.array_equal(read(theirs).payoffs, game.payoffs)
        assert read(theirs).chance[0] == pytest.approx(game.chance[0], abs=1e-15)
