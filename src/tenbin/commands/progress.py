"""What a person sees while worlds are solved: a bar on a terminal, else a line now and then."""

from __future__ import annotations

import sys
from time import monotonic
from types import TracebackType
from typing import TYPE_CHECKING, Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

if TYPE_CHECKING:
    from tenbin.figures.words import Words
    from tenbin.run import Progress as Moment

__all__ = ["ProgressShown"]

SECONDS_BETWEEN_LINES = 10.0


class ProgressShown:
    """Shows how far a run is, on standard error; give its `update` to `execute`."""

    def __init__(self, words: Words, console: Console | None = None) -> None:
        self._words = words
        self._console = console or Console(file=sys.stderr)
        self._bar: Progress | None = None
        self._last = monotonic()
        if self._console.is_terminal:
            bar = self._bar = Progress(
                TextColumn("{task.description:<28}"),
                BarColumn(),
                TaskProgressColumn(),
                TimeElapsedColumn(),
                TextColumn("{task.fields[left]}"),
                console=self._console,
                transient=True,
            )
            self._task = bar.add_task(words("bar.drawing"), total=1.0, left="")

    def __enter__(self) -> Self:
        if self._bar is not None:
            self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def say(self, text: str) -> None:
        """One line above the bar."""
        self._console.print(text, highlight=False, markup=False)

    def update(self, moment: Moment) -> None:
        """The run is this far."""
        left = self._left(moment.seconds_left)
        if self._bar is not None:
            doing = self._words("bar.solving", job=moment.job)
            self._bar.update(self._task, completed=moment.share, description=doing[:28], left=left)
        elif monotonic() - self._last >= SECONDS_BETWEEN_LINES:
            self._last = monotonic()
            share = f"{moment.share:.1%}"
            self.say(self._words("bar.line", share=share, job=moment.job, left=left))

    def explaining(self, what: str, share: float) -> None:
        """Explaining a run is this far: at a claim, or at a part of the whole."""
        key = f"explaining.{what}"
        doing = self._words(key) if self._words.has(key) else self._words("explaining", what=what)
        if self._bar is not None:
            self._bar.update(self._task, completed=share, description=doing[:28], left="")
        elif monotonic() - self._last >= SECONDS_BETWEEN_LINES:
            self._last = monotonic()
            self.say(f"{share:.0%}: {doing}")

    def _left(self, seconds: float | None) -> str:
        if seconds is None:
            return self._words("left.unknown")
        minutes, rest = divmod(round(seconds), 60)
        if minutes:
            return self._words("left.minutes", minutes=minutes, seconds=rest)
        return self._words("left.seconds", seconds=rest)
