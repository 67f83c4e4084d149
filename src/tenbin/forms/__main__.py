"""`python -m tenbin.forms FORM PART ...` compiles parts of a room's solver into the cache.

Runs use it to compile several rooms side by side, each in a process of its own.
"""

from __future__ import annotations

import sys

from tenbin.forms import room

if __name__ == "__main__":
    form, *parts = sys.argv[1:]
    room(form).prepare(lambda _: None, parts)
