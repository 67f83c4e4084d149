"""Policies, claims and objectives; references between all sections."""

import pytest

from scenario.helpers import errors, problems, scenario

LEVERS = {"x": {"default": 0, "range": "0..1"}}


def test_scenario_without_policies_has_the_status_quo():
    found = scenario().policies

    assert list(found) == ["status_quo"]
    assert found["status_quo"].values == ()


def test_policy_sets_levers_and_commits_moves():
    found = scenario(
        levers=LEVERS, constants={"c": 2}, policies={"p": {"x": "c / 4", "play": {"m.go": "left"}}}
    )

    assert [(name, value.text) for name, value in found.policies["p"].values] == [("x", "c / 4")]
    assert found.policies["p"].play == (("m.go", "left"),)


@pytest.mark.parametrize(
    ("policy", "words"),
    [
        ({"y": 1}, "unknown lever 'y'"),
        ({"x": 2}, "outside the range 0..1"),
        ({"x": "c"}, "outside the range 0..1"),
        ({"x": "u"}, "unknown constant 'u'"),
        ({"x": "P(m.a)"}, "may not be an outcome"),
        ({"x": [1]}, "a number or a text"),
        ({"play": {"go": "left"}}, "write model.move"),
        ({"play": {"k.go": "left"}}, "unknown model 'k'"),
        ({"play": {"m.go": ["left"]}}, "a word is expected"),
    ],
)
def test_impossible_policy_is_an_error(policy, words):
    (error,) = errors(
        levers=LEVERS, constants={"c": 2}, uncertainties={"u": "0..1"}, policies={"p": policy}
    )

    assert words in error


@pytest.mark.parametrize(
    ("claim", "words"),
    [
        ({"holds": True}, "says nothing"),
        ({"holds": "1 < 2"}, "reads nothing"),
        ({}, "nothing to judge it by"),
        ({"holds": "P(m.a) < 1", "stated": "x"}, "holds and stated"),
        ({"holds": "P(k.a) < 1"}, "unknown model 'k'"),
        ({"holds": "P(m.a, policy=q) < 1"}, "unknown policy 'q'"),
        ({"holds": "P(m.a, y=1) < 1"}, "unknown number 'y'"),
        ({"holds": "P(m.a, x=y) < 1"}, "unknown number 'y'"),
        ({"holds": "P(m.a, d=1) < 1"}, "'d' is derived"),
        ({"holds": "P(m.a) < y"}, "unknown number 'y'"),
        ({"holds": "rises(P(m.a), d)"}, "no uncertainty or lever"),
        ({"holds": "best(q)"}, "unknown policy 'q'"),
        ({"holds": "best(status_quo, objective=o)"}, "unknown objective 'o'"),
        ({"holds": "fact('F') < 1"}, "unknown fact 'F'"),
        ({"holds": "P(m.a) < 1", "needs": "D"}, "unknown claim 'D'"),
        ({"holds": "P(m.a) < 1", "asserts": {"d": 1}}, "unknown number 'd'"),
        ({"holds": "P(m.a) < 1", "asserts": {"x": "P(m.a)"}}, "may not be an outcome"),
        ({"holds": "P(m.a) < 1", "facts": ["F"]}, "unknown fact 'F'"),
        ({"holds": "P(m.a) < 1", "kind": "guess"}, "cannot be guess"),
        ({"holds": "P(m.a) < 1", "worlds": 10}, "greater than or equal to 1024"),
        ({"because": {"sentence": "s", "word": "so"}}, "cannot be so"),
        ({"because": {"sentence": "s", "word": "partly", "rows": ["F"]}}, "unknown fact 'F'"),
    ],
)
def test_impossible_claim_is_an_error(claim, words):
    (error,) = errors(levers=LEVERS, derived={"d": "x"}, claims={"C": {"says": "s", **claim}})

    assert words in error


def test_claims_that_need_one_another_show_their_circle():
    claim = {"says": "s", "holds": "P(m.a) < 1"}
    (error,) = errors(
        claims={
            "A": {**claim, "needs": "B"},
            "B": {**claim, "needs": "C"},
            "C": {**claim, "needs": "A"},
        }
    )

    assert "A -> B -> C -> A" in error


def test_derived_numbers_in_a_circle_show_it_through_replaced_numbers():
    (error,) = errors(constants={"k": 1}, derived={"a": "b + 1", "b": "E(m.A, k=c)", "c": "a"})

    assert "a -> b -> c -> a" in error


def test_kind_of_a_claim_follows_from_how_it_is_judged():
    claims = {
        "fact": {"holds": "fact('F') < 1"},
        "fact_too": {"because": {"sentence": "s", "word": "partly"}},
        "normative": {"stated": "a purpose"},
        "prediction": {"holds": "P(m.a) < 1"},
        "causal": {"holds": "P(m.a, policy=p) < P(m.a)"},
    }
    found = scenario(
        facts={"F": {"value": 1}},
        policies={"p": {}},
        claims={name: {"says": "s", **claim} for name, claim in claims.items()},
    )

    assert [claim.kind for claim in found.claims.values()] == [
        "fact",
        "fact",
        "normative",
        "prediction",
        "causal",
    ]


@pytest.mark.parametrize(
    ("objective", "words"),
    [
        ({}, "exactly one"),
        ({"min": "P(m.a)", "max": "P(m.a)"}, "exactly one"),
        ({"min": 3}, "reads no outcome"),
        ({"min": "P(k.a)"}, "unknown model 'k'"),
        ({"min": "P(m.a)", "at_least": 0.1}, "does not go with"),
    ],
)
def test_impossible_objective_is_an_error(objective, words):
    (error,) = errors(objectives={"o": objective})

    assert words in error


def test_objective_has_a_direction_and_what_is_good_enough():
    found = scenario(objectives={"o": {"max": "E(m.A)", "at_least": 2}}).objectives["o"]

    assert (found.direction, found.threshold.text) == ("max", "2")


def test_decision_maker_is_a_player():
    assert "unknown player 'C'" in errors(decision_maker="C")[0]


def test_one_name_is_one_number():
    (error,) = errors(constants={"a": 1}, uncertainties={"a": "0..1"})

    assert "already a name in `uncertainties`" in error


def test_player_and_measure_may_not_share_a_name():
    assert "already a name" in errors(measures={"A": {"unit": "USD"}})[0]


def test_number_that_nothing_reads_is_a_warning():
    (found,) = problems(
        uncertainties={"u": "0..1", "used": "0..1"},
        models={"m": {"form": "tree", "ends": {"e": {"A": "2 * used"}}}},
    )

    assert found.warning
    assert "'u'" in found.what


def test_all_problems_come_at_once():
    found = errors(
        uncertainties={"u": "1..0"},
        levers={"x": {"default": 3, "range": "0..1"}},
        policies={"p": {"y": 1}},
        claims={"C": {"says": "s", "holds": "P(k.a) < 1"}},
        decision_maker="Z",
    )

    assert len(found) == 5


def test_section_with_very_many_names_is_refused():
    (error,) = errors(constants={f"c{number}": number for number in range(6_000)})

    assert "at most 5,000" in error
