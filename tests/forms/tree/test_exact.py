"""Certificates in fractions: known equilibria, what must not be proved, agreement with others."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from fractions import Fraction as F  # noqa: N817  read as numbers here
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from forms.tree.hand_made import make_game, make_solution
from forms.tree.random_trees import Shape, grow_game, random_profile
from tenbin.forms.contract import SolverOptions
from tenbin.forms.tree.certify import certify_tree
from tenbin.forms.tree.exact import ExactCheck
from tenbin.forms.tree.exact_numbers import exact_file, exact_float, exact_tables
from tenbin.forms.tree.exact_search import prove
from tenbin.forms.tree.exchange import read_game_file
from tenbin.forms.tree.exchange_file import game_of_file
from tenbin.forms.tree.room import solve_game
from tenbin.forms.tree.tables import TreeGame


def proof_of(game: TreeGame, concept: str = "sequential"):
    """What is proved of the selected equilibrium of the first world."""
    solution = solve_game(game, SolverOptions(concept=concept, threads=1))
    return prove(exact_tables(game, 0), solution.profile[0, 0], solution.log_witness[0, 0])


def fractions_of(game: TreeGame, weights: np.ndarray) -> list[F]:
    """A profile in proportion to whole weights [G]."""
    starts = game.tree.infoset_start.tolist()
    return [
        F(int(weight), int(weights[first:last].sum()))
        for first, last in pairwise(starts)
        for weight in weights[first:last]
    ]


def one_shot(payoffs: list[list[tuple[float, ...]]]) -> TreeGame:
    """A bimatrix game: the column player does not see the row."""
    rows = {
        f"r{i}": ("two", "columns", {f"c{j}": cell for j, cell in enumerate(row)})
        for i, row in enumerate(payoffs)
    }
    return make_game("one two", ("one", "rows", rows))


def selten_horse() -> TreeGame:
    """Selten (1975), figure 1."""
    third = ("three", "three", {"L": (3, 2, 2), "R": (0, 0, 0)})
    other = ("three", "three", {"L": (4, 4, 0), "R": (0, 0, 1)})
    second = ("two", "two", {"c": (1, 1, 1), "d": other})
    return make_game("one two three", ("one", "one", {"C": second, "D": third}))


def test_matching_pennies_has_the_fractions_of_the_closed_form() -> None:
    # The column player's mixture makes the row player indifferent: 3q - 1 = 1 - 2q.
    game = one_shot([[(2, -1), (-1, 1)], [(-1, 1), (1, -1)]])

    proof = proof_of(game)

    assert proof.proved == "sequential"
    assert proof.profile == (F(1, 2), F(1, 2), F(2, 5), F(3, 5))
    assert proof.payoffs == (F(1, 5), F(0))


def test_decimals_are_proved_as_they_are_written() -> None:
    game = one_shot([[(0.1, -0.1), (-0.3, 0.3)], [(-0.7, 0.7), (0.2, -0.2)]])

    proof = proof_of(game)

    assert proof.payoffs == (F(-19, 130), F(19, 130))


def test_long_fractions_are_found_from_the_equations() -> None:
    # Rock, paper, scissors of floats: mixed, with denominators of many digits.
    rng = np.random.default_rng(3)
    beats = np.array([[0, -1, 1], [1, 0, -1], [-1, 1, 0]])
    first, second = beats + rng.normal(0, 0.1, (2, 3, 3)) * [[[1]], [[-1]]]
    game = one_shot(np.stack([first, -second], axis=2).tolist())

    proof = proof_of(game)

    assert exact_tables(game, 0).from_floats
    assert proof.proved == "sequential"
    assert min(p.denominator for p in proof.profile) > 10**30


def test_selten_horse_tells_nash_from_sequential() -> None:
    # Selten (1975): (D, c, L) is Nash, but two would deviate if reached; (C, c, R) is sequential.
    exact = exact_tables(selten_horse(), 0)
    witness = np.log(np.full(6, 1e-3))

    incredible = prove(exact, np.array([0, 1.0, 1, 0, 1, 0]), witness)
    sensible = proof_of(selten_horse())

    assert incredible.proved == "subgame_perfect"
    assert "no beliefs" in incredible.sentence
    assert sensible.proved == "sequential"


def test_an_empty_threat_is_nash_and_no_more() -> None:
    fight = ("inside", "answer", {"fight": (-1, -1), "yield": (1, 1)})
    game = make_game("outside inside", ("outside", "entry", {"stay": (0, 2), "enter": fight}))

    proof = prove(exact_tables(game, 0), np.array([1.0, 0, 1, 0]), np.zeros(4))

    assert proof.proved == "nash"
    assert "inside gains 2" in proof.sentence


def test_what_is_no_equilibrium_is_not_proved() -> None:
    game = one_shot([[(2, -1), (-1, 1)], [(-1, 1), (1, -1)]])

    proof = prove(exact_tables(game, 0), np.array([0.5, 0.5, 0.41, 0.59]), np.zeros(4))

    assert proof.proved == ""
    assert "one gains" in proof.sentence


def test_an_irrational_equilibrium_is_said_to_be_so() -> None:
    # Nau, Gomez Canovas and Hansen (2004): the only equilibrium of this game is irrational.
    cells = {
        "LL": (3, 0, 2), "LR": (0, 2, 0), "RL": (0, 1, 0), "RR": (1, 0, 0),
        "ll": (1, 0, 0), "lr": (0, 1, 0), "rl": (0, 3, 0), "rr": (2, 0, 3),
    }  # fmt: skip

    def third(key: str):
        return ("three", "3", {"left": cells[key], "right": cells[key.lower()]})

    rows = {a: ("two", "2", {b: third(a + b) for b in "LR"}) for a in "LR"}

    proof = proof_of(make_game("one two three", ("one", "1", rows)))

    assert proof.proved == ""
    assert "irrational" in proof.sentence


def test_off_path_beliefs_are_found_for_an_unexpected_message() -> None:
    # Beer-quiche (Cho and Kreps 1987): on quiche the receiver must believe in the weak type.
    def receiver(message: str, strong: bool):
        own = 1.0 if (message == "beer") == strong else 0.0
        duel = (own, 0.0 if strong else 1.0)
        walk = (own + 2, 1.0 if strong else 0.0)
        return ("receiver", message, {"duel": duel, "walk": walk})

    def sender(strong: bool):
        name = "strong" if strong else "weak"
        return ("sender", name, {m: receiver(m, strong) for m in ("beer", "quiche")})

    root = ("chance", {"strong": (0.9, sender(True)), "weak": (0.1, sender(False))})
    game = make_game("sender receiver", root)
    exact = exact_tables(game, 0)
    order = list(game.tree.infoset_names)
    rows = {"strong": (1, 0), "beer": (0, 1), "quiche": (1, 0), "weak": (1, 0)}
    profile = np.array([p for name in order for p in rows[name]], dtype=float)

    proof = prove(exact, profile, np.log(np.maximum(profile, 1e-3)))

    assert proof.proved == "sequential"
    beliefs = ExactCheck(exact, proof.profile).beliefs(order.index("quiche"), proof.trembles or {})
    assert beliefs[1] >= F(1, 2)


@pytest.mark.parametrize("seed", range(40))
def test_gains_are_those_of_the_certifier_in_floats(seed: int) -> None:
    game = grow_game(seed, Shape(players=2 + seed % 2, integers=True, hidden=0.5))
    rng = np.random.default_rng(seed)
    row = np.round(random_profile(game, rng, pure=0.0) * 64 + 1)
    exact = exact_tables(game, 0)
    starts = game.tree.infoset_start
    profile = fractions_of(game, row)
    named = {
        name: dict(
            zip(
                game.tree.action_names[starts[h] : starts[h + 1]],
                map(float, profile[starts[h] : starts[h + 1]]),
                strict=True,
            )
        )
        for h, name in enumerate(game.tree.infoset_names)
    }

    worst = ExactCheck(exact, profile).worst_sequential({})

    residual = certify_tree(game, make_solution(game, named), 1e-6).residual[0, 0]
    scale = np.ptp(game.payoffs[0], axis=0).max()
    assert float(worst.gain if worst else 0) == pytest.approx(residual * scale, abs=1e-9)


@pytest.mark.parametrize("seed", range(30))
def test_nash_gain_is_gambits_regret(seed: int, tmp_path: Path) -> None:
    gambit = pytest.importorskip("pygambit")
    from tenbin.forms.tree.exchange import write_efg

    game = grow_game(seed, Shape(players=2, integers=True, chance=0.0, hidden=0.6, depth=3))
    path = tmp_path / "game.efg"
    nameless = replace(game, tree=replace(game.tree, node_names=()))
    path.write_text(write_efg(nameless, 0), "utf-8")
    theirs = gambit.read_efg(str(path))
    order = np.argsort(game.tree.infoset_player[game.tree.action_infoset], kind="stable")
    row = np.random.default_rng(seed).integers(1, 9, game.tree.n_actions)
    profile = fractions_of(game, row)
    behaviour = theirs.mixed_behavior_profile(rational=True)
    rest = iter(profile[g] for g in order)
    for player in theirs.players:
        for history in theirs.get_infosets(player):
            at = gambit.H.path(*history.actions)
            behaviour[at] = {label: str(next(rest)) for label in theirs.get_actions(at)}

    worst = ExactCheck(exact_tables(game, 0), profile).worst_nash()

    assert (worst.gain if worst else 0) == F(str(behaviour.max_regret()))


def test_most_random_games_of_two_players_are_proved() -> None:
    levels = [
        proof_of(grow_game(seed, Shape(players=2, hidden=0.5, integers=seed % 2 == 0))).proved
        for seed in range(60)
    ]

    assert levels.count("sequential") >= 50
    assert levels.count("") <= 3


def test_a_proof_is_never_given_to_a_profile_that_was_moved() -> None:
    for seed in range(20):
        game = grow_game(seed, Shape(players=2, hidden=0.6))
        exact = exact_tables(game, 0)
        proof = proof_of(game)
        mixed = [g for g, p in enumerate(proof.profile) if 0 < p < 1]
        if len(mixed) < 2:
            continue
        moved = list(proof.profile)
        h = game.tree.action_infoset[mixed[0]]
        other = next(g for g in mixed[1:] if game.tree.action_infoset[g] == h)
        moved[mixed[0]] += F(1, 10**20)
        moved[other] -= F(1, 10**20)

        check = ExactCheck(exact, moved)

        assert check.worst_sequential(proof.trembles or {}) is not None


@pytest.mark.parametrize(
    ("number", "meant", "rough"),
    [(0.1, F(1, 10), False), (1 / 3, F(1, 3), False), (-2.5e-3, F(-1, 400), False),
     (0.1 + 0.2, F(0.1 + 0.2), True), (2 / 997, F(2, 997), False)],
)  # fmt: skip
def test_a_float_stands_for_what_a_person_would_write(number: float, meant: F, rough: bool) -> None:
    assert exact_float(number) == (meant, rough)


def test_fractions_of_a_file_are_taken_as_they_stand(tmp_path: Path) -> None:
    path = tmp_path / "game.efg"
    path.write_text(
        'EFG 2 R "" { "A" "B" }\n'
        'c "" 1 "" { "u" 1/1001 "v" 1000/1001 } 0\n'
        't "" 1 "" { 1/3, 0.1 }\n'
        'p "" 1 1 "h" { "x" "y" } 1\n'
        't "" 2 "" { 1e-20, 0 }\n'
        't "" 0\n',
        "utf-8",
    )
    file = read_game_file(path)

    exact = exact_file(file, game_of_file(file).tree)

    assert exact.chance == (F(1, 1001), F(1000, 1001))
    added = (F(1, 3) + F(1, 10**20), F(1, 10))
    assert exact.payoffs == ((F(1, 3), F(1, 10)), added, (F(1, 3), F(1, 10)))


def test_solve_prints_the_fractions(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tenbin.cli", "solve", "textbook/kuhn_poker", "--exact"]

    shown = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path)

    assert "exact: proved: a sequential equilibrium" in shown.stdout
