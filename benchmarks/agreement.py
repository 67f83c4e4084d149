"""Random games against pygambit 17.0.0b2 and quantecon 0.11.4: every disagreement is explained.

Every peer gets the very text that tenbin reads. A peer's profile *agrees* where what happens in it
(the distribution over ends, or both mixes of a one-shot game) is that of an equilibrium of ours.
Else it is held against the definitions, by code that knows no solver: it may be no equilibrium, not
be subgame perfect, or rest on threats that no belief supports. Where none of this explains it, or
an equilibrium of ours is missing from a peer's complete list without a reason, that is a bug here:
it is printed, and the exit code is 1.

    python benchmarks/agreement.py [--games N] [--seconds S]
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np
from agreement_games import SHAPES, Shape
from agreement_peers import Child, TimedOutError
from peers import peer_order
from scipy.optimize import linprog

from tenbin.forms.contract import SolverOptions
from tenbin.forms.tree.certify import certify_tree
from tenbin.forms.tree.describe import terminal_probabilities
from tenbin.forms.tree.exact import ONE, ZERO, ExactCheck
from tenbin.forms.tree.exact_numbers import ExactGame, exact_file
from tenbin.forms.tree.exact_trembles import guess_trembles
from tenbin.forms.tree.exchange import parse_game
from tenbin.forms.tree.exchange_file import game_of_file
from tenbin.forms.tree.exchange_text import GameText
from tenbin.forms.tree.room import solve_game
from tenbin.forms.tree.solvers.extreme import ExtremeEquilibria, extreme_equilibria
from tenbin.forms.tree.tables import TreeGame, TreeSolution

SAME = 1e-5
"""How far two probabilities may differ that are called the same."""
GAIN = 1e-6
"""The largest gain, in payoff units, of what is called an equilibrium."""
PLAYED = 1e-9
"""The largest probability that is taken for a rounded zero."""
PRECISIONS = (2.0, 10.0)
"""Precisions per payoff unit at which quantal response equilibria are compared."""
SAME_LOGIT = 1e-6
FAR_OFF = 1e-3
"""By how much a point that is no solution misses the equations, in log-probabilities."""
LARGEST_FOR_ENUMPOLY = 9
"""Free probabilities up to which `enumpoly_solve` is asked."""


@dataclass
class Case:
    """One random game with what tenbin finds in it."""

    shape: Shape
    seed: int
    text: str
    exact: ExactGame
    game: TreeGame
    all: TreeSolution
    pure: TreeSolution
    extreme: ExtremeEquilibria | None

    @property
    def name(self) -> str:
        return f"{self.shape.name}, seed {self.seed}"

    def ends(self, rows: np.ndarray) -> np.ndarray:
        """What happens under profiles [K, G]: the distribution over ends [K, Z]."""
        chance = np.repeat(self.game.chance, len(rows), axis=0)
        return terminal_probabilities(self.game.tree, chance, rows)


@dataclass
class Tally:
    """Counts by shape and peer, and an example of every explanation."""

    compared: Counter[tuple[str, str]] = field(default_factory=Counter)
    agreed: Counter[tuple[str, str]] = field(default_factory=Counter)
    silent: Counter[tuple[str, str]] = field(default_factory=Counter)
    reasons: Counter[tuple[str, str]] = field(default_factory=Counter)
    examples: dict[tuple[str, str], str] = field(default_factory=dict)
    unexplained: list[str] = field(default_factory=list)

    def agree(self, case: Case, peer: str) -> None:
        self.compared[case.shape.name, peer] += 1
        self.agreed[case.shape.name, peer] += 1

    def explain(self, case: Case, peer: str, reason: str, example: str = "") -> None:
        """A disagreement with its reason; an empty reason is a bug."""
        self.compared[case.shape.name, peer] += 1
        if not reason:
            self.unexplained.append(f"{peer}: {case.name}: {example}")
            return
        self.reasons[peer, reason] += 1
        self.examples.setdefault((peer, reason), f"{case.name}: {example}")

    def no_answer(self, case: Case, peer: str, reason: str) -> None:
        self.silent[case.shape.name, peer] += 1
        self.reasons[peer, reason] += 1
        self.examples.setdefault((peer, reason), case.name)


def make_case(shape: Shape, seed: int) -> Case:
    """A game, and its equilibria."""
    text = shape.text(seed)
    file = parse_game(GameText(f"{shape.name} {seed}", text), ".efg")
    game = game_of_file(file)
    options = SolverOptions(threads=1)

    def solved(concept: str) -> TreeSolution:
        return solve_game(game, SolverOptions(concept=concept, threads=1))

    extreme = None
    if shape.one_shot:
        extreme = extreme_equilibria(*matrices(game), threads=options.threads)
    return Case(
        shape, seed, text, exact_file(file, game.tree), game, solved("all"), solved("pure"), extreme
    )


def matrices(game: TreeGame) -> tuple[np.ndarray, np.ndarray]:
    """The payoffs [1, m, n] of both players of a one-shot game."""
    m, n = np.diff(game.tree.infoset_start)
    table = game.payoffs.reshape(1, m, n, 2)
    return table[..., 0].copy(), table[..., 1].copy()


# -- what a profile is worth --------------------------------------------------------------------


def standing(case: Case, row: np.ndarray) -> tuple[str, str]:
    """Why a profile is no sequential equilibrium, and an example; ("", "") where it is one.

    A plan of the normal form leaves open what it keeps itself from reaching. Such a profile is
    completed by what each equilibrium of ours does there, and refuted where all of these are. One
    that is neither shown to be sequential nor refuted gives ("?", ..).
    """
    open_rows = [h for h in range(case.game.tree.n_infosets) if not row[actions(case, h)].sum() > 0]
    if not open_rows:
        return standing_complete(case, row)
    told: list[tuple[str, str]] = []
    for ours in case.all.profile[0][case.all.found[0]]:
        whole = row.copy()
        for h in open_rows:
            whole[actions(case, h)] = ours[actions(case, h)]
        told.append(standing_complete(case, whole))
    reason, example = min(told, key=lambda item: ("", "?").index(item[0]) if item[0] in "?" else 2)
    return (reason, example) if reason in ("", "?") else (f"{reason}, however completed", example)


def actions(case: Case, infoset: int) -> slice:
    """The actions of an information set."""
    return slice(*case.game.tree.infoset_start[infoset : infoset + 2])


def standing_complete(case: Case, row: np.ndarray) -> tuple[str, str]:
    """As `standing`, of a profile that says what is done everywhere."""
    check = ExactCheck(case.exact, simple(case, row))
    for reason, worst in (
        ("no Nash equilibrium", check.worst_nash()),
        ("not subgame perfect", check.worst_subgame()),
    ):
        if worst is not None and worst.gain > GAIN:
            return reason, f"gain {float(worst.gain):.3g} of player {worst.player + 1}"
    for infoset in range(case.game.tree.n_infosets):
        gain = unsupported(check, infoset)
        if gain > GAIN:
            name = case.game.tree.infoset_names[infoset]
            return "not credible under any belief", f"gain of at least {gain:.3g} at {name}"
    for trembles in guess_trembles(check, np.log(np.maximum(row, 1e-12))):
        worst = check.worst_sequential(trembles)
        if worst is None or worst.gain <= GAIN:
            return "", ""
    return "?", "beliefs exist at each information set, consistent ones were not found"


def unsupported(check: ExactCheck, infoset: int) -> float:
    """The least gain from deviating at an information set, over all beliefs that Bayes allows."""
    nodes = check.members[infoset]
    unused: dict[int, tuple[int, Fraction]] = {}
    beliefs = check.beliefs(infoset, unused)
    if not beliefs:
        return 0.0
    reached = any(order == 0 and w for order, w in (check.reach(n, unused) for n in nodes))
    earned = np.array([[float(u) for u in check.utilities(infoset, {node: ONE})] for node in nodes])
    first, last = check.tree.infoset_start[infoset : infoset + 2]
    own = np.array([float(p) for p in check.profile[first:last]])
    gains = earned - (earned @ own)[:, None]
    if reached:
        return float(np.max(np.array([float(b) for b in beliefs]) @ gains))
    count = len(nodes)
    found = linprog(
        c=[*[0.0] * count, 1.0],
        A_ub=np.hstack([gains.T, -np.ones((gains.shape[1], 1))]),
        b_ub=np.zeros(gains.shape[1]),
        A_eq=[[*[1.0] * count, 0.0]],
        b_eq=[1.0],
        bounds=[*[(0, 1)] * count, (None, None)],
    )
    return float(found.fun)


def why_missing(case: Case, row: np.ndarray) -> tuple[str, str]:
    """Why an equilibrium of a peer is none of ours, and an example; an empty reason is a bug."""
    reason, example = standing(case, row)
    if reason not in ("", "?"):
        return reason, example
    if case.all.flags.get("component", np.zeros(1, dtype=bool))[0]:
        return "one of a continuum, of which ours lists some", ""
    if not case.all.complete[0]:
        return "sequential; ours found fewer, and says that there may be others", ""
    return "", example or "a sequential equilibrium is missing from a list that is called complete"


# -- peers ---------------------------------------------------------------------------------------


def near(rows: np.ndarray, row: np.ndarray) -> bool:
    """Whether a row is one of the rows."""
    return len(rows) > 0 and bool((np.abs(rows - row).max(axis=1) <= SAME).any())


def peer_rows(case: Case, rows: Sequence[Sequence[float]]) -> np.ndarray:
    """A peer's profiles [K, G] in our order of actions."""
    order = peer_order(case.game)
    found = np.zeros((len(rows), case.game.tree.n_actions))
    found[:, order] = np.array(rows).reshape(len(rows), len(order))
    return found


def compare_logit(case: Case, child: Child, tally: Tally) -> None:
    """The quantal response equilibrium on the principal branch, at equal precision."""
    for precision in PRECISIONS:
        options = SolverOptions(concept="qre", precision=precision, threads=1)
        ours = solve_game(case.game, options)
        residual = certify_tree(case.game, ours, 1e-6).residual[0, 0]
        theirs = peer_rows(case, child.ask("logit", case.text, precision))
        gap = np.abs(theirs[0] - ours.profile[0, 0]).max()
        if gap <= SAME_LOGIT and residual <= 1e-6:
            tally.agree(case, "logit")
            continue
        miss = logit_residual(case, theirs[0], precision)
        reason = ""
        if residual <= 1e-6 and miss > FAR_OFF:
            reason = "the peer's point is no quantal response equilibrium"
        example = f"precision {precision:g}: differ by {gap:.1e}, ours misses by {residual:.1e}, "
        tally.explain(case, "logit", reason, example + f"the peer by {miss:.1e}")


def logit_residual(case: Case, row: np.ndarray, precision: float) -> float:
    """By how much a profile misses the equations of quantal response, in log-probabilities."""
    row = np.maximum(row, 1e-300)
    for infoset in range(case.game.tree.n_infosets):
        row[actions(case, infoset)] /= row[actions(case, infoset)].sum()
    log_row = np.log(row)[None, None]
    solution = TreeSolution(
        tree=case.game.tree,
        profile=row[None, None],
        log_witness=log_row,
        found=np.ones((1, 1), dtype=bool),
        status=np.zeros(1, dtype=np.int8),
        complete=np.zeros(1, dtype=bool),
        method="peer",
        precision=precision,
    )
    return float(certify_tree(case.game, solution, 1e-6).residual[0, 0])


def compare_found(case: Case, peer: str, child: Child, tally: Tally) -> None:
    """Each equilibrium of a peer against all of ours, by what happens."""
    theirs = peer_rows(case, child.ask(peer, case.text))
    ours = case.ends(case.all.profile[0][case.all.found[0]])
    for row, ends in zip(theirs, case.ends(theirs), strict=True):
        if near(ours, ends):
            tally.agree(case, peer)
        else:
            tally.explain(case, peer, *why_missing(case, row))


def compare_pure(case: Case, child: Child, tally: Tally) -> None:
    """All pure equilibria, both ways."""
    theirs = peer_rows(case, child.ask("enumpure", case.text))
    ours = case.pure.profile[0][case.pure.found[0]]
    ends = case.ends(ours)
    for row, end in zip(theirs, case.ends(theirs), strict=True):
        if near(ends, end):
            tally.agree(case, "enumpure")
            continue
        reason, example = standing(case, row)
        if reason in ("", "?"):
            complete = bool(case.pure.complete[0])
            undecided = "sequential or not: undecided, and ours says so"
            reason, example = ("" if complete else undecided), example or "missing from ours"
        tally.explain(case, "enumpure", reason, example)
    for row, end in zip(ours, ends, strict=True):
        if not near(case.ends(theirs), end):
            tally.explain(case, "enumpure", "", f"ours is not in its list: {row}")


def compare_one_shot(case: Case, peer: str, rows: Sequence[Sequence[float]], tally: Tally) -> None:
    """All extreme equilibria of a one-shot game, both ways."""
    assert case.extreme is not None
    x, y = case.extreme.x[0], case.extreme.y[0]
    ours = np.hstack([x, y])[case.extreme.found[0]]
    theirs = np.array(rows).reshape(len(rows), ours.shape[1])
    for row in theirs:
        if near(ours, row):
            tally.agree(case, peer)
            continue
        reason, example = standing(case, row)
        if not reason and case.extreme.degenerate[0]:
            reason, example = "an equilibrium, but no extreme one: a mean of ours", ""
        tally.explain(case, peer, reason, example or "missing from ours")
    for row in ours:
        if near(theirs, row):
            continue
        worst = ExactCheck(case.exact, simple(case, row)).worst_nash()
        is_equilibrium = worst is None or worst.gain <= GAIN
        degenerate = is_equilibrium and bool(case.extreme.degenerate[0])
        reason = "missed by the peer: an equilibrium of a degenerate game" if degenerate else ""
        tally.explain(case, peer, reason, f"{np.round(row, 4)}")


def simple(case: Case, row: np.ndarray) -> list[Fraction]:
    """A row of floats as a profile of fractions, without what rounding left of zeros."""
    found: list[Fraction] = []
    for infoset in range(case.game.tree.n_infosets):
        part = [Fraction(p) if p > PLAYED else ZERO for p in row[actions(case, infoset)].tolist()]
        found += [p / sum(part) for p in part]
    return found


def check_ours(case: Case, tally: Tally) -> None:
    """Every equilibrium of ours, by the certifier."""
    for solution in (case.all, case.pure):
        certificate = certify_tree(case.game, solution, 1e-6)
        for slot in np.flatnonzero(solution.found[0]):
            if certificate.certified[0, slot]:
                tally.agree(case, "certifier")
            else:
                gap = certificate.residual[0, slot]
                tally.explain(case, "certifier", "", f"{solution.method}: residual {gap:.1e}")


def compare(case: Case, child: Child, other: Child, tally: Tally) -> None:
    """One game against every peer that takes it."""
    check_ours(case, tally)
    calls: dict[str, Any] = {
        "logit": lambda: compare_logit(case, child, tally),
        "enumpure": lambda: compare_pure(case, child, tally),
    }
    free = case.game.tree.n_actions - case.game.tree.n_infosets
    if free <= LARGEST_FOR_ENUMPOLY:
        calls["enumpoly"] = lambda: compare_found(case, "enumpoly", child, tally)
    if case.shape.players == 2:
        calls["lcp"] = lambda: compare_found(case, "lcp", child, tally)
        calls["enummixed"] = lambda: compare_found(case, "enummixed", child, tally)
    if case.shape.one_shot:
        first, second = (table[0] for table in matrices(case.game))
        calls["enummixed"] = lambda: compare_one_shot(
            case, "enummixed", child.ask("enummixed", case.text), tally
        )
        calls["quantecon"] = lambda: compare_one_shot(
            case, "quantecon", other.ask("quantecon", first, second), tally
        )
    for peer, call in calls.items():
        try:
            call()
        except TimedOutError:
            tally.no_answer(case, peer, "no answer within its time")
        except RuntimeError as error:
            tally.no_answer(case, peer, f"the peer fails: {str(error)[:60]}")


# -- the tables ----------------------------------------------------------------------------------


def tables(tally: Tally, shapes: Iterable[Shape]) -> Iterable[str]:
    """Agreed of compared by shape and peer, then every explanation with an example."""
    peers = ("certifier", "logit", "lcp", "enummixed", "enumpure", "enumpoly", "quantecon")
    yield f"{'agreed / compared':<40}" + "".join(f"{peer:>12}" for peer in peers)
    for shape in shapes:
        cells = []
        for peer in peers:
            key = (shape.name, peer)
            silent = f"-{tally.silent[key]}" if tally.silent[key] else ""
            told = f"{tally.agreed[key]}/{tally.compared[key]}{silent}"
            cells.append(f"{told if tally.compared[key] or silent else '':>12}")
        yield f"{shape.name:<40}" + "".join(cells)
    yield ""
    grouped: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for (peer, reason), count in tally.reasons.items():
        grouped[peer].append((count, reason))
    for peer in peers:
        for count, reason in sorted(grouped[peer], reverse=True):
            yield f"{peer:>10} {count:>6}  {reason} ({tally.examples[peer, reason]})"


def main() -> None:
    """Print the tables; exit 1 where something is unexplained."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--games", type=int, default=24, help="games per shape")
    parser.add_argument("--seconds", type=float, default=1.0, help="CPU time of a peer's call")
    parser.add_argument("--shape", default="", help="only shapes whose name holds this")
    arguments = parser.parse_args()
    shapes = [shape for shape in SHAPES if arguments.shape in shape.name]
    tally, child = Tally(), Child(arguments.seconds)
    other = Child(arguments.seconds, "quantecon")
    begin = time.process_time()
    for shape in shapes:
        for seed in range(arguments.games):
            compare(make_case(shape, seed), child, other, tally)
        found = (
            f"{shape.name}: {arguments.games} games, {len(tally.unexplained)} unexplained so far"
        )
        print(found, file=sys.stderr, flush=True)
    child.close()
    other.close()
    print("\n".join(tables(tally, shapes)))
    spent = time.process_time() - begin
    print(f"\n{len(shapes) * arguments.games} games; {spent:.0f} CPU s without the peers'")
    if tally.unexplained:
        print(f"\nUNEXPLAINED: {len(tally.unexplained)}")
        print("\n".join(tally.unexplained))
        sys.exit(1)


if __name__ == "__main__":
    main()
