"""All claims in one table: word, and the share of worlds under each policy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tenbin.figures.words import Words
from tenbin.report.explaining import validity_text
from tenbin.report.material import Context, Material
from tenbin.report.naming import claim_title, policy_title
from tenbin.report.searched import searched_caption, searched_word
from tenbin.report.shares import has_shares, policy_rows, share_row

__all__ = ["context"]


def context(material: Material, words: Words) -> Context:
    scenario = material.scenario
    claims = material.verdicts["claims"]
    named = {policy for entry in claims.values() for policy in policy_rows(entry)}
    policies = [policy for policy in scenario.policies if policy in named]
    validities = {
        identifier: {
            "validity": validity_text(material.explained_claim(identifier).get("validity"), words)
        }
        for identifier in claims
    }
    return {
        "searched": searched_caption(material, words),
        "validity": any(row["validity"] for row in validities.values()),
        "policies": [{"title": policy_title(scenario, name, words)} for name in policies],
        "rows": [
            {
                "id": identifier,
                "title": claim_title(scenario.claims[identifier], words),
                "word": entry["word"],
                **validities[identifier],
                "search": searched_word(material, identifier, words),
                **_cells(entry, policies, words),
            }
            for identifier, entry in claims.items()
        ],
    }


def _cells(entry: Mapping[str, Any], policies: list[str], words: Words) -> dict[str, Any]:
    if not has_shares(entry):
        return {"all": None, "cells": [None] * max(len(policies), 1)}
    rows = {
        policy: share_row(row, entry["quantifier"], words)
        for policy, row in policy_rows(entry).items()
    }
    return {
        "all": rows.get("all") or rows.get("any"),
        "cells": [rows.get(policy) for policy in policies] or [None],
    }
