"""A run folder -> one HTML page that opens anywhere: no network, no need for JavaScript.

The page holds the whole report once per language; a switch made of radio buttons shows one of
them. The content security policy forbids everything but the page's own style and script.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from typing import Any, cast

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from tenbin import __version__
from tenbin.figures.argumentmap import highlight_rules
from tenbin.figures.colours import PLAYERS, VERDICTS
from tenbin.figures.strips import share_strip, word_symbol
from tenbin.figures.words import Words
from tenbin.report.explaining import region_tiles
from tenbin.report.gather import gather
from tenbin.report.material import Context, Material, Section
from tenbin.report.sections import ORDER
from tenbin.report.sections.claims import KINDS
from tenbin.report.words import LANGUAGES, report_words, word_label

__all__ = ["page", "write_report"]

FILE = "report.html"


def write_report(folder: Path, language: str | None = None) -> Path:
    """Write `report.html` into a run folder, from what that folder holds alone.

    Parameters
    ----------
    folder
        A run folder: `manifest.json`, `verdicts.json`, the outcomes, a copy of the scenario.
    language
        The language that the page opens in; English where it is None or not one of ours.

    Returns
    -------
    The page's path.
    """
    target = folder / FILE
    target.write_text(page(gather(folder), language or "en"), encoding="utf-8", newline="\n")
    return target


def page(material: Material, language: str) -> str:
    """The whole page."""
    default = language if language in LANGUAGES else "en"
    style = "".join(
        [_asset("style.css"), _player_styles(), _filter_styles(), _map_styles(material)]
    )
    script = _asset("switch.js")
    return (
        _environment()
        .get_template("page.html")
        .render(
            default=default,
            languages=LANGUAGES,
            titles={code: _title(material, code) for code in LANGUAGES},
            bodies={code: Markup(_body(material, code)) for code in LANGUAGES},
            style=Markup(style),
            script=Markup(script),
            policy=_security_policy(style, script),
            tiles={claim: Markup(shapes) for claim, shapes in region_tiles(material).items()},
            version=__version__,
        )
    )


def _title(material: Material, language: str) -> str:
    return material.scenario.title.in_language(language) or "tenbin"


def _body(material: Material, language: str) -> str:
    words = report_words(language)
    sections = [_section(name, material, words) for name in ORDER]
    return (
        _environment()
        .get_template("body.html")
        .render(
            t=words,
            code=language,
            title=_title(material, language),
            summary=material.scenario.summary.in_language(language),
            sections=[section for section in sections if section is not None],
            version=__version__,
        )
    )


def _section(name: str, material: Material, words: Words) -> Context | None:
    module = cast(Section, import_module(f"tenbin.report.sections.{name}"))
    context = module.context(material, words)
    if context is None:
        return None
    template = _environment().get_template(f"{name}.html")
    html = template.render(t=words, code=words.language, **_marked(context))
    return {"name": name, "title": words("section." + name), "html": Markup(html)}


def _marked(context: Context) -> Context:
    """The context with the pictures made here marked as safe; everything else is escaped."""
    return {key: _mark(key, value) for key, value in context.items()}


PICTURES = frozenset({"svg", "strip"})


def _mark(key: str, value: Any) -> Any:
    if key in PICTURES and isinstance(value, str):
        return Markup(value)
    if isinstance(value, Mapping):
        pairs = cast(Mapping[str, Any], value)
        return {name: _mark(name, inner) for name, inner in pairs.items()}
    if isinstance(value, list):
        return [_mark("", inner) for inner in cast(list[Any], value)]
    return value


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("tenbin.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    helpers: dict[str, Any] = environment.globals
    helpers |= {"symbol": _symbol, "word_label": word_label, "share_strip": _share_strip}
    return environment


def _symbol(word: str) -> Markup:
    return Markup(word_symbol(word))


def _share_strip(shares: Mapping[str, float], interval: Sequence[float], width: float) -> Markup:
    return Markup(share_strip(shares, interval, width))


def _asset(name: str) -> str:
    return files("tenbin.report").joinpath("templates", name).read_text(encoding="utf-8")


def _player_styles() -> str:
    return "".join(f".player-{i} {{ color: {c}; }}\n" for i, c in enumerate(PLAYERS))


def _filter_styles() -> str:
    """Rules that leave the claims of one kind, one verdict, or both, without any script."""
    words = [f"word-{word.replace(' ', '-')}" for word in VERDICTS]
    kinds = [f"kind-{kind}" for kind in KINDS]
    chosen = {name: f':has(.choice[value="{name}"]:checked)' for name in (*words, *kinds)}
    hide = "{ display: none; }\n"
    rules = [
        f"section{where} .entry:not(.{name}, :target), "
        f"section{where} .part:not(:has(.{name}, :target)) {hide}"
        for name, where in chosen.items()
    ]
    rules += [
        f"section{chosen[kind]}{chosen[word]} .part:not(:has(.{kind}.{word}, :target)) {hide}"
        for kind in kinds
        for word in words
    ]
    return "".join(rules)


def _map_styles(material: Material) -> str:
    """Rules that light the ways of the argument map around one claim."""
    return highlight_rules(
        list(material.verdicts["claims"]), [f"{code}-claim-" for code in LANGUAGES]
    )


def _security_policy(style: str, script: str) -> str:
    digests = [
        base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
        for text in (style, script)
    ]
    return (
        f"default-src 'none'; style-src 'sha256-{digests[0]}'; script-src 'sha256-{digests[1]}'; "
        "base-uri 'none'; form-action 'none'"
    )
