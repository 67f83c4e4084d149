"""What may stand together in a bargaining model, and what may not."""

from __future__ import annotations

from collections.abc import Iterator

from tenbin.errors import Problem
from tenbin.forms.bargaining.spec import DISTRIBUTIONS, BargainingSpec
from tenbin.scenario.objects import ModelEntry

__all__ = ["rule_problems"]

MOST_TYPED_ISSUES = 10
MOST_WAIVERS = 6

Found = Iterator[tuple[tuple[str | int, ...], str, str]]


def rule_problems(entry: ModelEntry, spec: BargainingSpec) -> list[Problem]:
    """Keys that do not go together or are missing, each at its place."""
    concept = entry.concept or "nash"
    found = [
        *_single_issue(spec),
        *_offers(spec, concept),
        *_private(spec, concept),
        *_ratifiers(spec, concept),
        *_war(spec, concept),
    ]
    return [Problem(entry.place_of(*path), what, advice=advice) for path, what, advice in found]


def _is_distribution(given: object) -> bool:
    return isinstance(given, dict) and any(name in DISTRIBUTIONS for name in given)


def _single_issue(spec: BargainingSpec) -> Found:
    if len(spec.issues) < 2:
        return
    if spec.curvature:
        yield ("curvature",), "curved payoffs are defined for a single issue", ""
    if spec.war is not None:
        yield ("war",), "a war is fought for a single issue, and there are several", ""


def _offers(spec: BargainingSpec, concept: str) -> Found:
    if concept == "rubinstein":
        missing = [player for player in spec.players if player not in spec.discount]
        if missing:
            advice = f"Write `discount: {{{': 0.9, '.join(spec.players)}: 0.9}}`."
            yield ("discount",), f"alternating offers need the discount of '{missing[0]}'", advice
    elif spec.discount and spec.shift is None:
        advice = "Use `concept: rubinstein`, or take `discount` out."
        yield ("discount",), f"concept `{concept}` knows no periods, so no discount", advice
    if spec.periods is not None and concept != "rubinstein":
        yield ("periods",), f"concept `{concept}` knows no periods", "Use `concept: rubinstein`."
    if spec.power is not None and concept != "nash":
        yield ("power",), "only concept `nash` weighs the sides by `power`", ""
    if spec.first is not None and concept not in ("rubinstein", "ultimatum"):
        yield ("first",), f"nobody is first under concept `{concept}`", ""
    if spec.left and not spec.outside:
        yield ("left",), "`left` is what one gets when the other takes an outside option", ""


def _private(spec: BargainingSpec, concept: str) -> Found:
    proposer = spec.first or spec.players[0]
    hidden = [
        (("outside", player), player) for player, g in spec.outside.items() if _is_distribution(g)
    ]
    if spec.war is not None:
        costs = spec.war.cost.items()
        hidden += [(("war", "cost", p), p) for p, given in costs if _is_distribution(given)]
    hidden += [(("types", player), player) for player in spec.types]
    for path, player in hidden:
        if concept != "ultimatum":
            yield path, "what only one side knows takes `concept: ultimatum`", ""
        elif player == proposer:
            yield path, f"'{player}' makes the offer; only who answers it may have a secret", ""
    if len(hidden) > 1:
        yield hidden[1][0], "one thing may be private: an outside option, a cost or a type", ""
    if spec.types and spec.curvature:
        yield ("types",), "types with curved payoffs are not supported", ""
    if spec.types and len(spec.issues) > MOST_TYPED_ISSUES:
        what = f"with private types at most {MOST_TYPED_ISSUES} issues can be bargained over"
        yield ("issues",), what, ""


def _ratifiers(spec: BargainingSpec, concept: str) -> Found:
    waivable = [number for number, item in enumerate(spec.ratify) if item.waiver is not None]
    if len(waivable) > MOST_WAIVERS:
        path = ("ratify", waivable[MOST_WAIVERS], "waiver")
        yield path, f"at most {MOST_WAIVERS} limits may be waivable", ""
    hidden = any(_is_distribution(given) for given in spec.outside.values())
    private_cost = spec.war is not None and any(map(_is_distribution, spec.war.cost.values()))
    for number, item in enumerate(spec.ratify):
        path = ("ratify", number, item.limit)
        if not _is_distribution(getattr(item, item.limit)):
            if item.limit == "floor" and item.player in spec.types:
                what = "a floor on the payoff of a player with types is not defined"
                yield path, what, "Say `at_least` or `at_most` of an issue, in its own unit."
            continue
        if concept not in ("nash", "ultimatum"):
            what = "a limit that is not known takes concept `nash` or `ultimatum`"
            yield path, what, "Alternating offers and Kalai-Smorodinsky take known limits."
        if spec.outside or spec.types or hidden or private_cost:
            what = "a limit that is not known cannot stand beside outside options or a secret"
            yield path, what, "Give what follows refusal as `disagreement`."


def _war(spec: BargainingSpec, concept: str) -> Found:
    war = spec.war
    if war is None:
        if spec.shift is not None:
            yield ("shift",), "a shift of power needs `war`", ""
        return
    if len(war.win) != 1:
        yield ("war", "win"), "give the chance of winning of one player", ""
    for player in spec.players:
        if player not in war.cost:
            yield ("war", "cost"), f"the cost of war to '{player}' is missing", ""
    if spec.outside:
        yield ("outside",), "war is the outside option: give only one of `war` and `outside`", ""
    if spec.shift is None:
        return
    if set(spec.shift.win) != set(war.win):
        yield ("shift", "win"), "the shift is in the chance of the player under `war`", ""
    if concept != "ultimatum":
        yield ("shift",), "a shift of power takes `concept: ultimatum`", ""
    if len(spec.discount) != 2:
        yield ("shift",), "a shift of power needs the discount of both players", ""
    if spec.curvature or spec.ratify or spec.types or spec.disagreement:
        yield ("shift",), "with a shift of power only `war`, `discount` and one issue may stand", ""
    if any(map(_is_distribution, war.cost.values())):
        yield ("war", "cost"), "with a shift of power the costs are known", ""
