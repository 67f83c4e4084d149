"""One game in one world: a scenario's central one or another, or a file of another tool."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tenbin.commands.exact import add_proofs, exact_game, proof_lines
from tenbin.commands.names import choose
from tenbin.errors import FormError, TenbinError
from tenbin.forms import room
from tenbin.forms.contract import ADVICE, Certificate, Solution, SolverOptions, Status

if TYPE_CHECKING:
    from tenbin.forms.contract import Room
    from tenbin.run import SolvedModel
    from tenbin.scenario import Scenario

__all__ = ["Answer", "solution_text", "solve_file"]

Answer = dict[str, Any]
"""Equilibria of one game with method, status and completeness, as plain data."""

NO_EQUILIBRIUM = "It is certified that there is no equilibrium."


def solve_file(
    path: Path,
    model: str | None = None,
    concept: str | None = None,
    precision: float | None = None,
    policy: str | None = None,
    *,
    replaced: Mapping[str, float] | None = None,
    world: int | None = None,
    seed: int = 0,
    exact: bool = False,
) -> Answer:
    """Equilibria of one game in one world.

    Parameters
    ----------
    path
        A scenario (file or folder), a game in Gambit's `.efg` or `.nfg` format, or a conflict in
        the `.gmcr` format of GMCR+.
    model
        The model's name; may be left out where a scenario has one.
    concept
        A concept of the model's form; by default the model's own.
    precision
        Precision of the concept `qre`, per payoff unit of the file.
    policy
        A policy of the scenario; by default none.
    replaced
        Numbers of the scenario that are given another value.
    world
        A world of the runs with this seed and the design `sobol`, by its number; by default the
        central one.
    seed
        The seed of those runs.
    exact
        Whether to prove every equilibrium of a tree in fractions (`commands.exact`).

    Returns
    -------
    `equilibria` (each with `profile`, `payoffs`, `residual`; with `exact` where asked for; and with
    `branch` where the models that feed this one have several equilibria), `complete`, `method`,
    `status`, and the status's sentence of advice.

    Raises
    ------
    ScenarioError
        If the file has errors.
    TenbinError
        If the model or policy is unknown, or the concept does not cover the game.
    """
    if path.suffix.lower() in (".efg", ".nfg"):
        if model or policy or replaced or world is not None:
            what = "--model, --policy, --world and --with belong to scenarios"
            raise TenbinError(f"'{path}' holds one game of one world: {what}")
        return _solve_tree(path, concept or "sequential", precision, exact=exact)
    from tenbin.exchange import chosen_world
    from tenbin.run import Setting, policy_setting, solve_worlds
    from tenbin.scenario import load_scenario
    from tenbin.scenario.fixing import with_numbers

    scenario = _read_gmcr(path) if path.suffix.lower() == ".gmcr" else load_scenario(path)
    if replaced:
        scenario = with_numbers(scenario, replaced)
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
    draws = chosen_world(scenario, world, seed)
    central = solve_worlds(scenario, name, draws, setting, options)
    found = _described(form, central, exact=exact)
    answer = _answer(found, central.solution, central.certificate)
    for branch in range(1, int(central.branches[0])):
        further = solve_worlds(scenario, name, draws, setting, options, branch)
        found = _described(form, further, exact=exact)
        _add_branch(answer, _answer(found, further.solution, further.certificate), branch)
    answer["complete"] &= not central.capped[0]
    return answer


def _described(form: Room, solved: SolvedModel, *, exact: bool) -> list[dict[str, Any]]:
    """The equilibria of one world, with what is proved of them where asked for."""
    found = form.describe(solved.game, solved.solution, solved.certificate, 0)
    if exact:
        add_proofs(found, exact_game(solved.game), solved.solution)
    return found


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
    if answer["advice"] == NO_EQUILIBRIUM:
        said = "no equilibrium"
    outcomes = {equilibrium.get("outcome") for equilibrium in answer["equilibria"]} - {None}
    if outcomes:
        profiles = len(answer["equilibria"])
        lines.append(f"{profiles} profiles, {len(outcomes)} different in what happens")
    return "\n".join([*lines, said])


def _part_text(part: str, content: Any) -> list[str]:
    """A part of an equilibrium: what stands in a profile line by line, all else in one."""
    if part == "exact":
        return proof_lines(content)
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


def _solve_tree(path: Path, concept: str, precision: float | None, *, exact: bool) -> Answer:
    from tenbin.forms.tree.certify import certify_tree
    from tenbin.forms.tree.describe import describe_equilibria
    from tenbin.forms.tree.exact_numbers import exact_file
    from tenbin.forms.tree.exchange import read_game_file
    from tenbin.forms.tree.exchange_file import game_of_file
    from tenbin.forms.tree.room import ROOM, solve_game

    file = read_game_file(path)
    game = game_of_file(file)
    options = SolverOptions(concept=_concept(concept, ROOM.concepts), precision=precision)
    solution = solve_game(game, options)
    certificate = certify_tree(game, solution, options.tolerance)
    found = describe_equilibria(game, solution, certificate, 0)
    if exact:
        add_proofs(found, exact_file(file, game.tree), solution)
    return _answer(found, solution, certificate)


def _answer(found: list[dict[str, Any]], solution: Solution, certificate: Certificate) -> Answer:
    from tenbin.run.solving import world_status

    status = Status(int(world_status(solution, certificate, solution.found[:, 0] & False)[0]))
    none = status is Status.SOLVED and not found
    return {
        "equilibria": found,
        "complete": bool(solution.complete[0]),
        "method": solution.method,
        "status": status.name.lower(),
        "advice": NO_EQUILIBRIUM if none else ADVICE[status],
    }


def _concept(given: str, allowed: tuple[str, ...]) -> str:
    if given not in allowed:
        raise FormError(f"unknown concept '{given}'; allowed here: {', '.join(allowed)}")
    return given
