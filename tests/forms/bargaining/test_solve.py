"""What holds of every solver of bargaining: edges, batches, invariances."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms.bargaining.made import OFFERS, ONCE, PIE, Solved, package
from forms.bargaining.test_certify import CASES, numbers
from tenbin.forms.bargaining.room import ROOM
from tenbin.forms.contract import SolverOptions, Status

CLOSE = 1e-9


@pytest.mark.parametrize("concept", ["nash", "kalai_smorodinsky", "ultimatum"])
def test_disagreement_beyond_the_frontier_means_no_agreement(concept: str) -> None:
    solved = Solved({**PIE, "concept": concept, "disagreement": {"A": 0.7, "B": "y"}}, y=0.6)

    assert solved("P(m.agreed)") == 0
    assert solved("P(m.impasse)") == 1
    assert (solved("E(m.A)"), solved("E(m.B)")) == (0.7, 0.6)
    assert np.isnan(solved("agreement(m.pie)"))
    assert np.isnan(solved("low(m.pie)"))


def test_disagreement_beyond_the_frontier_ends_alternating_offers_in_impasse() -> None:
    solved = Solved({**OFFERS, "disagreement": {"A": 0.7, "B": 0.6}}, d1=0.9, d2=0.8)

    assert solved("P(m.impasse)") == 1
    assert solved.certificate.certified.all()


@pytest.mark.parametrize("concept", ["nash", "kalai_smorodinsky", "ultimatum"])
def test_zero_surplus_is_agreed_and_flagged_as_a_tie(concept: str) -> None:
    solved = Solved({**PIE, "concept": concept, "disagreement": {"A": 0.25, "B": "y"}}, y=0.75)

    assert solved("agreement(m.pie)") == pytest.approx(0.25)
    assert solved.solution.flags["tie"].all()
    assert not solved.solution.complete.any()


def test_floor_that_no_share_meets_means_no_agreement() -> None:
    limits = [{"player": "A", "floor": "r"}, {"player": "B", "issue": "pie", "at_most": 0.5}]
    solved = Solved({**PIE, "ratify": limits}, r=[0.4, 0.5, 0.6, 1.2])

    np.testing.assert_array_equal(solved("P(m.agreed)"), [1, 1, 0, 0])


def test_limit_binds_only_in_its_years_and_with_what_its_waiver_leaves() -> None:
    limit = {"player": "A", "floor": 0.8, "from": 2019, "until": 2021, "waiver": 0.25}
    solved = Solved({**PIE, "ratify": [limit], "year": "t"}, t=[2018, 2019, 2021, 2022])

    np.testing.assert_allclose(solved("agreement(m.pie)"), [0.5, 0.725, 0.725, 0.5])


def test_both_outside_options_binding_leave_nothing_to_agree_on() -> None:
    solved = Solved({**OFFERS, "outside": {"A": 0.6, "B": "w"}}, d1=0.9, d2=0.9, w=[0.3, 0.5])

    np.testing.assert_array_equal(solved("P(m.left)"), [0, 1])
    np.testing.assert_allclose(solved("E(m.A)"), [0.64, 0.6])
    assert solved.certificate.certified.all()


def test_discount_of_zero_gives_the_proposer_all_and_of_one_is_unsolved() -> None:
    solved = Solved(OFFERS, d1=[0.0, 0.9, 1.0, 1.0], d2=[0.0, 0.0, 0.5, 1.0])

    np.testing.assert_allclose(solved("agreement(m.pie)")[:3], [1.0, 1.0, 1.0])
    assert list(solved.solution.status) == [0, 0, 0, Status.NOT_FINITE]
    assert np.isnan(solved("agreement(m.pie)")[3])


def test_number_that_is_not_finite_is_a_status() -> None:
    solved = Solved({**PIE, "disagreement": {"A": "x"}}, x=[0.1, np.nan, np.inf, 0.3])

    assert list(solved.solution.status) == [0, Status.NOT_FINITE, Status.NOT_FINITE, 0]
    assert np.isnan(solved("E(m.A)")[1:3]).all()
    assert solved.certificate.certified[:, 0].tolist() == [True, False, False, True]


def test_issue_of_mutual_gain_is_granted_in_full_and_of_mutual_loss_not_at_all() -> None:
    values = {"pie": {}, "gain": {"values": {"A": [0, 1], "B": [0, 1]}},
              "loss": {"values": {"A": [0, -1], "B": [0, 0]}}}  # fmt: skip
    solved = Solved({"issues": values})

    assert solved("agreement(m.gain)") == 1
    assert solved("agreement(m.loss)") == 0


def test_issue_held_at_a_share_stays_there() -> None:
    values = {"pie": {}, "held": {"values": {"A": [0, 1], "B": [0, 1]}, "fixed": 0.25}}

    assert Solved({"issues": values})("agreement(m.held)") == 0.25


def test_outside_option_and_disagreement_are_different_things() -> None:
    """Binmore, Rubinstein and Wolinsky (1986): 0.3 as disagreement moves the split, as an outside
    option it does not."""
    apart = Solved({**PIE, "disagreement": {"B": 0.3}})
    away = Solved({**PIE, "outside": {"B": "w"}}, w=[0.3, 0.7])

    assert apart("E(m.B)") == pytest.approx(0.65)
    np.testing.assert_allclose(away("E(m.B)"), [0.5, 0.7])


@pytest.mark.parametrize("case", CASES)
def test_one_world_is_the_same_alone_and_in_a_batch(case: str) -> None:
    found = {name: values[:40] for name, values in numbers(3).items()}
    batch = Solved(CASES[case], **found)
    alone = Solved(CASES[case], **{name: values[17:18] for name, values in found.items()})

    one = slice(17 * batch.game.n_cases, 18 * batch.game.n_cases)
    for name in ("offer", "chance", "payoff", "share"):
        left, right = getattr(batch.solution, name)[one], getattr(alone.solution, name)
        np.testing.assert_array_equal(left, right)


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    scale=st.sampled_from([1e-6, 0.3, 40.0, 1e6]),
    case=st.sampled_from(["nash_package", "kalai_package_limits", "offers_package"]),
)
def test_payoffs_may_be_told_in_any_unit(seed: int, scale: float, case: str) -> None:
    found = {name: values[:20] for name, values in numbers(seed).items()}
    shares = ("d1", "d2", "p", "q")
    scaled = {k: v if k in shares else v * scale for k, v in found.items()}
    plain, other = Solved(CASES[case], **found), Solved(CASES[case], **scaled)

    np.testing.assert_allclose(
        other("E(m.A)"), plain("E(m.A)") * scale, rtol=1e-6, atol=1e-9 * scale
    )
    np.testing.assert_allclose(other("P(m.agreed)"), plain("P(m.agreed)"))


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), shift=st.floats(-5, 5))
def test_a_constant_added_to_a_player_is_added_to_its_payoff(seed: int, shift: float) -> None:
    found = {name: values[:20] for name, values in numbers(seed).items()}
    body = {**package(4), "disagreement": {"A": "x + k", "B": "y"}}
    moved = package(4)
    moved["issues"]["i0"]["values"]["A"] = ["k", "a0 + k"]
    plain = Solved(body, **{**found, "k": 0.0})
    other = Solved({**body, **moved}, **{**found, "k": shift})

    np.testing.assert_allclose(other("E(m.A)"), plain("E(m.A)") + shift, atol=1e-7)
    np.testing.assert_allclose(other("E(m.B)"), plain("E(m.B)"), atol=1e-7)


def test_private_types_that_are_the_same_are_no_types() -> None:
    found = {name: values[:100] for name, values in numbers(5).items()}
    same = {f"c{n}": found[f"b{n}"] for n in range(4)}
    typed = {**ONCE, **package(4, typed=True), "types": {"B": {"eager": "d1", "wary": "rest"}},
             "disagreement": {"A": "x", "B": "y"}}  # fmt: skip
    plain = {**ONCE, **package(4), "disagreement": {"A": "x", "B": "y"}}

    one, two = Solved(typed, **{**found, **same}), Solved(plain, **found)

    np.testing.assert_allclose(one("E(m.A)"), two("E(m.A)"), atol=CLOSE)
    np.testing.assert_allclose(one("P(m.agreed)"), two("P(m.agreed)"))


def test_narrow_distribution_of_a_floor_is_a_known_floor() -> None:
    known = Solved({**PIE, **ONCE, "ratify": [{"player": "B", "floor": 0.3}]})
    narrow = {"player": "B", "floor": {"uniform": [0.3 - 1e-9, 0.3 + 1e-9]}}
    unknown = Solved({**PIE, **ONCE, "ratify": [narrow]})

    assert unknown("agreement(m.pie)") == pytest.approx(known("agreement(m.pie)")[0], abs=1e-8)
    assert unknown("P(m.ratified)") == pytest.approx(1)


def test_threads_make_no_difference() -> None:
    solved = Solved({**PIE, "disagreement": {"A": "x"}}, x=np.linspace(0, 0.9, 40_000))

    again = ROOM.solve(solved.game, SolverOptions(threads=2))

    np.testing.assert_array_equal(again.offer, solved.solution.offer)
