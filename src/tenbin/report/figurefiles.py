"""The pictures of a report as files of their own, for slides and papers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tenbin.explain import explain_words, region_picture
from tenbin.figures.argumentmap import argument_svg
from tenbin.figures.regionmap import region_spec
from tenbin.figures.render import png_of, render_svg
from tenbin.report.argument import argument_map
from tenbin.report.material import Material
from tenbin.report.stored import stored_region
from tenbin.report.words import report_words

__all__ = ["figure_svgs", "write_figures"]

SCALE = 2.0


def write_figures(material: Material, folder: Path, language: str) -> list[Path]:
    """Write each picture as `<name>.svg` and `<name>.png`; returns the paths.

    Text stays text in an SVG; a PNG is set in the fonts of this machine (see `tenbin doctor`).
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths: list[Path] = []
    for name, svg in figure_svgs(material, language):
        drawn, painted = folder / f"{name}.svg", folder / f"{name}.png"
        drawn.write_text(svg, encoding="utf-8", newline="\n")
        painted.write_bytes(png_of(svg, SCALE))
        paths += [drawn, painted]
    return paths


def figure_svgs(material: Material, language: str) -> Iterator[tuple[str, str]]:
    """Names and SVG: the argument map, the system, every model's drawings, the region maps."""
    words = report_words(language)
    code = words.language
    argument = argument_map(material, words)
    if argument.claims:
        yield "argument", argument_svg(argument, "argument", "")
    if len(material.scenario.models) > 1:
        yield "system", material.system[code].svg
    yield from ((name, chart.svg) for name, chart in material.charts.get(code, {}).items())
    for model, pictures in material.pictures.get(code, {}).items():
        for number, picture in enumerate(pictures, 1):
            yield f"model-{model}-{number}", picture.svg
    for claim in material.verdicts["claims"]:
        data = material.explained_claim(claim).get("region")
        region = stored_region(material.scenario, claim, data)
        if region is not None:
            picture = region_picture(region, explain_words(code))
            yield f"region-{claim}", render_svg(region_spec(picture))
