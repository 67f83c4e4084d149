"""`tenbin report`: the report of a run folder in the formats asked for, and its pictures."""

from __future__ import annotations

from pathlib import Path

from tenbin.report.figurefiles import write_figures
from tenbin.report.formats import write_formats
from tenbin.report.gather import gather

__all__ = ["report_run"]


def report_run(
    folder: Path, formats: tuple[str, ...], figures: Path | None, language: str
) -> list[Path]:
    """Write `report.<format>` into a run folder, and pictures into another; returns the paths."""
    material = gather(folder)
    paths = write_formats(material, folder, formats, language)
    if figures is not None:
        paths += write_figures(material, figures, language)
    return paths
