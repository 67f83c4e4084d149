"""What a run may be told."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from tenbin.forms.contract import SolverOptions

__all__ = ["RunOptions"]


@dataclass(frozen=True, slots=True)
class RunOptions:
    """How worlds are drawn and solved, and where results go; `out` None: nothing is stored.

    `threads` 0 means as many as the machine has; results do not depend on it. `keep_draws` stores
    the uncertainties beside the outcomes, although any world can be drawn again by its number.
    """

    worlds: int = 10_000
    seed: int = 0
    design: str = "sobol"
    out: Path | None = None
    threads: int = 0
    solver: SolverOptions = field(default_factory=SolverOptions)
    keep_draws: bool = False
