"""Every equilibrium that can be found: pure ones exactly, mixed ones by search."""

from __future__ import annotations

from dataclasses import replace

from tenbin.forms.contract import SolverOptions
from tenbin.forms.tree.solvers.all_bimatrix import bimatrix_answers, find_bimatrix
from tenbin.forms.tree.solvers.all_starts import started_answers, without_repeats
from tenbin.forms.tree.solvers.pure import combine_stages
from tenbin.forms.tree.solvers.pure_lines import Answers, Remarks, StageGame, pure_answers
from tenbin.forms.tree.solvers.pure_principal import principal_first
from tenbin.forms.tree.solvers.support import mixed_answers
from tenbin.forms.tree.solvers.support_tables import patterns_of
from tenbin.forms.tree.tables import TreeGame, TreeSolution

__all__ = ["solve_all"]


def solve_all(game: TreeGame, options: SolverOptions) -> TreeSolution:
    """The sequential equilibria of every world that can be found, the principal one first.

    Subgames are solved innermost first, and every combination of their equilibria opens the games
    above. A stage in which two players choose once and at the same time gives all its extreme
    equilibria; any other gives all its pure ones, and mixed ones: those that a search over all
    supports finds or, where there are too many, those at the ends of logit branches entered at
    several points. The equilibrium on the principal branch is added where it is not among them. A
    world says `complete` only where each stage is a decision without a tie or a simultaneous game
    whose equilibria are proved to be all.

    Parameters
    ----------
    game
        The games of W worlds.
    options
        Those of the principal branch, and `threads`.

    Returns
    -------
    Solution with as many slots as the world with most equilibria needs. The flag `component` marks
    worlds with equilibria that are not isolated (a continuum around what is listed), `searched`
    those with a stage whose mixed equilibria were searched for.

    References
    ----------
    [kreps1982seq]; keys are in docs/references.bib.
    """
    solution = combine_stages(game, options, _answers, "all equilibria by subgames")
    tied = solution.flags["tie"]
    solution = replace(
        solution,
        complete=solution.complete & ~tied,
        flags={**solution.flags, "component": solution.flags["component"] | tied},
    )
    return principal_first(game, solution, options, add=True)


def _answers(stage: StageGame, remarks: Remarks) -> Answers:
    """What is found of one stage in every line."""
    game = find_bimatrix(stage.tables)
    if game is not None and stage.live.all():
        return bimatrix_answers(stage, game, remarks)
    remarks.searched[stage.world[stage.live[:, 0]]] = True
    pure, patterns = pure_answers(stage, remarks), patterns_of(stage.tables)
    if patterns is not None:
        return Answers.joined([pure, mixed_answers(stage, patterns, remarks)])
    return without_repeats(Answers.joined([pure, started_answers(stage)]), len(stage.world))
