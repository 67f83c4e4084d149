"""Stages in which two players choose once and at the same time: solved by extreme equilibria."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tenbin.forms.tree.solvers.extreme import extreme_equilibria, is_within_bound
from tenbin.forms.tree.solvers.pure_beliefs import TREMBLE
from tenbin.forms.tree.solvers.pure_lines import Answers, Remarks, StageGame
from tenbin.forms.tree.solvers.pure_tables import StageTables
from tenbin.forms.tree.solvers.pure_values import stage_values
from tenbin.forms.tree.tables import NONE

__all__ = ["Bimatrix", "bimatrix_answers", "find_bimatrix"]


@dataclass(frozen=True)
class Bimatrix:
    """The information sets at which the two players choose, by their place in the stage."""

    first: int
    second: int


def find_bimatrix(tables: StageTables) -> Bimatrix | None:
    """The two information sets of a simultaneous game; None where the stage is none.

    Each is reached whatever the other player does there, so that the equilibria of the stage are
    the Nash equilibria of its payoff matrices. Chance may move.
    """
    t = tables.search
    if len(t.player) != 2 or t.player[0] == t.player[1]:
        return None
    for h, other in ((0, 1), (1, 0)):
        nodes = t.member[t.member_start[h] : t.member_start[h + 1]]
        met = {int(a) for a in tables.path[nodes, other]}
        if NONE not in met and len(met) < t.n_actions[other]:
            return None
    if not is_within_bound(int(t.n_actions[0]), int(t.n_actions[1])):
        return None
    return Bimatrix(0, 1)


def bimatrix_answers(stage: StageGame, game: Bimatrix, remarks: Remarks) -> Answers:
    """All extreme equilibria of a simultaneous stage in every line.

    Where some are not isolated the world is flagged `component`, and `searched` if the stage lies
    below others: continuations other than the extreme ones are not followed upwards.
    """
    t = stage.tables.search
    m, n = (int(t.n_actions[h]) for h in (game.first, game.second))
    size = max(m, n)
    lines = len(stage.world)
    payoffs = np.zeros((lines, stage.ends.shape[2], m, n))
    one = np.eye(size)
    for i in range(m):
        for j in range(n):
            profile = np.tile(np.stack([one[i], one[j]]), (lines, 1, 1))
            payoffs[:, :, i, j] = stage_values(stage.tables, stage.chance, stage.ends, profile)[
                :, 0
            ]
    first, second = int(t.player[game.first]), int(t.player[game.second])
    found = extreme_equilibria(
        np.ascontiguousarray(payoffs[:, first]),
        np.ascontiguousarray(payoffs[:, second]),
        threads=1,
    )
    line, slot = np.nonzero(found.found)
    probability = np.zeros((len(line), 2, size))
    probability[:, game.first, :m] = found.x[line, slot]
    probability[:, game.second, :n] = found.y[line, slot]
    joined = (np.bincount(line, minlength=lines)) > found.component.max(axis=1) + 1
    remarks.component[stage.world[joined]] = True
    remarks.knife_edge[stage.world[found.knife_edge]] = True
    unsure = ~found.complete | (found.degenerate & (not stage.is_first))
    remarks.searched[stage.world[unsure]] = True
    log = np.where(probability > 0, np.log(np.where(probability > 0, probability, 1.0)), TREMBLE)
    value = np.einsum(
        "qi,qpij,qj->qp",
        found.x[line, slot],
        payoffs[line],
        found.y[line, slot],
    )
    return Answers(line, probability, log, value)
