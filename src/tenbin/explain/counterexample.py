"""The nearest counterexample: the smallest change of the central world that flips a claim."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from tenbin.errors import TenbinError, nearest
from tenbin.explain.boundary import OWN, UNKNOWN, Probe
from tenbin.explain.boundary_search import Hints, search_nearest
from tenbin.explain.counterexample_play import Event, changed_events
from tenbin.explain.counterexample_trial import ClaimTrial, Moves, question_of
from tenbin.forms.contract import SolverOptions
from tenbin.judge.counts import NOT_JUDGED, counted, verdict_codes, verdict_column
from tenbin.judge.evaluate import Verdict
from tenbin.run import read_columns, read_manifest
from tenbin.scenario.language import Array
from tenbin.scenario.objects import Scenario, Uncertainty
from tenbin.worlds import central_value, draw_worlds

__all__ = ["Change", "Counterexample", "Flip", "find_counterexample", "trial_bound"]

FlipStatus = Literal["found", "none_found", "unsolved_at_centre", "not_world_by_world"]

MOST_TRIALS = 2048
"""Worlds solved for one claim, at most."""
FEWEST_TRIALS = 48
SIZE_TRIALS = 1_200_000
"""Trials times the sizes of the models that one trial solves."""
BOUNDED_SHARE = 20
"""Of the worlds that a model's own bound allows, one in so many is tried."""
HINT_WORLDS = 16_384
"""Worlds of a run that are read for where the other side lies."""


@dataclass(frozen=True, slots=True)
class Change:
    """A number that moves: from its centre, to where, and how far in half-widths.

    Of a choice `moved` is 1, whatever the values: the stated cost of choosing otherwise.
    """

    name: str
    before: float
    after: float
    unit: str
    moved: float


@dataclass(frozen=True, slots=True)
class Flip:
    """A world in which the claim does the opposite of what it does in the centre.

    `verified` is true where the world, solved once more by itself, is certified and flips the
    claim. `before` and `after` are the outcomes that the claim reads, by their text, None where one
    has no value; `events` what else happens with another probability, the largest change first.
    """

    changes: tuple[Change, ...]
    distance: float
    verified: bool
    before: dict[str, float | None]
    after: dict[str, float | None]
    events: tuple[Event, ...] = ()

    def as_data(self) -> dict[str, Any]:
        """Plain data, as `explain.json` holds them."""
        return {
            "changes": [
                {
                    "name": item.name,
                    "from": item.before,
                    "to": item.after,
                    "unit": item.unit,
                    "moved": item.moved,
                }
                for item in self.changes
            ],
            "distance": self.distance,
            "verified": self.verified,
            "before": self.before,
            "after": self.after,
            "events": [item.as_data() for item in self.events],
        }


@dataclass(frozen=True, slots=True)
class Counterexample:
    """What a search for the smallest flip came to.

    `worlds` is how many were solved, `bound` how many might have been, `bounded` whether more were
    wanted; `unsolved` how many could not be solved, `known` how many worlds of a run were looked
    at. `alone` is how many numbers were moved alone, each at `levels` places per direction. The
    search proves nothing: nearer worlds may flip the claim.
    """

    claim: str
    policy: str
    status: FlipStatus
    holds_at_centre: bool | None
    nearest: Flip | None = None
    fewest: Flip | None = None
    worlds: int = 0
    bound: int = 0
    bounded: bool = False
    unsolved: int = 0
    known: int = 0
    numbers: int = 0
    alone: int = 0
    levels: int = 0
    held: tuple[str, ...] = ()

    def as_data(self) -> dict[str, Any]:
        """Plain data, as `explain.json` holds them."""
        return {
            "status": self.status,
            "policy": self.policy,
            "holds_at_centre": self.holds_at_centre,
            "nearest": None if self.nearest is None else self.nearest.as_data(),
            "fewest": None if self.fewest is None else self.fewest.as_data(),
            "worlds": self.worlds,
            "bound": self.bound,
            "bounded": self.bounded,
            "unsolved": self.unsolved,
            "known": self.known,
            "numbers": self.numbers,
            "alone": self.alone,
            "levels": self.levels,
            "held": list(self.held),
            "method": "rays and tangent planes",
        }


def find_counterexample(
    scenario: Scenario,
    claim: str,
    policy: str | None = None,
    *,
    folder: Path | None = None,
    hold: Sequence[str] = (),
    bound: int | None = None,
    threads: int = 0,
) -> Counterexample:
    """The smallest change of the central world that flips a claim, and the one of fewest numbers.

    Distance is Euclidean in (x - centre) / half-width over the numbers that reach the claim; each
    choice that is not the likeliest adds 1 to its square. Choices are tried one at a time.

    Parameters
    ----------
    scenario
        Whose claim it is.
    claim, policy
        Which; without a policy the first that the claim is judged under.
    folder
        A run of the scenario, whose worlds show where the other side lies. Without one a few
        worlds are drawn and solved.
    hold
        Uncertainties that may not move.
    bound
        Worlds to solve at most; by default it follows from the size of the models.
    threads
        Of the solvers; 0: as many as the machine has. No result depends on it.

    Raises
    ------
    TenbinError
        If there is no such claim, policy or uncertainty.
    """
    _known("claim", claim, scenario.claims)
    for name in hold:
        _known("uncertainty", name, scenario.uncertainties)
    question = question_of(scenario, scenario.claims[claim], policy)
    if question is None:
        return Counterexample(claim, policy or "", "not_world_by_world", None)
    trial = ClaimTrial(scenario, scenario.claims[claim], question, SolverOptions(threads=threads))
    most = trial_bound(trial) if bound is None else bound
    return _Finder(trial, tuple(hold), folder, most).found()


def trial_bound(trial: ClaimTrial) -> int:
    """How many worlds are solved for a claim, by the models that judging it takes.

    1.2 million over the sum of their sizes, from 48 to 2048. Where one of the models has a bound
    on worlds of its own, a twentieth of that at most: who wrote it knew that worlds are dear.
    """
    size = sum(sum(planned.model.size.values()) for planned in trial.plan.jobs)
    most = min(max(SIZE_TRIALS // max(size, 1), FEWEST_TRIALS), MOST_TRIALS)
    own = [trial.scenario.models[planned.job.model].worlds for planned in trial.plan.jobs]
    return min([most, *(max(worlds // BOUNDED_SHARE, 16) for worlds in own if worlds)])


class _Finder:
    """One search: the choices as they are in the centre first, then one choice after the other."""

    def __init__(
        self, trial: ClaimTrial, hold: tuple[str, ...], folder: Path | None, bound: int
    ) -> None:
        self.trial = trial
        self.hold = hold
        self.folder = folder
        self.bound = bound
        self.free = trial.reaching - set(hold)
        self.moves = Moves.of(trial.scenario, self.free)
        self.centre = trial.chunk({}, 1, whole=True)
        self.side = int(trial.judge(self.centre)[0][0])
        self.known = self.unsolved = self.alone = self.levels = self.drawn = 0
        self.bounded = False

    def found(self) -> Counterexample:
        """The search from the centre; the smallest flips over all choices."""
        if self.side == UNKNOWN:
            return self._answer("unsolved_at_centre", None, None)
        near, few = self._searched({}, self._hints(), self.bound - self.trial.solved)
        if near is None and self.folder is None and self.moves.names:
            # Nothing so far: what is left goes into more worlds, from which to search again.
            more = self._drawn_hints(3 * (self.bound - self.trial.solved) // 4)
            if more.beyond.any():
                near, few = self._searched({}, more, self.bound - self.trial.solved)
        for name, value in self._other_choices():
            left = self.bound - self.trial.solved
            if left <= 0:
                self.bounded = True
                break
            # A choice alone costs 1: what is nearer than that already cannot be improved.
            if near is None or near.distance > 1.0 or len(few.changes if few else ()) > 1:
                other = self._searched({name: value}, None, max(left // 2, 1))
                near, few = _nearer(near, other[0]), _fewer(few, other[1])
        return self._answer("none_found" if near is None else "found", near, few)

    def _answer(self, status: FlipStatus, near: Flip | None, few: Flip | None) -> Counterexample:
        return Counterexample(
            claim=self.trial.claim.id,
            policy=self.trial.question.policy,
            status=status,
            holds_at_centre=None if self.side == UNKNOWN else self.side == OWN,
            nearest=near,
            fewest=few,
            worlds=self.trial.solved,
            bound=self.bound,
            bounded=self.bounded,
            unsolved=self.unsolved,
            known=self.known,
            numbers=len(self.moves.names),
            alone=self.alone,
            levels=self.levels,
            held=self.hold,
        )

    def _other_choices(self) -> list[tuple[str, float]]:
        items = (self.trial.scenario.uncertainties[name] for name in sorted(self.free))
        return [
            (item.name, value)
            for item in items
            if item.kind == "choice"
            for value in item.values
            if value != central_value(item)
        ]

    def _assess(self, points: Array, chosen: Mapping[str, float]) -> tuple[NDArray[np.int8], Array]:
        """Sides and merits of points as a search sees them: the centre's own side is `OWN`."""
        numbers = self.moves.numbers(points)
        numbers |= {name: np.full(len(points), value) for name, value in chosen.items()}
        sides, merits = self.trial.tried(numbers, len(points))
        return (sides * self.side).astype(np.int8), merits * self.side

    def _searched(
        self, chosen: Mapping[str, float], hints: Hints | None, bound: int
    ) -> tuple[Flip | None, Flip | None]:
        """The nearest flip and the one of the fewest numbers, under some choices."""
        if chosen:
            alone = self._flip(np.zeros(len(self.moves.names)), chosen)
            if alone is not None or not self.moves.names:
                return alone, alone
        if not self.moves.names:
            return None, None
        probe = Probe(lambda points: self._assess(points, chosen), self.moves.box, bound)
        result = search_nearest(probe, hints or _no_hints(len(self.moves.names)))
        self.unsolved += probe.unknown
        self.bounded |= probe.bounded
        if not chosen:
            self.alone, self.levels = result.alone, result.levels
        flips = [
            None if point is None else self._flip(point, chosen)
            for point in (result.nearest, result.fewest)
        ]
        return flips[0], flips[1]

    def _flip(self, point: Array, chosen: Mapping[str, float]) -> Flip | None:
        """A point as a flip, solved once more by itself; None where it does not flip the claim."""
        numbers = self.moves.numbers(point[None])
        numbers |= {name: np.full(1, value) for name, value in chosen.items()}
        chunk = self.trial.chunk(numbers, 1, whole=True)
        verified = int(self.trial.judge(chunk)[0][0]) == -self.side
        if not verified and not np.any(point):
            return None
        return Flip(
            changes=self._changes(point, chosen),
            distance=float(np.sqrt(point @ point + len(chosen))),
            verified=verified,
            before=self.trial.outcomes(self.centre),
            after=self.trial.outcomes(chunk),
            events=changed_events(self.trial.events, self.centre, chunk),
        )

    def _changes(self, point: Array, chosen: Mapping[str, float]) -> tuple[Change, ...]:
        """What is moved, the farthest first; choices before all."""
        items = self.trial.scenario.uncertainties
        values = self.moves.centre + point * self.moves.half
        other = (
            Change(name, central_value(items[name]), value, items[name].unit, 1.0)
            for name, value in chosen.items()
        )
        order = [j for j in np.argsort(-np.abs(point), kind="stable") if point[j] != 0.0]
        moved = (
            Change(
                self.moves.names[j],
                float(self.moves.centre[j]),
                float(values[j]),
                items[self.moves.names[j]].unit,
                float(point[j]),
            )
            for j in order
        )
        return tuple(chain(other, moved))

    def _hints(self) -> Hints:
        """Worlds of the run, or a few drawn and solved, whose choices are those of the centre."""
        if not self.moves.names:
            return _no_hints(0)
        if self.folder is not None:
            found = self._run_hints(self.folder)
            if found is not None:
                return found
        return self._drawn_hints(self.bound // 4)

    def _run_hints(self, folder: Path) -> Hints | None:
        """Worlds of a run that are judged and solved; None where it does not judge the claim."""
        manifest = read_manifest(folder)
        question = self.trial.question
        column = verdict_column(question.claim, question.policy)
        if column not in manifest.get("attached", ()):
            return None
        codes = read_columns(folder, [column])[column].to_numpy()[:HINT_WORLDS].astype(np.int8)
        judged = codes != NOT_JUDGED
        solved = judged & (verdict_codes(codes) != Verdict.UNSOLVED)
        draws = draw_worlds(
            self.trial.scenario,
            0,
            len(codes),
            seed=int(manifest["seed"]),
            design=str(manifest["design"]),
            total=int(manifest["worlds"]),
            names=self.free,
        )
        self.known = int(solved.sum())
        holds = counted(codes, self.trial.claim.equilibria)
        return self._as_hints(draws, solved, holds)

    def _drawn_hints(self, worlds: int) -> Hints:
        """Worlds drawn as a run draws them, and solved; those after the ones drawn before."""
        if worlds <= 0:
            return _no_hints(len(self.moves.names))
        draws = draw_worlds(self.trial.scenario, self.drawn, self.drawn + worlds)
        self.drawn += worlds
        free = {name: draws[name] for name in self.free}
        sides, _ = self.trial.tried(free, worlds)
        self.unsolved += int((sides == UNKNOWN).sum())
        return self._as_hints(draws, sides != UNKNOWN, sides == OWN)

    def _as_hints(
        self, draws: Mapping[str, Array], solved: NDArray[np.bool_], holds: NDArray[np.bool_]
    ) -> Hints:
        same = solved.copy()
        for name in self.free:
            item: Uncertainty = self.trial.scenario.uncertainties[name]
            if item.kind == "choice":
                same &= draws[name] == central_value(item)
        points = self.moves.points({name: draws[name][same] for name in self.moves.names})
        beyond = ~holds[same] if self.side == OWN else holds[same]
        return Hints(self.moves.box.clip(points), beyond)


def _no_hints(dimensions: int) -> Hints:
    return Hints(np.zeros((0, dimensions)), np.zeros(0, dtype=np.bool_))


def _nearer(first: Flip | None, second: Flip | None) -> Flip | None:
    if first is None or second is None:
        return first or second
    return min(first, second, key=lambda flip: flip.distance)


def _fewer(first: Flip | None, second: Flip | None) -> Flip | None:
    if first is None or second is None:
        return first or second
    return min(first, second, key=lambda flip: (len(flip.changes), flip.distance))


def _known(what: str, given: str, allowed: Collection[str]) -> None:
    if given not in allowed:
        guess = nearest(given, tuple(allowed))
        hint = f". Did you mean '{guess}'?" if guess else ""
        raise TenbinError(f"unknown {what} '{given}'; allowed: {', '.join(allowed)}{hint}")
