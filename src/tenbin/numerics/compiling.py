"""Compiling kernels once per machine, and saying so.

Every kernel is decorated with `kernel`, or with `entry_kernel` where Python calls it. Numba keeps
compiled code on disk, but it does not notice an edit in a function that the kernel calls from
another file; so the cache folder is named by a digest of all kernel sources (every file of this
package and every `*kernel.py` of tenbin) and of the versions of Numba and Python.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

import numba
from numba.core import config

__all__ = ["cache_folder", "compile_state", "entry_kernel", "inlined_kernel", "kernel"]


_config: Any = config
"""Numba's settings, whose attributes are made at run time."""


def _user_cache() -> Path:
    """The folder where this system keeps a user's caches."""
    if os.environ.get("XDG_CACHE_HOME"):
        return Path(os.environ["XDG_CACHE_HOME"])
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local"))
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    return Path.home() / ".cache"


def _source_digest() -> str:
    """A digest of every kernel source and of what compiles them."""
    package = Path(__file__).parent
    sources = {*package.glob("*.py"), *package.parent.rglob("*kernel.py")}
    digest = hashlib.sha256(f"{version('numba')} {sys.version}".encode())
    for source in sorted(sources):
        digest.update(source.relative_to(package.parent).as_posix().encode())
        digest.update(source.read_bytes())
    return digest.hexdigest()[:16]


def _is_writable(folder: Path) -> bool:
    """Whether files can be made in the folder, which is made where it does not exist."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


@cache
def cache_folder() -> Path:
    """Where compiled kernels are kept: the user's cache folder, else a temporary one.

    `TENBIN_CACHE` names another folder.
    """
    name = _source_digest()
    if os.environ.get("TENBIN_CACHE"):
        first = Path(os.environ["TENBIN_CACHE"])
    else:
        first = _user_cache() / "tenbin"
    for parent in (first, Path(tempfile.gettempdir()) / f"tenbin-{os.environ.get('USER', 'user')}"):
        if _is_writable(parent / name):
            return parent / name
    return Path(tempfile.mkdtemp(prefix="tenbin-"))


def _compile(function: Callable[..., Any], **options: Any) -> Any:
    """Numba's dispatcher for a function, with its cache in our folder."""
    before = _config.CACHE_DIR
    _config.CACHE_DIR = str(cache_folder())
    try:
        return numba.njit(
            nogil=True, cache=True, error_model="numpy", fastmath={"contract"}, **options
        )(function)
    finally:
        _config.CACHE_DIR = before


def kernel(function: Callable[..., Any]) -> Any:
    """Compile a function over arrays that other kernels call; Python cannot call it.

    Division by zero gives infinities (as in NumPy) and products may be fused with sums; sums are
    never reordered.
    """
    return _compile(function, no_cpython_wrapper=True, no_cfunc_wrapper=True)


def inlined_kernel(function: Callable[..., Any]) -> Any:
    """Compile a kernel that mainly calls others, as part of its caller: less work to compile."""
    return _compile(function, no_cpython_wrapper=True, no_cfunc_wrapper=True, inline="always")


def entry_kernel(function: Callable[..., Any]) -> Any:
    """Compile a kernel that Python calls; it releases the interpreter's lock while it runs."""
    return _compile(function, no_cfunc_wrapper=True)


def _is_compiled(dispatcher: Any) -> bool:
    """Whether the kernel has been loaded, or lies in its cache folder."""
    if dispatcher.signatures:
        return True
    function = dispatcher.py_func
    own = f"*.{function.__name__}-{function.__code__.co_firstlineno}.*nbi"
    return any(Path(dispatcher.stats.cache_path).glob(own))


def compile_state(*kernels: Any) -> Literal["ready", "needed"]:
    """Whether all these entry kernels are compiled, here or by an earlier process."""
    return "ready" if all(_is_compiled(found) for found in kernels) else "needed"
