"""The claims as a graph: what each rests on, and how far its verdict carries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from tenbin.scenario.objects import Scenario

__all__ = ["FALLING", "HANGING", "OPEN", "STANDING", "Reasons"]

STANDING = ("holds", "mostly holds", "supported")
FALLING = ("fails", "mostly fails", "contradicted")
HANGING = ("depends", "partly")
OPEN = ("undecided", "unverified", "vacuous")
"""Groups of words, as the opening sentences count them; what is only stated is in none."""


@dataclass(frozen=True)
class Reasons:
    """Claims that were judged, their words and their premises."""

    scenario: Scenario
    words: Mapping[str, str]

    @classmethod
    def of(cls, scenario: Scenario, verdicts: Mapping[str, Any]) -> Reasons:
        """From the claims of `verdicts.json`, in the order of the file."""
        claims: Mapping[str, Any] = verdicts["claims"]
        return cls(scenario, {key: claims[key]["word"] for key in scenario.claims if key in claims})

    @cached_property
    def premises(self) -> dict[str, tuple[str, ...]]:
        """The premises that each claim names."""
        return {
            key: tuple(need for need in self.scenario.claims[key].needs if need in self.words)
            for key in self.words
        }

    @cached_property
    def grounds(self) -> dict[str, frozenset[str]]:
        """All that each claim rests on, through however many premises."""
        found: dict[str, frozenset[str]] = {}
        for start in self.words:
            seen: set[str] = set()
            ahead = list(self.premises[start])
            while ahead:
                premise = ahead.pop()
                if premise not in seen:
                    seen.add(premise)
                    ahead += self.premises[premise]
            found[start] = frozenset(seen)
        return found

    @cached_property
    def dependents(self) -> dict[str, int]:
        """How many claims rest on each, through however many others."""
        counts = dict.fromkeys(self.words, 0)
        for grounds in self.grounds.values():
            for premise in grounds:
                counts[premise] += 1
        return counts

    @cached_property
    def summit(self) -> str | None:
        """The claim that the most others lead up to and that no other rests on; the last of such.

        None where no claim has premises.
        """
        tops = [key for key in self.words if self.dependents[key] == 0 and self.grounds[key]]
        order = {key: place for place, key in enumerate(self.words)}
        return max(tops, key=lambda key: (len(self.grounds[key]), order[key]), default=None)

    @cached_property
    def weakest(self) -> str | None:
        """The claim that falls with the most others resting on it; the first of such."""
        falling = [k for k, word in self.words.items() if word in FALLING and self.dependents[k]]
        return max(falling, key=lambda key: self.dependents[key], default=None)
