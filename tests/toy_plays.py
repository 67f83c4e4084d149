"""Toys with several equilibria that feed each other, and their plays followed one by one."""

from __future__ import annotations

from toy_scenarios import toy_model, toy_scenario

TIED = {"go": "1", "stay": "1"}
"""Two equilibria: going first, then staying."""


def scenario_of(claims=None, **models):
    changes = {"claims": claims} if claims else {}
    return toy_scenario(models=models, derived={}, policies={"none": {}}, **changes)


def branching(claims=None):
    """Four models in a chain and a diamond, tied in some worlds and not in others."""
    return scenario_of(
        claims,
        a=toy_model("A", go="where(x < half, 1, x)", stay="1 + x - x"),
        b=toy_model("B", act="P(a.go) + where(y < half, 0, y)", wait="where(y < 0.25, 1, 0.5)"),
        c=toy_model("A", join="P(b.act) * y", leave="0.3"),
        d=toy_model("B", same="P(c.join) - P(b.act)", other="P(a.stay) - 0.5"),
    )


def best_of(payoffs):
    """The toy's equilibria: the best action, then another that is as good (of the first two)."""
    names = sorted(payoffs, key=lambda name: -payoffs[name])
    return [name for name in names[:2] if payoffs[name] == payoffs[names[0]]]


def plays(x, y):
    """Every play of the four models of `branching` in one world, followed one by one."""
    for a in best_of({"go": 1 if x < 0.5 else x, "stay": 1.0}):
        go = float(a == "go")
        for b in best_of({"act": go + (0 if y < 0.5 else y), "wait": 1 if y < 0.25 else 0.5}):
            act = float(b == "act")
            for c in best_of({"join": act * y, "leave": 0.3}):
                same = float(c == "join") - act
                for d in best_of({"same": same, "other": 0.5 - go}):
                    yield go, act, max(act * y, 0.3), float(d == "same")
