"""The opening: how many claims were weighed, what became of them, and how to read a verdict."""

from __future__ import annotations

from tenbin.figures.colours import SHARES, VERDICTS
from tenbin.figures.strips import bar_strip
from tenbin.figures.words import Words
from tenbin.report.material import Context, Material
from tenbin.report.shares import basis_counts
from tenbin.report.words import at_least_text

__all__ = ["context"]

EXPLAINED = ("holds", "mostly holds", "depends", "mostly fails", "fails", "undecided", "vacuous")
FACTUAL = ("supported", "partly", "contradicted", "unverified", "stated")


def context(material: Material, words: Words) -> Context:
    claims = material.verdicts["claims"]
    by_word: dict[str, list[str]] = {word: [] for word in VERDICTS}
    for identifier, entry in claims.items():
        by_word[entry["word"]].append(identifier)
    most = max(map(len, by_word.values()), default=1)
    rows = [
        {"word": word, "claims": ids, "strip": bar_strip(len(ids) / most, VERDICTS[word])}
        for word, ids in by_word.items()
        if ids
    ]
    meant = [w for w in EXPLAINED if by_word[w] or w not in ("undecided", "vacuous")]
    meant += [w for w in FACTUAL if by_word[w]]
    return {
        "sentences": _sentences(material, words),
        "words": rows,
        "meanings": [(word, words("meaning." + word.replace(" ", "_"))) for word in meant],
        "shares": tuple(SHARES),
    }


def _sentences(material: Material, words: Words) -> list[str]:
    verdicts, scenario = material.verdicts, material.scenario
    sentences = [
        words.count(
            "summary.weighed",
            len(verdicts["claims"]),
            worlds=f"{material.worlds:,}",
            models=len(verdicts["models"]),
            policies=max(len(scenario.policies), 1),
        )
    ]
    chance, coverage = basis_counts(material)
    if coverage:
        sentences.append(words.count("summary.coverage", coverage))
    if chance:
        sentences.append(words.count("summary.chance", chance))
    solved = [model["solved"] for model in verdicts["models"].values()]
    if solved:
        key = "summary.all_solved" if min(solved) == 1.0 else "summary.solved"
        sentences.append(words(key, share=at_least_text(min(solved))))
    return sentences
