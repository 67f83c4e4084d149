"""Two runs side by side."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tenbin.errors import TenbinError
from tenbin.judge.diff import diff_manifests, diff_runs, diff_verdicts


def verdicts(word: str, holds: float, *, interval: tuple[float, float]) -> dict[str, Any]:
    row = {
        "holds": holds,
        "fails": 1 - holds,
        "mixed": 0.0,
        "unsolved": 0.0,
        "selected": holds,
        "ties": 0.0,
        "interval": list(interval),
    }
    return {"claims": {"C1": {"word": word, "policies": {"all": row}}}}


OLD = verdicts("holds", 0.97, interval=(0.95, 0.98))
NEW = verdicts("depends", 0.5, interval=(0.47, 0.53))


def test_diff_of_a_run_with_itself_is_empty() -> None:
    assert diff_verdicts(OLD, OLD) == ((), 1)


def test_diff_names_both_words_and_both_shares() -> None:
    (change,), same = diff_verdicts(OLD, NEW)

    assert same == 0
    assert (change.word_before, change.word_after) == ("holds", "depends")
    assert change.shares["holds"] == (0.97, 0.5)
    assert change.beyond_sampling


def test_diff_within_overlapping_intervals_may_be_sampling() -> None:
    near = verdicts("holds", 0.96, interval=(0.94, 0.97))

    (change,), _ = diff_verdicts(OLD, near)

    assert not change.beyond_sampling
    assert not change.word_changed


def test_diff_lists_a_claim_that_is_in_one_run_only() -> None:
    (change,), _ = diff_verdicts({"claims": {}}, NEW)

    assert (change.claim, change.word_before, change.word_after) == ("C1", "absent", "depends")


def test_diff_puts_changed_words_before_changed_shares() -> None:
    before = {"claims": {**OLD["claims"], "C2": OLD["claims"]["C1"]}}
    after = {
        "claims": {
            "C1": verdicts("holds", 0.96, interval=(0.94, 0.97))["claims"]["C1"],
            "C2": NEW["claims"]["C1"],
        }
    }

    changes, _ = diff_verdicts(before, after)

    assert [change.claim for change in changes] == ["C2", "C1"]


def test_diff_of_manifests_names_nested_entries() -> None:
    before = {"seed": 1, "versions": {"tenbin": "0.1", "numpy": "2"}}
    after = {"seed": 2, "versions": {"tenbin": "0.1"}, "extra": True}

    differences = diff_manifests(before, after)

    assert [(d.key, d.before, d.after) for d in differences] == [
        ("seed", 1, 2),
        ("versions.numpy", "2", "absent"),
        ("extra", "absent", True),
    ]


def test_diff_of_run_folders_reads_both_files(tmp_path: Path) -> None:
    for name, content, seed in (("a", OLD, 1), ("b", NEW, 2)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "verdicts.json").write_text(json.dumps(content))
        manifest = {"seed": seed, "results": {"solved": seed}}
        (tmp_path / name / "manifest.json").write_text(json.dumps(manifest))

    plain = diff_runs(tmp_path / "a", tmp_path / "b")

    assert plain["differences"] == {"seed": [1, 2]}
    assert plain["changes"][0]["word"] == ["holds", "depends"]


def test_diff_of_a_folder_without_a_run_says_what_to_give(tmp_path: Path) -> None:
    with pytest.raises(TenbinError, match="no finished run"):
        diff_runs(tmp_path, tmp_path)


def test_diff_of_a_broken_file_says_which(tmp_path: Path) -> None:
    (tmp_path / "verdicts.json").write_text("{")

    with pytest.raises(TenbinError, match=r"verdicts\.json: not readable"):
        diff_runs(tmp_path, tmp_path)
