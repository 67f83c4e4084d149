"""`tenbin doctor`: what this machine has of what tenbin uses, and what to do about the rest."""

from __future__ import annotations

import os
import platform
import re
import shutil
import sys
from importlib.metadata import PackageNotFoundError, requires, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from tenbin import __version__
from tenbin.figures.lettering import fonts_for

__all__ = ["SCRIPTS", "examination", "examination_text"]

SCRIPTS = {"latin": "Risk", "japanese": "危険かな", "korean": "위험"}
"""A text of each script that pictures are set in."""
_NOBODY_HAS = ("\u0378", "\U0010fffd")
"""Characters that no font has: one that means nothing, one that is anybody's own."""


def examination() -> dict[str, Any]:
    """Everything that is looked at, as plain data."""
    return {
        "tenbin": __version__,
        "python": platform.python_version(),
        "system": platform.platform(),
        "cores": _cores(),
        "packages": _packages(),
        "extras": _extras(),
        "cache": _cache(),
        "fonts": {script: has_letters(text) for script, text in SCRIPTS.items()},
    }


def _cores() -> int:
    """Cores that this process may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _packages() -> dict[str, str | None]:
    """Versions of what tenbin needs; None for what is not there."""
    return {name: _version(name) for name, extra in _needed() if not extra}


def _extras() -> dict[str, dict[str, str | None]]:
    """The same of what each extra brings."""
    found: dict[str, dict[str, str | None]] = {}
    for name, extra in _needed():
        if extra:
            found.setdefault(extra, {})[name] = _version(name)
    return found


def _needed() -> list[tuple[str, str]]:
    """Packages by name, each with the extra that brings it; no extra for what is always needed."""
    found: list[tuple[str, str]] = []
    for line in requires("tenbin") or ():
        name, extra = re.match(r"[\w.-]+", line), re.search(r"extra == ['\"]([\w-]+)", line)
        if name is not None:
            found.append((name[0], extra[1] if extra is not None else ""))
    return sorted(found)


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _cache() -> dict[str, Any]:
    """Where compiled kernels are kept, whether it can be written, and how much it holds."""
    from tenbin.numerics.compiling import cache_folder

    folder = cache_folder()
    sizes = [path.stat().st_size for path in folder.rglob("*") if path.is_file()]
    return {
        "folder": str(folder),
        "writable": os.access(_existing(folder), os.W_OK),
        "megabytes": round(sum(sizes) / 1e6, 1),
        "free_gigabytes": round(shutil.disk_usage(_existing(folder)).free / 1e9, 1),
    }


def _existing(folder: Path) -> Path:
    while not folder.exists():
        folder = folder.parent
    return folder


def has_letters(text: str) -> bool:
    """Whether this machine's fonts have the characters of a text, for pictures.

    They are painted: where there is no font for them, all come out as the same box, the one that
    is painted for characters that nobody has.
    """
    if find_spec("vl_convert") is None:
        return False
    families = fonts_for(text)
    painted = {_painted(letter, families) for letter in text}
    boxes = {_painted(letter, families) for letter in ("", *_NOBODY_HAS)}
    return len(painted) == len(set(text)) and not painted & boxes


def _painted(letter: str, families: str) -> bytes:
    from tenbin.figures.render import png_of

    return png_of(
        '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40">'
        f'<text x="4" y="30" font-size="26" font-family="{families}">{letter}</text></svg>',
        1.0,
    )


def examination_text(found: dict[str, Any]) -> str:
    """The same as lines, what is missing with what to do about it."""
    lines = [
        f"tenbin {found['tenbin']}, Python {found['python']}, {found['system']}",
        f"cores       {found['cores']}",
    ]
    missing = [name for name, known in found["packages"].items() if known is None]
    packages = ", ".join(f"{name} {known}" for name, known in found["packages"].items() if known)
    lines.append(f"packages    {packages}")
    lines += [f"  missing   {name}: install it with pip install {name}" for name in missing]
    for extra, needed in found["extras"].items():
        lacking = [name for name, known in needed.items() if known is None]
        said = f"not there: {', '.join(lacking)}; pip install 'tenbin[{extra}]'"
        lines.append(f"extra       {extra:<10} {said if lacking else 'there'}")
    cache = found["cache"]
    state = "can be written" if cache["writable"] else "cannot be written: set TENBIN_CACHE"
    lines.append(
        f"cache       {cache['folder']} ({state}; {cache['megabytes']} MB, "
        f"{cache['free_gigabytes']} GB free)"
    )
    advice = {
        "latin": "install a font such as Noto Sans",
        "japanese": "install Noto Sans CJK, or pictures as PNG show boxes",
        "korean": "install Noto Sans CJK, or pictures as PNG show boxes",
    }
    for script, there in found["fonts"].items():
        lines.append(
            f"fonts       {script:<10} {'there' if there else 'not there: ' + advice[script]}"
        )
    return "\n".join(lines)
