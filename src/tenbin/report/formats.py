"""The report in other forms: JSON for programs, Markdown for a memo, CSV for a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tenbin import __version__
from tenbin.explain import explain_words, hinge_sentences
from tenbin.figures.words import Words
from tenbin.report.answer import answer_sentences
from tenbin.report.argument import by_section, section_title
from tenbin.report.explaining import validity_text
from tenbin.report.html import page
from tenbin.report.material import Material
from tenbin.report.naming import claim_title, policy_title
from tenbin.report.searched import searched_word
from tenbin.report.shares import counted_share, has_shares, policy_rows
from tenbin.report.stored import stored_hinge
from tenbin.report.words import badge, report_words, share_text, word_label

__all__ = ["FORMATS", "write_formats"]

Plain = Mapping[str, Any]
IDENTITY = ("digest", "design", "seed", "solver", "versions")


def write_formats(
    material: Material, folder: Path, formats: tuple[str, ...], language: str
) -> list[Path]:
    """Write `report.<format>` into a folder for each format asked for; returns the paths."""
    paths: list[Path] = []
    for name in formats:
        target = folder / f"report.{name}"
        target.write_text(FORMATS[name](material, language), encoding="utf-8", newline="\n")
        paths.append(target)
    return paths


def _as_json(material: Material, language: str) -> str:
    """Verdicts, explanations and identity of the run, with the five sentences."""
    words = report_words(language)
    data = {
        "answer": answer_sentences(material, words),
        "language": words.language,
        "verdicts": material.verdicts,
        "explained": material.explained,
        "run": {key: material.manifest[key] for key in IDENTITY},
    }
    return json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


COLUMNS: tuple[str, ...] = (
    "claim",
    "section",
    "kind",
    "title",
    "verdict",
    "policy",
    "policy_verdict",
    "share",
    "low",
    "high",
    "selected",
    "ties",
    "unsolved",
    "worlds",
    "reading",
    "over_all_equilibria",
    "premises_granted",
    "hangs_on",
)


def _as_csv(material: Material, language: str) -> str:
    """A line per claim and policy; words and titles in the language, numbers plain."""
    words = report_words(language)
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for key, entry in material.verdicts["claims"].items():
        claim = material.scenario.claims[key]
        searched = searched_word(material, key, words)
        common: dict[str, Any] = {
            "claim": key,
            "section": claim.section,
            "kind": claim.kind,
            "title": claim_title(claim, words),
            "verdict": word_label(entry["word"], words),
            "reading": entry.get("reading", ""),
            "worlds": entry.get("worlds") or "",
            "over_all_equilibria": word_label(searched["word"], words) if searched else "",
            "premises_granted": validity_text(material.explained_claim(key).get("validity"), words),
            "hangs_on": _hinge(material, key, words),
        }
        rows = policy_rows(entry).items() if has_shares(entry) else ()
        writer.writerows(
            {
                **common,
                "policy": policy,
                "policy_verdict": word_label(row.get("word", entry["word"]), words),
                "share": counted_share(row, entry["quantifier"]),
                "low": row["interval"][0],
                "high": row["interval"][1],
                **{name: row[name] for name in ("selected", "ties", "unsolved")},
            }
            for policy, row in rows
        )
        if not rows:
            writer.writerow(common)
    return text.getvalue()


def _hinge(material: Material, claim: str, words: Words) -> str:
    hinge = stored_hinge(material.scenario, material.explained_claim(claim).get("hinge"))
    return " ".join(hinge_sentences(hinge, explain_words(words.language))) if hinge else ""


def _as_markdown(material: Material, language: str) -> str:
    """The five sentences, then every claim with its verdict, section by section."""
    words, scenario = report_words(language), material.scenario
    verdicts: Mapping[str, Plain] = material.verdicts["claims"]
    lines = [f"# {_flat(scenario.title.in_language(words.language))}", ""]
    lines += [f"## {words('section.answer')}", ""]
    lines += [f"{n}. {_flat(s)}" for n, s in enumerate(answer_sentences(material, words), 1)]
    claims = [claim for claim in scenario.claims.values() if claim.id in verdicts]
    sections = by_section(claims)
    for section, members in sections.items():
        title = words("section.claims") if len(sections) == 1 else section_title(section, words)
        lines += ["", f"## {title}"]
        for claim in members:
            entry = verdicts[claim.id]
            heading = f"{claim.id} {claim_title(claim, words)}"
            lines += ["", f"### {_flat(heading)}: {badge(entry['word'], words)}", ""]
            lines += ["> " + _flat(claim.says.in_language(words.language)), ""]
            if has_shares(entry):
                lines += [_shares(material, entry, words), ""]
            hinge = _hinge(material, claim.id, words)
            lines += [f"**{words('why.hinge')}**: {_flat(hinge)}", ""] if hinge else []
            granted = validity_text(material.explained_claim(claim.id).get("validity"), words)
            lines += [f"**{words('validity.column')}**: {granted}", ""] if granted else []
    made = words(
        "markdown.made",
        version=__version__,
        worlds=f"{material.worlds:,}",
        seed=material.verdicts["seed"],
    )
    return "\n".join([*lines, "", "---", "", made]) + "\n"


def _shares(material: Material, entry: Plain, words: Words) -> str:
    parts = [
        f"{_flat(policy_title(material.scenario, policy, words))} "
        f"{share_text(counted_share(row, entry['quantifier']))}"
        for policy, row in policy_rows(entry).items()
    ]
    return f"**{words('markdown.share')}**: {words('join.semicolon').join(parts)}"


_MARKUP = str.maketrans({character: "\\" + character for character in "\\`*_<>[]#|"})


def _flat(text: str) -> str:
    """One line of text, its signs that Markdown would read escaped."""
    return " ".join(text.split()).translate(_MARKUP)


FORMATS: dict[str, Callable[[Material, str], str]] = {
    "html": page,
    "json": _as_json,
    "md": _as_markdown,
    "csv": _as_csv,
}
"""How each format is written, from the material and the language."""
