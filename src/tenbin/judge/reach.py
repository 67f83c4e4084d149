"""Which uncertainties reach a claim: whether its share is a chance or a coverage."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from tenbin.judge.propositions import (
    Comparison,
    Equivalence,
    Junction,
    Monotone,
    Negation,
    Proposition,
    Quantity,
    Question,
    Ranking,
)
from tenbin.judge.questions import questions_of
from tenbin.judge.reads import reads_of
from tenbin.run.resolve import Job, Resolver
from tenbin.scenario.language import Setting
from tenbin.scenario.objects import Scenario
from tenbin.worlds import reached_numbers

__all__ = [
    "propositions_in",
    "question_numbers",
    "reaching_uncertainties",
    "share_reading",
]


def reaching_uncertainties(
    scenario: Scenario, claim: str, resolver: Resolver | None = None
) -> frozenset[str]:
    """The uncertainties that can change a claim's truth, through models, links and numbers.

    A number that is replaced in every outcome of the claim does not reach it. Pass the `resolver`
    of a plan to compile no model twice.
    """
    resolver = resolver or Resolver(scenario)
    questions, _ = questions_of(scenario, scenario.claims[claim])
    names: set[str] = set()
    for question in questions:
        names |= question_numbers(scenario, question, resolver)
    return frozenset(names & scenario.uncertainties.keys())


def share_reading(scenario: Scenario, reaching: Iterable[str]) -> Literal["chance", "coverage"]:
    """How to word a share: `chance` only where every uncertainty is a distribution."""
    distributed = all(scenario.uncertainties[name].is_distribution for name in reaching)
    return "chance" if distributed else "coverage"


def question_numbers(scenario: Scenario, question: Question, resolver: Resolver) -> set[str]:
    """Every name, of whatever kind, that can change the truth of a question."""
    names: set[str] = set()
    seen: set[Job] = set()
    for atom in question.atoms:
        names |= _job_names(scenario, resolver.asked(atom.call, atom.setting), resolver, seen)
    for quantity in _quantities(question.proposition):
        names |= _reached(scenario, reads_of(quantity.tree)[0], quantity.setting)
    return names


def _job_names(scenario: Scenario, job: Job, resolver: Resolver, seen: set[Job]) -> set[str]:
    """What a job's numbers read, and those of the jobs that feed it."""
    if job in seen:
        return set()
    seen.add(job)
    compiled = resolver.compiled(job.model, job.setting)
    names = _reached(scenario, compiled.names, job.setting)
    for call in resolver.links(job):
        feeding = resolver.asked(call, job.setting)
        names |= _job_names(scenario, feeding, resolver, seen)
    return names


def _reached(scenario: Scenario, names: Iterable[str], setting: Setting) -> set[str]:
    """What names hang on under a setting: what it gives to them is read instead of them."""
    given = dict(setting.values)
    reached = reached_numbers(scenario, names, given)[0]
    read = {name for known in reached & given.keys() for name in given[known].names}
    return set(reached - given.keys()) | set(reached_numbers(scenario, read)[0])


def propositions_in(proposition: Proposition) -> Iterator[Proposition]:
    """A proposition and every proposition inside it."""
    yield proposition
    match proposition:
        case Junction(_, parts):
            inside = parts
        case Negation(part):
            inside = (part,)
        case Equivalence(first, second):
            inside = (first, second)
        case _:
            inside = ()
    for part in inside:
        yield from propositions_in(part)


def _quantities(proposition: Proposition) -> Iterator[Quantity]:
    """Every number in a proposition."""
    for part in propositions_in(proposition):
        match part:
            case Comparison(_, left, right):
                yield from (left, right)
            case Monotone(_, points):
                yield from points
            case Ranking():
                for score in (*part.own, *(one for rival in part.rivals for one in rival)):
                    yield score.quantity
                    if score.threshold is not None:
                        yield score.threshold
            case _:
                pass
