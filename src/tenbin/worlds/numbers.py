"""All numbers of a world under a setting: uncertainties, constants, levers, derived numbers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from graphlib import TopologicalSorter

from tenbin.scenario.expressions import evaluate
from tenbin.scenario.language import Array, OutcomeCall, Setting
from tenbin.scenario.objects import Scenario

__all__ = ["numbers_under", "reached_numbers"]

Values = dict[str, float | Array]


def reached_numbers(
    scenario: Scenario, names: Iterable[str], replaced: Collection[str] = ()
) -> tuple[frozenset[str], tuple[OutcomeCall, ...]]:
    """The names, and all that derived numbers among them read, directly or through others.

    Parameters
    ----------
    scenario
        Where the derived numbers are defined.
    names
        Where to start.
    replaced
        Names that are given another value, so that what they read does not matter.

    Returns
    -------
    The names, and the outcomes that these derived numbers read, sorted by name of the number and
    then in reading order.
    """
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            if name in scenario.derived and name not in replaced:
                waiting.extend(scenario.derived[name].expression.names)
    calls = (
        call
        for name in sorted(found & set(scenario.derived) - set(replaced))
        for call in scenario.derived[name].expression.calls
    )
    return frozenset(found), tuple(dict.fromkeys(calls))


def numbers_under(
    scenario: Scenario,
    draws: Mapping[str, Array],
    setting: Setting,
    outcomes: Mapping[OutcomeCall, Array] | None = None,
    names: Collection[str] | None = None,
) -> Values:
    """The numbers of worlds under a setting.

    A replaced number is computed from the world's own numbers, those without any setting. Derived
    numbers then see the replaced ones; a derived number may itself be replaced.

    Parameters
    ----------
    scenario
        Where the numbers are defined.
    draws
        Uncertainties [W] by name.
    setting
        What is set in every world.
    outcomes
        Outcomes of other models [W], for derived numbers that read them.
    names
        Compute these and what they read; by default all.

    Returns
    -------
    Floats and arrays [W] by name. A derived number that reads an outcome which is not among
    `outcomes` is left out.
    """
    own = _given_numbers(scenario, draws)
    wanted = scenario.derived if names is None else names
    replaced: Values = {}
    if setting.values:
        read = {name for _, expression in setting.values for name in expression.names}
        base = _with_derived(scenario, own, read, outcomes or {})
        replaced = {name: evaluate(expression, base) for name, expression in setting.values}
    return _with_derived(scenario, {**own, **replaced}, wanted, outcomes or {})


def _given_numbers(scenario: Scenario, draws: Mapping[str, Array]) -> Values:
    numbers: Values = {name: item.value for name, item in scenario.constants.items()}
    numbers.update((name, lever.default) for name, lever in scenario.levers.items())
    numbers.update(draws)
    return numbers


def _with_derived(
    scenario: Scenario,
    numbers: Values,
    wanted: Collection[str],
    outcomes: Mapping[OutcomeCall, Array],
) -> Values:
    """The numbers with those derived ones among the wanted that can be computed."""
    complete = dict(numbers)
    reached = reached_numbers(scenario, wanted)[0] & set(scenario.derived)
    reads = {name: scenario.derived[name].expression.names & reached for name in sorted(reached)}
    for name in TopologicalSorter(reads).static_order():
        expression = scenario.derived[name].expression
        if name in complete or not expression.names <= complete.keys():
            continue
        if all(call in outcomes for call in expression.calls):
            complete[name] = evaluate(expression, complete, outcomes)
    return complete
