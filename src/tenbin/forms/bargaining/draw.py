"""The pictures of a bargaining model and of its solution.

One issue: its divisions as a line, above it what each condition allows, below all of them what is
agreed. Several: all packages by what they are worth to both, with the efficient ones, and beside
it who gets how much of each issue.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from tenbin.figures.gametree import percent
from tenbin.figures.words import Words, read_words
from tenbin.forms.bargaining.bind import BoundBargaining
from tenbin.forms.bargaining.draw_package import package_scene
from tenbin.forms.bargaining.draw_range import range_scene
from tenbin.forms.bargaining.scene import Seen, see
from tenbin.forms.bargaining.tables import BargainingSolution
from tenbin.forms.bargaining.text import issue_title, text_bargaining
from tenbin.forms.contract import Drawing
from tenbin.scenario.objects import Scenario

__all__ = ["draw_bargaining", "text_bargaining"]


def draw_bargaining(
    scenario: Scenario,
    bound: BoundBargaining,
    solution: BargainingSolution,
    language: str,
    world: int = 0,
) -> list[Drawing]:
    """The picture of one world; none where its numbers are not finite."""
    words = read_words("tenbin.forms.bargaining", language)
    if not bound.problems.valid.reshape(bound.n_worlds, -1)[world].all():
        return []
    seen = see(bound, solution, world)
    outcome = _outcome(seen, words)
    if len(bound.model.issues) == 1:
        caption = words("drawing.range", issue=issue_title(bound, 0, language), outcome=outcome)
        spec: dict[str, Any] = range_scene(scenario, seen, words, caption)
        return [Drawing("range", spec, caption)]
    caption = words("drawing.frontier", outcome=outcome)
    if np.isfinite(seen.view.outside).any() or np.isfinite(seen.view.floor).any():
        caption += (" " if language != "ja" else "") + words("lines")
    return [Drawing("frontier", package_scene(scenario, seen, words, caption), caption)]


def _outcome(seen: Seen, words: Words) -> str:
    """How talks end, as part of a sentence."""
    if seen.world.agreement is None:
        return words("outcome.none")
    chance = seen.world.results["ratified"]
    if chance > 1.0 - 1e-9:
        return words("outcome.agreed")
    return words("outcome.risky", share=percent(chance))
