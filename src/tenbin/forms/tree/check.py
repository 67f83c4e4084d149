"""What is wrong with a tree's numbers in some worlds: how often, where, and an example."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from tenbin.errors import Place, Problem
from tenbin.forms.tree.bind import lottery_extent
from tenbin.forms.tree.game import TreeModel
from tenbin.forms.tree.read import PROBABILITY_TOLERANCE
from tenbin.forms.tree.tables import Bools
from tenbin.forms.tree.values import Computed, Value, evaluate_values, used_values
from tenbin.scenario.language import Array, Numbers, OutcomeCall

__all__ = ["check_numbers"]

Results = Mapping[int, float | Array]


def check_numbers(
    model: TreeModel, numbers: Numbers, outcomes: Mapping[OutcomeCall, Array], worlds: int
) -> list[Problem]:
    """Numbers that are not finite, and probabilities that are none, in some of the worlds.

    Worlds in which an outcome of another model, or a number of the scenario, is undefined are
    left out: the fault is there.

    Parameters
    ----------
    numbers, outcomes
        As for `bind_tree`.
    worlds
        How many worlds were tried.

    Returns
    -------
    One problem for each place in the file, with the share of worlds and an example.
    """
    used = sorted({*model.used, *(n for its in model.measure_values.values() for n in its)})
    results = evaluate_values(model.values, used, numbers, outcomes)
    found: dict[tuple[Place, str], _Fault] = {}
    for number in used:
        _check_finite(model, number, results, numbers, outcomes, worlds, found)
    for drawn in model.drawn:
        low, total = lottery_extent(drawn.values, results)
        negative = np.broadcast_to(low < -PROBABILITY_TOLERANCE, (worlds,))
        wrong_sum = np.abs(total - 1.0) > PROBABILITY_TOLERANCE
        wrong = np.broadcast_to(wrong_sum, (worlds,)) & ~negative
        of = f"the probabilities of the {drawn.what}"
        place = _place_of_lottery(model, drawn.values, drawn.place)
        _note(found, place, f"{of} include a negative one", drawn.values, negative)
        _note(found, place, f"{of} do not sum to one", drawn.values, wrong)
    return [
        _problem(model, place, what, fault, numbers, results, worlds)
        for (place, what), fault in found.items()
    ]


class _Fault:
    """Worlds [W] in which something is wrong, and the values that show it."""

    def __init__(self, values: Sequence[int], worlds: Bools) -> None:
        self.values, self.worlds = values, worlds


def _check_finite(
    model: TreeModel,
    number: int,
    results: Results,
    numbers: Numbers,
    outcomes: Mapping[OutcomeCall, Array],
    worlds: int,
    found: dict[tuple[Place, str], _Fault],
) -> None:
    """Note a value that is not finite, unless what it is made of is already not."""
    value = model.values[number]
    if not isinstance(value, Computed):
        return
    wrong = np.broadcast_to(~np.isfinite(results[number]), (worlds,)).copy()
    if not wrong.any():
        return
    for _, read in value.reads:
        wrong &= np.isfinite(results[read])
    for call in value.expression.calls:
        wrong &= np.isfinite(outcomes[call])
    for name in value.expression.names - {name for name, _ in value.reads}:
        wrong &= np.isfinite(numbers[name])
    what = f"'{value.expression.text}' is not a finite number"
    for place in model.places.get(number, (value.expression.place,)):
        _note(found, place, what, (number,), wrong)


def _note(
    found: dict[tuple[Place, str], _Fault],
    place: Place,
    what: str,
    values: Sequence[int],
    worlds: Bools,
) -> None:
    if not worlds.any():
        return
    known = found.setdefault((place, what), _Fault(values, worlds))
    known.worlds = known.worlds | worlds


def _place_of_lottery(model: TreeModel, values: Sequence[int], fallback: object) -> Place:
    """The first expression among its probabilities that depends on the world."""
    for number in values:
        if isinstance(model.values[number], Computed) and model.places.get(number):
            return model.places[number][0]
    assert isinstance(fallback, Place)
    return fallback


def _problem(
    model: TreeModel,
    place: Place,
    what: str,
    fault: _Fault,
    numbers: Numbers,
    results: Results,
    worlds: int,
) -> Problem:
    count = int(fault.worlds.sum())
    share = count / worlds
    told = f"{share:.1%}" if share >= 0.001 else f"{count} of {worlds}"
    world = int(np.argmax(fault.worlds))
    shown = list(dict.fromkeys(_example(model.values, fault.values, numbers, results, world)))
    example = f", e.g. where {', '.join(shown[:8])}" if shown else ""
    return Problem(place, f"{what} in {told} of the worlds tried{example}")


def _example(
    values: Sequence[Value],
    chosen: Iterable[int],
    numbers: Numbers,
    results: Results,
    world: int,
) -> Iterator[str]:
    """The numbers that the chosen values rest on, as they are in one world."""
    for number in reversed(used_values(values, chosen)):
        value = values[number]
        if not isinstance(value, Computed):
            continue
        reads = dict(value.reads)
        for name in sorted(value.expression.names):
            given = results[reads[name]] if name in reads else numbers[name]
            shown = float(given) if np.ndim(given) == 0 else float(np.asarray(given)[world])
            yield f"{name} = {shown:.6g}"
