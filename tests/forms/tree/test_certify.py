"""The certifier against the definition: right profiles pass, each kind of wrong one is refused."""

from __future__ import annotations

import dataclasses
import math
import time

import numpy as np
import pytest

from forms.tree.certify_twin import certify_slowly
from forms.tree.hand_made import make_game, make_solution
from forms.tree.random_trees import Shape, grow_game, random_profile
from tenbin.errors import ShapeError
from tenbin.forms.tree import certify
from tenbin.forms.tree.certify import PLAYED, certify_tree
from tenbin.forms.tree.tables import TreeSolution

TOLERANCE = 1e-6

ENTRY = ("E", "enter", {"out": (0, 2), "in": ("I", "reply", {"fight": (-1, -1), "share": (1, 1)})})


def one(certificate, name="residual"):
    """The only entry of an array [1, 1]."""
    return getattr(certificate, name)[0, 0]


def horse():
    """Selten (1975), figure 1: player 3 cannot tell whose deviation brought the move to him."""
    after_one = ("P3", "three", {"L": (3, 2, 2), "R": (0, 0, 0)})
    after_two = ("P3", "three", {"L": (4, 4, 0), "R": (0, 0, 1)})
    two = ("P2", "two", {"d": after_two, "c": (1, 1, 1)})
    return make_game("P1 P2 P3", ("P1", "one", {"D": after_one, "C": two}))


def signalling(p=0.9):
    """Two types, two messages; after `m` the receiver cannot tell who sent it."""

    def sender(kind, strong):
        return (
            "S",
            kind,
            {
                "quiet": (1, 0),
                "m": ("R", "after m", {"yes": (2, 1 if strong else -1), "no": (0, 0)}),
            },
        )

    return make_game(
        "S R",
        ("chance", {"strong": (p, sender("strong", True)), "weak": (1 - p, sender("weak", False))}),
    )


def test_certificate_of_the_credible_reply_is_exact():
    game = make_game("E I", ENTRY)
    solution = make_solution(game, {"enter": {"in": 1}, "reply": {"share": 1}})

    certificate = certify_tree(game, solution, TOLERANCE)

    assert one(certificate) == 0
    assert one(certificate, "certified")
    assert one(certificate, "witness_gap") == pytest.approx(1e-6, rel=1e-3)
    assert one(certificate, "margin") == pytest.approx(1 / 3)


def test_noncredible_threat_is_refused():
    """(out, fight) is a Nash equilibrium: only the off-path threat is irrational."""
    game = make_game("E I", ENTRY)
    solution = make_solution(game, {"enter": {"out": 1}, "reply": {"fight": 1}})

    certificate = certify_tree(game, solution, TOLERANCE)

    assert one(certificate) == pytest.approx(2 / 3)
    assert not one(certificate, "certified")


@pytest.mark.parametrize(
    ("mixed", "expected"),
    [(1.0, True), (0.75, True), (0.74, False)],
    ids=["always_right", "at_the_bound", "below_the_bound"],
)
def test_horse_good_equilibria_need_player_three_to_play_right_often_enough(mixed, expected):
    """Selten's sequential equilibria: C, c and player 3 plays L with probability at most 1/4."""
    game = horse()
    profile = {"one": {"C": 1}, "two": {"c": 1}, "three": {"R": mixed, "L": 1 - mixed}}
    # Beliefs that make player 3 indifferent: 1/3 on P1's deviation (2 against 1).
    even = {"one": {"D": math.log(1e-6)}, "two": {"d": math.log(2e-6)}}
    sure = {"one": {"D": math.log(1e-12)}, "two": {"d": math.log(1e-6)}}
    witness = sure if mixed == 1 else even

    certificate = certify_tree(game, make_solution(game, profile, witness), 1e-5)

    assert one(certificate, "certified") == expected


@pytest.mark.parametrize("odds", [-20.0, 0.0, 20.0])
def test_horse_bad_nash_equilibrium_is_refused_with_every_witness(odds):
    """(D, c, L) is Nash; player 2, off the path, would rather play d against L: 4 against 1."""
    profile = {"one": {"D": 1}, "two": {"c": 1}, "three": {"L": 1}}
    witness = {"one": {"C": -20 + odds}, "two": {"d": -20 - odds}}
    game = horse()

    certificate = certify_tree(game, make_solution(game, profile, witness), TOLERANCE)

    assert one(certificate) == pytest.approx(3 / 4)


def test_threat_off_the_path_stands_only_on_beliefs_of_its_witness():
    """Both types quiet; `no` after m is right only if the trembles come from the weak type."""
    profile = {"strong": {"quiet": 1}, "weak": {"quiet": 1}, "after m": {"no": 1}}
    from_weak = {"strong": {"m": -1e12}, "weak": {"m": -1e6}}
    from_strong = {"strong": {"m": -1e6}, "weak": {"m": -1e12}}
    game = signalling()

    residuals = [
        one(certify_tree(game, make_solution(game, profile, witness), TOLERANCE))
        for witness in (from_weak, from_strong)
    ]

    assert residuals == pytest.approx([0, 1 / 2])


def test_on_path_beliefs_are_bayes_whatever_the_witness_says():
    """Both types send m, so the belief is the prior .9; the witness sends almost only the weak."""
    profile = {"strong": {"m": 1}, "weak": {"m": 1}, "after m": {"yes": 1}}
    witness = {"strong": {"m": -1e6, "quiet": 0}, "weak": {"m": 0}}
    game = signalling()

    certificate = certify_tree(game, make_solution(game, profile, witness), TOLERANCE)

    assert one(certificate) == 0
    assert one(certificate, "witness_gap") == pytest.approx(1)


def test_bayes_reaches_behind_the_own_deviation():
    """P1 stays out, so its own later move is off the path; yet P2's mixture fixes its belief."""
    late = [("P1", "late", {"x": (x, 0), "y": (0, 0)}) for x in (1, -1)]
    root = (
        "P1",
        "first",
        {
            "out": (2, 0),
            "in": ("P2", "middle", {"l": late[0], "r": late[1]}),
        },
    )
    profile = {"first": {"out": 1}, "middle": {"l": 0.4999, "r": 0.5001}, "late": {"x": 1}}
    # Within the witness's tolerance, and there x would pay.
    witness = {"middle": {"l": math.log(0.5005), "r": math.log(0.4995)}}
    game = make_game("P1 P2", root)

    certificate = certify_tree(game, make_solution(game, profile, witness), TOLERANCE)

    assert one(certificate, "witness_gap") < 1e-3
    assert one(certificate) == pytest.approx(0.0002 / 3)


def test_witness_too_far_is_refused_though_the_profile_is_right():
    game = make_game("E I", ENTRY)
    solution = make_solution(game, {"enter": {"in": 1}, "reply": {"share": 1}}, tremble=2e-3)

    certificate = certify_tree(game, solution, TOLERANCE)

    assert one(certificate) == 0
    assert one(certificate, "witness_gap") > 1e-3
    assert not one(certificate, "certified")


def spoil(solution, name, index, value):
    """The solution with one entry of an array replaced."""
    array = getattr(solution, name).copy()
    array[0, 0, index] = value
    return dataclasses.replace(solution, **{name: array})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("profile", math.nan),
        ("profile", math.inf),
        ("profile", 0.5),
        ("profile", -0.1),
        ("log_witness", math.nan),
        ("log_witness", -math.inf),
        ("log_witness", 1.0),
    ],
)
def test_what_is_no_profile_or_no_witness_is_refused(name, value):
    game = make_game("E I", ENTRY)
    solution = make_solution(game, {"enter": {"in": 1}, "reply": {"share": 1}})

    certificate = certify_tree(game, spoil(solution, name, 0, value), TOLERANCE)

    assert one(certificate) == math.inf
    assert not one(certificate, "certified")


@pytest.mark.parametrize("value", [math.inf, math.nan, 1e308])
def test_payoffs_that_are_not_finite_or_overflow_are_never_certified(value):
    game = make_game("E I", ENTRY)
    game.payoffs[0, 0] = (-value, 2)
    game.payoffs[0, 2] = (value, 1)
    solution = make_solution(game, {"enter": {"in": 1}, "reply": {"share": 1}})

    certificate = certify_tree(game, solution, TOLERANCE)

    assert not one(certificate, "certified")


def test_worlds_without_numbers_and_empty_slots_hold_nothing():
    game = make_game("E I", ENTRY, worlds=3)
    solution = make_solution(game, {"enter": {"in": 1}, "reply": {"share": 1}})
    game.valid[1] = False
    solution.found[2] = False

    certificate = certify_tree(game, solution, TOLERANCE)

    assert certificate.certified[:, 0].tolist() == [True, False, False]
    assert np.isnan(certificate.residual[1:]).all()


def test_masked_infosets_are_outside_the_certificate():
    """Nobody is weak here: what the weak would do, NaN even, is no part of the game."""
    game = signalling(p=1.0)
    profile = {"strong": {"m": 1}, "after m": {"yes": 1}}
    start = game.tree.infoset_start[game.tree.infoset_names.index("weak")]
    solution = spoil(make_solution(game, profile), "profile", start, math.nan)
    solution = spoil(solution, "log_witness", start, math.nan)
    game.payoffs[0, -1] = math.nan

    certificate = certify_tree(game, solution, TOLERANCE)

    assert one(certificate) == 0
    assert one(certificate, "certified")
    assert one(certificate, "margin") == pytest.approx(1 / 2)


def test_masked_payoffs_do_not_count_in_the_range():
    game = signalling(p=1.0)
    game.payoffs[0, 3:] *= 1e9
    profile = {"strong": {"quiet": 1}, "after m": {"no": 1}}

    certificate = certify_tree(game, make_solution(game, profile), TOLERANCE)

    assert one(certificate) == pytest.approx(1 / 2)


@pytest.mark.parametrize("prior", [1e-12, 1e-300])
def test_rare_types_count_in_full_where_they_move(prior):
    """A chance probability is never a rounding: the rare strong type must still do its best."""
    game = signalling(p=prior)
    game.payoffs[0, 2, 0] = 1.5
    profile = {"strong": {"quiet": 1}, "weak": {"quiet": 1}, "after m": {"no": 1}}

    certificate = certify_tree(game, make_solution(game, profile), TOLERANCE)

    assert one(certificate) == pytest.approx(1 / 4)


def faint(probability):
    """The weak type sends m with a tiny probability; nobody else does, and R answers `no`."""
    profile = {
        "strong": {"quiet": 1.0},
        "weak": {"m": probability, "quiet": 1 - probability},
        "after m": {"yes": 1},
    }
    witness = {"strong": {"m": math.log(1e-6)}, "weak": {"m": math.log(1e-7)}}
    game = signalling()
    game.payoffs[0, game.payoffs[0, :, 0] == 2, 0] = 0.5
    return one(certify_tree(game, make_solution(game, profile, witness), TOLERANCE))


@pytest.mark.parametrize("probability", [1e-17, 1e-12, PLAYED])
def test_rounding_of_a_zero_makes_no_belief(probability):
    assert faint(probability) == 0


def test_probability_above_the_line_makes_beliefs_by_bayes():
    assert faint(1e-8) == pytest.approx(1 / 2)


def test_rare_action_of_a_rare_type_is_certified_as_given():
    """The weak bluffs rarely because the strong is rare: rounded to zero nobody would doubt it."""
    prior = 1e-11
    bluff = prior / (1 - prior)
    yes = 0.5

    def sender(kind, strong):
        reward = 3 if strong else 2
        return (
            "S",
            kind,
            {
                "quiet": (1, 0),
                "m": ("R", "after m", {"yes": (reward, 1 if strong else -1), "no": (0, 0)}),
            },
        )

    root = ("chance", {"s": (prior, sender("strong", True)), "w": (1 - prior, sender("weak", 0))})
    game = make_game("S R", root)
    profile = {
        "strong": {"m": 1},
        "weak": {"m": bluff, "quiet": 1 - bluff},
        "after m": {"yes": yes, "no": 1 - yes},
    }

    certificate = certify_tree(game, make_solution(game, profile, tremble=bluff), TOLERANCE)

    assert one(certificate) == pytest.approx(0, abs=1e-12)


def test_mixed_equilibrium_has_an_infinite_margin():
    root = (
        "A",
        "a",
        {
            "h": ("B", "b", {"h": (1, -1), "t": (-1, 1)}),
            "t": ("B", "b", {"h": (-1, 1), "t": (1, -1)}),
        },
    )
    game = make_game("A B", root)
    even = {"h": 0.5, "t": 0.5}

    certificate = certify_tree(game, make_solution(game, {"a": even, "b": even}), TOLERANCE)

    assert one(certificate) == 0
    assert one(certificate, "margin") == math.inf


def test_game_without_decisions_has_one_empty_equilibrium():
    game = make_game("A", ("chance", {"x": (0.5, (1,)), "y": (0.5, (2,))}))

    assert one(certify_tree(game, make_solution(game, {}), TOLERANCE), "certified")


def test_solution_of_another_tree_raises():
    game, other = make_game("E I", ENTRY), signalling()

    with pytest.raises(ShapeError, match="this tree needs"):
        certify_tree(game, make_solution(other, {}), TOLERANCE)


def logit_solution(game, precision, shift=0.0):
    """The logit response at one free decision and a coin, exact, then shifted."""
    odds = precision * 2 + shift
    logs = -np.logaddexp(0, np.array([-odds, odds]))
    solution = make_solution(game, {}, precision=precision)
    solution.log_witness[0, 0] = logs
    solution.profile[0, 0] = np.exp(logs)
    return solution


@pytest.mark.parametrize("precision", [0.5, 10.0, 1000.0])
def test_logit_response_is_certified_at_its_precision_per_payoff_unit(precision):
    game = make_game("A", ("A", "a", {"good": (5,), "bad": (3,)}))

    right = certify_tree(game, logit_solution(game, precision), TOLERANCE)
    wrong = certify_tree(game, logit_solution(game, precision, 1e-4), TOLERANCE)

    assert one(right, "certified")
    assert one(wrong) == pytest.approx(1e-4, rel=0.5)
    assert not one(wrong, "certified")


def test_logit_witness_must_be_the_profile_itself():
    game = make_game("A", ("A", "a", {"good": (5,), "bad": (3,)}))
    solution = logit_solution(game, 0.5)
    solution.profile[0, 0] += [-1e-4, 1e-4]

    certificate = certify_tree(game, solution, TOLERANCE)

    assert one(certificate) == pytest.approx(0, abs=1e-12)
    assert not one(certificate, "certified")


SHAPES = {
    "two_players": Shape(),
    "four_players": Shape(players=4, depth=5, most_actions=2),
    "deep": Shape(depth=7, most_actions=2, hidden=0.6),
    "zero_probabilities": Shape(zero_chance=0.7, chance=0.5),
    "huge_payoffs": Shape(scale=1e12),
    "tiny_payoffs": Shape(scale=1e-12),
    "ties": Shape(integers=True),
}


def random_solution(game, rng, pure=0.6):
    """Random profiles, with witnesses of trembles of every size, in every world."""
    shape = (game.n_worlds, 1, game.tree.n_actions)
    profile = np.stack([random_profile(game, rng, pure) for _ in range(game.n_worlds)])
    faintly = rng.random(profile.shape) < 0.05
    profile = np.where(faintly & (profile == 0), 1e-12, profile)
    trembles = -(10 ** rng.uniform(1, 12, profile.shape))
    logs = np.where(profile > PLAYED, np.log(np.maximum(profile, PLAYED)), trembles)
    worlds = game.n_worlds
    return TreeSolution(
        game.tree,
        profile.reshape(shape),
        logs.reshape(shape),
        np.ones((worlds, 1), dtype=np.bool_),
        np.zeros(worlds, dtype=np.int8),
        np.zeros(worlds, dtype=np.bool_),
        "at random",
    )


@pytest.mark.parametrize("name", SHAPES)
def test_certificate_agrees_with_the_slow_twin(name):
    for seed in range(12):
        game = grow_game(seed, SHAPES[name], worlds=3)
        solution = random_solution(game, np.random.default_rng(seed))

        certificate = certify_tree(game, solution, TOLERANCE)

        for w in range(game.n_worlds):
            expected = certify_slowly(
                game, w, solution.profile[w, 0], solution.log_witness[w, 0], TOLERANCE, PLAYED
            )
            assert certificate.residual[w, 0] == pytest.approx(expected[0], rel=1e-9, abs=1e-12)
            assert certificate.margin[w, 0] == pytest.approx(expected[1], rel=1e-9, abs=1e-12)


def test_certificate_of_a_world_does_not_depend_on_its_tile(monkeypatch):
    game = grow_game(3, Shape(), worlds=7)
    solution = random_solution(game, np.random.default_rng(3))
    whole = certify_tree(game, solution, TOLERANCE)
    monkeypatch.setattr(certify, "TILE_CELLS", 2 * game.tree.n_nodes)

    assert np.array_equal(certify_tree(game, solution, TOLERANCE).residual, whole.residual)


def test_certificate_is_the_same_after_shifts_and_a_common_factor():
    game = grow_game(5, Shape(), worlds=20)
    solution = random_solution(game, np.random.default_rng(5))
    moved = dataclasses.replace(game, payoffs=7.5 * game.payoffs + np.array([3.0, -2.0]))

    first, second = (certify_tree(g, solution, TOLERANCE).residual for g in (game, moved))

    assert second == pytest.approx(first)


def test_certifier_keeps_pace_with_the_solver():
    """At least 20,000 worlds a second are wanted at 24 terminal nodes; a tenth of it must hold."""
    game = grow_game(8, Shape(depth=5, most_actions=2), worlds=4000)
    solution = random_solution(game, np.random.default_rng(8))
    begin = time.process_time()

    certify_tree(game, solution, TOLERANCE)

    assert game.tree.n_terminals >= 20
    assert 4000 / (time.process_time() - begin) > 2000
