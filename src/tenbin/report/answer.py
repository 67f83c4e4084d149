"""The answer in five sentences, made from the verdicts alone.

What became of the claims; what the argument leads up to; which failing premise carries most; what
decides most often; which policy does best. Where a run knows nothing of one of these, how well its
games were solved stands in its place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tenbin.figures.words import Words
from tenbin.report.explaining import validity_text
from tenbin.report.material import Material
from tenbin.report.naming import claim_title, policy_title, titled
from tenbin.report.policies import compares_policies
from tenbin.report.reasons import FALLING, HANGING, OPEN, STANDING, Reasons
from tenbin.report.shares import counted_share, has_shares, policy_rows
from tenbin.report.words import at_least_text, share_text, word_label
from tenbin.scenario.objects import Scenario

__all__ = ["answer_sentences", "deciding_numbers"]

Plain = Mapping[str, Any]
GROUPS = {"stand": STANDING, "fall": FALLING, "hang": HANGING, "open": OPEN}
ALIKE = 0.02
"""Shares of worlds of policies that differ by less are said to be about the same."""


def answer_sentences(material: Material, words: Words) -> list[str]:
    """At most five sentences, in the language of the reader."""
    reasons = Reasons.of(material.scenario, material.verdicts)
    found = [
        _counts(material, reasons, words),
        _summit(material, reasons, words),
        _weakest(material, reasons, words),
        _decides(material, words),
        _policies(material, words),
        _solved(material, words),
    ]
    return [sentence for sentence in found if sentence][:5]


def _counts(material: Material, reasons: Reasons, words: Words) -> str:
    counts = Counter(reasons.words.values())
    parts = [
        words.count("answer." + name, number)
        for name, group in GROUPS.items()
        if (number := sum(counts[word] for word in group))
    ]
    return words.count(
        "answer.counts",
        len(reasons.words),
        worlds=f"{material.worlds:,}",
        parts=_listed(parts, words),
    )


def _listed(parts: Sequence[str], words: Words) -> str:
    """A list as the language writes it: the last part after an "and"."""
    if len(parts) < 2:
        return "".join(parts)
    return words("answer.and").join([words("answer.comma").join(parts[:-1]), parts[-1]])


def _summit(material: Material, reasons: Reasons, words: Words) -> str:
    key = reasons.summit
    if key is None:
        return ""
    entry: Plain = material.verdicts["claims"][key]
    sentence = words.count(
        "answer.summit",
        len(reasons.grounds[key]),
        claim=_quoted(material.scenario, key, words),
        verdict=_verdict(entry, words),
    )
    granted = validity_text(material.explained_claim(key).get("validity"), words)
    if not granted:
        return sentence
    return words("answer.join", first=sentence, then=words("answer.granted", share=granted))


def _verdict(entry: Plain, words: Words) -> str:
    """The word of a verdict, with the shares it rests on."""
    label = word_label(entry["word"], words)
    if not has_shares(entry):
        return label
    shares = sorted(counted_share(row, entry["quantifier"]) for row in policy_rows(entry).values())
    low, high = share_text(shares[0]), share_text(shares[-1])
    span = low if low == high else words("answer.span", low=low, high=high)
    return words("answer.verdict", word=label, share=span)


def _weakest(material: Material, reasons: Reasons, words: Words) -> str:
    key = reasons.weakest
    if key is None:
        return words("answer.no_weakest") if any(reasons.premises.values()) else ""
    return words.count(
        "answer.weakest",
        reasons.dependents[key],
        claim=_quoted(material.scenario, key, words),
        verdict=_verdict(material.verdicts["claims"][key], words),
    )


def deciding_numbers(claims: Iterable[Plain]) -> Counter[str]:
    """How many claims hang on each number, by the hinges that were found."""
    counts: Counter[str] = Counter()
    for entry in claims:
        boxes = (entry.get("hinge") or {}).get("boxes") or []
        counts.update({limit["input"] for box in boxes for limit in box["restrictions"]})
    return counts


def _decides(material: Material, words: Words) -> str:
    counts = deciding_numbers(map(material.explained_claim, material.verdicts["claims"]))
    if not counts:
        return _differing(material, words)
    most = [(name, count) for name, count in counts.most_common(2) if count > 1] or [
        counts.most_common(1)[0]
    ]
    names = [_number_title(material.scenario, name, words) for name, _ in most]
    if len(names) == 1:
        return words.count("answer.decides", most[0][1], name=names[0])
    return words.count(
        "answer.decide", most[0][1], first=names[0], second=names[1], other=most[1][1]
    )


def _differing(material: Material, words: Words) -> str:
    """How many claims have another word under another policy."""
    if len(material.scenario.policies) < 2:
        return ""
    number = sum(
        len({row.get("word") for row in entry["policies"].values()}) > 1
        for entry in material.verdicts["claims"].values()
        if has_shares(entry)
    )
    return words.count("answer.differ", number) if number else words("answer.no_difference")


def _number_title(scenario: Scenario, name: str, words: Words) -> str:
    item = scenario.uncertainties.get(name) or scenario.derived.get(name)
    return titled(item.title, name, words) if item is not None else name


def _policies(material: Material, words: Words) -> str:
    policies: Plain = material.verdicts.get("policies") or {}
    if not compares_policies(policies):
        return ""
    scenario = material.scenario
    maker = scenario.players.get(policies.get("decision_maker") or "")
    who = titled(maker.title, maker.name, words) if maker else words("answer.anyone")
    shares: Mapping[str, float | None] = policies.get("joint") or {}
    joint = {name: share for name, share in shares.items() if share}
    if len(joint) < 2:
        return _best_by_objective(scenario, policies, who, words)
    ranked = sorted(joint, key=lambda name: (-joint[name], list(scenario.policies).index(name)))
    best, worst = ranked[0], ranked[-1]
    figures = {"high": share_text(joint[best]), "low": share_text(joint[worst])}
    if joint[best] - joint[worst] < ALIKE:
        return words("answer.policies_alike", maker=who, share=figures["high"])
    return words(
        "answer.policies",
        maker=who,
        best=policy_title(scenario, best, words),
        worst=policy_title(scenario, worst, words),
        **figures,
    )


def _best_by_objective(scenario: Scenario, policies: Plain, who: str, words: Words) -> str:
    """The policy that is the best in the most worlds, of the first objective compared."""
    name, entry = next(item for item in policies["objectives"].items() if len(item[1]["rows"]) > 1)
    rows: Mapping[str, Plain] = entry["rows"]
    shares = {key: float(row["best_share"] or 0.0) for key, row in rows.items()}
    best = max(shares, key=lambda key: shares[key])
    return words(
        "answer.best",
        maker=who,
        policy=policy_title(scenario, best, words),
        objective=titled(scenario.objectives[name].title, name, words),
        share=share_text(shares[best]),
    )


def _solved(material: Material, words: Words) -> str:
    solved = [model["solved"] for model in material.verdicts["models"].values()]
    if not solved:
        return ""
    key = "summary.all_solved" if min(solved) == 1.0 else "summary.solved"
    return words(key, share=at_least_text(min(solved)))


def _quoted(scenario: Scenario, key: str, words: Words) -> str:
    return words("answer.quoted", title=claim_title(scenario.claims[key], words), id=key)
