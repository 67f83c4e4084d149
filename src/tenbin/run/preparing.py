"""Compiling what a plan takes, one room beside the other, before its worlds are solved."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

from tenbin.forms import room
from tenbin.forms.contract import Model
from tenbin.run.jobs import Plan

__all__ = ["compile_rooms", "uncompiled_rooms"]

Needed = Mapping[str, Mapping[str, float]]


def uncompiled_rooms(plan: Plan) -> dict[str, dict[str, float]]:
    """By form, what solving the plan takes and is yet to be compiled, see `Room.uncompiled`."""
    models: dict[str, dict[int, Model]] = {}
    for planned in plan.jobs:
        models.setdefault(planned.model.form, {})[id(planned.model)] = planned.model
    found = {form: room(form).uncompiled(list(known.values())) for form, known in models.items()}
    return {form: parts for form, parts in found.items() if parts}


def compile_rooms(needed: Needed, threads: int = 0) -> Iterator[str]:
    """Compile rooms in processes of their own, those that take longest first.

    What a process cannot do is done here instead. Numba compiles one kernel at a time in a
    process, and Python holds its lock meanwhile, so that threads would be of no use.

    Parameters
    ----------
    needed
        What `uncompiled_rooms` found.
    threads
        How many processes at a time; 0 means as many as the machine has cores.

    Yields
    ------
    The name of each room as soon as its kernels can be loaded.
    """
    order = sorted(needed, key=lambda form: -sum(needed[form].values()))
    children = _Children()
    with ThreadPoolExecutor(threads or os.cpu_count() or 1) as pool:
        futures = {pool.submit(children.compile, form, needed[form]): form for form in order}
        try:
            for future in as_completed(futures):
                form = futures[future]
                if not future.result():
                    room(form).prepare(lambda _: None, list(needed[form]))
                yield form
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
            children.stop()


@dataclass
class _Children:
    """The processes at work; once stopped, none is started any more."""

    _running: list[subprocess.Popen[bytes]] = field(default_factory=list)
    _stopped: bool = False
    _lock: Lock = field(default_factory=Lock)

    def compile(self, form: str, parts: Mapping[str, float]) -> bool:
        """Compile parts of a room into our cache; whether that went well.

        The process has a cache folder of its own: two processes that write to the same index of
        Numba's could mix up what it lists.
        """
        from tenbin.forms.compiling import adopt_compiled
        from tenbin.numerics.compiling import cache_folder

        try:
            own = Path(tempfile.mkdtemp(prefix="compiling-", dir=cache_folder().parent))
        except OSError:
            return False
        try:
            done = self._run([form, *parts], own)
            adopt_compiled(own)
            return done
        finally:
            shutil.rmtree(own, ignore_errors=True)

    def _run(self, arguments: list[str], cache: Path) -> bool:
        if not sys.executable:
            return False
        command = [sys.executable, "-m", "tenbin.forms", *arguments]
        with self._lock:
            if self._stopped:
                return False
            try:
                child = subprocess.Popen(
                    command,
                    env={**os.environ, "TENBIN_CACHE": str(cache)},
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                )
            except OSError:
                return False
            self._running.append(child)
        return child.wait() == 0

    def stop(self) -> None:
        """End those still at work."""
        with self._lock:
            self._stopped = True
            for child in self._running:
                if child.poll() is None:
                    child.terminate()
