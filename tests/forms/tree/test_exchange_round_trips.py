"""Games written and read again are the same; files with mistakes end in located problems."""

from __future__ import annotations

from fractions import Fraction
from io import StringIO
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms.tree.random_trees import Shape, grow_game
from tenbin.errors import ScenarioError
from tenbin.forms.tree.exchange import parse_game
from tenbin.forms.tree.exchange_efg import efg_text
from tenbin.forms.tree.exchange_file import game_of_file
from tenbin.forms.tree.exchange_nfg import nfg_text, normal_form
from tenbin.forms.tree.exchange_text import GameText, plain_number, quoted
from tenbin.forms.tree.tables import TreeGame

LABELS = st.text(st.sampled_from('ab"\\{} ,\n한1'), max_size=4)


def read_text(text: str, suffix: str = ".efg") -> TreeGame:
    return game_of_file(parse_game(GameText("game" + suffix, text), suffix))


def assert_same_game(back: TreeGame, game: TreeGame, world: int) -> None:
    """The same tree with the same names, bitwise the same payoffs."""
    for column in ("parent", "action", "branch", "infoset", "terminal", "infoset_player"):
        assert np.array_equal(getattr(back.tree, column), getattr(game.tree, column)), column
    assert back.tree.infoset_names == game.tree.infoset_names
    assert back.tree.action_names == game.tree.action_names
    assert np.array_equal(back.payoffs[0], game.payoffs[world])
    assert back.chance[0] == pytest.approx(game.chance[world], abs=1e-15)


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    players=st.integers(1, 4),
    depth=st.integers(1, 5),
    integers=st.booleans(),
    scale=st.sampled_from([1.0, 1e-9, 1e12]),
)
def test_random_trees_survive_a_file(seed, players, depth, integers, scale):
    shape = Shape(players=players, depth=depth, integers=integers, scale=scale, zero_chance=0.2)
    game = grow_game(seed, shape, worlds=2)

    assert_same_game(read_text(efg_text(game, 1, "any")), game, 1)


@settings(max_examples=200, deadline=None)
@given(LABELS)
def test_any_label_survives_its_quotation_marks(label):
    text = f'EFG 2 R {quoted(label)} {{ "A" }} t {quoted(label)} 0'

    found = parse_game(GameText("x.efg", text), ".efg")

    assert found.title == label
    assert found.nodes[0].name == label


@settings(max_examples=300, deadline=None)
@given(st.floats(allow_nan=False, allow_infinity=False))
def test_any_number_survives_its_decimals(number):
    assert float(Fraction(plain_number(number))) == number


@st.composite
def normal_forms(draw: st.DrawFn) -> tuple[str, list[int], np.ndarray]:
    """The text of a random normal form, its counts, and its payoffs [profile, P]."""
    counts = draw(st.lists(st.integers(1, 3), min_size=1, max_size=4))
    profiles = int(np.prod(counts))
    number = st.integers(-9, 9) | st.floats(-5, 5).map(lambda x: round(x, 4))
    rows = [[draw(number) for _ in counts] for _ in range(profiles)]
    players = " ".join(f'"P{i}"' for i in range(len(counts)))
    body = " ".join(plain_number(x) for row in rows for x in row)
    text = f'NFG 1 R "random" {{ {players} }} {{ {" ".join(map(str, counts))} }}\n{body}'
    return text, counts, np.array(rows, dtype=float)


@settings(max_examples=80, deadline=None)
@given(normal_forms())
def test_random_normal_forms_survive_both_versions(given_form):
    """The tree of simultaneous moves has the normal form that it was read from."""
    text, counts, rows = given_form
    game = read_text(text, ".nfg")

    for version in ("payoff", "outcome"):
        back = normal_form(read_text(nfg_text(game, 0, "any", version), ".nfg"), 0)
        for number, profile in enumerate(_profiles(counts)):
            assert back.payoffs[profile].tolist() == rows[number].tolist()
        assert [len(names) for names in back.strategies] == counts


def _profiles(counts: list[int]):
    """Profiles with the first player's strategy changing fastest."""
    for reversed_profile in product(*(range(count) for count in reversed(counts))):
        yield tuple(reversed(reversed_profile))


@pytest.mark.parametrize("seed", range(8))
def test_gambit_sees_the_same_reduced_normal_form(seed):
    """As many reduced strategies, and profiles that pay the same, whatever their order."""
    gambit = pytest.importorskip("pygambit", exc_type=ImportError)
    game = grow_game(seed, Shape(players=2, depth=3, integers=True), worlds=1)
    theirs = gambit.read_efg(StringIO(efg_text(game, 0)))
    ours = normal_form(game, 0)

    table = normal_form(read_text(theirs.to_nfg(), ".nfg"), 0).payoffs

    assert table.shape == ours.payoffs.shape
    assert _rows(table) == pytest.approx(_rows(ours.payoffs), abs=1e-9)


def _rows(payoffs: np.ndarray) -> np.ndarray:
    """All profiles' payoffs in an order that no order of strategies changes."""
    rows = payoffs.reshape(-1, payoffs.shape[-1]).round(9) + 0.0
    return rows[np.lexsort(rows.T[::-1])]


@pytest.mark.parametrize("version", ["payoff", "outcome"])
def test_gambit_reads_both_versions_of_a_normal_form(version):
    gambit = pytest.importorskip("pygambit", exc_type=ImportError)
    form = 'NFG 1 R "g" { "A" "B" } { 3 2 }\n1 1 0 2 0 2 1/2 .1 0 3 2 0'
    game = read_text(form, ".nfg")

    theirs = gambit.read_nfg(StringIO(nfg_text(game, 0, "g", version)))

    back = read_text(theirs.to_nfg(), ".nfg")
    assert np.array_equal(back.payoffs, game.payoffs)
    assert back.tree.action_names == ("1", "2", "3", "1", "2")


EFG = """EFG 2 R "t" { "A" "B" } "c"
c "n" 1 "deal" { "x" 1/3 "y" 2/3 } 0
p "" 1 1 "one" { "l" "r" } 1 "ante" { 1, -1 }
t "" 2 "o" { 0.5, 2 }
p "" 2 1 "two" { "u" } 0
t "" 2
p "" 1 1 0
t "" 2
t "" 0
"""
NFG = """NFG 1 R "t" { "A" "B" } { { "l" "r" } { "u" "d" } } "c"
{ { "a" 1, 2 } { "b" 0 1/2 } }
1 2 0 1
"""


@pytest.mark.parametrize("suffix", [".efg", ".nfg"])
@settings(max_examples=400, deadline=None)
@given(data=st.data())
def test_mutated_files_are_read_or_refused_at_a_place(suffix, data):
    """No mistake ends otherwise than in problems with a line and a column of the file."""
    text = EFG if suffix == ".efg" else NFG
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(text)))
        cut = data.draw(st.integers(0, 6))
        put = data.draw(
            st.text(st.sampled_from('"{}0123456789/.-e \nptcR\\'), max_size=4)
            | st.sampled_from(["1/0", "1e999", '"x"', "{ }", "\x00", "99999999999"])
        )
        text = text[:at] + put + text[at + cut :]
    lines = text.split("\n")
    try:
        game = read_text(text, suffix)
    except ScenarioError as error:
        for problem in error.problems:
            place = problem.place
            assert place.file == "game" + suffix
            assert 1 <= place.line <= len(lines)
            assert 1 <= place.column <= len(lines[place.line - 1]) + 1
            assert problem.what
    else:
        assert np.isfinite(game.payoffs).all()


@st.composite
def binary_trees(draw: st.DrawFn) -> tuple[str, bool]:
    """A tree with information sets drawn at random, and whether its one player remembers."""
    lines, pasts = ['EFG 2 R "" { "A" }'], dict[int, set[tuple[tuple[int, int], ...]]]()

    def grow(depth: int, past: tuple[tuple[int, int], ...]) -> None:
        if depth == 0 or (depth < 3 and draw(st.booleans())):
            lines.append('t "" 0')
            return
        infoset = draw(st.integers(1, 5))
        pasts.setdefault(infoset, set()).add(past)
        lines.append(f'p "" 1 {infoset} "" {{ "l" "r" }} 0')
        for action in range(2):
            grow(depth - 1, (*past, (infoset, action)))

    grow(3, ())
    return "\n".join(lines), all(len(known) == 1 for known in pasts.values())


@settings(max_examples=300, deadline=None)
@given(binary_trees())
def test_recall_is_checked_by_its_definition(given_tree):
    """At all nodes of an information set its player did the same before, knowing the same."""
    text, remembers = given_tree

    if remembers:
        assert read_text(text).valid.all()
    else:
        with pytest.raises(ScenarioError, match="forgets"):
            read_text(text)
