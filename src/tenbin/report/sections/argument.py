"""The argument as a map: every claim, its verdict, and what it rests on."""

from __future__ import annotations

from tenbin.figures.argumentmap import argument_svg
from tenbin.figures.colours import VERDICTS
from tenbin.figures.words import Words
from tenbin.report.argument import argument_map
from tenbin.report.material import Context, Material

__all__ = ["context"]


def context(material: Material, words: Words) -> Context | None:
    argument = argument_map(material, words)
    if not argument.claims:
        return None
    code = words.language
    present = {claim.word for claim in argument.claims}
    return {
        "svg": argument_svg(argument, f"{code}-picture-of-the-argument", f"{code}-claim-"),
        "words": [word for word in VERDICTS if word in present],
        "has_arrows": any(claim.needs for claim in argument.claims),
        "has_facts": any(claim.is_fact for claim in argument.claims),
        "has_work": bool(argument.work),
    }
