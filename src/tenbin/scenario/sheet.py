"""What the builders of a scenario's sections share: the nodes, the names, the problems found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from tenbin.errors import Place, Problem
from tenbin.scenario.grammar import parse_expression
from tenbin.scenario.language import Expression
from tenbin.scenario.places import spec_problems
from tenbin.scenario.source import Node
from tenbin.scenario.words import name_fault

__all__ = ["NUMBERS", "Sheet"]

Spec = TypeVar("Spec", bound=BaseModel)

NUMBERS = ("uncertainties", "constants", "levers", "derived")
"""The sections whose names are numbers; one name stands for one thing in all of them."""


@dataclass
class Sheet:
    """A scenario being built. Names of entries that are faulty count as known all the same, so
    that one mistake is reported once."""

    root: Node
    problems: list[Problem] = field(default_factory=list)

    def names(self, *sections: str) -> tuple[str, ...]:
        """Every name in some sections, faulty entries included."""
        return tuple(
            name
            for section in sections
            for name, _ in (self.root.get(section) or Node(None)).items()
        )

    def key_place(self, section: str, name: str) -> Place:
        """Where a name of a section is written."""
        return self.root.key_place_at((section, name))

    def problem(
        self,
        place: Place,
        what: str,
        given: str = "",
        allowed: tuple[str, ...] = (),
        advice: str = "",
    ) -> None:
        self.problems.append(Problem(place, what, given, allowed, advice))

    def warn(self, place: Place, what: str, advice: str = "") -> None:
        self.problems.append(Problem(place, what, advice=advice, warning=True))

    def unknown(self, place: Place, kind: str, name: str, allowed: tuple[str, ...]) -> None:
        """Report a name that nothing in the scenario is called by."""
        advice = "" if allowed else f"The scenario has no {kind}s."
        self.problem(place, f"unknown {kind} '{name}'", name, tuple(sorted(set(allowed))), advice)

    def valid(self, spec: type[Spec], node: Node) -> Spec | None:
        """A node's value in the shape of `spec`, None (and problems) where it has another."""
        try:
            return spec.model_validate(node.plain())
        except ValidationError as error:
            found = spec_problems(
                error,
                spec,
                lambda *path: node.place_at(path),
                lambda *path: node.key_place_at(path),
            )
            self.problems.extend(found)
            return None

    def entries(
        self, section: str, spec: type[Spec], *, named: bool = True
    ) -> Iterator[tuple[str, Spec, Node]]:
        """The entries of a section that have the right shape; problems for the others.

        `named` says that expressions refer to them, so that their names are words of the language.
        """
        for name, node in (self.root.get(section) or Node(None)).items():
            fault = name_fault(name, number=section in NUMBERS) if named else None
            if fault:
                place = self.key_place(section, name)
                self.problem(place, f"'{name}' cannot be a name: {fault}", name)
            entry = self.valid(spec, node)
            if entry is not None:
                yield name, entry, node

    def expression(self, value: Any, node: Node, *, claim: bool = False) -> Expression | None:
        """The expression that a node holds, None (and problems) where it is faulty."""
        expression, problems = parse_expression(value, node.place, claim=claim)
        self.problems.extend(problems)
        return expression

    @property
    def is_usable(self) -> bool:
        return all(problem.warning for problem in self.problems)
