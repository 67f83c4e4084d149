"""Equilibria of what has been solved so far, on their way from the innermost subgames to the root.

A *line* is one world with one equilibrium of every part solved so far. A stage with several
equilibria splits each line into as many; one without any ends it. So each combination of
continuations opens the games above it, and nothing is assumed about which one will be played.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tenbin.forms.contract import SolverOptions
from tenbin.forms.tree.solvers.pure_beliefs import Play, Shape, judge_beliefs, shape_of
from tenbin.forms.tree.solvers.pure_kernel import TIE, search_profiles
from tenbin.forms.tree.solvers.pure_tables import StageTables, stage_tables
from tenbin.forms.tree.solvers.pure_values import path_weights, stage_values
from tenbin.forms.tree.solvers.subgames import Branch, Fold
from tenbin.forms.tree.tables import NONE, Bools, Tree, TreeGame
from tenbin.scenario.language import Array

__all__ = [
    "MOST_STEPS",
    "Answers",
    "Lines",
    "Remarks",
    "StageGame",
    "Walk",
    "distinct_rows",
    "pure_answers",
]

Indices = NDArray[np.intp]

MOST_LINES = 256
"""Equilibria kept per world."""

MOST_STEPS = 20_000
"""Choices tried per world and stage before the search for pure profiles is broken off."""

FIRST_ROOM = 4
"""Profiles per line that room is first made for."""

NEAR = 8.0
"""The least log-odds that a witness gives to the best action over one that is not played."""

KNIFE_EDGE = 1e-9
"""Losses below this share of the payoff range, but no ties: rounding could decide."""


@dataclass
class Lines:
    """world [L]; value [L, N, P] at solved nodes; profile and log_witness [L, G]."""

    world: Indices
    value: Array
    profile: Array
    log_witness: Array

    def take(self, rows: Indices) -> Lines:
        """Some lines, or the same line more than once."""
        return Lines(self.world[rows], self.value[rows], self.profile[rows], self.log_witness[rows])


@dataclass(frozen=True)
class Remarks:
    """What is to be said of each world [W].

    `tie`: some decision had equally good actions; `bounded`: a search was broken off; `undecided`:
    a profile could be neither shown to be consistent nor the reverse; `pbe`: further profiles are
    best replies to some beliefs, but not to consistent ones; `capped`: more lines than are kept;
    `component`: equilibria that are not isolated; `searched`: mixed equilibria were searched for,
    so that there may be others; `knife_edge`: a decision that rounding could turn.
    """

    tie: Bools
    bounded: Bools
    undecided: Bools
    pbe: Bools
    capped: Bools
    component: Bools
    searched: Bools
    knife_edge: Bools

    @staticmethod
    def none(worlds: int) -> Remarks:
        return Remarks(*(np.zeros(worlds, dtype=np.bool_) for _ in range(8)))


@dataclass(frozen=True)
class StageGame:
    """A stage in every line: chance [L, C], payoffs of its ends [L, E, P], live [L, M], scale [L].

    `is_first` says whether the stage is the root's, so that nothing lies above it.
    """

    tree: Tree
    stage: Branch
    tables: StageTables
    world: Indices
    chance: Array
    ends: Array
    live: Bools
    scale: Array
    options: SolverOptions

    @property
    def is_first(self) -> bool:
        return self.tables.root == 0


@dataclass(frozen=True)
class Answers:
    """Equilibria of a stage: line [Q], probability and log_witness [Q, I, A]; value [Q, P]."""

    line: Indices
    probability: Array
    log_witness: Array
    value: Array

    @staticmethod
    def joined(parts: list[Answers]) -> Answers:
        """All of them, by line; within a line in the order of the parts."""
        line = np.concatenate([part.line for part in parts])
        order = np.argsort(line, kind="stable")
        return Answers(
            line[order],
            np.concatenate([part.probability for part in parts])[order],
            np.concatenate([part.log_witness for part in parts])[order],
            np.concatenate([part.value for part in parts])[order],
        )

    def take(self, rows: Indices | Bools) -> Answers:
        return Answers(
            self.line[rows], self.probability[rows], self.log_witness[rows], self.value[rows]
        )


@dataclass
class Walk:
    """Some worlds on their way through the stages."""

    game: TreeGame
    options: SolverOptions
    lines: Lines = field(init=False)
    remarks: Remarks = field(init=False)

    def __post_init__(self) -> None:
        game, tree = self.game, self.game.tree
        worlds = game.n_worlds
        self.remarks = Remarks.none(worlds)
        self.live = np.ones((worlds, tree.n_nodes), dtype=np.bool_)
        for node in range(1, tree.n_nodes):
            self.live[:, node] = self.live[:, tree.parent[node]]
            if tree.branch[node] != NONE:
                self.live[:, node] &= game.chance[:, tree.branch[node]] > 0
        ends = np.flatnonzero(tree.terminal != NONE)
        possible = self.live[:, ends][:, np.argsort(tree.terminal[ends])][:, :, None]
        with np.errstate(all="ignore"):
            high = np.where(possible, game.payoffs, -np.inf).max(axis=1)
            low = np.where(possible, game.payoffs, np.inf).min(axis=1)
            spread = (high - low).max(axis=1)
        self.scale = np.where(spread > 0, spread, 1.0)
        self.usable = game.valid & np.isfinite(spread)
        world = np.flatnonzero(self.usable)
        self.lines = Lines(
            world=world,
            value=np.zeros((len(world), tree.n_nodes, game.payoffs.shape[2])),
            profile=np.zeros((len(world), tree.n_actions)),
            log_witness=np.zeros((len(world), tree.n_actions)),
        )
        payoffs = np.where(possible, game.payoffs, 0.0)[world]
        self.lines.value[:, ends] = payoffs[:, tree.terminal[ends]]
        self.children: list[list[int]] = [[] for _ in range(tree.n_nodes)]
        for node in range(1, tree.n_nodes):
            self.children[tree.parent[node]].append(node)

    def fold(self, stage: Fold) -> None:
        """A chance node's mean, or the best actions where beliefs cannot matter."""
        if stage.infoset == NONE:
            (node,) = stage.nodes
            below = self.children[node]
            weight = self.game.chance[self.lines.world][:, self.game.tree.branch[below]]
            self.lines.value[:, node] = np.einsum("lc,lcp->lp", weight, self.lines.value[:, below])
        else:
            self._decide(stage)

    def _decide(self, stage: Fold) -> None:
        tree, lines = self.game.tree, self.lines
        start, stop = (int(g) for g in tree.infoset_start[stage.infoset : stage.infoset + 2])
        nodes = np.array(stage.nodes)
        children = np.array([self.children[node] for node in nodes])
        live = self.live[np.ix_(lines.world, nodes)]
        rows = np.arange(len(lines.world))
        stands = children[live.argmax(axis=1)]
        worth = lines.value[rows[:, None], stands, tree.infoset_player[stage.infoset]]
        scale = self.scale[lines.world]
        loss = (worth.max(axis=1, keepdims=True) - worth) / scale[:, None]
        best: Bools = np.asarray(loss <= TIE)
        reached: Bools = np.asarray(live.any(axis=1))
        self.mark(self.remarks.knife_edge, lines.world[(~best & (loss < KNIFE_EDGE)).any(axis=1)])
        tied = best.sum(axis=1) > 1
        self.mark(self.remarks.tie, lines.world[tied & reached])
        best[~reached] = np.arange(stop - start) == 0
        line, action = np.nonzero(best)
        if len(line) > len(rows):
            line, action = self.kept(line, action)
            self.lines = lines = lines.take(line)
            loss, reached = loss[line], reached[line]
        played = np.arange(stop - start) == action[:, None]
        log = np.where(played, 0.0, -self.options.precision_end * loss - NEAR)
        log -= np.log(np.exp(log).sum(axis=1, keepdims=True))
        even = ~reached[:, None]
        lines.profile[:, start:stop] = np.where(even, 1 / (stop - start), played)
        lines.log_witness[:, start:stop] = np.where(even, -np.log(stop - start), log)
        rows = np.arange(len(action))
        for node, below in zip(nodes, children, strict=True):
            lines.value[:, node] = lines.value[rows, below[action]]

    def mark(self, flag: Bools, worlds: Indices) -> None:
        """Say something of some worlds."""
        flag[worlds] = True

    def kept(self, line: Indices, *others: NDArray[np.intp]) -> tuple[NDArray[np.intp], ...]:
        """The first lines of each world, as many as are kept; the rest is said to be capped."""
        world = self.lines.world[line]
        first = np.searchsorted(world, world)
        inside = np.arange(len(world)) - first < MOST_LINES
        self.mark(self.remarks.capped, world[~inside])
        return tuple(array[inside] for array in (line, *others))

    def stage_game(self, stage: Branch) -> StageGame:
        """A stage's game in every line."""
        tables = stage_tables(self.game.tree, stage)
        world = self.lines.world
        live = self.live[np.ix_(world, tables.nodes)]
        return StageGame(
            tree=self.game.tree,
            stage=stage,
            tables=tables,
            world=world,
            chance=np.ascontiguousarray(self.game.chance[np.ix_(world, tables.branches)]),
            ends=np.ascontiguousarray(self.lines.value[:, tables.ends]),
            live=np.ascontiguousarray(live),
            scale=self.scale[world],
            options=self.options,
        )

    def take_answers(self, tables: StageTables, answers: Answers) -> None:
        """Go on with the equilibria found of a stage."""
        (rows,) = self.kept_rows(answers.line)
        answers = answers.take(rows)
        self.lines = lines = self.lines.take(answers.line)
        sizes = tables.search.n_actions
        for h, first in enumerate(tables.first_action.tolist()):
            size = int(sizes[h])
            own = answers.probability[:, h, :size]
            dead = (own.sum(axis=1) == 0)[:, None]
            lines.profile[:, first : first + size] = np.where(dead, 1 / size, own)
            log = np.where(dead, -np.log(size), answers.log_witness[:, h, :size])
            lines.log_witness[:, first : first + size] = log
        lines.value[:, tables.root] = answers.value

    def kept_rows(self, line: Indices) -> tuple[Indices]:
        """The numbers of the answers to go on with."""
        _, rows = self.kept(line, np.arange(len(line)))
        return (rows,)


def pure_answers(stage: StageGame, remarks: Remarks) -> Answers:
    """Every pure sequential equilibrium of a stage, in every line."""
    line, choices = _search(stage, remarks)
    tables = stage.tables
    most = int(tables.search.n_actions.max())
    probability = (choices[:, :, None] == np.arange(most)).astype(np.float64)
    chance, ends, scale = stage.chance[line], stage.ends[line], stage.scale[line]
    value = stage_values(tables, chance, ends, probability)
    log = np.zeros_like(probability)
    kept = np.zeros(len(line), dtype=np.bool_)
    weight = path_weights(tables, chance, probability)
    for rows, shape in _by_shape(stage, line, choices):
        play = Play(probability[rows], value[rows], weight[rows], scale[rows])
        said = judge_beliefs(tables, shape, play)
        kept[rows], log[rows] = said.consistent, said.log_tremble
        world = stage.world[line[rows]]
        for flag, of in (
            (remarks.undecided, said.undecided),
            (remarks.pbe, said.weak),
            (remarks.component, said.loose),
        ):
            flag[world[of]] = True
    return Answers(line, probability, log, value[:, 0]).take(kept)


def _search(stage: StageGame, remarks: Remarks) -> tuple[Indices, NDArray[np.int32]]:
    """The profiles that are best replies to some beliefs: line [Q], choices [Q, I]."""
    tables, lines = stage.tables, len(stage.world)
    bounded = np.zeros(lines, dtype=np.bool_)
    first, room = 0, FIRST_ROOM * lines + 16
    found: list[tuple[Indices, NDArray[np.int32]]] = []
    while first < lines:
        line = np.zeros(room, dtype=np.intp)
        choices = np.zeros((room, len(tables.infosets)), dtype=np.int32)
        given = stage.chance, stage.ends, stage.live, stage.scale
        first, count = search_profiles(
            tables.search, *given, MOST_STEPS, first, line, choices, bounded
        )
        found.append((line[:count], choices[:count]))
        room *= 2
    remarks.bounded[stage.world[bounded]] = True
    return (
        np.concatenate([np.zeros(0, dtype=np.intp), *(line for line, _ in found)]),
        np.concatenate([np.zeros((0, len(tables.infosets)), np.int32), *(c for _, c in found)]),
    )


def distinct_rows(rows: NDArray[np.integer]) -> tuple[Indices, list[Indices]]:
    """The first place of every distinct row, and all places of each."""
    if not len(rows):
        return np.zeros(0, dtype=np.intp), []
    _, first, inverse = np.unique(rows, axis=0, return_index=True, return_inverse=True)
    inverse = inverse.reshape(-1)
    order = np.argsort(inverse, kind="stable")
    bounds = np.flatnonzero(np.diff(inverse[order])) + 1
    return first, np.split(order, bounds)


def _by_shape(
    stage: StageGame, line: Indices, choices: NDArray[np.int32]
) -> list[tuple[Indices, Shape]]:
    """Profiles with the same choices and the same nodes in the game, and what follows from that."""
    live = stage.live[line]
    first, groups = distinct_rows(np.concatenate([choices, live.astype(np.int32)], axis=1))
    found: list[tuple[Indices, Shape]] = []
    for one, rows in zip(first, groups, strict=True):
        played = tuple((int(c),) if c >= 0 else () for c in choices[one])
        found.append((rows, shape_of(stage.tables, played, tuple(live[one].tolist()))))
    return found
