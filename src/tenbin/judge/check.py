"""Everything that can be said of a scenario without solving it, all at once."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from os import PathLike
from typing import Any

import numpy as np

from tenbin.errors import NOWHERE, Place, Problem, ScenarioError, in_file_order
from tenbin.forms import room
from tenbin.forms.contract import Model
from tenbin.judge.propositions import Comparison, Monotone, Quantity, Question
from tenbin.judge.questions import objective_score, policy_settings, questions_of
from tenbin.judge.reach import propositions_in
from tenbin.judge.reads import is_factual
from tenbin.judge.requests import claim_requests
from tenbin.run.jobs import make_plan
from tenbin.run.resolve import Job, Resolver
from tenbin.scenario.expressions import fact_ids
from tenbin.scenario.language import Array, OutcomeCall, Setting
from tenbin.scenario.objects import Claim, Derived, Scenario
from tenbin.scenario.reading import sketch_scenario
from tenbin.worlds import numbers_under, reached_numbers, tried_worlds

__all__ = ["TRIED_WORLDS", "check_claims", "check_models", "check_numbers", "check_scenario"]

TRIED_WORLDS = 256
"""Worlds in which the numbers of every model are tried."""


def check_scenario(path: str | PathLike[str]) -> tuple[Scenario | None, list[Problem]]:
    """A scenario with every problem and warning found, in the order of the file.

    Reads it, compiles every model under the committed moves of every policy, tries the numbers in
    `TRIED_WORLDS` worlds, follows the links between models, and looks at every claim. Nothing is
    solved.

    Returns
    -------
    The scenario, None where it cannot be run; and the problems.
    """
    scenario, problems = sketch_scenario(path)
    if scenario is None:
        return None, in_file_order(problems)
    resolver = Resolver(scenario)
    found = [*problems, *check_models(scenario, resolver)]
    found += check_claims(scenario, resolver)
    if not _has_errors(found):
        found += _check_links(scenario)
    if not _has_errors(found):
        found += check_numbers(scenario, resolver)
    ordered = in_file_order(found)
    return (None if _has_errors(ordered) else scenario), ordered


def check_models(scenario: Scenario, resolver: Resolver | None = None) -> list[Problem]:
    """What is wrong with the structure of any model, under any policy's committed moves."""
    resolver = resolver or Resolver(scenario)
    problems: list[Problem] = []
    for name in scenario.models:
        for setting in _settings(scenario):
            try:
                compiled: Any = resolver.compiled(name, setting)
            except ScenarioError as error:
                problems += error.problems
            else:
                problems += getattr(compiled, "warnings", ())
    return list(dict.fromkeys(problems))


def check_claims(scenario: Scenario, resolver: Resolver | None = None) -> list[Problem]:
    """What is wrong with any claim, objective or link, each problem at its own place.

    Models that do not compile are left to `check_models`.
    """
    resolver = resolver or Resolver(scenario)
    problems: list[Problem] = []
    calls: dict[tuple[Place, OutcomeCall], None] = {}
    for claim in scenario.claims.values():
        questions, found = questions_of(scenario, claim)
        problems += found
        for question in questions:
            calls |= dict.fromkeys((atom.call.place, atom.call) for atom in question.atoms)
        problems += _constant_claim(scenario, claim)
        if questions:
            problems += _idle_comparisons(questions[0], claim, resolver)
    for objective in scenario.objectives.values():
        _, atoms = objective_score(scenario, objective, Setting())
        calls |= dict.fromkeys((atom.call.place, atom.call) for atom in atoms)
    for derived in scenario.derived.values():
        calls |= dict.fromkeys((call.place, call) for call in derived.expression.calls)
    for compiled in _compiled(scenario, resolver):
        calls |= dict.fromkeys((call.place, call) for call in compiled.links)
    for _, call in calls:
        problems += _check_call(scenario, resolver, call)
    return list(dict.fromkeys(problems))


def check_numbers(scenario: Scenario, resolver: Resolver | None = None) -> list[Problem]:
    """What is wrong with numbers in some worlds, under any policy: where, how often, an example.

    Outcomes of other models are not known here; whatever hangs on them alone is not looked at.
    """
    resolver = resolver or Resolver(scenario)
    draws = tried_worlds(scenario, TRIED_WORLDS)
    jobs: dict[Job, None] = {}
    problems = [*_check_draws(scenario, draws)]
    for setting in policy_settings(scenario).values():
        problems += _check_derived(scenario, draws, setting)
        jobs |= dict.fromkeys(resolver.job(name, setting) for name in scenario.models)
    for job in jobs:
        model = resolver.compiled(job.model, job.setting)
        unknown = np.full(TRIED_WORLDS, np.nan)
        outcomes: dict[OutcomeCall, Array] = dict.fromkeys(resolver.links(job), unknown)
        numbers = numbers_under(scenario, draws, job.setting, outcomes, names=model.names)
        form = room(scenario.models[job.model].form)
        problems += form.check_numbers(model, numbers, outcomes, TRIED_WORLDS)
    # The same fault in the same share under several policies differs in its example alone.
    first: dict[tuple[Place, str], Problem] = {}
    for problem in problems:
        first.setdefault((problem.place, problem.what.split(", e.g.")[0]), problem)
    return list(first.values())


def _settings(scenario: Scenario) -> list[Setting]:
    return [Setting(), *policy_settings(scenario).values()]


def _has_errors(problems: Iterable[Problem]) -> bool:
    return any(not problem.warning for problem in problems)


def _check_links(scenario: Scenario) -> list[Problem]:
    """Circles between models, for every model under every policy and every claim's settings."""
    settings = policy_settings(scenario).values()
    jobs = [(name, setting) for setting in settings for name in scenario.models]
    try:
        make_plan(scenario, claim_requests(scenario), TRIED_WORLDS, jobs)
    except ScenarioError as error:
        return list(error.problems)
    return []


def _compiled(scenario: Scenario, resolver: Resolver) -> Iterator[Model]:
    """The models that compile, with no move committed."""
    for name in scenario.models:
        with suppress(ScenarioError):
            yield resolver.compiled(name, Setting())


def _check_call(scenario: Scenario, resolver: Resolver, call: OutcomeCall) -> list[Problem]:
    """What is wrong with an outcome call, at its place."""
    try:
        compiled = resolver.compiled(call.model, Setting())
    except ScenarioError:
        return []
    found = room(compiled.form).check_call(compiled, call)
    return [
        replace(problem, place=call.place) if problem.place == NOWHERE else problem
        for problem in found
    ]


def _constant_claim(scenario: Scenario, claim: Claim) -> list[Problem]:
    if claim.holds is None or not is_factual(scenario, claim) or fact_ids(claim.holds):
        return []
    what = f"claim '{claim.id}' compares only constants: it is the same in every world"
    advice = "Compare outcomes or facts, or say `stated:` or `because:`."
    return [Problem(claim.holds.place, what, advice=advice, warning=True)]


def _idle_comparisons(question: Question, claim: Claim, resolver: Resolver) -> list[Problem]:
    """Comparisons of a number with itself: what should differ reaches no model."""
    assert claim.holds is not None
    problems: list[Problem] = []
    for proposition in propositions_in(question.proposition):
        match proposition:
            case Comparison(_, left, right) if _same(left, right, question, resolver):
                what = "both sides are the same number in every world"
                advice = "What differs between them reaches no number of the model."
            case Monotone(_, points) if _same(points[0], points[-1], question, resolver):
                what = "the number does not change over the range"
                advice = "The name that is moved reaches no number of the model."
            case _:
                continue
        text = f"claim '{claim.id}': {what}"
        problems.append(Problem(claim.holds.place, text, advice=advice, warning=True))
    return problems


def _same(left: Quantity, right: Quantity, question: Question, resolver: Resolver) -> bool:
    """Whether two numbers made of outcomes ask the same of the same jobs."""
    if not left.atoms or not right.atoms:
        return False
    try:
        return _identity(left, question, resolver) == _identity(right, question, resolver)
    except ScenarioError:
        return False


def _identity(quantity: Quantity, question: Question, resolver: Resolver) -> tuple[object, ...]:
    atoms = [question.atoms[number] for _, number in quantity.atoms]
    asked = [(resolver.asked(atom.call, atom.setting), atom.call) for atom in atoms]
    plain_numbers = None if quantity.plain else (ast.dump(quantity.tree), quantity.setting)
    return (tuple(asked), plain_numbers)


def _check_draws(scenario: Scenario, draws: dict[str, Array]) -> Iterator[Problem]:
    """Uncertainties so wide that some of their draws are no finite numbers."""
    for name, values in draws.items():
        wrong = ~np.isfinite(values)
        if wrong.any():
            what = f"'{name}' is not a finite number in {wrong.mean():.1%} of the worlds tried"
            yield Problem(scenario.uncertainties[name].place, what, advice="Narrow it.")


def _check_derived(
    scenario: Scenario, draws: dict[str, Array], setting: Setting
) -> Iterator[Problem]:
    """Derived numbers that are not finite in some worlds, though what they read is."""
    numbers = numbers_under(scenario, draws, setting)
    for derived in scenario.derived.values():
        if derived.name not in numbers or reached_numbers(scenario, (derived.name,))[1]:
            continue
        wrong = np.broadcast_to(~np.isfinite(numbers[derived.name]), (TRIED_WORLDS,)).copy()
        for name in derived.expression.names:
            wrong &= np.isfinite(numbers[name])
        if wrong.any():
            yield _not_finite(derived, numbers, float(wrong.mean()), int(np.argmax(wrong)))


def _not_finite(derived: Derived, numbers: Any, share: float, world: int) -> Problem:
    shown = ", ".join(
        f"{name} = {float(np.broadcast_to(numbers[name], (TRIED_WORLDS,))[world]):.6g}"
        for name in sorted(derived.expression.names)[:8]
    )
    what = (
        f"'{derived.expression.text}' is not a finite number in {share:.1%} of the worlds tried"
        + (f", e.g. where {shown}" if shown else "")
    )
    return Problem(derived.expression.place, what)
