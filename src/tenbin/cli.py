"""The command line: it only calls what is above it in the flow.

Results that another program may read go to standard output with `--json`; progress and messages
go to standard error. Exit codes: 0 done, 1 the scenario has errors, 2 the command line has.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from tenbin.errors import Problem
    from tenbin.scenario import Scenario

app = typer.Typer(
    name="tenbin",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Weighs a strategic argument: solves its games in many worlds and judges its claims.",
)

ScenarioArgument = Annotated[
    str, typer.Argument(help="A scenario file or folder, or the name of one that ships (see list).")
]
LanguageOption = Annotated[
    str, typer.Option("--lang", help="Language of what is shown: en, ja, ko.")
]
WithOption = Annotated[
    list[str] | None,
    typer.Option("--with", metavar="NAME=VALUE", help="Fix a number at another value."),
]
WorldOption = Annotated[
    int | None,
    typer.Option(min=0, help="A world of a run, by its number; by default the central one."),
]
SeedOption = Annotated[int, typer.Option(help="Seed of the run that the world belongs to.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Write JSON to standard output.")]


def main() -> None:
    """Run the command line; mistakes of the caller end as one message, never as a traceback."""
    from tenbin.errors import ScenarioError, TenbinError

    try:
        app()
    except ScenarioError as error:
        _say(str(error))
        _say(f"\n{len(error.problems)} problem(s) found.")
        sys.exit(1)
    except TenbinError as error:
        _say(str(error))
        sys.exit(1)
    except OSError as error:
        _say(f"{error.filename or 'a file'}: {error.strerror or error}")
        sys.exit(1)
    except KeyboardInterrupt:
        _say("stopped")
        sys.exit(130)


@app.command()
def run(
    scenario: ScenarioArgument,
    worlds: Annotated[int, typer.Option(min=1, help="How many worlds to draw.")] = 10_000,
    seed: Annotated[int, typer.Option(help="Seed of the draws.")] = 0,
    design: Annotated[
        str, typer.Option(help="How worlds are drawn: sobol, latin or monte_carlo.")
    ] = "sobol",
    out: Annotated[
        Path | None, typer.Option(help="Run folder; by default runs/<scenario>.")
    ] = None,
    with_: Annotated[
        list[str] | None,
        typer.Option("--with", metavar="NAME=VALUE", help="Fix a number in every world."),
    ] = None,
    search: Annotated[
        int | None,
        typer.Option(
            min=0,
            help="Judge the first so many worlds over all equilibria found as well; "
            "by default as many as the scenario says.",
        ),
    ] = None,
    explain: Annotated[
        bool,
        typer.Option(
            "--explain",
            help="Find out why as well: what each claim hangs on, whether its premises carry it, "
            "which claims clash, which policy is robust.",
        ),
    ] = False,
    threads: Annotated[int, typer.Option(min=0, help="Threads; 0 uses every core.")] = 0,
    language: LanguageOption = "en",
    json: JsonOption = False,
) -> None:
    """Solve every model in every world, judge every claim, write a report."""
    from tenbin.commands.run import RunRequest, run_scenario

    request = RunRequest(
        path=_locate(scenario),
        out=out or Path("runs") / Path(scenario).stem,
        worlds=worlds,
        seed=seed,
        design=_one_of("--design", design, ("sobol", "latin", "monte_carlo")),
        replaced=_assignments(with_ or []),
        search=search,
        explain=explain,
        threads=threads,
        language=_language(language),
    )
    run_scenario(request, to_json=json)


@app.command()
def check(
    scenario: ScenarioArgument,
    strict: Annotated[bool, typer.Option(help="Treat warnings as errors.")] = False,
) -> None:
    """Check a scenario: every problem at once, each with its line and column."""
    from tenbin.judge.check import check_scenario

    path = _locate(scenario)
    found, problems = check_scenario(path)
    _report_problems(problems)
    errors = [problem for problem in problems if strict or not problem.warning]
    if errors or found is None:
        sys.exit(1)
    typer.echo(_in_words(found))


@app.command()
def show(
    scenario: ScenarioArgument,
    model: Annotated[str | None, typer.Argument(help="One model; all by default.")] = None,
    svg: Annotated[
        Path | None, typer.Option(help="Write SVG pictures into this folder instead.")
    ] = None,
    policy: Annotated[str | None, typer.Option(help="Draw under this policy.")] = None,
    language: LanguageOption = "en",
) -> None:
    """Draw the games: how they feed one another, then each as it is played in the central world."""
    from tenbin.commands.show import show_scenario

    show_scenario(_checked(scenario), model, policy, svg, _language(language))


@app.command()
def solve(
    file: Annotated[str, typer.Argument(help="A scenario, or a .efg, .nfg or .gmcr file.")],
    model: Annotated[
        str | None, typer.Option(help="Which model; needed if there are several.")
    ] = None,
    concept: Annotated[
        str | None, typer.Option(help="A concept of the model's form; the model's own by default.")
    ] = None,
    precision: Annotated[
        float | None, typer.Option(help="Precision of the concept qre, per payoff unit.")
    ] = None,
    policy: Annotated[str | None, typer.Option(help="Solve under this policy.")] = None,
    with_: WithOption = None,
    world: WorldOption = None,
    seed: SeedOption = 0,
    exact: Annotated[
        bool, typer.Option("--exact", help="Prove each equilibrium of a tree in fractions.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Solve one game in one world: by default the central values of the scenario."""
    from tenbin.commands.solve import solution_text, solve_file

    answer = solve_file(
        Path(file) if _is_game(file) else _locate(file),
        model,
        concept,
        precision,
        policy,
        replaced=_assignments(with_ or []),
        world=world,
        seed=seed,
        exact=exact,
    )
    if json:
        _write_json(answer)
    else:
        typer.echo(solution_text(answer))


@app.command()
def convert(
    source: Annotated[
        str, typer.Argument(help="A .efg, .nfg or .gmcr file, a scenario, or SCENARIO:MODEL.")
    ],
    out: Annotated[
        Path, typer.Argument(help="The file to write: .efg or .nfg; .yaml from another's file.")
    ],
    model: Annotated[
        str | None, typer.Option(help="Which model; needed if there are several.")
    ] = None,
    policy: Annotated[str | None, typer.Option(help="The game under this policy.")] = None,
    with_: WithOption = None,
    world: WorldOption = None,
    seed: SeedOption = 0,
    outcomes: Annotated[
        bool, typer.Option("--outcomes", help="Write .nfg with payoffs listed once, as outcomes.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
) -> None:
    """Write a game as another kind of file: Gambit's .efg and .nfg, or a scenario."""
    from tenbin.commands.convert import ConvertRequest, convert_file

    name, _, chosen = source.rpartition(":")
    is_whole = not name or _is_game(source) or Path(source).exists()
    if not is_whole and model not in (None, chosen):
        _fail(f"{source} names the model '{chosen}', and --model {model} another")
    request = ConvertRequest(
        source=Path(source) if _is_game(source) else _locate(source if is_whole else name),
        target=out,
        model=model if is_whole else chosen,
        policy=policy,
        world=world,
        seed=seed,
        replaced=_assignments(with_ or []),
        version="outcome" if outcomes else "payoff",
        force=force,
    )
    typer.echo(str(convert_file(request)))


@app.command()
def report(
    folder: Annotated[Path, typer.Argument(help="A run folder.")],
    format_: Annotated[
        str, typer.Option("--format", help="One or several of html, json, md, csv, with commas.")
    ] = "html",
    figures: Annotated[
        Path | None, typer.Option(help="Write the pictures into this folder, as SVG and PNG.")
    ] = None,
    language: LanguageOption = "en",
) -> None:
    """Write the report again from a run folder: a page, data, a memo, a table, or its pictures."""
    from tenbin.commands.report import report_run

    _need_run(folder)
    formats = tuple(dict.fromkeys(part.strip() for part in format_.split(",")))
    for name in formats:
        _one_of("--format", name, ("html", "json", "md", "csv"))
    for path in report_run(folder, formats, figures, _language(language)):
        typer.echo(str(path))


@app.command()
def doctor(json: JsonOption = False) -> None:
    """Say what this machine has: versions, cores, the compile cache, extras, fonts for pictures."""
    from tenbin.commands.doctor import examination, examination_text

    found = examination()
    if json:
        _write_json(found)
    else:
        typer.echo(examination_text(found))


@app.command()
def explain(
    source: Annotated[
        str, typer.Argument(help="A run folder, or a scenario: its verdicts are then made anew.")
    ],
    claim: Annotated[str | None, typer.Argument(help="Which claim; all by default.")] = None,
    policy: Annotated[
        str | None, typer.Option(help="Under this policy; by default the first.")
    ] = None,
    world: Annotated[
        int | None, typer.Option(min=0, help="Walk through this world of the run instead.")
    ] = None,
    hold: Annotated[
        list[str] | None,
        typer.Option("--hold", metavar="NAME", help="A number that the counterexample leaves."),
    ] = None,
    search_levers: Annotated[
        bool,
        typer.Option(
            "--search-levers",
            help="Search the levers with ranges for each objective instead; --policy says whose "
            "committed moves hold.",
        ),
    ] = False,
    seed: SeedOption = 0,
    language: LanguageOption = "en",
    json: JsonOption = False,
) -> None:
    """Say why: what a claim hangs on, its nearest counterexample, or what happens in one world."""
    from tenbin.commands.explain import ExplainRequest, explanation_data, explanation_text
    from tenbin.commands.explain import explain as explain_source

    is_run = (Path(source) / "manifest.json").is_file()
    path = Path(source) if is_run else _locate(source)
    if search_levers:
        from tenbin.commands.levers import levers_data, levers_text, searched_levers

        scenario, found = searched_levers(path, policy, seed)
        if json:
            _write_json(levers_data(found))
        else:
            typer.echo(levers_text(scenario, found, _language(language)))
        return
    request = ExplainRequest(
        path=path,
        claim=claim,
        policy=policy,
        world=world,
        hold=tuple(hold or ()),
        seed=seed,
        language=_language(language),
    )
    answer = explain_source(request)
    if json:
        _write_json(explanation_data(answer))
    else:
        typer.echo(explanation_text(answer, request))


@app.command()
def diff(
    before: Annotated[Path, typer.Argument(help="A run folder.")],
    after: Annotated[Path, typer.Argument(help="Another run folder.")],
    language: LanguageOption = "en",
    json: JsonOption = False,
) -> None:
    """Say which verdicts changed between two runs, by how much, and what differs."""
    from tenbin.commands.diff import diff_text
    from tenbin.judge.diff import diff_runs

    changes = diff_runs(before, after)
    if json:
        _write_json(changes)
    else:
        typer.echo(diff_text(changes, _language(language)))


@app.command()
def new(
    path: Annotated[Path, typer.Argument(help="The file to write.")] = Path("scenario.yaml"),
) -> None:
    """Write a commented scenario to start from."""
    from importlib.resources import files

    if path.exists():
        _fail(f"{path} is there already; name another file")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(files("tenbin.library").joinpath("template.yaml").read_text("utf-8"), "utf-8")
    typer.echo(f"{path} written. Next: tenbin check {path} && tenbin run {path}")


@app.command("list")
def list_(language: LanguageOption = "en") -> None:
    """List the scenarios that ship, and the forms and their concepts."""
    from tenbin.forms import find_rooms, room
    from tenbin.library import scenario_names
    from tenbin.scenario import load_scenario

    code = _language(language)
    typer.echo("scenarios:")
    for name in scenario_names():
        typer.echo(f"  {name:<28} {load_scenario(_locate(name)).title.in_language(code)}")
    typer.echo("forms:")
    for name in find_rooms():
        typer.echo(f"  {name:<28} {', '.join(room(name).concepts)}")


@app.command()
def schema() -> None:
    """Print the JSON Schema of scenario files, for editors."""
    from tenbin.forms.schema import form_schemas
    from tenbin.scenario.schema import scenario_schema

    _write_json(scenario_schema(form_schemas()))


def _locate(name: str) -> Path:
    """A path given, or a scenario that ships; ends the command where there is neither."""
    from tenbin.errors import nearest
    from tenbin.library import find_scenario, scenario_names

    shipped = find_scenario(name)
    if Path(name).exists():
        if shipped is not None:
            _say(f"'{name}' is taken from this folder; a scenario that ships has that name too")
        return Path(name)
    if shipped is None:
        guess = nearest(name, scenario_names())
        hint = f" Did you mean '{guess}'?" if guess else ""
        _fail(f"no file, folder or shipped scenario named '{name}'.{hint} See: tenbin list")
    return shipped


def _is_game(name: str) -> bool:
    """Whether a file of another tool is named."""
    return name.lower().endswith((".efg", ".nfg", ".gmcr"))


def _checked(name: str) -> Scenario:
    """The scenario, or the end of the command with all its problems shown."""
    from tenbin.errors import ScenarioError
    from tenbin.judge.check import check_scenario

    found, problems = check_scenario(_locate(name))
    errors = [problem for problem in problems if not problem.warning]
    if errors or found is None:
        raise ScenarioError(errors)
    return found


def _report_problems(problems: list[Problem]) -> None:
    if problems:
        _say("\n\n".join(str(problem) for problem in problems))
        errors = sum(not problem.warning for problem in problems)
        _say(f"\n{errors} error(s), {len(problems) - errors} warning(s).")


def _in_words(scenario: Scenario) -> str:
    """One line: what a scenario without errors holds."""
    counts = (
        (len(scenario.models), "model(s)"),
        (len(scenario.uncertainties), "uncertainties"),
        (len(scenario.policies), "policies"),
        (len(scenario.claims), "claim(s)"),
    )
    return "no errors: " + ", ".join(f"{count} {what}" for count, what in counts)


def _assignments(texts: list[str]) -> dict[str, float]:
    pairs = [_assignment(text) for text in texts]
    names = [name for name, _ in pairs]
    twice = [name for name in dict.fromkeys(names) if names.count(name) > 1]
    if twice:
        _fail(f"--with {twice[0]}: given more than once; which value is meant?")
    return dict(pairs)


def _assignment(text: str) -> tuple[str, float]:
    name, _, value = text.partition("=")
    try:
        return name.strip(), float(value)
    except ValueError:
        _fail(f"--with {text}: expected NAME=VALUE with a number, e.g. --with troops=28500")


def _language(code: str) -> str:
    return _one_of("--lang", code, ("en", "ja", "ko"))


def _one_of(option: str, given: str, allowed: tuple[str, ...]) -> str:
    if given not in allowed:
        _fail(f"{option} {given}: allowed are {', '.join(allowed)}")
    return given


def _need_run(folder: Path) -> None:
    if not (folder / "manifest.json").is_file():
        _fail(f"{folder} is no run folder: it holds no manifest.json")


def _write_json(value: object) -> None:
    import json

    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True) + "\n")


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")


def _fail(text: str) -> NoReturn:
    _say(text)
    sys.exit(2)


if __name__ == "__main__":
    main()
