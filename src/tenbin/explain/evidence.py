"""A run folder -> the evidence for one claim: what reaches it, as codes, beside its truth.

Draws are made again from the seed and binned at once, so that a world takes one byte per input;
worlds in which the claim is unsolved are left out and counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tenbin.errors import ShapeError, TenbinError, nearest
from tenbin.explain.boxes import BINS, Binned, Block, Bools, Codes, groups_of
from tenbin.judge import reaching_uncertainties
from tenbin.judge.counts import NOT_JUDGED, counted, verdict_codes, verdict_column
from tenbin.judge.evaluate import Verdict
from tenbin.judge.questions import policy_settings
from tenbin.run import part_paths, read_manifest
from tenbin.run.resolve import Resolver
from tenbin.scenario.language import Array, Setting
from tenbin.scenario.objects import Derived, Scenario, Uncertainty
from tenbin.scenario.texts import Text
from tenbin.worlds import draw_worlds, numbers_under, quantile, reached_numbers

__all__ = [
    "Evidence",
    "Input",
    "binned_arrays",
    "judged_policies",
    "policies_alike",
    "read_evidence",
]

BLOCK = 2**16
"""Worlds held together; what they are cut into changes no answer."""

InputKind = Literal["range", "distribution", "choice", "derived"]


@dataclass(frozen=True, slots=True)
class Input:
    """A number that reaches the claim.

    Code k of an ordered input holds numbers from `edges[k]` up to `edges[k + 1]`, in its unit;
    a choice has `values` instead, one per code.
    """

    name: str
    kind: InputKind
    title: Text
    unit: str
    low: float
    high: float
    edges: tuple[float, ...] = ()
    values: tuple[float, ...] = ()

    @property
    def ordered(self) -> bool:
        return self.kind != "choice"

    @property
    def codes(self) -> int:
        """How many codes there are."""
        return len(self.edges) - 1 if self.ordered else len(self.values)

    def code_of(self, numbers: Array) -> Codes:
        """The code of each number [W]."""
        if self.ordered:
            inner = np.asarray(self.edges[1:-1])
            return np.searchsorted(inner, numbers, side="right").astype(np.uint8)
        order = np.argsort(self.values)
        places = np.searchsorted(np.asarray(self.values)[order], numbers)
        return order[places].astype(np.uint8)


@dataclass(frozen=True, eq=False)
class Evidence:
    """What a run knows about one claim under one policy.

    `worlds` is how many the claim rests on; `unsolved` of them are not among `binned`. `correlated`
    says whether inputs were drawn with a correlation, so that effects cannot be told apart.
    """

    claim: str
    policy: str
    quantifier: str
    inputs: tuple[Input, ...]
    binned: Binned
    worlds: int
    unsolved: int
    correlated: bool = False

    @property
    def holds(self) -> int:
        """In how many of the solved worlds the claim holds."""
        return sum(int(block.truth.sum()) for block in self.binned.blocks)

    @property
    def solved(self) -> int:
        return self.worlds - self.unsolved

    def number_of(self, name: str) -> int:
        """The dimension of an input.

        Raises
        ------
        TenbinError
            If it does not reach the claim.
        """
        names = tuple(item.name for item in self.inputs)
        return names.index(_known("input", name, names))


def read_evidence(
    folder: Path,
    scenario: Scenario,
    claim: str,
    policy: str | None = None,
    *,
    derived: bool = True,
    resolver: Resolver | None = None,
    scratch: Path | None = None,
) -> Evidence:
    """The worlds of a run as the evidence for one claim.

    Parameters
    ----------
    folder
        A run of the scenario.
    scenario
        As read from the folder's copy.
    claim, policy
        Which; without a policy the first one that the claim was judged under.
    derived
        Whether derived numbers that are made of the claim's uncertainties count as inputs as well.
        Those that read outcomes of models are never among them.
    resolver
        Of a plan of the same scenario, so that several claims compile no model twice.
    scratch
        A file for the codes of a run that is larger than memory: one byte per world and input,
        which are then read from it again and again. It has to stay as long as the evidence is used.

    Raises
    ------
    TenbinError
        If there is no such claim, or it was not judged world by world under that policy.
    """
    _known("claim", claim, tuple(scenario.claims))
    policies = judged_policies(folder, scenario, claim)
    if not policies:
        raise TenbinError(
            f"claim '{claim}' was not judged world by world: it is judged on facts, stated, or "
            "about averages over worlds"
        )
    chosen = policies[0] if policy is None else _known("policy", policy, policies)
    manifest = read_manifest(folder)
    reaching = reaching_uncertainties(scenario, claim, resolver)
    source = _Source(scenario, manifest["seed"], manifest["design"], manifest["worlds"])
    setting = policy_settings(scenario).get(chosen, Setting())
    numbers = _Numbers(source, tuple(n for n in scenario.uncertainties if n in reaching), setting)
    if derived:
        numbers = numbers.with_derived()
    quantifier = scenario.claims[claim].equilibria
    blocks: list[Block] = []
    worlds = unsolved = 0
    for start, codes in _stored_codes(folder, verdict_column(claim, chosen)):
        judged = codes != NOT_JUDGED
        known = judged & (verdict_codes(codes) != Verdict.UNSOLVED)
        worlds += int(judged.sum())
        unsolved += int(judged.sum() - known.sum())
        if known.any():
            block = numbers.block(start, known, counted(codes, quantifier))
            blocks.append(block if scratch is None else _on_disk(block, scratch, first=not blocks))
    binned = Binned(
        tuple(item.codes for item in numbers.inputs),
        tuple(item.ordered for item in numbers.inputs),
        tuple(blocks),
    )
    joined = any(not reaching.isdisjoint(item.between) for item in scenario.correlations)
    return Evidence(
        claim, chosen, quantifier, numbers.inputs, binned, worlds, unsolved, correlated=joined
    )


def judged_policies(folder: Path, scenario: Scenario, claim: str) -> tuple[str, ...]:
    """The policies under which the run judged a claim world by world, in the scenario's order."""
    import pyarrow.parquet as pq

    parts = part_paths(folder)
    names = pq.read_schema(parts[0]).names if parts else []
    pairs = (str(name).partition("|") for name in names)
    stored = {policy for owner, bar, policy in pairs if bar and owner == claim}
    order = [name for name in scenario.policies if name in stored]
    return (*sorted(stored - set(order)), *order)


def policies_alike(folder: Path, scenario: Scenario, claim: str) -> tuple[tuple[str, ...], ...]:
    """The policies of a claim in groups under which it does the same in every world.

    What explains it under one explains it under all of a group.
    """
    policies = judged_policies(folder, scenario, claim)
    digests = {policy: blake2b() for policy in policies}
    for policy, digest in digests.items():
        for _, codes in _stored_codes(folder, verdict_column(claim, policy)):
            digest.update(codes.tobytes())
    groups: dict[bytes, list[str]] = {}
    for policy in policies:
        groups.setdefault(digests[policy].digest(), []).append(policy)
    return tuple(tuple(group) for group in groups.values())


def binned_arrays(x: Array, truth: Bools, *, block: int = BLOCK) -> Binned:
    """Worlds that do not come from a run, as codes.

    Parameters
    ----------
    x
        Numbers in [0, 1), uniform [W, D].
    truth
        Which worlds are of interest [W].
    block
        Worlds per block; it changes no answer.

    Raises
    ------
    ShapeError
        If the numbers of worlds differ.
    """
    if x.ndim != 2 or truth.shape != (len(x),):
        raise ShapeError(f"x is {x.shape} and truth {truth.shape}; give [W, D] and [W]")
    codes = np.clip(np.floor(x.T * BINS), 0, BINS - 1).astype(np.uint8)
    groups = groups_of(np.arange(len(x), dtype=np.uint64))
    parts = [slice(start, start + block) for start in range(0, len(x), block)]
    blocks = tuple(
        Block(np.ascontiguousarray(codes[:, part]), truth[part], groups[part]) for part in parts
    )
    return Binned((BINS,) * x.shape[1], (True,) * x.shape[1], blocks)


def _known(what: str, given: str, allowed: Sequence[str]) -> str:
    if given in allowed:
        return given
    guess = nearest(given, allowed)
    hint = f". Did you mean '{guess}'?" if guess else ""
    raise TenbinError(f"unknown {what} '{given}'; allowed: {', '.join(allowed)}{hint}")


def _on_disk(block: Block, scratch: Path, *, first: bool) -> Block:
    """The block with its codes at the end of a file instead of in memory."""
    with scratch.open("wb" if first else "ab") as stream:
        place = stream.tell()
        block.codes.tofile(stream)
    codes = np.memmap(scratch, dtype=np.uint8, mode="r", offset=place, shape=block.codes.shape)
    return Block(codes, block.truth, block.groups)


def _stored_codes(folder: Path, column: str) -> Iterator[tuple[int, NDArray[np.int8]]]:
    """The stored codes of a claim, `BLOCK` worlds at a time, with the number of the first world.

    A part that a run has not written yet ends the row: worlds are numbered without gaps.
    """
    import pyarrow.parquet as pq

    start, waiting = 0, np.empty(0, dtype=np.int8)
    for path in part_paths(folder):
        column_of_part = pq.read_table(path, columns=[column]).column(0)
        waiting = np.concatenate([waiting, column_of_part.to_numpy()])
        while len(waiting) >= BLOCK:
            yield start, waiting[:BLOCK]
            start, waiting = start + BLOCK, waiting[BLOCK:]
    if len(waiting):
        yield start, waiting


@dataclass(frozen=True, slots=True)
class _Source:
    """What draws are made from."""

    scenario: Scenario
    seed: int
    design: str
    total: int

    def draw(self, start: int, stop: int, names: Sequence[str]) -> dict[str, Array]:
        return draw_worlds(
            self.scenario,
            start,
            stop,
            seed=self.seed,
            design=self.design,
            total=self.total,
            names=names,
        )


@dataclass(frozen=True)
class _Numbers:
    """The inputs of a claim: uncertainties first, then derived numbers."""

    source: _Source
    names: tuple[str, ...]
    setting: Setting
    derived: tuple[Input, ...] = ()

    @property
    def inputs(self) -> tuple[Input, ...]:
        uncertainties = self.source.scenario.uncertainties
        return (*(_input_of(uncertainties[name]) for name in self.names), *self.derived)

    def with_derived(self) -> _Numbers:
        """With the derived numbers that are made of these uncertainties alone and vary."""
        scenario = self.source.scenario
        candidates = [item for item in scenario.derived.values() if self._is_made_of_these(item)]
        first = self._derived(0, min(BLOCK, self.source.total), [item.name for item in candidates])
        found = [_derived_input(item, first[item.name]) for item in candidates]
        made = tuple(item for item in found if item.codes > 1)
        return _Numbers(self.source, self.names, self.setting, made)

    def _is_made_of_these(self, item: Derived) -> bool:
        replaced = dict(self.setting.values)
        scenario = self.source.scenario
        reached, calls = reached_numbers(scenario, [item.name], replaced)
        used = reached & scenario.uncertainties.keys()
        return not calls and len(used) > 1 and used <= set(self.names) - replaced.keys()

    def _derived(self, start: int, stop: int, names: Sequence[str]) -> dict[str, Array]:
        if not names:
            return {}
        draws = self.source.draw(start, stop, self.names)
        values = numbers_under(self.source.scenario, draws, self.setting, names=names)
        return {name: np.broadcast_to(values[name], stop - start) for name in names}

    def block(self, start: int, known: Bools, truth: Bools) -> Block:
        """The solved worlds of a row of worlds as codes."""
        stop = start + len(known)
        codes = np.empty((len(self.inputs), int(known.sum())), dtype=np.uint8)
        draws = self.source.draw(start, stop, self.names)
        draws |= self._derived(start, stop, [item.name for item in self.derived])
        for row, item in enumerate(self.inputs):
            codes[row] = item.code_of(draws[item.name][known])
        worlds = np.arange(start, stop, dtype=np.uint64)[known]
        return Block(codes, truth[known], groups_of(worlds))


def _input_of(item: Uncertainty) -> Input:
    """An uncertainty, cut where equal shares of its worlds lie."""
    if item.kind == "choice":
        return Input(
            item.name, "choice", item.title, item.unit, item.low, item.high, values=item.values
        )
    with np.errstate(divide="ignore"):
        edges = quantile(item, np.linspace(0.0, 1.0, BINS + 1))
    return Input(
        item.name,
        "distribution" if item.is_distribution else "range",
        item.title,
        item.unit,
        item.low,
        item.high,
        edges=tuple(float(edge) for edge in edges),
    )


def _derived_input(item: Derived, numbers: Array) -> Input:
    """A derived number, cut where equal shares of the first worlds lie."""
    shares = np.linspace(0.0, 1.0, BINS + 1)
    edges = np.unique(np.quantile(numbers, shares))
    distinct = np.unique(numbers)
    if len(distinct) <= BINS // 4:
        middle = 0.5 * (distinct[1:] + distinct[:-1])
        edges = np.concatenate([distinct[:1], middle, distinct[-1:]])
    return Input(
        item.name,
        "derived",
        item.title,
        item.unit,
        float(distinct[0]),
        float(distinct[-1]),
        edges=tuple(float(edge) for edge in edges),
    )
