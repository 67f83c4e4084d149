"""The parts of a room's solver that are compiled apart, so that several processes can share them.

A room with kernels lists its parts in a `warm.py`. Which of them some models take and are yet to
be compiled, `Room.uncompiled` says; `Room.prepare` compiles those named.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numba

from tenbin.numerics.compiling import cache_folder, compile_state

__all__ = ["Part", "adopt_compiled", "compile_for", "compile_parts", "uncompiled_parts"]


@dataclass(frozen=True, slots=True)
class Part:
    """Entry kernels that are compiled together.

    `compile` compiles or loads them for the types that solving calls them with; `seconds` is about
    how long a processor takes to compile them, and only orders the work.
    """

    kernels: tuple[Any, ...]
    compile: Callable[[], object]
    seconds: float


def uncompiled_parts(parts: Mapping[str, Part], names: Iterable[str]) -> dict[str, float]:
    """Which of the named parts have yet to be compiled, with the seconds that may take."""
    return {
        name: parts[name].seconds
        for name in dict.fromkeys(names)
        if compile_state(*parts[name].kernels) == "needed"
    }


def compile_parts(
    parts: Mapping[str, Part],
    names: Collection[str] | None,
    say: Callable[[str], None] | None,
    sentence: str,
) -> None:
    """Compile or load the named parts, by default all; `sentence` is said if that takes long."""
    chosen = [parts[name] for name in (parts if names is None else names)]
    needed = any(compile_state(*part.kernels) == "needed" for part in chosen)
    if needed and say is not None:
        say(sentence)
    for part in chosen:
        part.compile()


def compile_for(kernel: Any, *like: Any) -> None:
    """Compile or load an entry kernel for arguments of the types of these, without running it."""
    kernel.compile(tuple(numba.typeof(argument) for argument in like))


def adopt_compiled(folder: Path) -> None:
    """Move what another process compiled, with `folder` as its `TENBIN_CACHE`, into our cache.

    Of a function that is cached already ours is kept: Numba's index and the files it lists belong
    together, so that only whole functions are moved. What cannot be moved is compiled when it is
    called.
    """
    ours = cache_folder()
    for index in sorted((folder / ours.name).rglob("*.nbi")):
        home = ours / index.parent.name
        with suppress(OSError):
            home.mkdir(exist_ok=True)
            if (home / index.name).exists():
                continue
            for code in index.parent.glob(f"{index.stem}.*.nbc"):
                os.replace(code, home / code.name)
            os.replace(index, home / index.name)
