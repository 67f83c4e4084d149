"""The truth of propositions world by world, over combinations of equilibria."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from judge.helpers import NAN, answer, compare, less, no_numbers, outcome, quantity, score
from tenbin.forms.contract import Status
from tenbin.judge.evaluate import (
    FALSE,
    TRUE,
    UNDEFINED,
    Judged,
    Verdict,
    judge_worlds,
    rival_gains,
)
from tenbin.judge.propositions import (
    Equivalence,
    Junction,
    Monotone,
    Negation,
    Operator,
    Proposition,
    Ranking,
)
from tenbin.judge.views import Answer
from tenbin.scenario.language import Setting

HOLDS, FAILS, MIXED, UNSOLVED = Verdict.HOLDS, Verdict.FAILS, Verdict.MIXED, Verdict.UNSOLVED


def judge(proposition: Proposition, *answers: Answer) -> Judged:
    worlds = len(answers[0].status)
    return judge_worlds(proposition, list(answers), no_numbers, worlds)


def verdict_of(proposition: Proposition, *values: float) -> int:
    """The verdict in one world where outcome i has value i."""
    answers = [answer([value], group=i) for i, value in enumerate(values)]
    return int(judge(proposition, *answers).verdict[0])


@pytest.mark.parametrize(
    ("operator", "below", "near", "above"),
    [
        ("<", HOLDS, FAILS, FAILS),
        ("<=", HOLDS, HOLDS, FAILS),
        (">", FAILS, FAILS, HOLDS),
        (">=", FAILS, HOLDS, HOLDS),
        ("==", FAILS, HOLDS, FAILS),
        ("!=", HOLDS, FAILS, HOLDS),
    ],
)
def test_comparison_carries_a_tolerance_of_a_millionth(
    operator: Operator, below: int, near: int, above: int
) -> None:
    left = answer([0.5 - 2e-6, 0.5 - 5e-7, 0.5 + 5e-7, 0.5 + 2e-6])

    judged = judge(compare(outcome(0), operator, quantity(0.5)), left)

    assert judged.verdict.tolist() == [below, near, near, above]
    assert judged.tie.tolist() == [False, True, True, False]


def test_comparison_of_values_takes_a_millionth_of_the_payoff_range() -> None:
    left, right = answer([0.0, 0.0], scale=100.0), answer([9e-5, 2e-4], group=1, scale=100.0)

    judged = judge(less(0, 1), left, right)

    assert judged.verdict.tolist() == [FAILS, HOLDS]


def test_tolerance_is_carried_through_arithmetic() -> None:
    soldiers = quantity("1000 * P(m.end0)", [0])

    judged = judge(compare(soldiers, ">", quantity(0.0)), answer([9e-7, 2e-6]))

    assert judged.verdict.tolist() == [FAILS, HOLDS]


def test_plain_numbers_are_compared_relatively() -> None:
    stake = compare(quantity("stake"), "<", quantity(1e6))

    judged = judge_worlds(
        stake, [], lambda _setting, _choice: {"stake": np.array([1e6 - 0.5, 1e6 - 2.0])}, 2
    )

    assert judged.verdict.tolist() == [FAILS, HOLDS]


def test_numbers_are_read_under_their_own_setting() -> None:
    other = Setting(play=(("m.move", "act"),))
    proposition = compare(quantity("x"), "<", quantity("x", setting=other))

    judged = judge_worlds(
        proposition, [], lambda setting, _choice: {"x": np.array([2.0 if setting.play else 1.0])}, 1
    )

    assert judged.verdict.tolist() == [HOLDS]


@pytest.mark.parametrize(
    ("values", "verdict"),
    [
        ((0.1, 0.2, 0.3, 0.4), HOLDS),
        ((0.1, 0.2, 0.4, 0.3), FAILS),
        ((0.1, 0.2, NAN, 0.3), UNSOLVED),
        ((0.2, 0.1, NAN, 0.3), FAILS),
    ],
)
def test_and_with_an_undefined_part_is_defined_where_it_does_not_matter(
    values: tuple[float, ...], verdict: int
) -> None:
    assert verdict_of(Junction("and", (less(0, 1), less(2, 3))), *values) == verdict


@pytest.mark.parametrize(
    ("values", "verdict"),
    [
        ((0.1, 0.2, NAN, 0.3), HOLDS),
        ((0.2, 0.1, NAN, 0.3), UNSOLVED),
        ((0.2, 0.1, 0.3, 0.2), FAILS),
    ],
)
def test_or_with_an_undefined_part_is_defined_where_it_does_not_matter(
    values: tuple[float, ...], verdict: int
) -> None:
    assert verdict_of(Junction("or", (less(0, 1), less(2, 3))), *values) == verdict


def test_not_of_undefined_is_undefined() -> None:
    assert verdict_of(Negation(less(0, 1)), NAN, 0.5) == UNSOLVED
    assert verdict_of(Negation(less(0, 1)), 0.6, 0.5) == HOLDS


@pytest.mark.parametrize(
    ("values", "verdict"),
    [
        ((0.1, 0.2, 0.3, 0.4), HOLDS),
        ((0.2, 0.1, 0.4, 0.3), HOLDS),
        ((0.1, 0.2, 0.4, 0.3), FAILS),
        ((NAN, 0.2, 0.4, 0.3), UNSOLVED),
    ],
)
def test_iff_holds_where_both_or_neither_do(values: tuple[float, ...], verdict: int) -> None:
    assert verdict_of(Equivalence(less(0, 1), less(2, 3)), *values) == verdict


@pytest.mark.parametrize(
    ("values", "rises"),
    [
        ((0.1, 0.2, 0.3, 0.4, 0.5), HOLDS),
        ((0.1, 0.1, 0.1, 0.1, 0.5), HOLDS),
        ((0.1, 0.1, 0.1, 0.1, 0.1), FAILS),
        ((0.1, 0.3, 0.2, 0.4, 0.5), FAILS),
        ((0.1, 0.3, 0.3 - 5e-7, 0.4, 0.5), HOLDS),
        ((0.5, 0.4, 0.3, 0.2, 0.1), FAILS),
        ((0.1, NAN, 0.3, 0.4, 0.5), UNSOLVED),
        ((0.5, NAN, 0.3, 0.4, 0.1), FAILS),
    ],
)
def test_rises_needs_no_step_against_and_an_end_above_the_start(
    values: tuple[float, ...], rises: int
) -> None:
    assert verdict_of(Monotone(True, tuple(map(outcome, range(5)))), *values) == rises


def test_falls_is_rises_backwards() -> None:
    falls = Monotone(False, tuple(map(outcome, range(5))))

    assert verdict_of(falls, 0.5, 0.4, 0.4, 0.2, 0.1) == HOLDS
    assert verdict_of(falls, 0.1, 0.2, 0.3, 0.4, 0.5) == FAILS


def test_rises_is_a_tie_only_where_its_ends_are() -> None:
    rises = Monotone(True, tuple(map(outcome, range(3))))
    answers = [answer(values, group=i) for i, values in enumerate([[0, 0], [0, 0], [1, 0]])]

    assert judge(rises, *answers).tie.tolist() == [False, True]


def test_world_is_mixed_where_equilibria_of_one_job_differ() -> None:
    values = [[0.1, 0.9], [0.1, 0.2], [0.8, 0.9], [0.9, 0.1]]

    judged = judge(compare(outcome(0), "<", quantity(0.5)), answer(values))

    assert judged.verdict.tolist() == [MIXED, HOLDS, FAILS, MIXED]
    assert judged.selected.tolist() == [TRUE, TRUE, FALSE, FALSE]


def test_slots_without_an_equilibrium_are_not_combined() -> None:
    values = [[0.1, 0.9, 0.9], [0.1, 0.9, 0.2]]
    found = [[True, False, False], [True, False, True]]

    judged = judge(compare(outcome(0), "<", quantity(0.5)), answer(values, found=found))

    assert judged.verdict.tolist() == [HOLDS, HOLDS]


def test_outcomes_of_one_job_share_its_equilibrium() -> None:
    first, second = answer([[0.1, 0.8]]), answer([[0.2, 0.9]])

    assert judge(less(0, 1), first, second).verdict.tolist() == [HOLDS]


def test_equilibria_of_different_jobs_are_crossed() -> None:
    first, second = answer([[0.1, 0.8]]), answer([[0.2, 0.9]], group=1)

    assert judge(less(0, 1), first, second).verdict.tolist() == [MIXED]


def test_linked_jobs_are_combined_along_one_branch() -> None:
    upstream = answer([[0.1, 0.8]])
    along = answer([[0.2, 0.9]], group=1, rests={0: [[0, 1]]})
    across = answer([[0.9, 0.2]], group=1, rests={0: [[1, 0]]})

    assert judge(less(0, 1), upstream, along).verdict.tolist() == [HOLDS]
    assert judge(less(0, 1), upstream, across).verdict.tolist() == [HOLDS]
    assert judge(less(1, 0), upstream, along).verdict.tolist() == [FAILS]


def test_jobs_fed_by_one_job_agree_on_its_equilibrium() -> None:
    first = answer([[0.1, 0.8]], rests={9: [[0, 1]]})
    second = answer([[0.2, 0.3, 0.9]], group=1, rests={9: [[0, 0, 1]]})

    assert judge(less(0, 1), first, second).verdict.tolist() == [HOLDS]


def test_branches_that_were_not_followed_leave_the_world_unsolved() -> None:
    judged = judge(
        compare(outcome(0), "<", quantity(0.5)),
        answer([[0.1, 0.2], [0.1, 0.9], [0.1, 0.2]], capped=[True, True, False]),
    )

    assert judged.verdict.tolist() == [UNSOLVED, MIXED, HOLDS]
    assert judged.reason.tolist() == [Status.BRANCHES, Status.SOLVED, Status.SOLVED]


def test_tolerance_is_that_of_the_branch() -> None:
    wide = answer([[0.5, 0.5]])
    wide = replace(wide, scale=np.array([[1.0, 1e6]]))

    judged = judge(compare(outcome(0), "<", quantity(0.6)), wide)

    assert judged.verdict.tolist() == [MIXED]


def five_by_four(low: float) -> tuple[Answer, Answer]:
    """Two jobs with five and four different equilibria: twenty combinations; one is low."""
    first = 0.9 + 0.01 * np.arange(5.0)[None, :]
    second = 0.5 + 0.01 * np.arange(4.0)[None, :]
    second[0, -1] = low
    return answer(first), answer(second, group=1)


def test_past_the_cap_without_a_difference_the_world_is_unsolved() -> None:
    judged = judge(compare(outcome(0), ">", quantity(0.5)), *five_by_four(0.49))

    assert judged.verdict.tolist() == [UNSOLVED]
    assert judged.reason.tolist() == [Status.BRANCHES]
    assert judged.selected.tolist() == [TRUE]


def test_past_the_cap_a_difference_seen_makes_the_world_mixed() -> None:
    first, second = five_by_four(0.5)
    first.values[0, 1] = 0.1

    assert judge(less(1, 0), first, second).verdict.tolist() == [MIXED]


def test_equilibria_that_answer_alike_count_as_one() -> None:
    many = np.full((2, 40), 1.0)
    many[1, 39] = 0.0

    judged = judge(compare(outcome(0), "==", quantity(1.0)), answer(many))

    assert judged.verdict.tolist() == [HOLDS, MIXED]


def test_at_the_cap_every_combination_is_looked_at() -> None:
    first, second = answer(np.full((1, 4), 0.5)), answer(np.full((1, 4), 0.9), group=1)
    first.values[0, 3] = 0.8
    second.values[0, 3] = 0.7

    assert judge(less(0, 1), first, second).verdict.tolist() == [MIXED]


def test_tie_in_any_combination_is_counted() -> None:
    judged = judge(compare(outcome(0), "<=", quantity(0.5)), answer([[0.1, 0.5]]))

    assert judged.tie.tolist() == [True]


def test_difference_seen_outweighs_an_undefined_combination() -> None:
    judged = judge(
        compare(outcome(0), "<", quantity(0.5)), answer([[0.1, 0.9, NAN], [0.1, 0.2, NAN]])
    )

    assert judged.verdict.tolist() == [MIXED, UNSOLVED]
    assert judged.reason.tolist() == [Status.SOLVED, Status.UNDEFINED]


def test_unsolved_job_makes_the_world_unsolved_with_its_reason() -> None:
    solved = answer([0.1, 0.1, 0.1])
    other = answer([0.2, 0.2, NAN], group=1, status=[0, Status.DIVERGED, Status.UNDEFINED])

    judged = judge(less(0, 1), solved, other)

    assert judged.verdict.tolist() == [HOLDS, UNSOLVED, UNSOLVED]
    assert judged.reason.tolist() == [Status.SOLVED, Status.DIVERGED, Status.UNDEFINED]
    assert judged.selected.tolist() == [TRUE, UNDEFINED, UNDEFINED]


def ranking(kind: str, by: str, own: list[int], rivals: list[list[int]], **keys: float) -> Ranking:
    sign = int(keys.get("sign", -1))
    threshold = keys.get("threshold")
    return Ranking(
        kind,  # pyright: ignore[reportArgumentType]
        by,  # pyright: ignore[reportArgumentType]
        "own",
        tuple(score(atom, sign, threshold) for atom in own),
        tuple(tuple(score(atom, sign, threshold) for atom in rival) for rival in rivals),
    )


@pytest.mark.parametrize(
    ("values", "best"),
    [((0.1, 0.2, 0.3), HOLDS), ((0.2, 0.2, 0.3), HOLDS), ((0.25, 0.2, 0.3), FAILS)],
)
def test_best_by_regret_holds_where_no_rival_is_better(
    values: tuple[float, ...], best: int
) -> None:
    assert verdict_of(ranking("best", "regret", [0], [[1], [2]]), *values) == best


def test_best_follows_the_direction_of_the_objective() -> None:
    assert verdict_of(ranking("best", "regret", [0], [[1]], sign=1), 0.3, 0.2) == HOLDS
    assert verdict_of(ranking("best", "regret", [0], [[1]], sign=-1), 0.3, 0.2) == FAILS


def test_best_is_defined_where_a_better_rival_is_known() -> None:
    assert verdict_of(ranking("best", "regret", [0], [[1], [2]]), 0.3, NAN, 0.2) == FAILS
    assert verdict_of(ranking("best", "regret", [0], [[1], [2]]), 0.3, NAN, 0.4) == UNSOLVED


@pytest.mark.parametrize(
    ("values", "dominated"),
    [
        ((0.3, 0.3, 0.2, 0.2), HOLDS),
        ((0.3, 0.3, 0.3, 0.2), HOLDS),
        ((0.3, 0.3, 0.4, 0.1), FAILS),
        ((0.3, 0.3, 0.3, 0.3), FAILS),
    ],
)
def test_dominated_needs_a_rival_better_somewhere_and_worse_nowhere(
    values: tuple[float, ...], dominated: int
) -> None:
    assert verdict_of(ranking("dominated", "regret", [0, 1], [[2, 3]]), *values) == dominated


def test_satisficing_asks_only_whether_the_policy_is_good_enough() -> None:
    best = ranking("best", "satisfice", [0], [[1]], threshold=0.2)

    assert verdict_of(best, 0.2, 0.1) == HOLDS
    assert verdict_of(best, 0.21, 0.3) == FAILS


def test_dominated_by_satisficing_needs_a_rival_that_is_good_enough() -> None:
    dominated = ranking("dominated", "satisfice", [0], [[1]], threshold=0.2)

    assert verdict_of(dominated, 0.3, 0.1) == HOLDS
    assert verdict_of(dominated, 0.3, 0.25) == FAILS
    assert verdict_of(dominated, 0.1, 0.05) == FAILS


def test_rival_gains_are_positive_where_the_rival_is_better() -> None:
    by_mean = ranking("best", "mean", [0], [[1], [2]])
    answers = [answer([0.3, 0.3]), answer([0.1, NAN], group=1), answer([0.4, 0.4], group=2)]

    gains, tolerances, reason = rival_gains(by_mean, answers, no_numbers, 2)

    assert gains[:, 0, 0] == pytest.approx([0.2, -0.1])
    assert tolerances[:, 0, 0] == pytest.approx(1e-6)
    assert reason.tolist() == [Status.SOLVED, Status.UNDEFINED]


def test_mix_carries_the_tolerance_of_its_events() -> None:
    mean = quantity("mix(m.end0, 1, m.end1, 0)", [0, 1])
    near = answer([0.5 + 5e-7, 0.5 + 2e-6])
    other = answer([0.5 - 5e-7, 0.5 - 2e-6])

    judged = judge(compare(mean, "==", quantity(0.5)), near, other)

    assert judged.verdict.tolist() == [HOLDS, FAILS]


@pytest.mark.parametrize("text", ["1 / P(m.end0)", "log(P(m.end0))", "0 / P(m.end0)"])
def test_number_that_is_not_finite_has_no_value(text: str) -> None:
    judged = judge(compare(quantity(text, [0]), "<", quantity(2.0)), answer([0.0]))

    assert judged.verdict.tolist() == [UNSOLVED]
    assert judged.reason.tolist() == [Status.UNDEFINED]
