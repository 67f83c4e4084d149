"""Scenarios that ship: `korea` and the textbook games; looked up by name, never listed."""

from __future__ import annotations

from pathlib import Path

__all__ = ["find_scenario", "scenario_names"]

_HERE = Path(__file__).parent


def scenario_names() -> tuple[str, ...]:
    """Names that `find_scenario` knows, `korea` and `textbook/beer_quiche` for example."""
    folders = [path.parent.relative_to(_HERE) for path in _HERE.glob("*/scenario.yaml")]
    files = [
        path.relative_to(_HERE).with_suffix("")
        for path in _HERE.glob("*/*.yaml")
        if not (path.parent / "scenario.yaml").exists()
    ]
    return tuple(sorted(path.as_posix() for path in folders + files))


def find_scenario(name: str) -> Path | None:
    """The path of a scenario that ships, by its name or the last part of it; None if unknown."""
    matches = [known for known in scenario_names() if name in (known, known.rpartition("/")[2])]
    if len(matches) != 1:
        return None
    folder = _HERE / matches[0]
    return folder if folder.is_dir() else folder.with_suffix(".yaml")
