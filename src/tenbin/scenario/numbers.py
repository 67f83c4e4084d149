"""Uncertainties, correlations, constants, levers and derived numbers of a scenario."""

from __future__ import annotations

from math import inf, isfinite, log, pi, sin

import numpy as np

from tenbin.scenario.expressions import evaluate
from tenbin.scenario.objects import Constant, Correlation, Derived, Lever, Uncertainty
from tenbin.scenario.sheet import Sheet
from tenbin.scenario.source import Node
from tenbin.scenario.spec import (
    ConstantSpec,
    CorrelationSpec,
    DerivedSpec,
    LeverSpec,
    UncertaintySpec,
    interval,
)
from tenbin.scenario.texts import Text

__all__ = [
    "build_constants",
    "build_correlations",
    "build_derived",
    "build_levers",
    "build_uncertainties",
]

KINDS = ("range", "uniform", "normal", "lognormal", "beta", "triangular", "choice")
LARGEST = 1e100
"""Size of the numbers that a distribution may be given, at most."""
THINNEST = 30
"""Standard deviations from the middle within which a truncation must begin."""
PROBABILITY_TOLERANCE = 1e-9
"""How far stated probabilities may sum from one."""


def build_uncertainties(sheet: Sheet) -> dict[str, Uncertainty]:
    """Uncertainties by name, in the order of the file."""
    found: dict[str, Uncertainty] = {}
    for name, spec, node in sheet.entries("uncertainties", UncertaintySpec):
        uncertainty = _uncertainty(sheet, name, spec, node)
        if uncertainty is not None:
            found[name] = uncertainty
    return found


def _uncertainty(sheet: Sheet, name: str, spec: UncertaintySpec, node: Node) -> Uncertainty | None:
    given = [kind for kind in KINDS if getattr(spec, kind) is not None]
    place = sheet.key_place("uncertainties", name)
    if len(given) != 1:
        what = f"uncertainty '{name}' says " + (" and ".join(given) or "nothing of what it may be")
        sheet.problem(place, what, allowed=KINDS, advice="It needs exactly one of these.")
        return None
    kind = given[0]
    values, probabilities = _choice(sheet, spec, node)
    parameters = _parameters(spec, kind)
    at = node.get(kind) or node
    fault = _fault(kind, parameters)
    if fault:
        sheet.problem(at.place, f"{kind} of '{name}': {fault}")
        return None
    low, high = _support(kind, parameters, values)
    for key in ("on", "truncate"):
        bounds = interval(getattr(spec, key) or "")
        if bounds is None:
            continue
        fault = _bounds_fault(kind, key, bounds) or _tail_fault(kind, parameters, bounds)
        if fault:
            sheet.problem(node.key_place(key), f"`{key}` of '{name}': {fault}")
            return None
        low, high = bounds
    return Uncertainty(
        name,
        kind,  # pyright: ignore[reportArgumentType]  one of KINDS
        parameters,
        low,
        high,
        values,
        probabilities,
        spec.unit or "",
        spec.source or "",
        spec.fact or "",
        Text.of(spec.title),
        place,
    )


def _parameters(spec: UncertaintySpec, kind: str) -> tuple[float, ...]:
    given = getattr(spec, kind)
    if isinstance(given, str):
        return interval(given) or ()
    return tuple(given) if isinstance(given, list) else ()


def _fault(kind: str, given: tuple[float, ...]) -> str:
    """What is wrong with the parameters of a distribution; empty where nothing is."""
    if not all(isfinite(value) for value in given):
        return "its numbers must be finite"
    if any(abs(value) > LARGEST for value in given):
        return f"its numbers must lie within {LARGEST:g} of zero"
    match kind, given:
        case (("range" | "uniform"), (low, high)) if low >= high:
            return f"the low end {low:g} must be below the high end {high:g}"
        case "normal", (_, deviation) if deviation <= 0:
            return f"the standard deviation must be above zero, not {deviation:g}"
        case "lognormal", (median, deviation) if median <= 0 or deviation <= 0:
            return "the median and the standard deviation of the logarithm must be above zero"
        case "beta", (a, b) if a <= 0 or b <= 0:
            return "both shape numbers must be above zero"
        case "triangular", (low, mode, high) if not (low <= mode <= high and low < high):
            return f"low, mode, high must rise; {low:g}, {mode:g}, {high:g} do not"
        case _:
            return ""


def _support(kind: str, given: tuple[float, ...], values: tuple[float, ...]) -> tuple[float, float]:
    match kind:
        case "normal":
            return -inf, inf
        case "lognormal":
            return 0.0, inf
        case "beta":
            return 0.0, 1.0
        case "choice":
            return (min(values), max(values)) if values else (0.0, 0.0)
        case _:
            return given[0], given[-1]


def _bounds_fault(kind: str, key: str, bounds: tuple[float, float]) -> str:
    if key == "on" and kind != "beta":
        return f"only a beta is spread over an interval, not {kind}"
    if key == "truncate" and kind not in ("normal", "lognormal"):
        return f"only normal and lognormal are truncated, not {kind}"
    if bounds[0] >= bounds[1]:
        return "the low end must be below the high end"
    if key == "on" and not all(map(isfinite, bounds)):
        return "its ends must be finite"
    if any(isfinite(end) and abs(end) > LARGEST for end in bounds):
        return f"its ends must lie within {LARGEST:g} of zero"
    if kind == "lognormal" and bounds[1] <= 0:
        return "nothing of a lognormal lies below zero"
    return ""


def _tail_fault(kind: str, given: tuple[float, ...], bounds: tuple[float, float]) -> str:
    """Whether a truncation leaves a tail so thin that nothing can be drawn from it."""
    if kind == "beta":
        return ""
    middle, deviation = given
    low, high = bounds
    if kind == "lognormal":
        middle = log(middle)
        low, high = (log(end) if end > 0 else -inf for end in bounds)
    if low <= middle + THINNEST * deviation and high >= middle - THINNEST * deviation:
        return ""
    return f"it lies more than {THINNEST} standard deviations from the middle"


def _choice(
    sheet: Sheet, spec: UncertaintySpec, node: Node
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    if spec.choice is None:
        return (), ()
    before = len(sheet.problems)
    below = node.get("choice") or node
    values: list[float] = []
    chances: list[float | None] = []
    for key, chance in spec.choice.items():
        values.append(_figure(sheet, key, below, key, is_key=True))
        rest = isinstance(chance, str) and chance.strip() == "rest"
        chances.append(None if rest else _figure(sheet, chance, below, key, is_key=False))
    stated = sum(chance for chance in chances if chance is not None)
    if chances.count(None) == 1:
        chances[chances.index(None)] = 1.0 - stated
        stated = 1.0 if stated <= 1.0 + PROBABILITY_TOLERANCE else stated
    if len(sheet.problems) > before:
        return (), ()
    if chances.count(None) > 1:
        sheet.problem(below.place, "`rest` may stand once")
    elif abs(stated - 1.0) > PROBABILITY_TOLERANCE:
        sheet.problem(
            below.place,
            f"the probabilities sum to {stated:g}, not to one",
            advice="One of them may be `rest`.",
        )
    elif any(chance is not None and chance < -PROBABILITY_TOLERANCE for chance in chances):
        sheet.problem(below.place, "a probability is below zero")
    if len(set(values)) < len(values):
        sheet.problem(below.place, "a value stands twice in the choice")
    return tuple(values), tuple(max(chance or 0.0, 0.0) for chance in chances)


def _figure(sheet: Sheet, given: float | str, parent: Node, key: str, *, is_key: bool) -> float:
    """A number that reads nothing, such as 1/3; zero with a problem where it is none."""
    place = parent.key_place(key) if is_key else parent.place_at((key,))
    spot = Node(None, parent.source, place.line, place.column)
    expression = sheet.expression(given, spot)
    if expression is None:
        return 0.0
    if expression.names or expression.calls:
        sheet.problem(place, f"'{given}' is not a plain number")
        return 0.0
    value = evaluate(expression, {})
    if not isfinite(value):  # pyright: ignore[reportArgumentType]  reads no array
        sheet.problem(place, f"'{given}' is not finite")
        return 0.0
    return float(value)


def build_correlations(
    sheet: Sheet, uncertainties: dict[str, Uncertainty]
) -> tuple[Correlation, ...]:
    """Rank correlations; together they must be possible."""
    node = sheet.root.get("correlations") or Node([])
    found: list[Correlation] = []
    for item in node.value if isinstance(node.value, list) else []:
        spec = sheet.valid(CorrelationSpec, item)
        if spec is None:
            continue
        correlation = Correlation((spec.between[0], spec.between[1]), spec.rank, item.place)
        if _can_correlate(sheet, correlation, item, uncertainties, found):
            found.append(correlation)
    if found and not _is_positive_definite(found):
        advice = "Uncertainties that both go with a third also go with one another."
        what = "these correlations cannot hold together: their matrix is not positive definite"
        sheet.problem(sheet.root.key_place("correlations"), what, advice=advice)
    return tuple(found)


def _can_correlate(
    sheet: Sheet,
    correlation: Correlation,
    node: Node,
    uncertainties: dict[str, Uncertainty],
    before: list[Correlation],
) -> bool:
    known = sheet.names("uncertainties")
    for number, name in enumerate(correlation.between):
        place = node.place_at(("between", number))
        if name not in known:
            sheet.unknown(place, "uncertainty", name, known)
            return False
        if name not in uncertainties:
            return False
        if not uncertainties[name].is_distribution:
            what = f"'{name}' is a range, of which no probability is claimed: it cannot correlate"
            sheet.problem(place, what, advice="Write `uniform:` if every value is equally likely.")
            return False
    if correlation.between[0] == correlation.between[1]:
        sheet.problem(node.place, f"'{correlation.between[0]}' is correlated with itself")
        return False
    if any(set(other.between) == set(correlation.between) for other in before):
        sheet.problem(node.place, "these two are correlated a second time")
        return False
    return True


def _is_positive_definite(correlations: list[Correlation]) -> bool:
    """Whether the Gaussian copula with these rank correlations exists."""
    names = sorted({name for item in correlations for name in item.between})
    matrix = np.eye(len(names))
    for item in correlations:
        i, j = (names.index(name) for name in item.between)
        matrix[i, j] = matrix[j, i] = 2.0 * sin(pi * item.rank / 6.0)
    return bool(np.linalg.eigvalsh(matrix)[0] > 1e-9)


def build_constants(sheet: Sheet) -> dict[str, Constant]:
    """Constants by name, in the order of the file."""
    found: dict[str, Constant] = {}
    for name, spec, node in sheet.entries("constants", ConstantSpec):
        if not isfinite(spec.value):
            sheet.problem((node.get("value") or node).place, f"constant '{name}' is not finite")
            continue
        found[name] = Constant(
            name,
            float(spec.value),
            spec.unit or "",
            spec.source or "",
            spec.fact or "",
            Text.of(spec.title),
            sheet.key_place("constants", name),
        )
    return found


def build_levers(sheet: Sheet) -> dict[str, Lever]:
    """Levers by name, in the order of the file."""
    found: dict[str, Lever] = {}
    for name, spec, node in sheet.entries("levers", LeverSpec):
        low, high = interval(spec.range) or (0.0, 0.0)
        if not -LARGEST <= low < high <= LARGEST:
            place = node.place_at(("range",))
            sheet.problem(place, f"the range of lever '{name}' must be finite and rise", spec.range)
            continue
        if not low <= spec.default <= high:
            what = f"the default {spec.default:g} of lever '{name}' lies outside {spec.range}"
            sheet.problem(node.place_at(("default",)), what, str(spec.default))
        if name in ("title", "text", "play"):
            place = sheet.key_place("levers", name)
            sheet.problem(
                place,
                f"a lever cannot be called '{name}': a policy has a key of its own with this name",
            )
        place = sheet.key_place("levers", name)
        title = Text.of(spec.title)
        found[name] = Lever(name, float(spec.default), low, high, spec.unit or "", title, place)
    return found


def build_derived(sheet: Sheet) -> dict[str, Derived]:
    """Derived numbers by name, in the order of the file."""
    found: dict[str, Derived] = {}
    for name, spec, node in sheet.entries("derived", DerivedSpec):
        expression = sheet.expression(spec.value, node.get("value") or node)
        if expression is None:
            continue
        place = sheet.key_place("derived", name)
        found[name] = Derived(name, expression, spec.unit or "", Text.of(spec.title), place)
    return found
