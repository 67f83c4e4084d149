"""The files of a scenario -> one tree of nodes: includes merged, texts put in, facts read.

Nothing outside the scenario's folder is ever opened, whatever its patterns or links say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tenbin.errors import NOWHERE, Place, Problem
from tenbin.scenario.facts import read_facts
from tenbin.scenario.objects import Fact
from tenbin.scenario.source import (
    MAX_BYTES,
    Node,
    Source,
    decode,
    lines_of,
    read_yaml,
    too_large,
)
from tenbin.scenario.texts import is_language, is_text_key

__all__ = ["Gathered", "gather", "gather_data"]

MAX_FILES = 300
"""Files of one scenario."""
MAX_TOTAL_BYTES = 10_000_000
"""Bytes of all files of one scenario."""

_PATTERN = re.compile(r"[\w*?\-.]+(/[\w*?\-.]+){0,3}")
_GAMES = (".efg", ".nfg")
"""Files of games that a model may import."""
_MERGED = (
    "players",
    "uncertainties",
    "constants",
    "derived",
    "levers",
    "policies",
    "measures",
    "models",
    "claims",
    "objectives",
)


@dataclass
class Gathered:
    """Everything read, before it is understood; `root` is None where a file cannot be read."""

    folder: Path | None = None
    root: Node | None = None
    files: list[Path] = field(default_factory=list)
    facts: dict[str, Fact] | None = None
    problems: list[Problem] = field(default_factory=list)


def gather(path: Path) -> Gathered:
    """All files of the scenario at a path: a file, or a folder with its `scenario.yaml`."""
    is_folder = path.is_dir()
    main = path / "scenario.yaml" if is_folder else path
    gatherer = _Gatherer(Gathered(folder=main.parent), main, is_folder)
    gatherer.read()
    return gatherer.found


def gather_data(root: Node) -> Gathered:
    """As `gather`, for a scenario built in Python: it can include nothing."""
    found = Gathered(root=root)
    for key in ("include",):
        if root.get(key) is not None:
            what = "a scenario built in Python includes no files: merge them first"
            found.problems.append(Problem(NOWHERE, what))
    facts = root.get("facts")
    if facts is not None and isinstance(facts.value, str):
        what = "a scenario built in Python has its facts in place, by id, not in a file"
        found.problems.append(Problem(NOWHERE, what))
    _put_texts(root, {}, found.problems)
    return found


@dataclass
class _Gatherer:
    found: Gathered
    main: Path
    is_folder: bool
    total: int = 0

    def read(self) -> None:
        root = self._yaml(self.main, Place(str(self.main), 1, 1))
        if root is None:
            return
        if not isinstance(root.value, dict):
            what = "a scenario is a mapping that begins with `tenbin: 1`"
            self.found.problems.append(Problem(root.place, what))
            return
        parts = [self._yaml(path, place) for path, place in self._included(root)]
        texts = self._texts()
        facts = root.get("facts")
        self._facts(root, facts)
        if self.found.problems and any(part is None for part in parts):
            return
        for part in parts:
            if part is not None:
                self._merge(root, part)
        if self.found.facts is None and root.get("facts") is not facts:
            self._facts(root, root.get("facts"))
        models = root.get("models") or Node(None)
        read = [self._imported(model) for _, model in models.items()]
        if not all(read):
            return
        _put_texts(root, texts, self.found.problems)
        self.found.root = root

    def _bytes(self, path: Path, place: Place) -> bytes | None:
        """The content of a file inside the folder and its bounds, None with a problem."""
        problems = self.found.problems
        assert self.found.folder is not None
        try:
            inside = path.resolve(strict=True).is_relative_to(self.found.folder.resolve())
            named = path == self.main and not self.is_folder  # a link that the caller asked for
            if not inside and not named:
                what = f"'{path.name}' leads outside the scenario's folder"
                problems.append(Problem(place, what, advice="Copy the file into the folder."))
                return None
            if not path.is_file():
                problems.append(Problem(place, f"'{path}' is not a file"))
                return None
            size = path.stat().st_size
            if size > MAX_BYTES:
                problems.append(too_large(str(path), size))
                return None
            with path.open("rb") as stream:
                content = stream.read(MAX_BYTES + 1)
        except FileNotFoundError:
            advice = ""
            if self.is_folder and path == self.main:
                advice = "A scenario's folder holds a file scenario.yaml."
            problems.append(Problem(place, f"there is no file '{path}'", advice=advice))
            return None
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            problems.append(Problem(place, f"'{path}' cannot be read: {reason}"))
            return None
        self.total += len(content)
        if self.total > MAX_TOTAL_BYTES or len(self.found.files) >= MAX_FILES:
            what = f"more than {MAX_FILES} files or {MAX_TOTAL_BYTES:,} bytes in one scenario"
            problems.append(Problem(place, what))
            return None
        self.found.files.append(path)
        return content

    def _yaml(self, path: Path, place: Place) -> Node | None:
        content = self._bytes(path, place)
        if content is None:
            return None
        node, problems = read_yaml(content, str(path))
        self.found.problems += problems
        return node

    def _included(self, root: Node) -> Iterator[tuple[Path, Place]]:
        node = root.get("include")
        if node is None:
            return
        patterns = node.value if isinstance(node.value, list) else [node]
        seen = {self.main}
        for item in patterns:
            if not isinstance(item.value, str):
                continue  # its shape is the specification's affair
            for path in self._matches(item.value, item.place):
                if path not in seen:
                    seen.add(path)
                    yield path, item.place

    def _matches(self, pattern: str, place: Place) -> list[Path]:
        assert self.found.folder is not None
        steps = pattern.split("/")
        if not _PATTERN.fullmatch(pattern) or any(s == ".." or "**" in s for s in steps):
            advice = "A pattern stays inside the folder: models/*.yaml; no .., no ** and no root."
            what = f"'{pattern}' may not be included"
            self.found.problems.append(Problem(place, what, pattern, (), advice))
            return []
        paths = sorted(self.found.folder.glob(pattern))[: MAX_FILES + 1]
        kept = [path for path in paths if path.suffix in (".yaml", ".yml") and not path.is_dir()]
        if not kept:
            advice = f"Nothing in '{self.found.folder}' is called so and ends in .yaml."
            what = f"'{pattern}' matches no file"
            self.found.problems.append(Problem(place, what, pattern, (), advice))
        return kept

    def _texts(self) -> dict[str, dict[str, Node]]:
        """Texts by key, then by language, from `texts/<language>.yaml`."""
        assert self.found.folder is not None
        texts: dict[str, dict[str, Node]] = {}
        folder = self.found.folder / "texts"
        if self.main.name != "scenario.yaml" or not folder.is_dir():
            return texts
        for path in sorted(folder.glob("*.yaml"))[:MAX_FILES]:
            place = Place(str(path), 1, 1)
            if not is_language(path.stem):
                what = f"'{path.stem}' is not a language"
                problem = Problem(place, what, path.stem, ("en", "ja", "ko"))
                self.found.problems.append(problem)
                continue
            root = self._yaml(path, place)
            for key, node in _leaves(root, "") if root is not None else ():
                if isinstance(node.value, str):
                    texts.setdefault(key, {})[path.stem] = node
                else:
                    self.found.problems.append(Problem(node.place, f"the text '{key}' is no text"))
        return texts

    def _facts(self, root: Node, node: Node | None) -> None:
        if node is None or not isinstance(node.value, str) or self.found.folder is None:
            return
        name = node.value
        if not _PATTERN.fullmatch(name) or ".." in name.split("/") or set("*?") & set(name):
            what = f"'{name}' is not a file inside the folder"
            self.found.problems.append(Problem(node.place, what, name))
            return
        content = self._bytes(self.found.folder / name, node.place)
        if content is None:
            return
        self.found.facts, problems = read_facts(content, str(self.found.folder / name))
        self.found.problems += problems

    def _imported(self, model: Node) -> bool:
        """Put the text of the game that a model imports in the place of its file's name.

        False, with problems, where a file is named and cannot be read.
        """
        node = model.get("import")
        name = None if node is None else node.value
        if node is None or not isinstance(name, str) or not name.lower().endswith(_GAMES):
            return True
        if not _PATTERN.fullmatch(name) or ".." in name.split("/") or set("*?") & set(name):
            what = f"'{name}' is not a file inside the folder"
            self.found.problems.append(Problem(node.place, what, name))
            return False
        assert self.found.folder is not None
        path = self.found.folder / name
        content = self._bytes(path, node.place)
        if content is None:
            return False
        text, problems = decode(content, str(path))
        self.found.problems += problems
        if text is not None:
            node.value, node.source = text, Source(str(path), lines_of(text))
            node.line, node.column = 1, 1
        return text is not None

    def _merge(self, root: Node, part: Node) -> None:
        """Put the sections of an included file into the scenario; what stands twice is wrong."""
        if not isinstance(part.value, dict):
            what = "an included file is a mapping of the scenario's sections"
            self.found.problems.append(Problem(part.place, what))
            return
        assert isinstance(root.value, dict)
        for key, node in part.value.items():
            present = root.value.get(key)
            if present is None:
                root.value[key] = node
                root.keys[key] = part.keys[key]
            elif isinstance(present.value, dict) and isinstance(node.value, dict):
                if key in _MERGED:
                    self._merge_section(present, node)
                else:
                    self._twice(key, root, part)
            elif isinstance(present.value, list) and isinstance(node.value, list):
                present.value.extend(node.value)
            elif key != "tenbin":
                self._twice(key, root, part)

    def _merge_section(self, present: Node, node: Node) -> None:
        assert isinstance(present.value, dict)
        for name, value in node.items():
            if name in present.value:
                self._twice(name, present, node)
            else:
                present.value[name] = value
                present.keys[name] = node.keys[name]

    def _twice(self, name: str, first: Node, second: Node) -> None:
        what = f"'{name}' stands in two files"
        here, there = second.key_place(name), first.key_place(name)
        for place, other in ((here, there), (there, here)):
            advice = f"The other is at {other}; merge them, or rename one."
            self.found.problems.append(Problem(place, what, name, (), advice))


def _leaves(node: Node, prefix: str) -> Iterator[tuple[str, Node]]:
    if isinstance(node.value, dict):
        for key, below in node.value.items():
            yield from _leaves(below, f"{prefix}.{key}" if prefix else key)
    else:
        yield prefix, node


def _put_texts(node: Node, texts: dict[str, dict[str, Node]], problems: list[Problem]) -> None:
    """Replace every `$key` by what the text files hold under it."""
    if isinstance(node.value, (dict, list)):
        below = node.value.values() if isinstance(node.value, dict) else node.value
        for item in below:
            _put_texts(item, texts, problems)
    elif is_text_key(node.value):
        key = str(node.value)[1:]
        if key in texts:
            node.value = dict(texts[key])
            node.keys = dict.fromkeys(texts[key], (node.source, node.line, node.column))
        else:
            what = f"no file in texts/ has the key '{key}'"
            problems.append(Problem(node.place, what, key, tuple(sorted(texts))))
