"""`tenbin solve` where the models that feed a model have several equilibria."""

from __future__ import annotations

from pathlib import Path

from tenbin.commands.solve import solution_text, solve_file

LINKED = """
tenbin: 1
title: Linked
players: {she: She, he: He, host: Host}
models:
  evening:
    form: conflict
    concept: nash
    options: {she_opera: she, he_opera: he}
    start: [she_opera]
    states: {opera: "she_opera and he_opera"}
    preferences:
      she: {weights: {"she_opera and he_opera": 2, "not she_opera and not he_opera": 1}}
      he: {weights: {"she_opera and he_opera": 1, "not she_opera and not he_opera": 2}}
  hall:
    form: tree
    start: lease
    moves: {lease: {player: host, actions: {take: taken, leave: left}}}
    ends:
      taken: {host: P(evening.opera) - 0.5}
      left: {host: 0}
"""
"""Both opera and both fight are stable (R. D. Luce and H. Raiffa, 1957, section 5.3)."""


def test_equilibria_along_every_branch_are_given(tmp_path: Path) -> None:
    path = tmp_path / "linked.yaml"
    path.write_text(LINKED, encoding="utf-8")

    answer = solve_file(path, "hall")

    taken = {one["branch"]: one["profile"]["lease"]["take"] for one in answer["equilibria"]}
    assert sorted(taken.values()) == [0.0, 1.0]
    assert sorted(taken) == [1, 2]
    assert "branch: 2" in solution_text(answer)


def test_model_fed_by_nobody_has_no_branch(tmp_path: Path) -> None:
    path = tmp_path / "linked.yaml"
    path.write_text(LINKED, encoding="utf-8")

    assert all("branch" not in one for one in solve_file(path, "evening")["equilibria"])


def test_game_that_has_no_equilibrium_is_solved_and_says_so(tmp_path: Path) -> None:
    # He wants the opposite of what she wants: matching pennies.
    path = tmp_path / "pennies.yaml"
    likes = '{weights: {"she_opera and he_opera": 1, "not she_opera and not he_opera": 2}}'
    assert LINKED.count(likes) == 1
    wants = '{weights: {"she_opera and not he_opera": 1, "not she_opera and he_opera": 1}}'
    path.write_text(LINKED.replace(likes, wants), encoding="utf-8")

    answer = solve_file(path, "evening")

    assert (answer["status"], answer["equilibria"], answer["complete"]) == ("solved", [], True)
    assert solution_text(answer).endswith("\nno equilibrium")
