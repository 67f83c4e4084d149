"""The content of a scenario as canonical text, its digest, and the file it can be written to."""

from __future__ import annotations

import hashlib
import json
import re
from io import StringIO
from typing import Any

from ruamel.yaml import YAML

__all__ = ["content_digest", "yaml_text"]


def content_digest(data: dict[str, Any]) -> str:
    """SHA-256 of the content, whatever its comments, layout, quoting or division into files.

    The order of names within a section counts: players, moves and actions are numbered in it.
    """
    sections = dict(sorted(data.items()))
    text = json.dumps(_canonical(sections), ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _canonical(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _canonical(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_canonical(item) for item in value]
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    return value


_DELICATE = re.compile(r"[:#\x00-\x1f\x7f-\xa0\u2028\u2029\ufeff]|^\W|\s$")
"""What a text is put into quotes for, beyond what YAML itself asks."""


def yaml_text(data: dict[str, Any]) -> str:
    """The content as a scenario file of its own."""
    yaml: Any = YAML(typ="safe", pure=True)
    yaml.default_flow_style = None
    yaml.sort_base_mapping_type_on_output = False
    yaml.width = 10_000
    yaml.representer.add_representer(str, _written)
    stream = StringIO()
    yaml.dump(data, stream)
    return stream.getvalue()


_PLAIN = r"[^\x00-\x1f\x7f-\xa0\u2028\u2029\ufeff]*"
_BLOCK = re.compile(rf"(?=[^\W\d])({_PLAIN}(?<![ ])\n)+(?<!\n\n)")
"""A text over several lines that can be written as it is: no line ends with a space."""


def _written(representer: Any, text: str) -> Any:
    style = '"' if _DELICATE.search(text) else None
    if style and text.count("\n") > 1 and _BLOCK.fullmatch(text):
        style = "|"
    return representer.represent_scalar("tag:yaml.org,2002:str", text, style=style)
