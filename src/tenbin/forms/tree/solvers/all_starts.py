"""Mixed equilibria of a large stage: logit branches entered at several points."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np

from tenbin.forms.contract import Status
from tenbin.forms.tree.grouping import group_rows
from tenbin.forms.tree.solvers.branch import BranchProblem, branch_problem
from tenbin.forms.tree.solvers.finish_kernel import finish_worlds
from tenbin.forms.tree.solvers.kernel import make_work
from tenbin.forms.tree.solvers.pure_lines import Answers, StageGame
from tenbin.forms.tree.solvers.pure_values import path_weights, stage_values
from tenbin.forms.tree.tables import Bools
from tenbin.numerics import path
from tenbin.scenario.language import Array

__all__ = ["started_answers", "without_repeats"]

ENTRIES = (8.0, 16.0, 32.0, 4.0)
"""Precisions at which branches are entered, each at a point of its own, at unit payoff range."""

LARGE = 60
"""Unknowns beyond which one point has to do."""

RATIO = 1.6
"""From one precision to the next."""

ROUNDS = 40
"""Damped responses before a branch is followed."""

SPREAD = 2.0
"""Standard deviation of the log-odds of the points."""

SEED = 20241114


def started_answers(stage: StageGame) -> Answers:
    """Equilibria at which logit branches end that are entered beside the principal one.

    From random interior points, the same in every line, damped logit responses lead near a quantal
    response equilibrium at a moderate precision, which is followed to the end of the branch in
    steps of precision. Branches that turn back before are lost; what is kept has been found to be
    an equilibrium. So are both sides of a bifurcation where points lie on both.
    """
    problem = branch_problem(stage.tree, stage.stage)
    rng = np.random.default_rng(SEED)
    shape = len(stage.tables.infosets), int(stage.tables.search.n_actions.max())
    entries = ENTRIES if problem.n_unknowns <= LARGE else ENTRIES[:1]
    parts: list[Answers] = []
    for entry in entries:
        played = _settled(stage, SPREAD * rng.standard_normal(shape), entry)
        parts.append(_followed(stage, problem, played, entry))
    return Answers.joined(parts)


def _settled(stage: StageGame, odds: Array, precision: float) -> Array:
    """Profiles [L, I, A] near a quantal response equilibrium at a precision.

    Logit responses to what was played before, half of the way each time, from log-odds [I, A] on.
    """
    t = stage.tables.search
    inside = np.arange(odds.shape[1]) < t.n_actions[:, None]
    spread = (stage.ends.max(axis=1) - stage.ends.min(axis=1)).max(axis=1)
    rate = (precision / np.where(spread > 0, spread, 1.0))[:, None, None]
    played = np.tile(_softmax(np.where(inside, odds, -np.inf)), (len(stage.world), 1, 1))
    for _ in range(ROUNDS):
        response = _softmax(np.where(inside, rate * _worth(stage, played), -np.inf))
        played = 0.5 * (played + response)
    return played


def _softmax(logs: Array) -> Array:
    found = np.exp(logs - logs.max(axis=-1, keepdims=True))
    return found / found.sum(axis=-1, keepdims=True)


def _worth(stage: StageGame, played: Array) -> Array:
    """Expected payoffs [L, I, A] of the actions to their owners, beliefs by Bayes."""
    t = stage.tables.search
    value = stage_values(stage.tables, stage.chance, stage.ends, played)
    found = np.zeros_like(played)
    for player in sorted(set(t.player.tolist())):
        own = (t.player == player)[:, None]
        reach = path_weights(stage.tables, stage.chance, np.where(own, 1.0, played))
        for h in np.flatnonzero(own[:, 0]):
            nodes = t.member[t.member_start[h] : t.member_start[h + 1]]
            children = t.child[t.child_start[nodes][:, None] + np.arange(t.n_actions[h])]
            total = reach[:, nodes].sum(axis=1, keepdims=True)
            belief = reach[:, nodes] / np.where(total > 0, total, 1.0)
            worth = np.einsum("ln,lna->la", belief, value[:, children, player])
            found[:, h, : worth.shape[1]] = worth
    return found


def _followed(stage: StageGame, problem: BranchProblem, played: Array, entry: float) -> Answers:
    """Where the branches near some profiles end, in every line where that is an equilibrium."""
    points = _points(stage, problem, played)
    rows = np.flatnonzero(stage.live[:, 0])
    before, last = points.copy(), 0.0
    end = stage.options.precision_end
    for precision, following in pairwise(_ladder(entry, end)):
        landed, log_strategy, _, _ = _land(stage, problem, rows, points, precision, response=True)
        rows = rows[landed]
        found = _log_odds(problem, log_strategy[landed])
        slope = 0.0 if last == 0.0 else (found - before[rows]) / (precision - last)
        before[rows] = found
        points[rows] = found + slope * (following - precision)
        last = precision
    good, log_strategy, profile, value = _land(stage, problem, rows, points, end, response=False)
    return _answers(stage, problem, rows[good], profile[good], log_strategy[good], value[good])


def _points(stage: StageGame, problem: BranchProblem, played: Array) -> Array:
    """Log-odds [L, K] of profiles [L, I, A], in the order of the problem's unknowns."""
    place = {h: i for i, h in enumerate(stage.tables.infosets.tolist())}
    sizes = np.diff(problem.tables.first_action)
    order = [place[h] for h in problem.infosets.tolist()]
    logs = [np.log(played[:, h, :size]) for h, size in zip(order, sizes, strict=True)]
    return _log_odds(problem, np.concatenate(logs, axis=1))


def _ladder(first: float, end: float) -> list[float]:
    """The precisions at which a branch is stood on; the second close to the first, for a slope."""
    steps = max(0, math.ceil(math.log(end / first, RATIO)))
    further = [first * RATIO**i for i in range(1, steps)]
    return [first, 1.02 * first, *further, end]


def _land(
    stage: StageGame,
    problem: BranchProblem,
    rows: np.ndarray,
    points: Array,
    precision: float,
    *,
    response: bool,
) -> tuple[Bools, Array, Array, Array]:
    """Newton's method at one precision from the points of some lines; and beyond, for the limit.

    Whether it succeeded, log-probabilities and probabilities [R, G], payoffs of the root [R, P].
    """
    count, players = len(rows), stage.ends.shape[2]
    profile, log_strategy = np.zeros((2, count, len(problem.actions)))
    value, status = np.zeros((count, players)), np.zeros(count, dtype=np.int8)
    record = np.zeros((count, 3), dtype=np.int32)
    record[:, 0] = path.ENDED
    finish_worlds(
        problem.tables,
        make_work(problem),
        np.ascontiguousarray(stage.chance[rows]),
        np.ascontiguousarray(stage.ends[rows]),
        response,
        stage.options.tolerance,
        np.ascontiguousarray(points[rows]),
        np.full(count, precision),
        record,
        profile,
        log_strategy,
        value,
        status,
    )
    return status == Status.SOLVED, log_strategy, profile, value


def _log_odds(problem: BranchProblem, log_strategy: Array) -> Array:
    """Log-odds [R, K] of every later action against the first of its information set."""
    t = problem.tables
    parts = [
        log_strategy[:, t.first_action[h] + 1 : t.first_action[h + 1]]
        - log_strategy[:, t.first_action[h], None]
        for h in range(len(t.player))
    ]
    return np.concatenate(parts, axis=1)


def _answers(
    stage: StageGame,
    problem: BranchProblem,
    line: np.ndarray,
    profile: Array,
    log_strategy: Array,
    value: Array,
) -> Answers:
    """The same in the order of the stage's information sets; nothing at those out of the game."""
    t = stage.tables.search
    shape = (len(line), len(t.player), int(t.n_actions.max()))
    probability, log_witness = np.zeros((2, *shape))
    place = {action: i for i, action in enumerate(problem.actions.tolist())}
    for h, first in enumerate(stage.tables.first_action.tolist()):
        own = [place[first + a] for a in range(int(t.n_actions[h]))]
        nodes = t.member[t.member_start[h] : t.member_start[h + 1]]
        in_game = np.any(stage.live[np.ix_(line, nodes)], axis=1, keepdims=True)
        probability[:, h, : len(own)] = np.where(in_game, profile[:, own], 0.0)
        log_witness[:, h, : len(own)] = log_strategy[:, own]
    return Answers(line, probability, log_witness, value)


def without_repeats(answers: Answers, lines: int) -> Answers:
    """The answers, by line, that do not repeat an earlier one of the same line."""
    count = np.bincount(answers.line, minlength=lines)
    slot = np.arange(len(answers.line)) - np.searchsorted(answers.line, answers.line)
    flat = answers.probability.reshape(len(answers.line), -1)
    rows = np.zeros((lines, int(count.max(initial=0)), flat.shape[1]))
    rows[answers.line, slot] = flat
    groups = group_rows(rows, np.arange(rows.shape[1]) < count[:, None])
    number = groups[answers.line, slot]
    _, first = np.unique(np.stack([answers.line, number]), axis=1, return_index=True)
    return answers.take(np.sort(first))
