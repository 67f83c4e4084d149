"""Claim -> questions: its proposition under every policy it is judged under, as plain data."""

from __future__ import annotations

import ast
import copy
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal, cast

from tenbin.errors import Place, Problem, ScenarioError
from tenbin.judge.propositions import (
    Atom,
    Comparison,
    Equivalence,
    Junction,
    Monotone,
    Negation,
    Operator,
    Proposition,
    Quantity,
    Question,
    Ranking,
    Score,
)
from tenbin.judge.ranges import points_of_range
from tenbin.judge.reads import is_factual, named_calls, reads_of
from tenbin.run.settings import bare_call, overlay, policy_setting, set_values
from tenbin.scenario.expressions import (
    fact_ids,
    is_outcome_call,
    parse_expression,
    written_text,
)
from tenbin.scenario.language import Expression, OutcomeCall, Setting
from tenbin.scenario.objects import Claim, Objective, Scenario
from tenbin.scenario.words import CLAIM_FUNCTIONS, place_of_node
from tenbin.worlds import reached_numbers

__all__ = [
    "ALL",
    "MINOR_WORLDS",
    "objective_score",
    "policy_settings",
    "questions_of",
]

ALL = "all"
"""The policy under which a claim is judged that names its policies itself."""

MINOR_WORLDS = 1024
"""Worlds of settings that only `rises`, `falls` or replaced numbers ask for."""

_OPERATORS: dict[type[ast.cmpop], Operator] = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
}


def questions_of(
    scenario: Scenario, claim: Claim, imposed: Mapping[str, Expression] | None = None
) -> tuple[tuple[Question, ...], list[Problem]]:
    """A claim's questions, one per policy it is judged under, or what is wrong with it.

    A claim that names a policy in every outcome call, and reads no lever, is judged once under
    `all`; every other claim is judged under each policy of the scenario. Claims without a
    proposition over worlds have no questions.

    Parameters
    ----------
    scenario, claim
        Which claim of which scenario.
    imposed
        Names that are given another value whatever the policy; what the claim itself replaces in
        an outcome stays as it says.
    """
    if claim.holds is None or is_factual(scenario, claim):
        return (), []
    questions: list[Question] = []
    for policy, ambient in policy_settings(scenario).items():
        builder = _Builder(scenario, claim, claim.holds, ambient, imposed or {})
        question = builder.question(policy)
        if question is None:
            return (), builder.problems
        if not builder.ambient:
            return (replace(question, policy=ALL),), []
        questions.append(question)
    return tuple(questions), []


def policy_settings(scenario: Scenario) -> dict[str, Setting]:
    """The setting of every policy by name; of a scenario that states none, one named `all`."""
    settings = {name: policy_setting(scenario, name) for name in scenario.policies}
    if scenario.data.get("policies"):
        return settings
    return {ALL: next(iter(settings.values()), Setting())}


def objective_score(
    scenario: Scenario, objective: Objective, setting: Setting
) -> tuple[Score, tuple[Atom, ...]]:
    """An objective under one setting, with the outcomes it asks for numbered from zero."""
    builder = _Builder(scenario, None, objective.expression, setting)
    score = builder.score(objective, setting, threshold=True)
    return score, tuple(builder.atoms)


class _Malformed(Exception):  # noqa: N818  never leaves this module
    """A proposition that cannot be judged; carries its problem."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.what)
        self.problem = problem


class _Builder:
    """Binds one proposition to one ambient setting and numbers its outcomes."""

    def __init__(
        self,
        scenario: Scenario,
        claim: Claim | None,
        expression: Expression,
        ambient: Setting,
        imposed: Mapping[str, Expression] | None = None,
    ) -> None:
        self.scenario = scenario
        self.claim = claim
        self.expression = expression
        self.imposed = dict(imposed or {})
        self.setting = set_values(ambient, self.imposed)
        self.reads_facts = bool(fact_ids(expression))
        self.atoms: dict[Atom, int | None] = {}
        self.ambient = False
        self.problems: list[Problem] = []

    def question(self, policy: str) -> Question | None:
        """The proposition as a question; None where something is wrong, see `problems`."""
        assert self.claim is not None
        try:
            proposition = self._proposition(self.expression.tree)
            self._check_averages(proposition)
        except _Malformed as malformed:
            self.problems.append(malformed.problem)
            return None
        except ScenarioError as error:
            self.problems.extend(error.problems)
            return None
        worlds = tuple(self.atoms.values())
        return Question(self.claim.id, policy, proposition, tuple(self.atoms), worlds)

    def _place(self, node: ast.AST) -> Place:
        return place_of_node(node, self.expression.place, written_text(self.expression))

    def _refuse(
        self, node: ast.AST, what: str, *, given: str = "", allowed: tuple[str, ...] = (),
        advice: str = "",
    ) -> _Malformed:  # fmt: skip
        return _Malformed(Problem(self._place(node), what, given, allowed, advice))

    def _proposition(self, node: ast.expr) -> Proposition:
        match node:
            case ast.Compare():
                return self._comparison(node)
            case ast.BoolOp():
                parts = tuple(self._proposition(value) for value in node.values)
                return Junction("and" if isinstance(node.op, ast.And) else "or", parts)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return Negation(self._proposition(operand))
            case ast.Call(func=ast.Name(id="iff"), args=[first, second]):
                return Equivalence(self._proposition(first), self._proposition(second))
            case ast.Call(func=ast.Name(id=("rises" | "falls") as trend), args=[body, moved]):
                return self._monotone(body, cast(ast.Name, moved), trend == "rises")
            case ast.Call(func=ast.Name(id=("best" | "dominated") as kind)):
                return self._ranking(node, kind)
            case _:
                raise self._refuse(node, "a proposition is expected here")

    def _comparison(self, node: ast.Compare) -> Proposition:
        sides = [self.quantity(side, self.setting) for side in (node.left, *node.comparators)]
        parts = tuple(
            Comparison(_OPERATORS[type(operator)], sides[i], sides[i + 1])
            for i, operator in enumerate(node.ops)
        )
        return parts[0] if len(parts) == 1 else Junction("and", parts)

    def quantity(
        self, node: ast.expr, setting: Setting, moved: tuple[tuple[str, Expression], ...] = ()
    ) -> Quantity:
        """A number under a setting, with `moved` names replaced in it and in its outcomes."""
        misplaced = next(named_calls(node, set(CLAIM_FUNCTIONS) - {"fact"}), None)
        if misplaced is not None:
            raise self._refuse(
                misplaced,
                "a proposition cannot stand inside a number here",
                advice="Join propositions with and, or, not, iff.",
            )
        names, calls = reads_of(node)
        if moved:
            setting = set_values(setting, dict(moved))
        atoms = tuple((call, self._atom(call, moved)) for call in calls)
        self._read_numbers(names, setting)
        tree = _with_facts(node, self.scenario) if self.reads_facts else node
        return Quantity(tree, setting, atoms, is_outcome_call(node))

    def _atom(self, call: OutcomeCall, moved: tuple[tuple[str, Expression], ...]) -> int:
        """The number of the outcome that a call asks for, in this proposition."""
        self.ambient |= call.policy is None
        merged = {**dict(call.replaced), **dict(moved)}
        whole = replace(call, replaced=tuple(sorted(merged.items())))
        setting = self._imposing(overlay(self.scenario, self.setting, whole), merged)
        return self._number(call, setting, self._minor if merged else None)

    def _imposing(self, setting: Setting, replaced: Mapping[str, Expression]) -> Setting:
        """A setting with what is imposed; a policy that a call names may have taken it out."""
        missing = {name: value for name, value in self.imposed.items() if name not in replaced}
        return set_values(setting, missing) if missing else setting

    @property
    def _minor(self) -> int:
        """Worlds of settings that only this claim's replaced numbers ask for."""
        return (self.claim.worlds if self.claim else None) or MINOR_WORLDS

    def _number(self, call: OutcomeCall, setting: Setting, worlds: int | None) -> int:
        atom = Atom(bare_call(call), setting)
        if atom in self.atoms:
            asked = self.atoms[atom]
            self.atoms[atom] = None if asked is None or worlds is None else max(asked, worlds)
        else:
            self.atoms[atom] = worlds
        return list(self.atoms).index(atom)

    def _read_numbers(self, names: tuple[str, ...], setting: Setting) -> None:
        """Note what plain numbers hang on: levers, and outcomes inside derived numbers."""
        reached, calls = reached_numbers(self.scenario, names)
        self.ambient |= any(name in self.scenario.levers for name in reached)
        for call in calls:
            self.ambient |= call.policy is None
            bound = self._imposing(overlay(self.scenario, setting, call), dict(call.replaced))
            self._number(call, bound, None if setting == self.setting else self._minor)

    def _monotone(self, body: ast.expr, moved: ast.Name, rising: bool) -> Proposition:
        points = self._points(moved)
        _, calls = reads_of(body)
        for call in calls:
            if moved.id in dict(call.replaced):
                what = f"'{moved.id}' is moved over its range and replaced in the same outcome"
                raise self._refuse(moved, what, given=moved.id)
        quantities = tuple(
            self.quantity(body, self.setting, ((moved.id, point),)) for point in points
        )
        return Monotone(rising, quantities)

    def _points(self, moved: ast.Name) -> list[Expression]:
        name = moved.id
        values = points_of_range(self.scenario, name)
        if len(values) < 2 or values[0] == values[-1]:
            raise self._refuse(moved, f"the range of '{name}' is a single point", given=name)
        return [_constant(value) for value in values]

    def _ranking(self, node: ast.Call, kind: str) -> Ranking:
        policy = cast(ast.Name, node.args[0])
        if len(self.scenario.policies) < 2:
            raise self._refuse(policy, f"'{kind}' needs a second policy to compare with")
        options = {str(item.arg): cast(ast.Name, item.value).id for item in node.keywords}
        by = cast(Literal["regret", "mean", "satisfice"], options.get("by", "regret"))
        objectives = self._objectives(node, kind, options.get("objective"))
        for objective in objectives:
            if by == "satisfice" and objective.threshold is None:
                raise self._refuse(
                    node,
                    f"objective '{objective.name}' does not say what is good enough",
                    advice="Give the objective `at_most:` (with min) or `at_least:` (with max).",
                )
        scores = {
            name: self._scores(
                objectives, self._imposing(policy_setting(self.scenario, name), {}), by
            )
            for name in self.scenario.policies
        }
        own = scores.pop(policy.id)
        ranked = cast(Literal["best", "dominated"], kind)
        return Ranking(ranked, by, policy.id, own, tuple(scores.values()))

    def _objectives(self, node: ast.Call, kind: str, name: str | None) -> tuple[Objective, ...]:
        known = self.scenario.objectives
        if name is not None:
            return (known[name],)
        if not known:
            raise self._refuse(node, f"'{kind}' needs an objective, and the scenario states none")
        if kind == "best" and len(known) > 1:
            what = "'best' needs `objective=`: the scenario states several"
            raise self._refuse(node, what, allowed=tuple(known))
        return tuple(known.values())

    def _scores(
        self, objectives: tuple[Objective, ...], setting: Setting, by: str
    ) -> tuple[Score, ...]:
        ambient, judged_ambient = self.setting, self.ambient
        self.setting = setting
        threshold = by == "satisfice"
        scores = [self.score(objective, setting, threshold) for objective in objectives]
        self.setting, self.ambient = ambient, judged_ambient
        return tuple(scores)

    def score(self, objective: Objective, setting: Setting, threshold: bool) -> Score:
        """An objective under a setting; with what is good enough only where it is asked for."""
        quantity = self.quantity(objective.expression.tree, setting)
        enough = None
        if threshold and objective.threshold is not None:
            enough = self.quantity(objective.threshold.tree, setting)
        return Score(quantity, 1 if objective.direction == "max" else -1, enough)

    def _check_averages(self, proposition: Proposition) -> None:
        """An average over worlds has no truth in one world, so it is joined with nothing."""
        if isinstance(proposition, Ranking):
            return
        for node in named_calls(self.expression.tree, {"best", "dominated"}):
            for item in node.keywords:
                if item.arg == "by" and cast(ast.Name, item.value).id == "mean":
                    raise self._refuse(
                        node,
                        "`by=mean` is about the average over worlds and cannot be joined with "
                        "what is true in single worlds",
                        advice="Make it a claim of its own, and name it under `needs`.",
                    )


def _constant(value: float) -> Expression:
    expression, problems = parse_expression(value)
    assert expression is not None, problems
    return expression


def _with_facts(node: ast.expr, scenario: Scenario) -> ast.expr:
    """The number with every `fact('ID')` replaced by the row's value, NaN where it has none."""
    return _FactValues(scenario).visit(copy.deepcopy(node))


class _FactValues(ast.NodeTransformer):
    def __init__(self, scenario: Scenario) -> None:
        self.facts = scenario.facts

    def visit_Call(self, node: ast.Call) -> Any:
        if isinstance(node.func, ast.Name) and node.func.id == "fact":
            row = self.facts.get(str(cast(ast.Constant, node.args[0]).value))
            value = row.value if row is not None and row.value is not None else float("nan")
            return ast.copy_location(ast.Constant(float(value)), node)
        return self.generic_visit(node)
