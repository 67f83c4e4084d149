"""What is wrong with a model's numbers in some worlds: how often, where, and an example."""

from __future__ import annotations

from collections.abc import Mapping

from tenbin.errors import Problem
from tenbin.forms.bargaining.bind import unsound_parts
from tenbin.forms.bargaining.game import BargainingModel
from tenbin.scenario.language import Array, Numbers, OutcomeCall

__all__ = ["check_numbers"]


def check_numbers(
    model: BargainingModel,
    numbers: Numbers,
    outcomes: Mapping[OutcomeCall, Array],
    worlds: int,
) -> list[Problem]:
    """Numbers out of their bounds, and distributions or discounts that make no sense.

    Parameters
    ----------
    numbers, outcomes
        As for `bind_bargaining`.
    worlds
        How many worlds were tried.
    """
    table = model.table
    found = table.check(numbers, outcomes, worlds)
    columns = table.evaluate(numbers, outcomes, worlds)
    valid = table.valid(columns)
    for what, index, sound in unsound_parts(model, columns):
        wrong = valid & ~sound
        if wrong.any():
            share = f"{what} in {wrong.mean():.1%} of the worlds tried"
            found.append(Problem(table.place(index), share))
    return found
