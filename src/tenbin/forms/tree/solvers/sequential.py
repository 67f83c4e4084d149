"""Sequential equilibria: what can be folded is solved exactly, the rest along its branch."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from itertools import groupby
from typing import cast

import numpy as np
from numpy.typing import NDArray

from tenbin.forms.contract import SolverOptions, Status
from tenbin.forms.tree.solvers.batch import run_tiles
from tenbin.forms.tree.solvers.branch import BranchProblem, branch_problem
from tenbin.forms.tree.solvers.fold_kernel import (
    FoldTables,
    collect_worlds,
    fold_tables,
    fold_worlds,
    prepare_worlds,
)
from tenbin.forms.tree.solvers.follow import follow_branches
from tenbin.forms.tree.solvers.subgames import Branch, Fold, Stage, find_stages
from tenbin.forms.tree.tables import Bools, Ints, Tree, TreeGame, TreeSolution
from tenbin.numerics.vector import LANES
from tenbin.scenario.language import Array

__all__ = ["Results", "solve_sequential", "solve_stages"]

Part = FoldTables | BranchProblem


def solve_sequential(game: TreeGame, options: SolverOptions) -> TreeSolution:
    """One sequential equilibrium per world, subgames innermost first.

    Each stage of `subgames.find_stages` is solved in turn, its value standing in for it: single
    decisions and those where beliefs cannot matter exactly (ties mixed evenly and flagged `tie`),
    every other subgame by the limit of the principal branch of its agent logit quantal response
    equilibrium, followed to `options.precision_end` at unit payoff range. Where the branch meets
    a bifurcation it goes straight on and the world is flagged `bifurcation`: a symmetric game keeps
    its symmetric play, so that battle of the sexes ends at its mixed equilibrium.

    Parameters
    ----------
    game
        The games of W worlds.
    options
        `precision_end`, `tolerance`, `max_steps` and `threads` are read.

    Returns
    -------
    Solution with one slot, never called complete. Information sets that chance cannot reach are
    mixed evenly. The witness has the profile's own probabilities where they are positive, and dying
    probabilities from the end of the branch.
    """
    return solve_stages(game, options, find_stages(game.tree), "principal branch by subgames")


@dataclass(frozen=True)
class Results:
    """What solving fills in: strategies and witnesses [W, G], then one number per world [W]."""

    profile: Array
    log_witness: Array
    status: NDArray[np.int8]
    tie: Bools
    bifurcation: Bools
    steps: Ints

    @staticmethod
    def empty(worlds: int, actions: int) -> Results:
        return Results(
            profile=np.zeros((worlds, actions)),
            log_witness=np.zeros((worlds, actions)),
            status=np.zeros(worlds, dtype=np.int8),
            tie=np.zeros(worlds, dtype=np.bool_),
            bifurcation=np.zeros(worlds, dtype=np.bool_),
            steps=np.zeros(worlds, dtype=np.int32),
        )

    def rows(self, rows: slice) -> Results:
        """Some consecutive worlds, as views."""
        return Results(*(getattr(self, item.name)[rows] for item in fields(self)))

    def solution(self, tree: Tree, method: str, complete: Bools) -> TreeSolution:
        """The same as a solution with one slot."""
        return TreeSolution(
            tree=tree,
            profile=self.profile[:, None],
            log_witness=self.log_witness[:, None],
            found=(self.status != Status.NOT_FINITE)[:, None],
            status=self.status,
            complete=complete,
            method=method,
            flags={"tie": self.tie, "bifurcation": self.bifurcation},
            steps=self.steps,
        )


def solve_stages(
    game: TreeGame,
    options: SolverOptions,
    stages: tuple[Stage, ...],
    method: str,
    *,
    precision: float | None = None,
) -> TreeSolution:
    """Solve the stages in the order given, tile by tile.

    With a `precision`, per payoff unit of the file, branches end there and the response itself is
    the result; stages must then be branches only.
    """
    tree = game.tree
    parts = _parts(tree, stages)
    results = Results.empty(game.n_worlds, tree.n_actions)

    def solve(start: int, stop: int) -> None:
        _Tile(game, options, results, slice(start, stop), precision).solve(parts)

    bytes_per_world = 8 * (tree.n_nodes * (len(tree.players) + 1) + 2 * tree.n_actions)
    run_tiles(solve, game.n_worlds, bytes_per_world, options.threads)
    return results.solution(tree, method, np.zeros(game.n_worlds, dtype=np.bool_))


def _parts(tree: Tree, stages: tuple[Stage, ...]) -> tuple[Part, ...]:
    """Tables of the stages, consecutive folds as one run; kept with the tree."""
    kept = cast("dict[tuple[Stage, ...], tuple[Part, ...]]", tree.cache.setdefault("parts", {}))
    if stages not in kept:
        parts: list[Part] = []
        for is_fold, run in groupby(stages, key=lambda stage: isinstance(stage, Fold)):
            if is_fold:
                parts.append(fold_tables(tree, tuple(cast("list[Fold]", list(run)))))
            else:
                parts.extend(branch_problem(tree, cast("Branch", stage)) for stage in run)
        kept[stages] = tuple(parts)
    return kept[stages]


class _Tile:
    """Some consecutive worlds on their way through the stages, laid out in blocks of lanes."""

    def __init__(
        self,
        game: TreeGame,
        options: SolverOptions,
        results: Results,
        rows: slice,
        precision: float | None,
    ) -> None:
        self.tree, self.options, self.precision = game.tree, options, precision
        self.results = results.rows(rows)
        self.chance = np.ascontiguousarray(game.chance[rows])
        worlds, players = len(self.chance), game.payoffs.shape[2]
        blocks = -(-worlds // LANES)
        self.odds = np.zeros((blocks, self.chance.shape[1], LANES))
        self.value = np.zeros((blocks, game.tree.n_nodes, players, LANES))
        self.live = np.zeros((blocks, game.tree.n_nodes, LANES))
        self.scale = np.ones((blocks, LANES))
        self.strategy = np.zeros((blocks, game.tree.n_actions, LANES))
        self.witness = np.zeros((blocks, game.tree.n_actions, LANES))
        self.tie = np.zeros((blocks, LANES))
        payoffs = np.ascontiguousarray(game.payoffs[rows])
        laid_out = self.odds, self.value, self.live, self.scale
        prepare_worlds(fold_tables(game.tree, ()), self.chance, payoffs, *laid_out)
        self.worlds = np.arange(worlds)
        unusable = np.isnan(self.scale.reshape(-1)[:worlds]) | ~game.valid[rows]
        self.results.status[unusable] = Status.NOT_FINITE
        self.scale[np.isnan(self.scale)] = 1.0

    def solve(self, parts: tuple[Part, ...]) -> None:
        """All stages in turn; then the results are put in the order of worlds."""
        for part in parts:
            if isinstance(part, FoldTables):
                precision, games = self.options.precision_end, (self.odds, self.scale, self.live)
                written = self.value, self.strategy, self.witness, self.tie
                fold_worlds(part, precision, *games, *written)
            else:
                self._follow(part)
        written = self.results.profile, self.results.log_witness
        collect_worlds(self.strategy, self.witness, *written)
        self.results.tie[:] = self._by_world(self.tie[:, None])[:, 0] > 0

    def _by_world(self, blocks: Array) -> Array:
        """An array [B, ..., LANES] as [T, ...]."""
        moved = np.moveaxis(blocks, -1, 1)
        return moved.reshape(math.prod(moved.shape[:2]), *moved.shape[2:])[: len(self.worlds)]

    def _follow(self, problem: BranchProblem) -> None:
        """Solve one branch problem in every usable world where chance reaches it."""
        actions = problem.actions
        sizes = np.diff(self.tree.infoset_start)[self.tree.action_infoset[actions]]
        self.strategy[:, actions] = (1.0 / sizes)[:, None]
        self.witness[:, actions] = -np.log(sizes)[:, None]
        usable = self.results.status != Status.NOT_FINITE
        reached = self._by_world(self.live[:, [problem.root]])[:, 0] > 0
        chosen = np.flatnonzero(usable & reached)
        if not len(chosen):
            return
        found = follow_branches(
            problem,
            np.ascontiguousarray(self.chance[np.ix_(chosen, problem.branches)]),
            np.ascontiguousarray(self._by_world(self.value[:, problem.ends])[chosen]),
            self._precision_end(chosen),
            self.options,
            response=self.precision is not None,
        )
        block, lane = np.divmod(chosen, LANES)
        at = block[:, None], actions[None, :], lane[:, None]
        self.strategy[at], self.witness[at] = found.profile, found.log_witness
        self.value[block, problem.root, :, lane] = found.value
        first = self.results.status[chosen] == Status.SOLVED
        self.results.status[chosen[first]] = found.status[first]
        self.results.bifurcation[chosen] |= found.bifurcations > 0
        self.results.steps[chosen] += found.steps

    def _precision_end(self, chosen: NDArray[np.intp]) -> Array:
        """Where the branch ends in each world, at unit payoff range."""
        if self.precision is None:
            return np.full(len(chosen), self.options.precision_end)
        return self.precision * self.scale.reshape(-1)[chosen]
