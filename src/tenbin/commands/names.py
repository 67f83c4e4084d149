"""Names given on a command line, held against those there are."""

from __future__ import annotations

from tenbin.errors import TenbinError, nearest

__all__ = ["choose"]


def choose(what: str, given: str | None, allowed: tuple[str, ...]) -> str:
    """The name given, or the only one there is.

    Raises
    ------
    TenbinError
        If none is given and there are several, or the name given is unknown.
    """
    if given is None and len(allowed) == 1:
        return allowed[0]
    if given in allowed:
        return given
    if given is None:
        raise TenbinError(f"which {what}? Name one of: {', '.join(allowed)}")
    guess = nearest(given, allowed)
    hint = f". Did you mean '{guess}'?" if guess else ""
    raise TenbinError(f"unknown {what} '{given}'; allowed: {', '.join(allowed)}{hint}")
