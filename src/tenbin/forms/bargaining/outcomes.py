"""What a solved bargaining model yields: `P`, `E`, `agreement`, `offer`, `low` and `high`.

All are ex ante, over types and over which limits are waived. What is asked on a condition that
cannot happen is NaN.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from tenbin.errors import Problem
from tenbin.forms.bargaining.bind import BoundBargaining
from tenbin.forms.bargaining.game import BargainingModel
from tenbin.forms.bargaining.tables import (
    IMPASSE,
    LEFT,
    REJECTED,
    RESULTS,
    SETTLED,
    BargainingSolution,
    Bools,
)
from tenbin.forms.reading import only_name
from tenbin.scenario.language import Array, Event, Name, OutcomeCall

__all__ = [
    "FUNCTIONS",
    "bargaining_outcome",
    "bargaining_range",
    "cells_of",
    "check_call",
    "is_probability",
    "outcome_scale",
    "payoff_extent",
    "result_cells",
]

FUNCTIONS = ("P", "E", "agreement", "offer", "low", "high")


def is_probability(call: OutcomeCall) -> bool:
    """Whether the outcome lies in [0, 1] by definition."""
    return call.function == "P"


def result_cells(model: BargainingModel) -> dict[str, tuple[int, ...]]:
    """The results that each event consists of."""
    found: dict[str, tuple[int, ...]] = {
        "agreed": (SETTLED, REJECTED),
        "ratified": (SETTLED,),
        "rejected": (REJECTED,),
        "left": (LEFT,),
        "impasse": (IMPASSE,),
    }
    if model.war is not None:
        found["war"] = (REJECTED, LEFT, IMPASSE) if model.is_war else (LEFT,)
    return found


# what happens


def cells_of(model: BargainingModel, event: Event) -> Bools:
    """Which cells (result, type) [4, T] belong to an event."""
    if event.operator == "name":
        (name,) = event.operands
        assert isinstance(name, Name)
        return _named_cells(model, name)
    parts = [cells_of(model, part) for part in event.operands if isinstance(part, Event)]
    if event.operator == "not":
        return ~parts[0]
    join = np.logical_and if event.operator == "and" else np.logical_or
    return np.asarray(join.reduce(parts))


def _named_cells(model: BargainingModel, name: Name) -> Bools:
    cells = np.zeros((RESULTS, model.n_types), dtype=np.bool_)
    if len(name.parts) == 2:
        cells[:, model.types.index(name.parts[1])] = True
    else:
        cells[list(result_cells(model)[name.parts[0]])] = True
    return cells


def bargaining_outcome(
    bound: BoundBargaining, solution: BargainingSolution, call: OutcomeCall
) -> Array:
    """An outcome in every world [W, 1]; NaN where it is undefined or the world is unsolved."""
    model = bound.model
    event = call.arguments[0]
    assert isinstance(event, Event)
    condition = np.ones((RESULTS, model.n_types), dtype=np.bool_)
    if isinstance(call.given, Event):
        condition = cells_of(model, call.given)
    name = only_name(event)
    with np.errstate(all="ignore"):
        match call.function:
            case "P":
                happens = cells_of(model, event)[None].astype(np.float64)
                value = _expected(bound, solution, happens, condition)
            case "E":
                payoff = solution.payoff[:, model.players.index(str(name))]
                value = _expected(bound, solution, payoff, condition)
            case "agreement":
                issue = model.issue_index[str(name)]
                agreed = condition & _agreed(model)
                share = _expected(bound, solution, solution.share[..., issue], agreed)
                value = _in_unit(bound, issue, share)
            case "offer":
                assert name is not None
                player, issue = model.players.index(name.parts[0]), model.issue_index[name.parts[1]]
                value = _in_unit(bound, issue, _offered(bound, solution, player, issue))
            case _:
                issue = model.issue_index[str(name)]
                kind = _type_of(model, call)
                value = bargaining_range(bound, issue, kind)[call.function == "high"]
    return np.where(solution.found, value[:, None], np.nan)


def _agreed(model: BargainingModel) -> Bools:
    cells = np.zeros((RESULTS, model.n_types), dtype=np.bool_)
    cells[[SETTLED, REJECTED]] = True
    return cells


def _expected(
    bound: BoundBargaining, solution: BargainingSolution, values: Array, condition: Bools
) -> Array:
    """The mean [W] of values by problem and cell [N or 1, 4 or 1, T or 1], given some cells."""
    weight = np.where(condition, solution.chance, 0.0)
    likely = None if condition.all() else _over_cases(bound, weight.sum(axis=(1, 2)))
    total = np.where(weight > 0.0, weight * values, 0.0).sum(axis=(1, 2))
    mean = _over_cases(bound, total)
    return mean if likely is None else np.where(likely > 0.0, mean / likely, np.nan)


def _over_cases(bound: BoundBargaining, values: Array) -> Array:
    """The mean [W] over cases of values by problem [N]."""
    if bound.n_cases == 1:
        return values
    return (bound.case_weight * values.reshape(bound.n_worlds, -1)).sum(axis=1)


def _offered(
    bound: BoundBargaining, solution: BargainingSolution, player: int, issue: int
) -> Array:
    """The mean share [W] that a player proposes, over the cases where it proposes one."""
    offer = solution.offer[:, player, issue]
    made = np.isfinite(offer).astype(np.float64)
    likely = _over_cases(bound, made)
    return np.where(
        likely > 0.0, _over_cases(bound, np.where(made > 0, offer, 0.0)) / likely, np.nan
    )


def _in_unit(bound: BoundBargaining, issue: int, share: Array) -> Array:
    ends = bound.span[:, issue]
    return ends[:, 0] + share * (ends[:, 1] - ends[:, 0])


# the bargaining range


def bargaining_range(
    bound: BoundBargaining, issue: int, kind: int = 0, case: int = 0
) -> tuple[Array, Array]:
    """The least and the most [W] of an issue over all efficient agreements that may be made.

    Those are ratified (known limits; none waived in case 0) and leave both at least what they
    have in disagreement and by leaving. NaN where there is none.
    """
    from tenbin.forms.bargaining.solvers.range import range_ends

    ends = range_ends(bound.problems, kind, slice(case, None, bound.n_cases))[:, :, issue]
    one, two = _in_unit(bound, issue, ends[:, 0]), _in_unit(bound, issue, ends[:, 1])
    return np.minimum(one, two), np.maximum(one, two)


def _type_of(model: BargainingModel, call: OutcomeCall) -> int:
    """The type that a condition names; 0 where there are no types."""
    name = only_name(call.given) if isinstance(call.given, Event) else None
    return model.types.index(name.parts[1]) if name is not None and model.types else 0


# what a difference is measured by


def outcome_scale(bound: BoundBargaining, call: OutcomeCall) -> float | Array:
    """What a comparison of the outcome has a millionth of as its tolerance: a number, or [W]."""
    if is_probability(call):
        return 1.0
    if call.function == "E":
        return payoff_extent(bound)
    event = call.arguments[0]
    assert isinstance(event, Event)
    name = only_name(event)
    assert name is not None
    issue = bound.model.issue_index[name.parts[-1]]
    extent = np.abs(bound.span[:, issue, 1] - bound.span[:, issue, 0])
    return np.where(extent > 0.0, extent, 1.0)


def payoff_extent(bound: BoundBargaining) -> Array:
    """The scale of payoffs [W]: the largest spread of a player's payoffs over all that can be."""
    problems = bound.problems
    most = problems.base + np.maximum(problems.slope, 0.0).sum(axis=3)
    least = problems.base + np.minimum(problems.slope, 0.0).sum(axis=3)
    for other in (problems.disagreement, problems.outside):
        given = np.isfinite(other)
        most = np.where(given, np.maximum(most, other), most)
        least = np.where(given, np.minimum(least, other), least)
    extent = (most - least).max(axis=(1, 2)).reshape(bound.n_worlds, -1).max(axis=1)
    if problems.shift is not None:
        extent = extent / (1.0 - problems.discount.max(axis=1))
    return np.where((extent > 0.0) & np.isfinite(extent), extent, 1.0)


# what may be asked


def check_call(model: BargainingModel, call: OutcomeCall) -> list[Problem]:
    """What is wrong with an outcome call on this model; empty where it can be answered."""
    if call.function not in FUNCTIONS:
        what = f"bargaining has no outcome '{call.function}'"
        return [Problem(call.place, what, call.function, FUNCTIONS)]
    problems = [
        Problem(call.place, f"'{call.function}' takes no '{key}' in bargaining", key)
        for key, _ in call.options
    ]
    event = call.arguments[0] if call.arguments else None
    if len(call.arguments) != 1 or not isinstance(event, Event):
        wanted = {"P": "an event", "E": "a player", "offer": "a player and an issue"}
        what = f"'{call.function}' takes {wanted.get(call.function, 'an issue')}"
        return [*problems, Problem(call.place, f"{what} of model '{model.name}'")]
    problems += _check_argument(model, call, event)
    problems += _check_condition(model, call)
    return problems


def _event_names(model: BargainingModel) -> tuple[str, ...]:
    informed = None if model.informed is None else model.players[model.informed]
    return (*result_cells(model), *(f"{informed}.{name}" for name in model.types))


def _check_event(model: BargainingModel, event: Event, call: OutcomeCall) -> list[Problem]:
    known = _event_names(model)
    return [
        Problem(call.place, f"model '{model.name}' has no event '{name}'", str(name), known)
        for name in event.names()
        if str(name) not in known
    ]


def _check_argument(model: BargainingModel, call: OutcomeCall, event: Event) -> list[Problem]:
    if call.function == "P":
        return _check_event(model, event, call)
    issues = tuple(model.issue_index)
    offers = tuple(f"{player}.{issue}" for player in model.players for issue in issues)
    by_function: Mapping[str, tuple[str, tuple[str, ...]]] = {
        "E": ("player", model.players),
        "offer": ("player and issue", offers),
    }
    kind, known = by_function.get(call.function, ("issue", issues))
    name = only_name(event)
    if name is None or str(name) not in known:
        what = f"model '{model.name}' has no {kind} '{event}'"
        return [Problem(call.place, what, str(event), known)]
    return []


def _check_condition(model: BargainingModel, call: OutcomeCall) -> list[Problem]:
    in_range = call.function in ("low", "high")
    secret = model.hidden is not None or (model.war is not None and model.war.private is not None)
    if in_range and secret:
        what = "one end of the bargaining range is what only one side knows"
        return [Problem(call.place, what, advice="Ask for `agreement` and `P` of agreement.")]
    if in_range and model.types and call.given is None:
        player = model.players[model.informed or 0]
        advice = f"Write given={model.name}.{player}.{model.types[0]}."
        return [Problem(call.place, "the bargaining range differs by type", advice=advice)]
    if call.given is None:
        return []
    if not isinstance(call.given, Event):
        return [Problem(call.place, "`given=any` looks at decision nodes; bargaining has none")]
    if call.function == "offer":
        return [Problem(call.place, "an offer is made before anything happens: no condition")]
    types = tuple(name for name in _event_names(model) if "." in name)
    name = only_name(call.given)
    if in_range and (name is None or str(name) not in types):
        what = "the bargaining range has no condition but a type"
        return [Problem(call.place, what, str(call.given), types)]
    return _check_event(model, call.given, call)
