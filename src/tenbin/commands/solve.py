"""One game in one world: the central values of a scenario, or a Gambit file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from tenbin.commands.names import choose
from tenbin.errors import FormError
from tenbin.forms import room
from tenbin.forms.contract import ADVICE, Certificate, Solution, SolverOptions, Status

if TYPE_CHECKING:
    from tenbin.scenario import Scenario

__all__ = ["Answer", "solution_text", "solve_file"]

Answer = dict[str, Any]
"""Equilibria of one game with method, status and completeness, as plain data."""


def solve_file(
    path: Path,
    model: str | None = None,
    concept: str | None = None,
    precision: float | None = None,
    policy: str | None = None,
) -> Answer:
    """Equilibria of one game in one world.

    Parameters
    ----------
    path
        A scenario (file or folder), an extensive game in Gambit's `.efg` format, or a conflict in
        the `.gmcr` format of GMCR+.
    model
        The model's name; may be left out where a scenario has one.
    concept
        A concept of the model's form; by default the model's own.
    precision
        Precision of the concept `qre`, per payoff unit of the file.
    policy
        A policy of the scenario; by default none.

    Returns
    -------
    `equilibria` (each with `profile`, `payoffs`, `residual`; and with `branch` where the models
    that feed this one have several equilibria), `complete`, `method`, `status`, and the status's
    sentence of advice.

    Raises
    ------
    ScenarioError
        If the file has errors.
    TenbinError
        If the model or policy is unknown, or the concept does not cover the game.
    """
    if path.suffix == ".efg":
        return _solve_efg(path, concept or "sequential", precision)
    from tenbin.run import Setting, policy_setting, solve_central
    from tenbin.scenario import load_scenario

    scenario = _read_gmcr(path) if path.suffix == ".gmcr" else load_scenario(path)
    name = choose("model", model, tuple(scenario.models))
    setting = Setting()
    if policy is not None:
        setting = policy_setting(scenario, choose("policy", policy, tuple(scenario.policies)))
    entry = scenario.models[name]
    form = room(entry.form)
    options = SolverOptions(
        concept=_concept(concept or entry.concept or form.concepts[0], form.concepts),
        precision=precision if precision is not None else entry.precision,
    )
    central = solve_central(scenario, name, setting, options)
    found = form.describe(central.game, central.solution, central.certificate, 0)
    answer = _answer(found, central.solution, central.certificate)
    for branch in range(1, int(central.branches[0])):
        further = solve_central(scenario, name, setting, options, branch)
        found = form.describe(further.game, further.solution, further.certificate, 0)
        _add_branch(answer, _answer(found, further.solution, further.certificate), branch)
    answer["complete"] &= not central.capped[0]
    return answer


def _add_branch(answer: Answer, further: Answer, branch: int) -> None:
    """Add the equilibria along another branch of the models that feed this one.

    The status is that of the first branch that is not solved.
    """
    for equilibrium in answer["equilibria"]:
        equilibrium.setdefault("branch", 1)
    for equilibrium in further["equilibria"]:
        answer["equilibria"].append({**equilibrium, "branch": branch + 1})
    answer["complete"] &= further["complete"]
    if answer["status"] == Status.SOLVED.name.lower():
        answer["status"], answer["advice"] = further["status"], further["advice"]


def solution_text(answer: Answer) -> str:
    """An answer of `solve_file` as text for a person."""
    lines = [f"method: {answer['method']}", f"status: {answer['status']}. {answer['advice']}"]
    for number, equilibrium in enumerate(answer["equilibria"], start=1):
        lines.append(f"equilibrium {number} (residual {equilibrium['residual']:.1e})")
        for part, content in equilibrium.items():
            if part != "residual":
                lines += _part_text(part, content)
    said = "all equilibria" if answer["complete"] else "found so far: there may be others"
    return "\n".join([*lines, said])


def _part_text(part: str, content: Any) -> list[str]:
    """A part of an equilibrium: what stands in a profile line by line, all else in one."""
    if part != "profile":
        return [f"  {part}: {_in_line(content)}"]
    return [f"  {name}: {_in_line(chosen)}" for name, chosen in content.items()]


def _in_line(content: Any) -> str:
    """Plain data as one line: numbers in six digits, mappings as name and value."""
    match content:
        case dict():
            return ", ".join(f"{name} {_in_line(value)}" for name, value in content.items())
        case list():
            return ", ".join(map(_in_line, content))
        case bool():
            return "yes" if content else "no"
        case float():
            return f"{content:.6g}"
        case _:
            return str(content)


def _read_gmcr(path: Path) -> Scenario:
    from tenbin.forms.conflict.exchange import read_gmcr
    from tenbin.scenario import Scenario

    return Scenario.from_dict(read_gmcr(path))


def _solve_efg(path: Path, concept: str, precision: float | None) -> Answer:
    from tenbin.forms.tree.certify import certify_tree
    from tenbin.forms.tree.describe import describe_equilibria
    from tenbin.forms.tree.exchange import read_efg
    from tenbin.forms.tree.room import ROOM, solve_game

    game = read_efg(path)
    options = SolverOptions(concept=_concept(concept, ROOM.concepts), precision=precision)
    solution = solve_game(game, options)
    certificate = certify_tree(game, solution, options.tolerance)
    found = describe_equilibria(game, solution, certificate, 0)
    return _answer(found, solution, certificate)


def _answer(found: list[dict[str, Any]], solution: Solution, certificate: Certificate) -> Answer:
    certified = bool(certificate.certified[0, 0] and solution.found[0, 0])
    status = Status.SOLVED if certified else Status(int(solution.status[0]))
    if not certified and status is Status.SOLVED:
        status = Status.NOT_CERTIFIED
    return {
        "equilibria": found,
        "complete": bool(solution.complete[0]),
        "method": solution.method,
        "status": status.name.lower(),
        "advice": ADVICE[status],
    }


def _concept(given: str, allowed: tuple[str, ...]) -> str:
    if given not in allowed:
        raise FormError(f"unknown concept '{given}'; allowed here: {', '.join(allowed)}")
    return given
