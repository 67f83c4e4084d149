"""Mixed equilibria of a stage by search over supports."""

from __future__ import annotations

import numpy as np

from tenbin.forms.tree.solvers.pure_beliefs import Play, judge_beliefs, shape_of
from tenbin.forms.tree.solvers.pure_lines import Answers, Indices, Remarks, StageGame, distinct_rows
from tenbin.forms.tree.solvers.pure_values import path_weights, stage_values
from tenbin.forms.tree.solvers.support_kernel import search_supports
from tenbin.forms.tree.solvers.support_tables import Patterns
from tenbin.forms.tree.tables import Ints
from tenbin.scenario.language import Array

__all__ = ["mixed_answers", "possible_actions"]


def mixed_answers(stage: StageGame, patterns: Patterns, remarks: Remarks) -> Answers:
    """Equilibria of a stage in which somebody mixes on the path of play: those found.

    Each pattern of support gives as many equations as unknowns, which are affine in every player's
    mix; with two information sets mixing they are linear, else Newton's method starts from several
    points. A pattern whose equations are singular (a continuum) is passed over.
    """
    tables = stage.tables
    most = int(tables.search.n_actions.max())
    if not len(patterns.support):
        return _nothing(stage, most)
    line, pattern, mixes = _search(stage, patterns.support, possible_actions(stage), most)
    chance, ends, scale = stage.chance[line], stage.ends[line], stage.scale[line]
    value = stage_values(tables, chance, ends, mixes)
    weight = path_weights(tables, chance, mixes)
    log, kept = np.zeros_like(mixes), np.zeros(len(line), dtype=np.bool_)
    live = stage.live[line]
    keys = np.concatenate([pattern[:, None], live.astype(np.int32)], axis=1)
    for one, rows in zip(*distinct_rows(keys), strict=True):
        shape = shape_of(tables, patterns.played(int(pattern[one])), tuple(live[one].tolist()))
        if any(len(point.played) > 1 for point in shape.open):
            continue
        play = Play(mixes[rows], value[rows], weight[rows], scale[rows])
        said = judge_beliefs(tables, shape, play)
        kept[rows], log[rows] = said.consistent, said.log_tremble
        remarks.component[stage.world[line[rows[said.loose]]]] = True
    log += np.log(np.where(mixes > 0, mixes, 1.0))
    return Answers(line, mixes, log, value[:, 0]).take(kept)


def _nothing(stage: StageGame, most: int) -> Answers:
    shape = (0, len(stage.tables.infosets), most)
    players = stage.ends.shape[2]
    return Answers(np.zeros(0, np.intp), np.zeros(shape), np.zeros(shape), np.zeros((0, players)))


def _search(
    stage: StageGame, support: Ints, possible: Ints, most: int
) -> tuple[Indices, Ints, Array]:
    lines, infosets = len(stage.world), len(stage.tables.infosets)
    first, room = 0, 2 * lines + 16
    found: list[tuple[Indices, Ints, Array]] = []
    while first < lines:
        line, pattern = np.zeros(room, dtype=np.intp), np.zeros(room, dtype=np.int32)
        mixes = np.zeros((room, infosets, most))
        given = stage.chance, stage.ends, stage.live, stage.scale, support, possible
        first, count = search_supports(stage.tables.search, *given, first, line, pattern, mixes)
        found.append((line[:count], pattern[:count], mixes[:count]))
        room *= 2
    empty = np.zeros(0, np.intp), np.zeros(0, np.int32), np.zeros((0, infosets, most))
    lines_found, patterns_found, mixes_found = zip(empty, *found, strict=True)
    return (
        np.concatenate(lines_found),
        np.concatenate(patterns_found),
        np.concatenate(mixes_found),
    )


def possible_actions(stage: StageGame) -> Ints:
    """The actions [L, I], as bit masks, that are not worse than another one whatever follows.

    An action goes where another one's worst value is above its best at every node; bounds are
    worked out again until nothing more goes.
    """
    t = stage.tables.search
    lines, infosets = len(stage.world), len(t.player)
    open_actions = np.arange(int(t.n_actions.max())) < t.n_actions[:, None]
    possible = np.tile(open_actions, (lines, 1, 1))
    for _ in range(infosets):
        low, high = _bounds(stage, possible, np.minimum), _bounds(stage, possible, np.maximum)
        before = possible.sum()
        for h in range(infosets):
            _drop(stage, h, low, high, possible)
        if possible.sum() == before:
            break
    bits = 1 << np.arange(possible.shape[2])
    return (possible * bits).sum(axis=2).astype(np.int32)


def _bounds(stage: StageGame, possible: np.ndarray, extreme: np.ufunc) -> Array:
    """The least or largest values [L, V, P] over what could be played."""
    t = stage.tables.search
    neutral = np.inf if extreme is np.minimum else -np.inf
    inner = len(t.parent)
    shape = (len(stage.world), inner, stage.ends.shape[2])
    found = np.concatenate([np.zeros(shape), stage.ends], axis=1)
    for n in range(inner - 1, -1, -1):
        start, stop = t.child_start[n], t.child_start[n + 1]
        below = found[:, t.child[start:stop]]
        if t.infoset[n] < 0:
            weight = stage.chance[:, t.child_branch[start:stop]]
            found[:, n] = np.einsum("lc,lcp->lp", weight, below)
        else:
            may = possible[:, t.infoset[n], : stop - start, None]
            found[:, n] = extreme.reduce(np.where(may, below, neutral), axis=1)
    return found


def _drop(stage: StageGame, h: int, low: Array, high: Array, possible: np.ndarray) -> None:
    """Take away the actions at one information set that another one beats at every live node."""
    t = stage.tables.search
    player, size = int(t.player[h]), int(t.n_actions[h])
    nodes = t.member[t.member_start[h] : t.member_start[h + 1]]
    children = t.child[t.child_start[nodes][:, None] + np.arange(size)]
    dead = ~stage.live[:, nodes]
    reached = ~dead.all(axis=1)
    for a in range(size):
        for b in range(size):
            if a == b:
                continue
            worse = low[:, children[:, b], player] > high[:, children[:, a], player]
            beaten = (worse | dead).all(axis=1) & reached & possible[:, h, b]
            possible[:, h, a] &= ~beaten
