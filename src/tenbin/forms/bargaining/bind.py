"""`BargainingModel` and numbers -> the bargaining problems of many worlds, as arrays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from tenbin.forms.bargaining.game import TOTAL, BargainingModel, Chance, Limit
from tenbin.forms.bargaining.tables import (
    BETA,
    KINDS,
    NO_LIMIT,
    NORMAL,
    UNIFORM,
    Bools,
    Consents,
    Problems,
    Shift,
)
from tenbin.scenario.language import Array, Numbers, OutcomeCall

__all__ = ["BoundBargaining", "bind_bargaining", "unsound_parts"]

MEET = 1e-12
"""Bounds on a share that cross by no more than this meet."""
SUM = 1e-9
"""How far the probabilities of types may miss a sum of one."""


@dataclass(frozen=True)
class BoundBargaining:
    """The problems of a model; case_weight [W, M] is the probability of each set of waivers."""

    model: BargainingModel
    problems: Problems
    case_weight: Array
    span: Array
    """The ends of each issue's own unit [W, J, 2]."""

    @property
    def n_worlds(self) -> int:
        return len(self.case_weight)

    @property
    def n_cases(self) -> int:
        return self.case_weight.shape[1]


def bind_bargaining(
    model: BargainingModel,
    numbers: Numbers,
    outcomes: Mapping[OutcomeCall, Array],
    worlds: int,
) -> BoundBargaining:
    """The model's numbers evaluated in every world.

    Parameters
    ----------
    numbers, outcomes
        What `model.names` and `model.links` list: floats, or arrays [W].
    worlds
        W.

    Returns
    -------
    The problems; `valid` is false where a number is not finite or out of its bounds.
    """
    columns = model.table.evaluate(numbers, outcomes, worlds)
    valid = model.table.valid(columns)
    binder = _Binder(model, np.where(valid[:, None], columns, 0.0) if not valid.all() else columns)
    for _, _, sound in unsound_parts(model, binder.columns):
        valid = valid & sound
    weight = binder.case_weight()
    cases = [binder.problems(case, valid) for case in range(weight.shape[1])]
    span = binder.stack([[issue.span[0], issue.span[1]] for issue in model.issues])
    return BoundBargaining(model, _joined(cases), weight, span)


def unsound_parts(model: BargainingModel, columns: Array) -> Iterator[tuple[str, int, Bools]]:
    """What must hold of several numbers together: its denial, one of them, where [W] it holds."""
    if model.prior:
        total = sum(columns[:, index] for index in model.prior)
        sound = np.abs(total - 1.0) <= SUM
        yield "the probabilities of the types do not sum to one", model.prior[0], sound
    chances = [limit.bound for limit in model.limits if isinstance(limit.bound, Chance)]
    chances += [model.hidden] if model.hidden is not None else []
    if model.war is not None and model.war.private is not None:
        chances.append(model.war.private)
    for chance in chances:
        what = f"the ends of '{chance.name}' do not rise"
        yield what, chance.parameters[0], _drawable(chance, columns)
    if model.concept == "rubinstein" and not model.periods and model.discount is not None:
        one, two = model.discount
        sound = columns[:, one] * columns[:, two] < 1.0
        yield "nobody minds waiting: both discounts are one", one, sound


def _drawable(chance: Chance, columns: Array) -> Bools:
    ends = [columns[:, index] for index in chance.parameters]
    match chance.name:
        case "uniform":
            return ends[0] < ends[1]
        case "triangular":
            return (ends[0] < ends[2]) & (ends[0] <= ends[1]) & (ends[1] <= ends[2])
        case "beta":
            return ends[2] < ends[3]
        case _:
            return np.ones(len(columns), dtype=np.bool_)


class _Binder:
    """Gathers the columns [W, n] of the model's numbers into arrays."""

    def __init__(self, model: BargainingModel, columns: Array) -> None:
        self.model, self.columns, self.worlds = model, columns, len(columns)
        self.base, self.slope = self._payoffs()
        self.war = self._war_payoffs()

    def column(self, index: int) -> Array:
        return self.columns[:, index]

    def stack(self, index: Sequence[object]) -> Array:
        """Columns by nested lists of indices: [W, ...]."""
        found = np.asarray(index, dtype=np.intp)
        if found.size <= 16:  # a few columns are copied faster one by one
            out = np.empty((self.worlds, *found.shape))
            flat = out.reshape(self.worlds, -1)
            for place, number in enumerate(found.ravel()):
                flat[:, place] = self.columns[:, number]
            return out
        return np.ascontiguousarray(self.columns[:, found])

    # what is the same whatever is waived

    def _payoffs(self) -> tuple[Array, Array]:
        issues, kinds = self.model.issues, range(self.model.n_types)
        ends = self.stack(
            [[[issue.values[p][t] for issue in issues] for t in kinds] for p in (0, 1)]
        )
        return ends[..., 0].sum(axis=-1), ends[..., 1] - ends[..., 0]

    def _war_payoffs(self) -> Array | None:
        """Payoffs of a war [W, 2, T], without the cost that is private."""
        war = self.model.war
        if war is None:
            return None
        winner, win = war.winner, self.column(war.win)[:, None]
        ends = np.stack([self.base, self.base + self.slope[..., 0]])  # [2, W, 2, T]
        rises = self.slope[:, winner, 0, 0] >= 0
        best = np.where(rises[:, None, None], ends[1], ends[0])
        worst = np.where(rises[:, None, None], ends[0], ends[1])
        lottery = win[:, :, None] * best + (1.0 - win[:, :, None]) * worst
        return lottery - self.stack(war.cost)

    def case_weight(self) -> Array:
        """The probability [W, M] that exactly the limits of a case are waived."""
        weight = np.ones((self.worlds, 1))
        for number in self.model.waivable:
            waiver = self.model.limits[number].waiver
            assert waiver is not None
            chance = self.column(waiver)[:, None]
            weight = np.concatenate([weight * (1.0 - chance), weight * chance], axis=1)
        return weight

    # the problems of one case

    def problems(self, case: int, valid: Bools) -> Problems:
        model = self.model
        disagreement, outside, left = self._fallbacks()
        low, high, floor = self._bounds(case)
        power = np.ascontiguousarray(self.column(model.power))
        discount = np.zeros((self.worlds, 2))
        if model.discount is not None:
            discount = self.stack(model.discount)
        prior = self.stack(model.prior) if model.prior else np.ones((self.worlds, 1))
        return Problems(
            base=self.base,
            slope=self.slope,
            low=low,
            high=high,
            curvature=None if model.curvature is None else self.stack(model.curvature),
            power=power,
            disagreement=disagreement,
            outside=outside,
            left=left,
            discount=discount,
            floor=floor,
            prior=prior,
            valid=valid,
            consents=self._consents(case),
            first=model.first,
            informed=1 - model.first if model.informed is None else model.informed,
            periods=model.periods or 0,
            shift=self._shift(),
        )

    def _fallbacks(self) -> tuple[Array, Array, Array]:
        """Payoffs [W, 2, T] of disagreement, of leaving, and of the other's leaving."""
        model = self.model
        kinds = model.n_types
        disagreement = np.zeros((self.worlds, 2, kinds))
        outside = np.full((self.worlds, 2, kinds), NO_LIMIT)
        for player in (0, 1):
            given, option = model.disagreement[player], model.outside[player]
            if given is not None:
                disagreement[:, player] = self.stack(given)
            if option is not None:
                outside[:, player] = self.stack(option)
        if self.war is not None and model.is_war:
            disagreement = self.war
        elif self.war is not None:
            outside = self.war
        own = np.maximum(outside, disagreement)
        for player in (0, 1):
            given = model.left[player]
            if given is not None:
                own[:, player] = self.column(given)[:, None]
        return disagreement, outside, own

    def _in_force(self, limit: Limit, number: int, case: int) -> Bools | None:
        """Where [W] a limit binds; None for everywhere."""
        model = self.model
        if number in model.waivable and case >> model.waivable.index(number) & 1:
            return np.zeros(self.worlds, dtype=np.bool_)
        if not limit.is_dated:
            return None
        assert model.year is not None
        year, force = self.column(model.year), np.ones(self.worlds, dtype=np.bool_)
        if limit.start is not None:
            force &= year >= self.column(limit.start)
        if limit.until is not None:
            force &= year <= self.column(limit.until)
        return force

    def _line(self, limit: Limit) -> tuple[Array, Array]:
        """What a limit on one issue looks at, as `first + second * share` [W]; rising is better."""
        issue = self.model.issues[limit.issue]
        ends = issue.values[limit.player][0] if limit.kind == "floor" else issue.span
        start, stop = self.column(ends[0]), self.column(ends[1])
        sign = -1.0 if limit.kind == "at_most" else 1.0
        return sign * start, sign * (stop - start)

    def _is_whole(self, limit: Limit) -> bool:
        """Whether a limit is one on its player's whole payoff."""
        curved = self.model.curvature is not None and limit.kind == "floor"
        return limit.issue == TOTAL or curved

    def _bounds(self, case: int) -> tuple[Array, Array, Array]:
        """Shares that all known limits allow [W, J], and floors of whole payoffs [W, 2]."""
        model = self.model
        low = np.zeros((self.worlds, len(model.issues)))
        high = np.ones((self.worlds, len(model.issues)))
        floor = np.full((self.worlds, 2), NO_LIMIT)
        for number, issue in enumerate(model.issues):
            if issue.fixed is not None:
                low[:, number] = high[:, number] = self.column(issue.fixed)
        for number, limit in enumerate(model.limits):
            if isinstance(limit.bound, Chance):
                continue
            bound, force = self.column(limit.bound), self._in_force(limit, number, case)
            if self._is_whole(limit):
                if force is not None:
                    bound = np.where(force, bound, NO_LIMIT)
                floor[:, limit.player] = np.maximum(floor[:, limit.player], bound)
                continue
            least, most = _share_bounds(*self._line(limit), -bound
                                        if limit.kind == "at_most" else bound)  # fmt: skip
            if force is not None:
                least, most = np.where(force, least, 0.0), np.where(force, most, 1.0)
            low[:, limit.issue] = np.maximum(low[:, limit.issue], least)
            high[:, limit.issue] = np.minimum(high[:, limit.issue], most)
        if model.limits:
            low = np.where((low > high) & (low <= high + MEET), high, low)
        return low, high, floor

    def _consents(self, case: int) -> Consents:
        model = self.model
        rows: list[tuple[int, int, int, Array, Array, Bools]] = []
        for number, limit in enumerate(model.limits):
            if not isinstance(limit.bound, Chance):
                continue
            force = self._in_force(limit, number, case)
            active = np.ones(self.worlds, dtype=np.bool_) if force is None else force
            parameters = self._parameters(limit.bound)
            if limit.kind == "at_most":
                parameters = _mirrored(KINDS[limit.bound.name], parameters, np.zeros(self.worlds))
            issue, line = TOTAL, np.zeros((self.worlds, 2))
            if not self._is_whole(limit):
                issue, line = limit.issue, np.stack(self._line(limit), axis=1)
            rows.append((KINDS[limit.bound.name], limit.player, issue, line, parameters, active))
        secret = self._secret()
        if secret is not None:
            kind, parameters = secret
            line, active = np.zeros((self.worlds, 2)), np.ones(self.worlds, dtype=np.bool_)
            rows.append((kind, 1 - model.first, TOTAL, line, parameters, active))
        return Consents(
            kind=np.array([row[0] for row in rows], dtype=np.int64),
            player=np.array([row[1] for row in rows], dtype=np.int64),
            issue=np.array([row[2] for row in rows], dtype=np.int64),
            line=_side_by_side([row[3] for row in rows], (self.worlds, 0, 2)),
            parameters=_side_by_side([row[4] for row in rows], (self.worlds, 0, 4)),
            active=_side_by_side([row[5] for row in rows], (self.worlds, 0)).astype(np.bool_),
            answers=secret is not None,
        )

    def _secret(self) -> tuple[int, Array] | None:
        """The distribution of what the responder gets by refusing."""
        model = self.model
        if model.hidden is not None:
            return KINDS[model.hidden.name], self._parameters(model.hidden)
        if model.war is None or model.war.private is None:
            return None
        assert self.war is not None
        kind = KINDS[model.war.private.name]
        before = self.war[:, 1 - model.first, 0]
        return kind, _mirrored(kind, self._parameters(model.war.private), before)

    def _parameters(self, chance: Chance) -> Array:
        found = np.zeros((self.worlds, 4))
        for place, index in enumerate(chance.parameters):
            found[:, place] = self.column(index)
        return found

    def _shift(self) -> Shift | None:
        war = self.model.war
        if war is None or war.later is None:
            return None
        cost = self.stack([kinds[0] for kinds in war.cost])
        return Shift(war.winner, self.stack([war.win, war.later]), cost)


def _share_bounds(start: Array, rise: Array, bound: Array) -> tuple[Array, Array]:
    """The shares [W] at which `start + rise * share` is at least the bound, as low and high."""
    with np.errstate(divide="ignore", invalid="ignore"):
        at = (bound - start) / rise
    met = start >= bound
    low = np.where(rise > 0, at, np.where((rise < 0) | met, 0.0, 2.0))
    high = np.where(rise < 0, at, np.where((rise > 0) | met, 1.0, -1.0))
    return low, high


def _mirrored(kind: int, parameters: Array, about: Array) -> Array:
    """The parameters [W, 4] of `about` minus the draw."""
    found = parameters.copy()
    if kind == NORMAL:
        found[:, 0] = about - parameters[:, 0]
    elif kind == UNIFORM:
        found[:, 0], found[:, 1] = about - parameters[:, 1], about - parameters[:, 0]
    elif kind == BETA:
        found[:, 0], found[:, 1] = parameters[:, 1], parameters[:, 0]
        found[:, 2], found[:, 3] = about - parameters[:, 3], about - parameters[:, 2]
    else:
        found[:, :3] = about[:, None] - parameters[:, 2::-1]
    return found


def _side_by_side(columns: list[Array] | list[Bools], empty: tuple[int, ...]) -> Array:
    return np.stack(columns, axis=1).astype(np.float64) if columns else np.zeros(empty)


def _joined(cases: list[Problems]) -> Problems:
    """The problems [W] of each case as problems [W x M], the cases of a world side by side."""
    if len(cases) == 1:
        return cases[0]
    return _interleaved(cases)


def _interleaved(cases: list[Problems]) -> Problems:
    def mix(parts: list[Any]) -> Any:
        stacked = np.stack(parts, axis=1)
        return stacked.reshape(stacked.shape[0] * stacked.shape[1], *stacked.shape[2:])

    changes: dict[str, object] = {}
    for item in fields(Problems):
        if isinstance(getattr(cases[0], item.name), np.ndarray):
            changes[item.name] = mix([getattr(case, item.name) for case in cases])
    many = [case.consents for case in cases]
    changes["consents"] = replace(
        many[0],
        line=mix([one.line for one in many]),
        parameters=mix([one.parameters for one in many]),
        active=mix([one.active for one in many]),
    )
    return replace(cases[0], **changes)  # pyright: ignore[reportArgumentType]  named as its fields
