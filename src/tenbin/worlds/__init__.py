"""Draws of the uncertainties: world i is the same world whatever the chunk size or machine."""

from tenbin.worlds.designs import DESIGNS, MAX_WORLDS
from tenbin.worlds.distributions import central_value, quantile
from tenbin.worlds.draws import central_world, draw_worlds, tried_worlds
from tenbin.worlds.numbers import numbers_under, reached_numbers
from tenbin.worlds.sobol import sobol_dimensions

__all__ = [
    "DESIGNS",
    "MAX_WORLDS",
    "central_value",
    "central_world",
    "draw_worlds",
    "numbers_under",
    "quantile",
    "reached_numbers",
    "sobol_dimensions",
    "tried_worlds",
]
