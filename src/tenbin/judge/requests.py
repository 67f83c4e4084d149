"""Claims and objectives -> the outcomes to ask of the models."""

from __future__ import annotations

from tenbin.judge.propositions import Question
from tenbin.judge.questions import objective_score, policy_settings, questions_of
from tenbin.run.jobs import Request
from tenbin.scenario.objects import Scenario

__all__ = ["claim_requests", "question_requests"]


def claim_requests(scenario: Scenario) -> list[Request]:
    """Every outcome that judging the claims takes, and the objectives under every policy.

    Claims that cannot be judged ask for nothing; `check_claims` says what is wrong with them.
    """
    requests: dict[Request, None] = {}
    for claim in scenario.claims.values():
        for question in questions_of(scenario, claim)[0]:
            requests |= dict.fromkeys(question_requests(question))
    for setting in policy_settings(scenario).values():
        for objective in scenario.objectives.values():
            _, atoms = objective_score(scenario, objective, setting)
            requests |= dict.fromkeys(Request(atom.call, atom.setting) for atom in atoms)
    return list(requests)


def question_requests(question: Question) -> list[Request]:
    """Every outcome that one question asks for."""
    return [
        Request(atom.call, atom.setting, worlds)
        for atom, worlds in zip(question.atoms, question.worlds, strict=True)
    ]
