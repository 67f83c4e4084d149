"""A hinge in words: what a claim hangs on, in the language of the reader."""

from __future__ import annotations

from tenbin.explain.hinge import Hinge, HingeBox, Restriction
from tenbin.figures.words import Words, read_words

__all__ = ["explain_words", "figure_text", "hinge_sentences", "restriction_text", "value_text"]

DECIDES = 0.8
"""From this coverage and density on a hinge is said to decide the claim."""
LEANS = 0.3
"""Below this correlation a hinge is said to decide little."""
_IN_ONE_BREATH = 5
"""Restrictions that one sentence holds."""


def explain_words(language: str) -> Words:
    """The catalogue `locales/<language>.po` of this package."""
    return read_words("tenbin.explain", language)


def hinge_sentences(hinge: Hinge, words: Words) -> tuple[str, ...]:
    """What decides a claim, as whole sentences whose subject is the claim.

    A hinge that decides it is said in one breath; of any other each box has its own sentence. Then
    follows how much it takes in, and which worlds were left out.
    """
    sentences = _found(hinge, words) if hinge.boxes else [_nothing(hinge, words)]
    if hinge.unsolved:
        sentences.append(words.count("hinge.unsolved", hinge.unsolved))
    return tuple(sentences)


def _nothing(hinge: Hinge, words: Words) -> str:
    worlds = f"{hinge.together.all_worlds:,}"
    if hinge.status == "constant":
        side = "fails" if hinge.side == "holds" else "holds"
        return words(f"hinge.always.{side}", worlds=worlds)
    if hinge.status == "too few":
        return words(
            f"hinge.too_few.{hinge.side}", count=f"{hinge.together.all_hits:,}", worlds=worlds
        )
    return words("hinge.none", count=f"{len(hinge.inputs):,}")


def _found(hinge: Hinge, words: Words) -> list[str]:
    together = hinge.together
    measure = words(
        f"hinge.measure.{hinge.side}",
        coverage=_percent(together.coverage),
        density=_percent(together.density),
        base=_percent(together.base),
    )
    if together.correlation < LEANS:
        leaning = _box_text(hinge.boxes[0], words)
        return [words(f"hinge.leans.{hinge.side}", condition=leaning), measure]
    decides = together.coverage >= DECIDES and together.density >= DECIDES
    if decides and sum(len(box.restrictions) for box in hinge.boxes) <= _IN_ONE_BREATH:
        condition = words("join.or").join(_box_text(box, words) for box in hinge.boxes)
        return [words(f"hinge.decides.{hinge.side}", condition=condition), measure]
    opening = "tends" if together.coverage >= 0.5 else "often"
    sentences = [
        words(
            f"hinge.{'also' if place else opening}.{hinge.side}",
            condition=_box_text(box, words),
            density=_percent(box.score.density),
        )
        for place, box in enumerate(hinge.boxes)
    ]
    return [*sentences, measure]


def _box_text(box: HingeBox, words: Words) -> str:
    *first, last = (restriction_text(item, words) for item in box.restrictions)
    return words("join.and").join([words("join.list").join(first), last]) if first else last


def restriction_text(item: Restriction, words: Words) -> str:
    """One restriction as a phrase: what is below, at least, between, or one of."""
    title = item.input.title.in_language(words.language) or item.input.name.replace("_", " ")
    unit = item.input.unit
    if item.values:
        listed = words("join.values").join(value_text(value, unit, words) for value in item.values)
        key = "restriction.one" if len(item.values) == 1 else "restriction.values"
        return words(key, name=title, values=listed)
    if item.low is None:
        high = value_text(item.high or 0.0, unit, words)
        return words("restriction.below", name=title, high=high)
    if item.high is None:
        return words("restriction.least", name=title, low=value_text(item.low, unit, words))
    return words(
        "restriction.between",
        name=title,
        low=value_text(item.low, unit, words),
        high=value_text(item.high, unit, words),
    )


def value_text(value: float, unit: str, words: Words) -> str:
    """A number with its unit, as the language says it; to three digits, a year in full."""
    if unit == "year":
        return f"{value:.0f}"
    figure = figure_text(value)
    if not unit:
        return figure
    key = "unit." + unit
    return words(key, value=figure) if words.has(key) else f"{figure} {unit}"


def figure_text(value: float) -> str:
    """A number to three digits, with separators where it is large."""
    if abs(value) >= 1000:
        digits = 10 ** (len(str(int(abs(value)))) - 3)
        return f"{round(value / digits) * digits:,}".replace("-", "−")
    return f"{value:.3g}".replace("-", "−")


def _percent(share: float) -> str:
    if 0.0 < share < 0.005:
        return f"{100 * share:.1g}%"
    return f"{100 * share:.0f}%"
