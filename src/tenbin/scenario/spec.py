"""What may stand at the top of a scenario file: its shape, not yet its meaning.

`build.py` gives the meaning; the JSON Schema is generated from here. Keys of a model beyond the
common ones belong to its form.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import (
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import CoreSchema, PydanticCustomError

from tenbin.scenario.places import Strict
from tenbin.scenario.texts import LANGUAGE, is_language

__all__ = [
    "BecauseSpec",
    "ClaimSpec",
    "ConstantSpec",
    "CorrelationSpec",
    "DerivedSpec",
    "FactSpec",
    "LeverSpec",
    "MeasureSpec",
    "ModelSpec",
    "ObjectiveSpec",
    "PlayerSpec",
    "PolicySpec",
    "ScenarioSpec",
    "UncertaintySpec",
    "interval",
]

_FIGURE = r"[-+]?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][-+]?\d+)?|[-+]?inf"
_INTERVAL = re.compile(rf"\s*({_FIGURE})\s*\.\.(?!\.)\s*({_FIGURE})\s*")


def interval(text: str) -> tuple[float, float] | None:
    """The two ends of `low..high`; None where the text is no interval."""
    found = _INTERVAL.fullmatch(text)
    return (float(found[1]), float(found[2])) if found else None


def fault(what: str, given: object = "", allowed: tuple[str, ...] = (), advice: str = "") -> Any:
    """A pydantic error that carries a problem's parts."""
    context = {"what": what, "given": str(given), "allowed": allowed, "advice": advice}
    return PydanticCustomError("tenbin", "{what}", context)


def _text(given: object) -> object:
    if isinstance(given, str):
        return given
    if not isinstance(given, dict):
        raise fault("a text is expected: words, or a mapping of languages {en: .., ja: ..}", given)
    if not given:
        raise fault("a text is expected, and this mapping of languages is empty")
    for language, words in given.items():
        if not is_language(str(language)):
            raise fault(f"'{language}' is not a language", language, ("en", "ja", "ko"))
        if not isinstance(words, str):
            raise fault(f"the text in '{language}' is no text", words, advice="Put it in quotes.")
    return given


def _version(given: object) -> object:
    return str(given).lower() if isinstance(given, bool) else given


def _number(given: object) -> object:
    if isinstance(given, bool) or not isinstance(given, (int, float, str)):
        raise fault("a number or an expression is expected", given)
    return given


def _interval(given: object) -> object:
    if not isinstance(given, str) or interval(given) is None:
        raise fault("a range is written low..high, for example 0.5..1.5", given)
    return given


def _word(given: object) -> object:
    if isinstance(given, bool) or not isinstance(given, (int, float, str)):
        raise fault("a word is expected", given)
    return str(given)


def _words(given: object) -> object:
    if isinstance(given, str):
        return [given]
    if isinstance(given, list) and all(isinstance(item, str) for item in given):
        return given
    raise fault("a name or a list of names is expected", given)


_NUMBER: dict[str, Any] = {
    "description": "a number or an expression",
    "type": ["number", "string"],
}
_LANGUAGES = {"type": "object", "patternProperties": {f"^{LANGUAGE.pattern}$": {"type": "string"}}}
Text = Annotated[
    Any,
    BeforeValidator(_text),
    WithJsonSchema(
        {
            "description": "words (English), a mapping of languages, or $key into texts/",
            "anyOf": [{"type": "string"}, {**_LANGUAGES, "additionalProperties": False}],
        }
    ),
]
Number = Annotated[
    Any,
    BeforeValidator(_number),
    WithJsonSchema(_NUMBER),
]
Interval = Annotated[
    str,
    BeforeValidator(_interval),
    WithJsonSchema(
        {"description": "low..high", "type": "string", "pattern": f"^{_INTERVAL.pattern}$"}
    ),
]
Word = Annotated[str, BeforeValidator(_word), WithJsonSchema({"type": ["string", "number"]})]
Words = Annotated[
    list[str],
    BeforeValidator(_words),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
]


class _Short(Strict):
    """A mapping that may also be written as one value, that of the key `short`."""

    @classmethod
    def short(cls) -> str:
        """The key that the one value stands for."""
        return "value"

    @model_validator(mode="before")
    @classmethod
    def _expanded(cls, given: Any) -> Any:
        return given if isinstance(given, dict) else {cls.short(): given}

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        full = handler.resolve_ref_schema(handler(core_schema))
        return {"anyOf": [full["properties"][cls.short()], full]}


class _Titled(Strict):
    """A mapping with a title, for which the languages alone may stand."""

    @model_validator(mode="before")
    @classmethod
    def _expanded(cls, given: Any) -> Any:
        if isinstance(given, str):
            return {"title": given}
        if isinstance(given, dict) and given and all(is_language(str(key)) for key in given):
            return {"title": given}
        return given

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        full = handler.resolve_ref_schema(handler(core_schema))
        return {"anyOf": [full["properties"]["title"], full]}


class PlayerSpec(_Titled):
    """Someone who acts."""

    title: Text | None = None
    text: Text | None = None


class UncertaintySpec(_Short):
    """A number not known exactly: one of the seven kinds; short form: a range."""

    range: Interval | None = None
    uniform: Interval | None = None
    normal: list[float] | None = Field(None, min_length=2, max_length=2)
    lognormal: list[float] | None = Field(None, min_length=2, max_length=2)
    beta: list[float] | None = Field(None, min_length=2, max_length=2)
    triangular: list[float] | None = Field(None, min_length=3, max_length=3)
    choice: dict[str, Number] | None = Field(None, min_length=2)
    on: Interval | None = None
    truncate: Interval | None = None
    unit: Word | None = None
    source: str | None = None
    fact: str | None = None
    title: Text | None = None

    @classmethod
    def short(cls) -> str:
        return "range"


class CorrelationSpec(Strict):
    """The rank correlation of two distributions."""

    between: list[str] = Field(min_length=2, max_length=2)
    rank: float = Field(gt=-1, lt=1)


class ConstantSpec(_Short):
    """A number that is the same in every world; short form: the number."""

    value: float
    unit: Word | None = None
    source: str | None = None
    fact: str | None = None
    title: Text | None = None


class DerivedSpec(_Short):
    """A number computed from others; short form: the expression."""

    value: Number
    unit: Word | None = None
    title: Text | None = None


class LeverSpec(Strict):
    """A number that the decision maker sets."""

    default: float
    range: Interval
    unit: Word | None = None
    title: Text | None = None


class PolicySpec(Strict):
    """A setting of levers (further keys: their names) and of committed moves."""

    model_config = ConfigDict(
        extra="allow",
        frozen=True,
        strict=True,
        json_schema_extra={"additionalProperties": _NUMBER},
    )

    title: Text | None = None
    text: Text | None = None
    play: dict[str, Word] = Field(default_factory=dict)


class MeasureSpec(_Titled):
    """A number at the ends of models that is nobody's payoff."""

    title: Text | None = None
    unit: Word | None = None


class FactSpec(Strict):
    """A sourced figure, as a row of the fact table."""

    quantity: str = ""
    value: float | None = Field(None, allow_inf_nan=False)
    low: float | None = Field(None, allow_inf_nan=False)
    high: float | None = Field(None, allow_inf_nan=False)
    unit: str = ""
    date: Word = ""
    source: str = ""
    words: str = ""
    verified: bool = False


def _fact_table(given: object) -> object:
    if isinstance(given, str | dict):
        return given
    raise fault("the facts are a file of the folder, such as facts.csv, or a mapping by id", given)


FactTable = Annotated[str | dict[str, FactSpec], BeforeValidator(_fact_table)]


class ModelSpec(Strict):
    """What a model of any form has; further keys belong to its form."""

    model_config = ConfigDict(extra="allow", frozen=True, strict=True)

    form: str
    title: Text | None = None
    text: Text | None = None
    concept: str = ""
    precision: float | None = Field(None, gt=0, allow_inf_nan=False)
    worlds: int | None = Field(None, ge=1024)


class BecauseSpec(Strict):
    """Why a factual claim gets its word, where no comparison of figures decides it."""

    sentence: Text
    rows: Words = Field(default_factory=list)
    word: Literal["supported", "contradicted", "partly", "unverified"]


class ClaimSpec(Strict):
    """What the argument says; exactly one of `holds`, `because` and `stated`."""

    says: Text
    title: Text | None = None
    section: Word | None = None
    kind: Literal["fact", "causal", "prediction", "normative", "option"] | None = None
    holds: Annotated[Any, WithJsonSchema({"type": "string"})] = None
    equilibria: Literal["every", "some", "selected"] = "every"
    needs: Words = Field(default_factory=list)
    asserts: dict[str, Number] = Field(default_factory=dict)
    worlds: int | None = Field(None, ge=1024)
    reading: Text | None = None
    facts: Words = Field(default_factory=list)
    because: BecauseSpec | None = None
    stated: Text | None = None


class ObjectiveSpec(Strict):
    """What the decision maker would have small (`min`) or large (`max`)."""

    min: Number | None = None
    max: Number | None = None
    at_most: Number | None = None
    at_least: Number | None = None
    title: Text | None = None


class ScenarioSpec(Strict):
    """A scenario file of tenbin."""

    tenbin: Annotated[Literal[1], BeforeValidator(_version)]
    title: Text
    summary: Text | None = None
    include: Words = Field(default_factory=list)
    players: dict[str, PlayerSpec] = Field(default_factory=dict)
    uncertainties: dict[str, UncertaintySpec] = Field(default_factory=dict)
    correlations: list[CorrelationSpec] = Field(default_factory=list)
    constants: dict[str, ConstantSpec] = Field(default_factory=dict)
    derived: dict[str, DerivedSpec] = Field(default_factory=dict)
    levers: dict[str, LeverSpec] = Field(default_factory=dict)
    policies: dict[str, PolicySpec] = Field(default_factory=dict)
    measures: dict[str, MeasureSpec] = Field(default_factory=dict)
    facts: FactTable = Field(default_factory=dict)
    models: dict[str, ModelSpec] = Field(default_factory=dict)
    claims: dict[str, ClaimSpec] = Field(default_factory=dict)
    decision_maker: str | None = None
    objectives: dict[str, ObjectiveSpec] = Field(default_factory=dict)
    search: int | None = Field(None, ge=0)
