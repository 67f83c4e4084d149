"""Normal-form files: what is read, what is refused and where, and reduced normal forms."""

from __future__ import annotations

import pytest

from forms.tree.hand_made import make_game
from tenbin.errors import FormError, ScenarioError
from tenbin.forms.tree import exchange_nfg
from tenbin.forms.tree.exchange import read_nfg
from tenbin.forms.tree.exchange_nfg import nfg_text, normal_form

PAYOFFS = """NFG 1 R "Selten (IJGT, 75), Figure 2, normal form"
{ "Player 1" "Player 2" } { 3 2 }

1 1 0 2 0 2 1 1 0 3 2 0
"""
"""The sample of Gambit's documentation, payoff version."""
OUTCOMES = """NFG 1 R "Selten (IJGT, 75), Figure 2, normal form" { "Player 1" "Player 2" }

{
{ "1" "2" "3" }
{ "1" "2" }
}
"a comment"

{
{ "" 1, 1 }
{ "" 0, 2 }
{ "" 0, 2 }
{ "" 1, 1 }
{ "" 0, 3 }
{ "" 2, 0 }
}
1 2 3 4 5 6
"""
"""The same game, outcome version."""
CELLS = [[1, 1], [1, 1], [0, 2], [0, 3], [0, 2], [2, 0]]
"""Payoffs with the second player's strategy changing fastest, as in a tree."""


@pytest.fixture
def read(tmp_path):
    def reader(text):
        path = tmp_path / "game.nfg"
        path.write_text(text, encoding="utf-8")
        return read_nfg(path)

    return reader


@pytest.mark.parametrize("text", [PAYOFFS, OUTCOMES], ids=["payoffs", "outcomes"])
def test_samples_are_read_as_simultaneous_moves(read, text):
    game = read(text)

    assert game.tree.players == ("Player 1", "Player 2")
    assert game.tree.infoset_names == ("Player 1", "Player 2")
    assert game.tree.action_names == ("1", "2", "3", "1", "2")
    assert game.tree.n_nodes == 10
    assert game.payoffs[0].tolist() == CELLS


def test_outcome_zero_pays_nobody(read):
    game = read('NFG 1 R "" { "A" "B" } { { "x" "y" } { "z" } } { { "o" 3 4 } } 0 1')

    assert game.payoffs[0].tolist() == [[0, 0], [3, 4]]


@pytest.mark.parametrize(
    ("old", "new", "line", "column", "what"),
    [
        ("NFG 1", "NFG 2", 1, 5, "must start with 'NFG 1 R'; here stands '2'"),
        ('{ "Player 1" "Player 2" }', "{ }", 2, 1, "at least one player"),
        ("{ 3 2 }", "{ 3 }", 2, 27, "strategies of 1 players; there are 2"),
        ("{ 3 2 }", "{ 3 0 }", 2, 31, "a player needs at least one strategy"),
        ("{ 3 2 }", "{ 3 999999 }", 2, 31, "at most 50,000"),
        ("{ 3 2 }", "{ 3000 2000 }", 2, 27, "6,000,000 strategy profiles"),
        ("3 2 0\n", "3 2 x\n", 4, 23, "'x' is not a number"),
        ("3 2 0\n", "3 2\n", 4, 22, "a number is needed here, not the end"),
        ("3 2 0\n", "3 2 0 7\n", 4, 25, "the payoffs are complete before '7'"),
    ],
)
def test_fault_is_reported_at_its_place(read, old, new, line, column, what):
    assert PAYOFFS.count(old) == 1

    with pytest.raises(ScenarioError) as caught:
        read(PAYOFFS.replace(old, new))

    (problem,) = caught.value.problems
    assert what in problem.what
    assert (problem.place.line, problem.place.column) == (line, column)


def test_faults_of_outcomes_are_reported(read):
    with pytest.raises(ScenarioError, match="there is no outcome 7; there are 6"):
        read(OUTCOMES.replace("5 6\n", "5 7\n"))
    with pytest.raises(ScenarioError, match="3 payoffs for 2 players"):
        read(OUTCOMES.replace("0, 3", "0, 3, 1"))


def test_strategy_names_only_what_it_does_not_exclude_itself():
    """Out ends the game for the first player: three reduced strategies, not four."""
    game = make_game(
        "A B",
        (
            "A",
            "first",
            {
                "out": (1, 1),
                "in": ("B", "then", {"l": (0, 0), "r": ("A", "last", {"u": (2, 3), "d": (4, 5)})}),
            },
        ),
    )

    form = normal_form(game, 0)

    assert form.strategies == (("out", "in / u", "in / d"), ("l", "r"))
    assert form.payoffs.tolist() == [
        [[1, 1], [1, 1]],
        [[0, 0], [2, 3]],
        [[0, 0], [4, 5]],
    ]


def test_payoffs_are_expected_over_chance():
    game = make_game(
        "A", ("chance", {"x": (0.25, ("A", "h", {"l": (4,), "r": (0,)})), "y": (0.75, (8,))})
    )

    assert normal_form(game, 0).payoffs.tolist() == [[7], [6]]


def test_player_without_a_move_has_one_strategy():
    form = normal_form(make_game("A B", ("A", "h", {"l": (1, 2), "r": (3, 4)})), 0)

    assert form.strategies == (("l", "r"), ("-",))


def test_large_normal_form_is_refused_before_it_is_made(monkeypatch):
    monkeypatch.setattr(exchange_nfg, "MAX_PROFILES", 3)
    game = make_game("A B", ("A", "h", {"l": (1, 2), "r": ("B", "g", {"x": (1, 1), "y": (2, 2)})}))

    with pytest.raises(FormError, match="2 x 2 strategies; at most 3 profiles"):
        nfg_text(game, 0)
