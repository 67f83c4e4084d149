"""Shares become words: the interval of a share and the word that a verdict gets."""

from __future__ import annotations

from tenbin.numerics.shares import wilson_interval

__all__ = [
    "DEPENDS",
    "FACT_WORDS",
    "SHARE_WORDS",
    "STATED",
    "UNDECIDED",
    "VACUOUS",
    "share_word",
    "verdict_word",
    "wilson_interval",
]

HOLDS = "holds"
MOSTLY_HOLDS = "mostly holds"
DEPENDS = "depends"
MOSTLY_FAILS = "mostly fails"
FAILS = "fails"
UNDECIDED = "undecided"
VACUOUS = "vacuous"
STATED = "stated"

SHARE_WORDS = (HOLDS, MOSTLY_HOLDS, DEPENDS, MOSTLY_FAILS, FAILS)
"""Words for a share of worlds, from the largest share to the smallest."""

FACT_WORDS = ("supported", "contradicted", "partly", "unverified")
"""Words for a claim judged on the fact table; each has one of the four shares equal to one."""

_ROUNDING = 1e-12


def share_word(share: float) -> str:
    """The word for a share of worlds in which a claim counts as holding."""
    if share >= 0.95 - _ROUNDING:
        return HOLDS
    if share >= 0.75 - _ROUNDING:
        return MOSTLY_HOLDS
    if share <= 0.05 + _ROUNDING:
        return FAILS
    if share <= 0.25 + _ROUNDING:
        return MOSTLY_FAILS
    return DEPENDS


def verdict_word(counted: float, unknown: float, *, vacuous: bool = False) -> str:
    """The word of a verdict from its counted share and the share of worlds not known.

    `undecided` where the worlds not known could change the word, were they all to count or none
    of them; `vacuous` where the claim's premises hold nowhere, whatever the claim itself does.
    """
    if vacuous:
        return VACUOUS
    word = share_word(counted)
    return word if word == share_word(min(1.0, counted + unknown)) else UNDECIDED
