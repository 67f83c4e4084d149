"""Pictures of a stochastic game and of its solution, for pages and for the terminal.

The first shows the states, what is done in them and where play goes; the second, where the model
has ends or events, when these come; the third, where it has a record, what was observed beside
what the model predicts. The first is of one world, the others have a band over all worlds given.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

import numpy as np
from rich.console import Group, RenderableType
from rich.text import Text
from rich.tree import Tree as Lines

from tenbin.figures.gametree import NEVER, percent
from tenbin.figures.statediagram import (
    ActionRow,
    StateArrow,
    StateBox,
    StateDiagram,
    state_diagram_spec,
)
from tenbin.figures.timecharts import Comparison, Curve, comparison_spec, curves_spec
from tenbin.forms.contract import Drawing
from tenbin.forms.stochastic.bind import BoundGame
from tenbin.forms.stochastic.chains import Chains, chains_of
from tenbin.forms.stochastic.flows import PhaseFlows, phase_flows
from tenbin.forms.stochastic.labels import Labels, labels_of
from tenbin.forms.stochastic.records import observed_shares, year_of
from tenbin.forms.stochastic.refine import GridChange, grid_change
from tenbin.forms.stochastic.rules import Calendar, Record
from tenbin.forms.stochastic.tables import Bools, StochasticSolution
from tenbin.scenario.language import Array
from tenbin.scenario.objects import Scenario

__all__ = ["draw_model", "text_model"]

HORIZONS = (10, 20, 30, 50, 100)
"""Periods that the curves may show: the first after which little more happens, else the last."""
LITTLE = 0.05
BAND = (5.0, 95.0)
"""Percentiles over worlds between which the bands lie."""
LONGEST_WAIT = 1000
"""Periods in which the median of a waiting time is looked for."""


def draw_model(
    scenario: Scenario,
    bound: BoundGame,
    solution: StochasticSolution,
    language: str,
    world: int = 0,
) -> list[Drawing]:
    """The pictures of one model of a scenario.

    Parameters
    ----------
    scenario, language
        For titles, and for the words around them.
    bound, solution
        Games of W worlds with their solution; the bands are over all of them.
    world
        The world that is drawn.
    """
    labels = labels_of(scenario, bound.model, language)
    flows = phase_flows(bound, solution, world)
    drawings = [_draw_states(bound, solution, labels, flows, world)]
    if flows is None:
        return drawings
    chains = chains_of(bound, solution)
    marks = _marks(bound, labels)
    if marks:
        drawings.append(_draw_curves(bound, chains, labels, marks, world))
    if bound.model.rules.record is not None:
        drawings.append(_draw_record(bound, chains, labels, bound.model.rules.record, world))
    return drawings


def _marks(bound: BoundGame, labels: Labels) -> dict[str, Bools]:
    """The ends and events of a model by their titles; where a record names events, those alone."""
    model, record = bound.model, bound.model.rules.record
    observed = {name for name, _ in record.reached} if record is not None else set[str]()
    marks = {labels.named(name): model.phase_states(name) for name in model.ends}
    for name, event in model.rules.events.items():
        if not observed or name in observed:
            marks.setdefault(labels.named(name), model.event_states(event))
    return {title: states for title, states in marks.items() if states.any()}


# states


def _draw_states(
    bound: BoundGame,
    solution: StochasticSolution,
    labels: Labels,
    flows: PhaseFlows | None,
    world: int,
) -> Drawing:
    diagram = _diagram(bound, labels, flows)
    words = labels.words
    said = [words("drawing.states" if flows is not None else "drawing.unsolved")]
    if flows is not None:
        said.append(words(_share_key(flows)))
        change = _change(bound, solution, world)
        if change is not None:
            coarse, fine = change.points
            largest = percent(change.largest) if change.largest > NEVER else "0%"
            said.append(words("drawing.grid", coarse=coarse, fine=fine, change=largest))
    return Drawing("states", state_diagram_spec(diagram, words), labels.joined(said))


def _change(bound: BoundGame, solution: StochasticSolution, world: int) -> GridChange | None:
    """What a finer grid of beliefs changes; worked out once for all languages."""
    key = f"grid change of world {world}"
    if key not in bound.cache:
        bound.cache[key] = grid_change(bound, solution, world)
    found = bound.cache[key]
    return found if isinstance(found, GridChange) else None


def _diagram(bound: BoundGame, labels: Labels, flows: PhaseFlows | None) -> StateDiagram:
    phases = tuple(bound.model.rules.phases)
    boxes = tuple(_box(bound, labels, flows, number) for number in range(len(phases)))
    possible = _possible_ways(bound)
    arrows = tuple(
        StateArrow(
            source,
            target,
            None if flows is None else float(flows.ways[source, target]),
            0.0 if flows is None else float(flows.flow[source, target]),
        )
        for source, target in sorted(possible)
        if source != target
    )
    description = labels.words("describe.states", players=", ".join(labels.players))
    return StateDiagram(boxes, arrows, labels.players, labels.colours, description)


def _possible_ways(bound: BoundGame) -> set[tuple[int, int]]:
    structure, phase = bound.game.structure, bound.model.state_phase
    origin = phase[structure.cell_state[structure.branch_cell]]
    return set(zip(origin.tolist(), phase[structure.branch_to].tolist(), strict=True))


def _box(bound: BoundGame, labels: Labels, flows: PhaseFlows | None, number: int) -> StateBox:
    name = tuple(bound.model.rules.phases)[number]
    is_end = name in bound.model.ends
    share = stays = None
    if flows is not None:
        stays = None if is_end else float(flows.ways[number, number])
        if is_end:
            share = float(flows.ever[number])
        elif flows.lasts:
            share = float(flows.share[number])
        else:
            share = float(flows.visits[number] / max(flows.visits.sum(), 1e-300))
    return StateBox(
        title=labels.named(name),
        share=share,
        stays=stays,
        actions=_action_rows(bound, labels, flows, number),
        types=labels.types() if _is_informed(bound, number) and flows is not None else (),
        is_end=is_end,
    )


def _is_informed(bound: BoundGame, number: int) -> bool:
    """Whether the player with types moves in a state of the file."""
    rules = bound.model.rules
    phase = tuple(rules.phases.values())[number]
    return any(player == rules.informed for player, _ in phase.movers)


def _action_rows(
    bound: BoundGame, labels: Labels, flows: PhaseFlows | None, number: int
) -> tuple[ActionRow, ...]:
    rules = bound.model.rules
    name = tuple(rules.phases)[number]
    if flows is None:
        return tuple(
            ActionRow(player, labels.named(name, rules.players[player], action.name), None)
            for player, actions in rules.phases[name].movers
            for action in actions
        )
    return tuple(
        ActionRow(
            its.player,
            labels.named(name, rules.players[its.player], its.action),
            its.probability,
            its.by_type,
        )
        for its in flows.actions
        if its.phase == number
    )


# curves over time


def _draw_curves(
    bound: BoundGame, chains: Chains, labels: Labels, marks: dict[str, Bools], world: int
) -> Drawing:
    longest = _longest(bound)
    survival = {
        title: 1.0 - chains.curve(states.astype(float), longest + 1, stop=states)[:, 0]
        for title, states in marks.items()
    }
    periods = _horizon([values[world] for values in survival.values()], bound) + 1
    curves = [
        Curve(title, tuple(values[world, :periods].tolist()), *_band(values[:, :periods], chains))
        for title, values in survival.items()
    ]
    words, calendar = labels.words, bound.model.rules.calendar
    times = [calendar.year(t) if calendar else float(t) for t in range(periods)]
    axis = words("axis.year" if calendar else "axis.period")
    description = words("describe.survival", events=", ".join(marks))
    spec = curves_spec(curves, times, axis, words("axis.survival"), description)
    said = [words("drawing.survival"), *_band_words(chains, labels)]
    return Drawing("survival", spec, labels.joined(said))


def _recorded(bound: BoundGame) -> int:
    """How many periods the record covers."""
    rules = bound.model.rules
    if rules.record is None or rules.calendar is None:
        return 0
    return min(max(ceil(rules.calendar.period(year_of(rules.record.until))), 0), LONGEST_WAIT)


def _longest(bound: BoundGame) -> int:
    return max(HORIZONS[-1], _recorded(bound))


def _horizon(curves: Sequence[Array], bound: BoundGame) -> int:
    """The last period shown: the first of `HORIZONS` after which little more happens."""
    for periods in HORIZONS:
        rest = max(float(curve[periods] - curve[-1]) for curve in curves)
        if periods >= _recorded(bound) and rest < LITTLE:
            return periods
    return _longest(bound)


def _band(values: Array, chains: Chains) -> tuple[tuple[float, ...], ...]:
    """Percentiles [times] over the worlds that are solved; nothing where there are too few."""
    solved = values[chains.found[:, 0]]
    if len(solved) < 2:
        return ()
    low, high = np.percentile(solved, BAND, axis=0)
    return tuple(low.tolist()), tuple(high.tolist())


def _band_words(chains: Chains, labels: Labels) -> list[str]:
    solved = int(chains.found[:, 0].sum())
    return [labels.words("drawing.band", worlds=f"{solved:,}")] if solved > 1 else []


# the record


def _draw_record(
    bound: BoundGame, chains: Chains, labels: Labels, record: Record, world: int
) -> Drawing:
    calendar = bound.model.rules.calendar
    assert calendar is not None
    words, until = labels.words, year_of(record.until)
    shares = _compared_shares(bound, chains, labels, record, calendar, world)
    times, latest = _compared_times(bound, chains, labels, record, calendar, world)
    span = (calendar.first, max(until, latest))
    spec = comparison_spec(
        shares,
        times,
        words("axis.share"),
        words("axis.year"),
        words("legend.predicted"),
        words("legend.observed"),
        span,
        words("describe.record"),
    )
    said = [words("drawing.record", until=record.until.isoformat())]
    said += [words("drawing.reached")] if times else []
    return Drawing("record", spec, labels.joined([*said, *_band_words(chains, labels)]))


def _compared_shares(
    bound: BoundGame,
    chains: Chains,
    labels: Labels,
    record: Record,
    calendar: Calendar,
    world: int,
) -> list[Comparison]:
    """The share of the recorded time in each state: expected of the model, and as it was."""
    if not record.spells:
        return []
    observed, found = observed_shares(record), list[Comparison]()
    first = max(round(calendar.period(year_of(record.spells[0].since))), 0)
    last = max(round(calendar.period(year_of(record.until))), first + 1)
    for name in bound.model.rules.phases:
        states = bound.model.phase_states(name)
        if not states.any():
            continue
        present = chains.curve(states.astype(float), last)[:, 0, first:].mean(axis=-1)
        band = _band(present[:, None], chains)
        found.append(
            Comparison(
                labels.named(name),
                float(present[world]),
                band[0][0] if band else None,
                band[1][0] if band else None,
                observed.get(name, 0.0),
            )
        )
    return found


def _compared_times(
    bound: BoundGame,
    chains: Chains,
    labels: Labels,
    record: Record,
    calendar: Calendar,
    world: int,
) -> tuple[list[Comparison], float]:
    """The median year in which each event comes, beside when it came; and the latest year."""
    found: list[Comparison] = []
    latest = calendar.first
    for name, day in record.reached:
        model = bound.model
        states = (
            model.phase_states(name)
            if name in model.rules.phases
            else model.event_states(model.rules.events[name])
        )
        reached = chains.curve(states.astype(float), LONGEST_WAIT + 1, stop=states)[:, 0]
        years = calendar.first + calendar.step * _median_wait(reached)
        band = _band(years[:, None], chains)
        low, high = (band[0][0], band[1][0]) if band else (None, None)
        latest = max(latest, float(years[world]))
        title = labels.named(name)
        by_then = max(min(int(calendar.period(year_of(day))), LONGEST_WAIT), 0)
        title += " " + labels.words("record.chance", share=percent(float(reached[world, by_then])))
        found.append(Comparison(title, float(years[world]), low, high, year_of(day)))
    return found, min(latest, calendar.year(_longest(bound)))


def _median_wait(reached: Array) -> Array:
    """The first period [W] by which an event has come with probability one half."""
    half = reached >= 0.5
    return np.where(half.any(axis=-1), half.argmax(axis=-1), reached.shape[-1] - 1).astype(float)


# the terminal


def text_model(
    scenario: Scenario,
    bound: BoundGame,
    solution: StochasticSolution,
    language: str,
    world: int = 0,
) -> RenderableType:
    """The states one after another: time spent there, what is done, what follows."""
    labels = labels_of(scenario, bound.model, language)
    flows = phase_flows(bound, solution, world)
    diagram = _diagram(bound, labels, flows)
    parts: list[RenderableType] = [
        _box_lines(diagram, number) for number in range(len(diagram.boxes))
    ]
    key = "drawing.unsolved" if flows is None else _share_key(flows)
    return Group(*parts, Text(labels.words(key), style="dim"))


def _share_key(flows: PhaseFlows) -> str:
    return "drawing.lasting" if flows.lasts else "drawing.passing"


def _box_lines(diagram: StateDiagram, number: int) -> Lines:
    box = diagram.boxes[number]
    head = Text(box.title, style="bold italic" if box.is_end else "bold")
    if box.share is not None:
        head.append(f"  {percent(box.share)}", style="default")
    lines = Lines(head, guide_style="dim")
    for row in box.actions:
        colour = diagram.colours[row.player]
        strong = (row.probability or 0.0) > 0.5
        line = Text(f"{diagram.players[row.player]}: {row.label}", style=colour)
        line.stylize("bold" if strong else "")
        if row.probability is not None:
            line.append(f" {percent(row.probability)}", style="default")
        if row.by_type:
            both = zip(box.types, row.by_type, strict=True)
            shown = ", ".join(f"{name} {percent(share)}" for name, share in both)
            line.append(f"  ({shown})", style="dim")
        lines.add(line)
    ways = [(arrow.target, arrow.probability) for arrow in diagram.arrows if arrow.source == number]
    if box.stays is not None and box.stays > NEVER:
        ways.append((number, box.stays))
    taken = [(target, p) for target, p in ways if p is None or p > NEVER]
    if taken:
        shown = [
            diagram.boxes[target].title + (f" {percent(p)}" if p is not None else "")
            for target, p in sorted(taken, key=lambda way: -(way[1] or 0.0))
        ]
        lines.add(Text("→ " + ", ".join(shown)))
    return lines
