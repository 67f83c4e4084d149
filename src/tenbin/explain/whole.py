"""Everything that explains a run, claim by claim and over all claims, in one file beside it."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Any

from tenbin.errors import TenbinError, nearest
from tenbin.explain.consistency import find_consistency
from tenbin.explain.counterexample import find_counterexample
from tenbin.explain.evidence import Evidence, read_evidence
from tenbin.explain.hinge import find_hinge
from tenbin.explain.levers import search_levers
from tenbin.explain.policies import find_policies
from tenbin.explain.regions import find_region
from tenbin.explain.sensitivity import find_sensitivity
from tenbin.explain.stored import StoredRun
from tenbin.explain.validity import find_validity

__all__ = ["FILE", "Told", "explain_run"]

FILE = "explain.json"
Told = Callable[[str, float], None]
"""Called with what is being done (a claim, or a word such as `validity`) and the share done."""

_SHARES = {"validity": 0.25, "claims": 0.6, "consistency": 0.05, "policies": 0.1}
"""How the work is roughly shared out, for the bar that a person watches."""


def explain_run(
    folder: Path,
    *,
    claims: Sequence[str] | None = None,
    levers: bool = False,
    progress: Told | None = None,
) -> dict[str, Any]:
    """Explain a run and write `explain.json` beside its verdicts.

    Nothing in the file is a time or a word that is shown: the same run gives the same bytes.

    Parameters
    ----------
    folder
        A run folder.
    claims
        Which claims are explained; by default all. Consistency is over all claims either way.
    levers
        Whether levers with ranges are searched as well (`policies.levers`).
    progress
        Told what is being done.

    Returns
    -------
    What the file holds.

    Raises
    ------
    TenbinError
        If there is no such claim.
    """
    run = StoredRun.read(folder)
    wanted = tuple(run.scenario.claims) if claims is None else tuple(claims)
    for claim in wanted:
        _refuse_unknown(run, claim)
    shown = _Shown(progress)
    shown.part("validity")
    validity = find_validity(run, wanted, told=shown.share)
    shown.part("claims")
    entries: dict[str, Any] = {}
    for number, claim in enumerate(wanted):
        shown.share(number / len(wanted), claim)
        entries[claim] = _claim_entry(run, claim)
        entries[claim]["validity"] = validity[claim].as_data() if claim in validity else None
    shown.part("consistency")
    consistency = find_consistency(run, told=shown.share)
    shown.part("policies")
    policies = find_policies(run, told=shown.share)
    weighed = None if policies is None else policies.as_data()
    if weighed is not None and levers:
        weighed["levers"] = [item.as_data() for item in search_levers(run.scenario, run.seed)]
    explained: dict[str, Any] = {
        "worlds": run.worlds,
        "seed": run.seed,
        "claims": entries,
        "consistency": consistency.as_data(),
        "policies": weighed,
    }
    plain: dict[str, Any] = _finite(explained)
    _write(folder / FILE, plain)
    return plain


def _claim_entry(run: StoredRun, claim: str) -> dict[str, Any]:
    """What a claim hangs on, under its first policy; nulls where it is not judged in worlds."""
    policies = run.policies_of(claim)
    if not policies:
        return {
            "policy": None,
            **dict.fromkeys(("hinge", "sensitivity", "region", "counterexample")),
        }
    resolver = run.plan.resolver
    evidence = read_evidence(run.folder, run.scenario, claim, policies[0], resolver=resolver)
    return {
        "policy": policies[0],
        "hinge": find_hinge(evidence).as_data(),
        "sensitivity": find_sensitivity(evidence).as_data(),
        "region": _region(evidence),
        "counterexample": find_counterexample(
            run.scenario, claim, policies[0], folder=run.folder
        ).as_data(),
    }


def _region(evidence: Evidence) -> dict[str, Any] | None:
    """A map over two numbers; None where fewer reach the claim, or it does the same everywhere."""
    if len(evidence.inputs) < 2 or evidence.holds in (0, evidence.solved):
        return None
    return find_region(evidence).as_data()


def _refuse_unknown(run: StoredRun, claim: str) -> None:
    if claim not in run.scenario.claims:
        guess = nearest(claim, tuple(run.scenario.claims))
        hint = f" Did you mean '{guess}'?" if guess else ""
        raise TenbinError(f"there is no claim '{claim}' in the run.{hint}")


@dataclass
class _Shown:
    """Turns the shares of the parts into one share of the whole."""

    progress: Told | None
    _name: str = ""
    _before: float = 0.0

    def part(self, name: str) -> None:
        self._before += _SHARES.get(self._name, 0.0)
        self._name = name
        self.share(0.0)

    def share(self, share: float, what: str = "") -> None:
        if self.progress is not None:
            self.progress(what or self._name, self._before + share * _SHARES[self._name])


def _finite(value: Any) -> Any:
    """Plain data with null in place of what is no finite number."""
    if isinstance(value, dict):
        return {str(key): _finite(item) for key, item in value.items()}  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]  JSON
    if isinstance(value, (list, tuple)):
        return [_finite(item) for item in value]  # pyright: ignore[reportUnknownVariableType]  JSON
    if isinstance(value, float) and not isfinite(value):
        return None
    return value


def _write(path: Path, value: dict[str, Any]) -> None:
    text = json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_text(text + "\n", encoding="utf-8")
    os.replace(temporary, path)
