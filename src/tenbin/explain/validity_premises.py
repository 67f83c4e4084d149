"""The premises of a claim, and theirs: what each imposes, which clash, and the chain they make."""

from __future__ import annotations

from dataclasses import dataclass
from graphlib import TopologicalSorter
from typing import Literal

from tenbin.explain.stored import StoredRun
from tenbin.run.settings import settled
from tenbin.scenario.language import Expression, Setting
from tenbin.scenario.objects import Scenario

__all__ = ["Premise", "PremiseHow", "chain_of", "clashes_of", "premises_of"]

PremiseHow = Literal["asserts", "holds", "fact", "stated", "average"]
Clashes = dict[str, tuple[tuple[str, Expression], ...]]


@dataclass(frozen=True, slots=True)
class Premise:
    """A premise and what it imposes: numbers, worlds in which it holds, or nothing.

    A `fact` that asserts no number, what is only `stated`, and a claim about an `average` over
    worlds impose nothing.
    """

    claim: str
    how: PremiseHow

    @property
    def imposes(self) -> bool:
        return self.how in ("asserts", "holds")


def premises_of(run: StoredRun, claim: str) -> tuple[Premise, ...]:
    """All premises of a claim, and theirs, those that need nothing first."""
    return tuple(Premise(name, _how(run, name)) for name, _ in chain_of(run.scenario, claim)[:-1])


def chain_of(scenario: Scenario, claim: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The way from facts to a claim: each claim after those that it needs, with their names."""
    needs: dict[str, tuple[str, ...]] = {}
    waiting = [claim]
    while waiting:
        name = waiting.pop()
        if name not in needs:
            needs[name] = scenario.claims[name].needs
            waiting.extend(reversed(needs[name]))
    order = {name: place for place, name in enumerate(scenario.claims)}
    sorter = TopologicalSorter({name: needs[name] for name in sorted(needs, key=order.__getitem__)})
    return tuple((name, needs[name]) for name in sorter.static_order())


def clashes_of(scenario: Scenario, premises: tuple[Premise, ...]) -> Clashes:
    """Names of which premises assert different values, with who asserts what."""
    sides: dict[str, list[tuple[str, Expression]]] = {}
    for item in premises:
        for name, value in scenario.claims[item.claim].asserts.items():
            sides.setdefault(name, []).append((item.claim, value))
    return {
        name: tuple(given)
        for name, given in sides.items()
        if len({_spelling(scenario, name, value) for _, value in given}) > 1
    }


def _spelling(scenario: Scenario, name: str, value: Expression) -> str:
    """A value in one spelling: `6/3` and `2` are the same; the number's own value is none."""
    kept = settled(scenario, Setting(((name, value),))).values
    return kept[0][1].text if kept else ""


def _how(run: StoredRun, claim: str) -> PremiseHow:
    entry = run.scenario.claims[claim]
    if entry.asserts:
        return "asserts"
    if run.policies_of(claim):
        return "holds"
    if claim in run.fixed_words:
        return "stated" if entry.stated is not None else "fact"
    return "average"
