"""A number that is known to all, or drawn privately, as several forms take it."""

from __future__ import annotations

from typing import Any

from pydantic import Field, model_validator

from tenbin.scenario.places import Strict
from tenbin.scenario.spec import Number, fault

__all__ = ["KnownOrDrawn"]


class KnownOrDrawn(Strict):
    """A number known to all, or drawn privately: `{uniform: [a, b]}` or `{normal: [m, s]}`."""

    known: Number | None = None
    uniform: list[Number] | None = Field(None, min_length=2, max_length=2)
    normal: list[Number] | None = Field(None, min_length=2, max_length=2)

    @model_validator(mode="before")
    @classmethod
    def _short(cls, given: Any) -> Any:
        return given if isinstance(given, dict) else {"known": given}

    @model_validator(mode="after")
    def _one_kind(self) -> KnownOrDrawn:
        if sum(given is not None for given in (self.known, self.uniform, self.normal)) != 1:
            raise fault("a number is expected, or one of {uniform: [a, b]} and {normal: [m, s]}")
        return self
