"""Expressions: what the allow-list holds, where carets point, what numbers come out."""

import numpy as np
import pytest

from tenbin.errors import Place
from tenbin.scenario.expressions import (
    all_names,
    evaluate,
    fact_ids,
    mixture,
    named_policies,
    outcome_call,
    parse_expression,
    unknown_names,
)
from tenbin.scenario.language import Event, Name


def parsed(text, *, claim=False):
    expression, problems = parse_expression(text, claim=claim)
    assert problems == []
    return expression


def value_of(text, **numbers):
    return evaluate(parsed(text), numbers)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2 + 3 * 4", 14.0),
        ("-2 ** 2", -4.0),
        ("2 ** -1", 0.5),
        ("7 / 2 - 1", 2.5),
        ("min(3, 1, 2) + max(3, 1, 2)", 4.0),
        ("abs(-2) + sqrt(9) + exp(0) + log(1)", 6.0),
        ("1 if 2 < 3 else 0", 1.0),
        ("where(2 > 3, 1, 5)", 5.0),
        ("1 < 2 < 3", 1.0),
        ("1 < 2 > 3", 0.0),
        ("not 0", 1.0),
        ("2 and 3", 1.0),
        ("0 or 0", 0.0),
        ("3 == 3 and 3 != 4 and 3 <= 3 and 4 >= 3", 1.0),
    ],
)
def test_constant_expression_has_its_value(text, value):
    assert value_of(text) == value


def test_numbers_of_the_file_are_expressions():
    assert evaluate(parse_expression(3)[0], {}) == 3.0
    assert evaluate(parse_expression(0.25)[0], {}) == 0.25


def test_one_number_has_one_text_however_it_is_written():
    texts = {parse_expression(given)[0].text for given in (1, 1.0, "1", "1.0", " 1 ")}

    assert texts == {"1"}


def test_whitespace_does_not_change_an_expression():
    assert parsed("a+b*2") == parsed("a + b * 2")


def test_arrays_and_floats_broadcast():
    found = value_of("stake * 2 + c", stake=np.array([1.0, 2.0]), c=0.5)

    np.testing.assert_array_equal(found, [2.5, 4.5])


def test_if_takes_its_branch_in_each_world():
    found = value_of("1 / x if x != 0 else 0", x=np.array([0.0, 4.0]))

    np.testing.assert_array_equal(found, [0.0, 0.25])


def test_division_by_zero_is_a_value():
    found = value_of("1 / x", x=np.array([0.0, 2.0]))

    assert np.isinf(found[0])
    assert found[1] == 0.5


@pytest.mark.parametrize("text", ["x < 1", "not x < 1", "1 if x < 1 else 2", "x < 1 and 2 > 1"])
def test_comparison_with_nan_is_nan(text):
    assert np.isnan(value_of(text, x=float("nan")))


def test_a_false_part_decides_and_even_beside_nan():
    assert value_of("x < 1 and 2 < 1", x=float("nan")) == 0.0
    assert value_of("x < 1 or 1 < 2", x=float("nan")) == 1.0


def test_names_and_calls_are_collected():
    expression = parsed("a + E(m.US, troops=b / 2) * P(k.war, policy=p)")

    assert expression.names == {"a"}
    assert all_names(expression) == {"a", "b"}
    assert [(call.model, call.function) for call in expression.calls] == [("m", "E"), ("k", "P")]
    assert [name for name, _ in named_policies(expression)] == ["p"]


def test_outcome_call_holds_its_parts():
    (call,) = parsed("E(m.US, given=not m.threat.none, policy=p, troops=0)").calls

    assert call.arguments == (Event("name", (Name(("US",)),)),)
    assert call.given == Event("not", (Event("name", (Name(("threat", "none")),)),))
    assert call.policy == "p"
    assert [(name, value.text) for name, value in call.replaced] == [("troops", "0")]


def test_equal_outcomes_are_equal_wherever_they_stand():
    here = parsed("1 + P(m.war, b=2, a=1)").calls[0]
    there = parsed("P(m.war,a = 1.0, b=2)").calls[0]

    assert here == there
    assert hash(here) == hash(there)


def test_list_of_events_means_and():
    assert parsed("P([m.a, m.b.c])").calls == parsed("P(m.a and m.b.c)").calls


def test_belief_names_a_type_with_or_without_its_model():
    short = parsed("B(m.move, US.high)").calls
    long = parsed("B(m.move, m.US.high)").calls

    assert short == long


def test_options_of_an_outcome_replace_no_number():
    (call,) = parsed("time_to(m.crisis, start=calm, rate=2)").calls

    assert call.options == (("start", "calm"),)
    assert [name for name, _ in call.replaced] == ["rate"]


def test_text_argument_of_an_outcome_is_an_option():
    (call,) = parsed("stable(m.state, 'seq')").calls

    assert call.options == (("2", "seq"),)


def test_call_in_a_checked_tree_is_remembered():
    expression = parsed("P(m.war)")

    assert outcome_call(expression.tree) is expression.calls[0]


def test_outcomes_are_read_from_the_mapping():
    expression = parsed("2 * P(m.war)")
    found = evaluate(expression, {}, {expression.calls[0]: np.array([0.25, 0.5])})

    np.testing.assert_array_equal(found, [0.5, 1.0])


def test_mix_is_the_mean_over_events():
    expression = parsed("mix(m.stay, x, m.go, 10)")
    stay, go = (call for call, _ in mixture(expression.tree))
    found = evaluate(expression, {"x": 2.0}, {stay: np.array([0.5]), go: np.array([0.5])})

    np.testing.assert_array_equal(found, [6.0])


def test_mix_that_does_not_sum_to_one_is_undefined():
    expression = parsed("mix(m.stay, 1, m.go, 2)")
    stay, go = expression.calls
    found = evaluate(expression, {}, {stay: np.array([0.5]), go: np.array([0.4])})

    assert np.isnan(found).all()


def test_mix_ignores_the_number_of_an_impossible_event():
    expression = parsed("mix(m.stay, 1 / x, m.go, 2)")
    stay, go = expression.calls
    found = evaluate(expression, {"x": 0.0}, {stay: np.array([0.0]), go: np.array([1.0])})

    np.testing.assert_array_equal(found, [2.0])


def test_unknown_name_is_shown_under_a_caret_with_the_nearest():
    text = "  a: 2 * stke"
    expression, _ = parse_expression("2 * stke", Place("f", 4, 6, text))
    (problem,) = unknown_names(expression, ["stake", "cost"])

    assert str(problem).splitlines() == [
        "f:4:10: unknown number 'stke'",
        "    4 |   a: 2 * stke",
        "      |          ^",
        "allowed: cost, stake. Did you mean 'stake'?",
    ]


def test_caret_points_inside_quotes_and_past_wide_letters():
    text = 'a: "大 + nothing(1)"'
    _, (problem,) = parse_expression("大 + nothing(1)", Place("f", 1, 4, text))

    assert problem.place.column == 9
    assert str(problem).splitlines()[2].index("^") - 8 == 9  # one wide letter before it


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "missing"),
        ("a.b", "dotted name"),
        ("a.b.c.d", "dotted name"),
        ("().__class__.__bases__[0]", "square brackets"),
        ("P(m.a).__class__", "dotted name"),
        ("x[0]", "square brackets"),
        ("(lambda: 1)()", "lambda"),
        ("(y := 3)", "assignment"),
        ("f'{x}'", "f-string"),
        ("'text'", "a text"),
        ("b'x'", "cannot stand"),
        ("1j", "cannot stand"),
        ("...", "cannot stand"),
        ("None", "cannot stand"),
        ("True", "not a number"),
        ("[x for x in y]", "comprehension"),
        ("{1: 2}", "a mapping"),
        ("{1, 2}", "a set"),
        ("(1, 2)", "a list of values"),
        ("[1, 2]", "a list"),
        ("*a", "not an expression"),
        ("max(*a, 1)", "star"),
        ("max(a, b, key=c)", "no keywords"),
        ("P(m.a, **x)", "star"),
        ("x ** y", "must be a constant"),
        ("9 ** 9 ** 9", "must be a constant"),
        ("x ** 1000", "at most 100"),
        ("x // 2", "operator"),
        ("x % 2", "operator"),
        ("x @ y", "operator"),
        ("x ^ 2", "operator"),
        ("~x", "operator"),
        ("x in y", "only < <="),
        ("x is y", "only < <="),
        ("__import__('os')", "unknown function"),
        ("eval(x)", "unknown function"),
        ("a(b)(c)", "not allowed"),
        ("min", "name of a function"),
        ("log(1, 2)", "takes 1 arguments"),
        ("_x + 1", "begins with a letter"),
        ("1e999", "too large"),
        ("1" * 500, "too large"),
        ("x" * 2001, "at most 2000"),
        ("(" * 300 + "1" + ")" * 300, "nested"),
        ("-" * 1500 + "1", "nested"),
        ("1" + "+1" * 900, "nested"),
        ("x;y", "not an expression"),
        ("import os", "not an expression"),
        ("x\x00", "not an expression"),
        ("a = b", "not an expression"),
        ("P(war)", "not an event"),
        ("P(m.a, n.b)", "P(event)"),
        ("P(m.a and n.b)", "several models"),
        ("P(m.a.b.c.d)", "an event is named"),
        ("P(m.__class__)", "an event is named"),
        ("P(m.a < 1)", "an event is expected"),
        ("P()", "needs a dotted name"),
        ("E(m.US, given=n.x)", "names model 'n'"),
        ("E(m.US, policy='p')", "name of a policy"),
        ("E(m.US, x=P(m.a))", "may not be an outcome"),
        ("mix(m.a, 1, m.b)", "write mix"),
        ("mix(m.a, 1, n.b, 2)", "one model"),
        ("fact('X')", "only stand in a claim"),
        ("rises(P(m.a), x)", "only stand in a claim"),
    ],
)
def test_hostile_or_mistaken_number_is_refused(text, words):
    expression, (problem,) = parse_expression(text)

    assert expression is None
    assert words in problem.what


@pytest.mark.parametrize(
    "text",
    [
        "P(m.war) < 0.5",
        "P(m.war, policy=a) < P(m.war, policy=b) and not E(m.US) > stake",
        "rises(P(m.war), stake) or falls(E(m.US) - E(m.UK), stake)",
        "iff(P(m.a) > 0.5, 5 <= fact('DER-01') <= 6)",
        "best(redeploy, by=regret, objective=war)",
        "dominated(redeploy)",
        "stake < cost",
    ],
)
def test_claim_says_a_proposition(text):
    parsed(text, claim=True)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("True", "says nothing"),
        ("1 < 2", "reads nothing"),
        ("P(m.war)", "needs a comparison"),
        ("stake", "needs a comparison"),
        ("stake and P(m.a) < 1", "needs a comparison"),
        ("fact('X')", "needs a comparison"),
        ("(P(m.a) < 1) + 1 > 0", "a number is expected"),
        ("rises(P(m.a), x) > 1", "a number is expected"),
        ("rises(stake, x)", "needs an outcome"),
        ("rises(P(m.a))", "write rises"),
        ("iff(P(m.a) < 1)", "two propositions"),
        ("best('a')", "write best"),
        ("best(a, by=luck)", "unknown criterion"),
        ("best(a, for_whom=x)", "takes `by=`"),
        ("fact(X) < 1", "write fact"),
    ],
)
def test_claim_that_is_no_proposition_is_refused(text, words):
    expression, (problem,) = parse_expression(text, claim=True)

    assert expression is None
    assert words in problem.what


def test_holds_true_is_an_error():
    _, (problem,) = parse_expression(True, claim=True)

    assert "says nothing" in problem.what


def test_facts_of_a_claim_are_found():
    assert [name for name, _ in fact_ids(parsed("fact('A') < fact('B')", claim=True))] == ["A", "B"]
