"""Which job answers an outcome: a model with only those parts of a setting that reach it."""

from __future__ import annotations

from dataclasses import dataclass, field

from tenbin.errors import Place, Problem, ScenarioError
from tenbin.forms import find_rooms, room
from tenbin.forms.contract import Model, Room
from tenbin.run.settings import overlay, settled
from tenbin.scenario.language import OutcomeCall, Setting
from tenbin.scenario.objects import ModelEntry, Scenario
from tenbin.worlds import reached_numbers

__all__ = ["Job", "Resolver"]

MAX_CHAIN = 50
"""Models that feed one another in a row."""
MAX_SETTINGS = 10_000
"""Settings of models that one scenario may ask for."""

_Path = tuple[tuple[str, Setting, OutcomeCall], ...]


@dataclass(frozen=True, slots=True)
class Job:
    """A model under a setting, restricted to what reaches it: what is solved once per world."""

    model: str
    setting: Setting = field(default_factory=Setting)


class Resolver:
    """Turns calls into jobs; compiles each model once per set of committed moves."""

    def __init__(self, scenario: Scenario) -> None:
        self._scenario = scenario
        self._compiled: dict[tuple[str, tuple[tuple[str, str], ...]], Model] = {}
        self._jobs: dict[tuple[str, Setting], Job] = {}
        self._settings: dict[tuple[OutcomeCall, Setting], Setting] = {}

    def compiled(self, model: str, setting: Setting) -> Model:
        """The structure of a model under the committed moves of a setting.

        Raises
        ------
        ScenarioError
            With every structural problem of the model.
        """
        play = _own_play(model, setting)
        key = (model, tuple(play.items()))
        if key not in self._compiled:
            form = _room_of(self._scenario.models[model])
            self._compiled[key] = form.compile(self._scenario, model, play)
        return self._compiled[key]

    def links(self, job: Job) -> tuple[OutcomeCall, ...]:
        """The outcomes that a job's numbers read, directly or through derived numbers."""
        return self._links(job.model, job.setting)[1]

    def asked(self, call: OutcomeCall, setting: Setting) -> Job:
        """The job that answers a call asked under a setting."""
        return self._job(call.model, self._setting_of(call, setting), ())

    def _setting_of(self, call: OutcomeCall, setting: Setting) -> Setting:
        """The setting under which a call is answered that is asked under another, settled."""
        key = (call, setting)
        if key not in self._settings:
            overlaid = overlay(self._scenario, setting, call)
            self._settings[key] = settled(self._scenario, overlaid)
        return self._settings[key]

    def job(self, model: str, setting: Setting) -> Job:
        """A model under a setting, as the distinct job that it is.

        Raises
        ------
        ScenarioError
            If the model is fed by itself, with the path.
        """
        return self._job(model, settled(self._scenario, setting), ())

    def _links(
        self, model: str, setting: Setting
    ) -> tuple[frozenset[str], tuple[OutcomeCall, ...]]:
        compiled = self.compiled(model, setting)
        names, calls = reached_numbers(self._scenario, compiled.names, dict(setting.values))
        return names, tuple(dict.fromkeys((*compiled.links, *calls)))

    def _job(self, model: str, setting: Setting, path: _Path) -> Job:
        """The job; `path` are the models that it feeds, with the call by which each asks."""
        key = (model, setting)
        if key not in self._jobs:
            names, calls = self._links(model, setting)
            kept = set(names)
            play = {item for item in setting.play if item[0].split(".", 1)[0] == model}
            for call in calls:
                step = (*path, (model, setting, call))
                _refuse_circle(step)
                _refuse_long(step)
                through, moves = self._reaching(call, setting, step)
                kept |= through
                play |= moves
            if len(self._jobs) >= MAX_SETTINGS:
                raise ScenarioError([_too_many(self._scenario.models[model].place)])
            self._jobs[key] = Job(model, _restricted(setting, kept, play))
        return self._jobs[key]

    def _reaching(
        self,
        call: OutcomeCall,
        setting: Setting,
        path: _Path,
    ) -> tuple[set[str], set[tuple[str, str]]]:
        """The names and committed moves of a setting that matter to a call asked under it."""
        asked = self._setting_of(call, setting)
        below = self._job(call.model, asked, path).setting
        given = dict(setting.values)
        replaced = dict(call.replaced)
        named = dict(self._scenario.policies[call.policy].values) if call.policy else {}
        through = {
            name
            for name, value in below.values
            if name not in replaced and name not in named and given.get(name) == value
        }
        for value in replaced.values():
            through |= reached_numbers(self._scenario, value.names, given)[0]
        return through, set() if call.policy else set(below.play)

    def problems(self, job: Job, call: OutcomeCall) -> list[Problem]:
        """What is wrong with asking a job for an outcome; empty when it can be answered."""
        form = room(self._scenario.models[job.model].form)
        return form.check_call(self.compiled(job.model, job.setting), call)


def _room_of(entry: ModelEntry) -> Room:
    if entry.form not in find_rooms():
        what = f"unknown form '{entry.form}' of model '{entry.name}'"
        raise ScenarioError([Problem(entry.place_of("form"), what, entry.form, find_rooms())])
    return room(entry.form)


def _own_play(model: str, setting: Setting) -> dict[str, str]:
    """The committed moves of one model: action by move."""
    split = ((dotted.split(".", 1), action) for dotted, action in setting.play)
    return {move: action for (owner, move), action in split if owner == model}


def _restricted(setting: Setting, names: set[str], moves: set[tuple[str, str]]) -> Setting:
    return Setting(
        tuple(item for item in setting.values if item[0] in names),
        tuple(item for item in setting.play if item in moves),
    )


def _refuse_long(path: _Path) -> None:
    if len(path) > MAX_CHAIN:
        what = f"more than {MAX_CHAIN} models feed one another in a row"
        raise ScenarioError([Problem(path[-1][2].place, what)])


def _too_many(place: Place) -> Problem:
    what = f"more than {MAX_SETTINGS:,} settings of models are to be told apart"
    advice = "Replace numbers in fewer links: each value of each multiplies what is solved."
    return Problem(place, what, advice=advice)


def _refuse_circle(path: _Path) -> None:
    """Refuse a path that comes back to where it was.

    Which models feed a model depends on committed moves and on which names are replaced, not on
    their values; so a path that comes back to the same of these goes round for ever.
    """
    call = path[-1][2]
    states = [
        (earlier, given.play, tuple(name for name, _ in given.values)) for earlier, given, _ in path
    ]
    first = states.index(states[-1])
    if first == len(states) - 1:
        return
    circle = [earlier for earlier, _, _ in states[first:]]
    problem = Problem(
        call.place,
        f"models feed each other in a circle: {' <- '.join(circle)}",
        advice="A number of a model may not hang on that model's own outcome.",
    )
    raise ScenarioError([problem])
