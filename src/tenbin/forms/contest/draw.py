"""Pictures of a contest: best replies where two contend, bars for more, endurance."""

from __future__ import annotations

from typing import Any

import numpy as np

from tenbin.figures.colours import FAINT
from tenbin.forms.contest.charts import Bars, Curve, Point, bars_chart, lines_chart, sampled
from tenbin.forms.contest.game import BoundContest
from tenbin.forms.contest.picture import contest_words, figure, player_colour, player_title
from tenbin.forms.contest.tables import (
    AllianceGame,
    AttritionGame,
    ContestSolution,
    RaceGame,
    TullockGame,
    ValueKind,
)
from tenbin.forms.contest.text import text_model
from tenbin.forms.contract import Drawing
from tenbin.scenario.language import Array
from tenbin.scenario.objects import Scenario

__all__ = ["draw_model", "text_model"]

STREAMS = 9
"""Starting points per side of the paths that show where a race goes."""
STEPS = 160


def draw_model(
    scenario: Scenario,
    bound: BoundContest,
    solution: ContestSolution,
    language: str,
    world: int = 0,
) -> list[Drawing]:
    """The picture of one model of a scenario in one world."""
    return [_Picture(scenario, bound, solution, language, world).draw()]


class _Picture:
    """One contest in one world, in one language."""

    def __init__(
        self,
        scenario: Scenario,
        bound: BoundContest,
        solution: ContestSolution,
        language: str,
        world: int,
    ) -> None:
        self.words, self.model, self.world = contest_words(language), bound.model, world
        self.game, self.solution = bound.game, solution
        self.titles = [player_title(scenario, name, language) for name in bound.model.players]
        self.colours = [player_colour(scenario, name) for name in bound.model.players]
        self.slots = [int(slot) for slot in np.flatnonzero(solution.found[world])]

    def draw(self) -> Drawing:
        words, concept = self.words, self.model.concept
        if not self.slots:
            return Drawing("unsolved", self._bars(), words("drawing.unsolved"))
        if concept == "attrition":
            return Drawing("lasting", self._lasting(), words("drawing.lasting"))
        if len(self.titles) == 2:
            caption = words(f"drawing.{concept}")
            if concept == "richardson":
                assert self.solution.growth is not None
                stable = self.solution.growth[self.world, 0] < 0.0
                caption += " " + words("stable" if stable else "unstable")
            return Drawing("replies", self._replies(), caption)
        return Drawing("efforts", self._bars(), words(f"drawing.bars.{concept}"))

    # many players

    def _bars(self) -> dict[str, Any]:
        effort = np.zeros(len(self.titles))
        if self.slots:
            effort = self.solution.effort[self.world, self.slots[0]]
        labels = [self._bar_label(number, effort) for number in range(len(self.titles))]
        described = self._told(effort)
        axis = "head.arms" if isinstance(self.game, RaceGame) else "head.effort"
        bars = Bars(self.titles, effort.tolist(), labels, self.colours)
        return bars_chart(bars, self.words(axis), described)

    def _bar_label(self, number: int, effort: Array) -> str:
        if not self.slots:
            return ""
        text = figure(float(effort[number]))
        if self.model.concept == "tullock":
            share = self.solution.win[self.world, self.slots[0], number]
            return text + self.words("label.wins", share=f"{100 * share:.1f}")
        if self.model.concept == "alliance":
            share = effort[number] / effort.sum()
            return text + self.words("label.bears", share=f"{100 * share:.1f}")
        return text

    def _told(self, effort: Array) -> str:
        """The picture in a sentence, for readers who do not see it."""
        each = ", ".join(
            f"{title} {figure(float(e))}" for title, e in zip(self.titles, effort, strict=True)
        )
        return self.words("describe", efforts=each)

    # two players

    def _replies(self) -> dict[str, Any]:
        """The best reply of each to the other's effort, and where the two meet."""
        at = self.solution.effort[self.world]
        low, high = self._extent(at)
        curves: list[Curve] = []
        if isinstance(self.game, RaceGame):
            curves += _streams(self.game, self.world, low, high)
        for player in (0, 1):
            other, reply = self._reply(player, low, high)
            x, y = (reply, other) if player == 0 else (other, reply)
            key = "label.rest" if isinstance(self.game, RaceGame) else "label.reply"
            label = self.words(key, player=self.titles[player])
            curves.append(Curve(x, y, self.colours[player], label))
        points = [
            Point(float(at[slot, 0]), float(at[slot, 1]), self._pair(at[slot]), slot == 0)
            for slot in self.slots
        ]
        key = "axis.arms_of" if isinstance(self.game, RaceGame) else "axis.effort_of"
        axes = tuple(self.words(key, player=title) for title in self.titles)
        spans = ((low[0], high[0]), (low[1], high[1]))
        return lines_chart(curves, points, (axes[0], axes[1]), spans, self._told(at[0]))

    def _pair(self, effort: Array) -> str:
        return f"({figure(float(effort[0]))}, {figure(float(effort[1]))})"

    def _extent(self, at: Array) -> tuple[Array, Array]:
        """What the axes show: every equilibrium, zero, and about as much again."""
        shown = at[self.slots]
        low, high = np.minimum(shown.min(axis=0), 0.0), np.maximum(shown.max(axis=0), 0.0)
        if isinstance(self.game, AllianceGame):
            high = np.maximum(high, 1.05 * self.game.weight[self.world])
            return low, high
        size = np.maximum(high - low, 0.25 * (high - low).max())
        size = np.where(size > 0.0, size, 1.0)
        return low - np.where(low < 0.0, 0.6, 0.0) * size, high + 0.9 * size

    def _reply(self, player: int, low: Array, high: Array) -> tuple[Array, Array]:
        """Efforts of the other, and a player's best replies to them."""
        game, world, other = self.game, self.world, 1 - player
        begin, end = float(low[other]), float(high[other])
        match game:
            case RaceGame():
                slope = game.react[world, player, other] / game.fatigue[world, player]
                base = game.grievance[world, player] / game.fatigue[world, player]
                floor = -np.inf if game.negative else 0.0
                return sampled(lambda e: np.maximum(base + slope * e, floor), begin, end)
            case AllianceGame():
                w, a = game.weight[world, player], game.taste[world, player]
                return sampled(lambda e: np.maximum(a * w - (1.0 - a) * e, 0.0), begin, end)
            case _:
                assert isinstance(game, TullockGame)
                v = float(game.value[world, player] / game.cost[world, player])
                r = float(game.decisiveness[world])
                return sampled(lambda e: _tullock_reply(e, v, r), max(begin, 1e-6 * end), end)

    # attrition

    def _lasting(self) -> dict[str, Any]:
        """How probable it is that each has not given in, by time."""
        game, solution, world = self.game, self.solution, self.world
        assert isinstance(game, AttritionGame)
        words = self.words
        if game.kind != ValueKind.KNOWN:
            assert solution.stop is not None
            from tenbin.forms.contest.tables import LEVELS

            shown = LEVELS <= 4.0
            time, stays = solution.stop[world, shown], np.exp(-LEVELS[shown])
            curves = [Curve(time, stays, self.colours[0], words("label.each"))]
            last = float(time[-1])
        else:
            assert solution.rate is not None
            rate = solution.rate[world, 0]
            last = 3.0 / float(rate.min())
            time = np.linspace(0.0, last, 241)
            curves = [
                Curve(time, np.exp(-rate[n] * time), self.colours[n], self.titles[n])
                for n in (0, 1)
            ]
            both = np.exp(-rate.sum() * time)
            curves.append(Curve(time, both, FAINT, words("label.both"), 1.6, (4, 3)))
        effort = solution.effort[world, 0]
        axes = (words("axis.time"), words("axis.still"))
        return lines_chart(curves, [], axes, ((0.0, last), (0.0, 1.0)), self._told(effort))


def _tullock_reply(other: Array, v: float, r: float) -> Array:
    """The best effort against another's, the best of many tried."""
    low, high = np.zeros(other.shape), np.full(other.shape, v)
    best = low
    for _ in range(4):
        tried = np.linspace(low, high, 201)
        share = np.where(tried > 0.0, tried**r / (tried**r + other**r), 0.0)
        at = np.argmax(v * share - tried, axis=0)
        best = tried[at, np.arange(len(other))]
        step = (high - low) / 200.0
        low, high = np.maximum(best - step, 0.0), best + step
    return best


def _streams(game: RaceGame, world: int, low: Array, high: Array) -> list[Curve]:
    """Where the race goes from points along the edges of the picture."""
    edge = [np.linspace(low[axis], high[axis], STREAMS) for axis in (0, 1)]
    starts = [(x, y) for x in edge[0] for y in (low[1], high[1])]
    starts += [(x, y) for x in (low[0], high[0]) for y in edge[1][1:-1]]
    at = np.array(starts, dtype=np.float64)
    react, fatigue = game.react[world], game.fatigue[world]
    span = (high - low).max()
    step = 0.04 / (np.abs(react).sum(axis=1) + fatigue).max()
    paths = [at.copy()]
    for _ in range(STEPS):
        moved = at @ react.T - fatigue * at + game.grievance[world]
        at = at + step * moved
        if not game.negative:
            at = np.maximum(at, 0.0)
        at = np.clip(at, low - span, high + span)
        paths.append(at.copy())
    lines = np.stack(paths, axis=1)
    return [Curve(line[:, 0], line[:, 1], FAINT, width=1.0) for line in lines]
