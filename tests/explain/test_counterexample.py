"""The smallest flip of a claim, against games whose boundary is known in closed form."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize

from tenbin.errors import TenbinError
from tenbin.explain.counterexample import Counterexample, find_counterexample
from tenbin.library import find_scenario
from tenbin.scenario import Scenario, load_scenario

EXACT = 0.01
"""One percent of the distance."""

DETERRENCE = "P(udg.status_quo) == 1"


def deterrence(claim: str = DETERRENCE) -> Scenario:
    """The unilateral deterrence game that ships, with one claim about where its regions end."""
    path = find_scenario("udg")
    assert path is not None
    data = dict(load_scenario(path).data)
    data["claims"] = {"safe": {"says": {"en": "Safe."}, "kind": "prediction", "holds": claim}}
    return Scenario.from_dict(data)


FEARON = {
    "tenbin": 1,
    "title": {"en": "War"},
    "players": {"A": {"en": "A"}, "B": {"en": "B"}},
    "uncertainties": {
        "p": {"range": "0.3..0.7", "source": "judgement"},
        "cost_a": {"range": "0.05..0.35", "source": "judgement"},
        "tough": {"range": "0.04..0.1", "source": "judgement"},
        "soft": {"range": "0.1..0.4", "source": "judgement"},
        "q": {"range": "0.2..0.9", "source": "judgement"},
    },
    "models": {
        "known": {
            "form": "bargaining",
            "concept": "ultimatum",
            "players": ["A", "B"],
            "issues": {"pie": {}},
            "war": {"win": {"A": "p"}, "cost": {"A": "cost_a", "B": "tough"}},
        },
        "private": {
            "form": "bargaining",
            "concept": "ultimatum",
            "players": ["A", "B"],
            "types": {"B": {"tough": "q", "soft": "rest"}},
            "issues": {"pie": {}},
            "war": {
                "win": {"A": "p"},
                "cost": {"A": "cost_a", "B": {"tough": "tough", "soft": "soft"}},
            },
        },
    },
}


def war(claim: str) -> Scenario:
    """Fearon's ultimatum before war, costs known or the responder's own."""
    holds = {"says": {"en": "So."}, "kind": "prediction", "holds": claim}
    return Scenario.from_dict({**FEARON, "claims": {"so": holds}})


def changed(found: Counterexample, which: str = "fewest") -> dict[str, float]:
    """The numbers that a flip changes, and to what."""
    flip = getattr(found, which)
    assert flip is not None
    return {item.name: item.after for item in flip.changes}


def test_deterrence_breaks_at_the_analytic_distance() -> None:
    """[zagare2000]: the status quo is safe from p_def = c2 = (1 - c_sq) / (1 - c_hard) on."""

    def squared(z: np.ndarray) -> float:
        c_sq, c_hard = 0.425 + 0.375 * z[0], -0.4 + 0.4 * z[1]
        return float(z @ z + (((1 - c_sq) / (1 - c_hard) - 0.5) / 0.48) ** 2)

    expected = np.sqrt(minimize(squared, np.zeros(2), bounds=[(-1, 1)] * 2, tol=1e-12).fun)

    found = find_counterexample(deterrence(), "safe", threads=1)

    assert found.holds_at_centre
    assert found.nearest is not None
    assert found.nearest.verified
    assert found.nearest.distance == pytest.approx(expected, rel=EXACT)
    assert set(changed(found, "nearest")) == {"p_def", "c_sq", "c_hard"}


def test_deterrence_breaks_by_one_number_at_its_threshold() -> None:
    """[zagare2000]: moved alone the defender's credibility has to fall to c2 = 0.575 / 1.4."""
    found = find_counterexample(deterrence(), "safe", threads=1)

    assert changed(found) == {"p_def": pytest.approx(0.575 / 1.4, rel=EXACT)}
    assert found.fewest is not None
    assert found.fewest.distance == pytest.approx((0.5 - 0.575 / 1.4) / 0.48, rel=EXACT)


def test_what_is_held_does_not_move() -> None:
    """With the credibility held the status quo's worth has to fall to 1 - p_def (1 - c_hard)."""
    found = find_counterexample(deterrence(), "safe", hold=["p_def"], threads=1)

    assert "p_def" not in changed(found, "nearest")
    assert changed(found) == {"c_sq": pytest.approx(0.3, abs=0.375 * EXACT)}


def test_a_claim_false_in_the_centre_is_flipped_into_truth() -> None:
    """[zagare2000]: all-out attack needs p_def < c1 = (1 - c_sq) / 2 and p_ch >= d*."""
    found = find_counterexample(
        deterrence("P(udg.demand.defect, given=udg.challenger.soft) == 1"), "safe", threads=1
    )

    # c1 = 0.2875 has to be reached from 0.5, while d* = 0.6 / 1.45 < p_ch = 0.5 already.
    slope = (0.48, 0.5 * 0.375)
    assert found.holds_at_centre is False
    assert found.nearest is not None
    assert found.nearest.distance == pytest.approx(0.2125 / np.hypot(*slope), rel=EXACT)
    assert changed(found) == {"p_def": pytest.approx(0.2875, abs=0.48 * EXACT)}


def test_what_the_demander_gets_falls_short_at_the_analytic_distance() -> None:
    """[fearon1995]: it gets p + cost of the responder; the edge of a plane is at gap / slope."""
    found = find_counterexample(war("E(known.A) >= 0.5"), "so", threads=1)

    assert found.nearest is not None
    assert found.nearest.distance == pytest.approx(0.07 / np.hypot(0.2, 0.03), rel=EXACT)
    assert changed(found) == {"p": pytest.approx(0.43, abs=0.2 * EXACT)}


def test_war_is_risked_at_the_analytic_distance() -> None:
    """[fearon1995]: the tough type's war is risked if (1 - q) soft - q cost_a > tough."""
    half = {"q": 0.35, "soft": 0.15, "cost_a": 0.15, "tough": 0.03}
    centre = {"q": 0.55, "soft": 0.25, "cost_a": 0.2, "tough": 0.07}

    def gain(z: np.ndarray) -> float:
        q, soft, cost_a, tough = (centre[n] + half[n] * v for n, v in zip(half, z, strict=True))
        return (1 - q) * soft - q * cost_a - tough

    solved = minimize(
        lambda z: float(z @ z),
        np.array([-0.2, 0.2, -0.2, -0.1]),
        bounds=[(-1, 1)] * 4,
        constraints={"type": "eq", "fun": gain},
        tol=1e-12,
    )

    found = find_counterexample(war("P(private.war) == 0"), "so", threads=1)

    assert found.holds_at_centre
    assert found.nearest is not None
    assert found.nearest.distance == pytest.approx(np.sqrt(solved.fun), rel=EXACT)
    # Alone the chance of a tough type has to fall to (soft - tough) / (soft + cost_a).
    assert changed(found) == {"q": pytest.approx(0.18 / 0.45, abs=0.35 * EXACT)}


def test_play_before_and_after_is_told() -> None:
    found = find_counterexample(war("P(private.war) == 0"), "so", threads=1)

    assert found.fewest is not None
    assert found.fewest.before == {"P(private.war)": 0.0}
    assert found.fewest.after["P(private.war)"] == pytest.approx(0.4, abs=0.01)
    assert ("private", "war") in {(item.model, item.name) for item in found.fewest.events}


def test_a_theorem_has_no_counterexample() -> None:
    """[fearon1995]: with costs known there is no war."""
    found = find_counterexample(war("P(known.war) == 0"), "so", threads=1, bound=300)

    assert found.status == "none_found"
    assert found.nearest is None
    assert 250 <= found.worlds <= 300


def test_few_worlds_end_the_search_and_are_counted() -> None:
    found = find_counterexample(deterrence(), "safe", threads=1, bound=60)

    assert found.worlds <= 64
    assert found.nearest is not None
    assert found.bounded


def test_the_same_search_gives_the_same_flip() -> None:
    first = find_counterexample(deterrence(), "safe", threads=1, bound=500)
    second = find_counterexample(deterrence(), "safe", threads=2, bound=500)

    assert first.as_data() == second.as_data()


@pytest.mark.parametrize(
    ("claim", "hold", "text"),
    [
        ("saef", [], "unknown claim 'saef'.*Did you mean 'safe'"),
        ("safe", ["p_deff"], "unknown uncertainty 'p_deff'.*Did you mean 'p_def'"),
    ],
)
def test_unknown_names_are_refused(claim: str, hold: list[str], text: str) -> None:
    with pytest.raises(TenbinError, match=text):
        find_counterexample(deterrence(), claim, hold=hold)


CHOICES = {
    "tenbin": 1,
    "title": {"en": "Choice"},
    "players": {"A": {"en": "A"}},
    "uncertainties": {
        "kind": {"choice": {1: 0.6, 2: 0.4}, "source": "judgement"},
        "x": {"range": "-1..1", "source": "judgement"},
    },
    "models": {
        "m": {
            "form": "tree",
            "start": "go",
            "moves": {"go": {"player": "A", "actions": {"yes": "there", "no": "here"}}},
            "ends": {"there": {"A": "where(kind == 2, 1, x - 2)"}, "here": {"A": 0}},
        }
    },
    "claims": {
        "stays": {"says": {"en": "So."}, "kind": "prediction", "holds": "P(m.here) == 1"},
        "fact": {"says": {"en": "So."}, "kind": "normative", "stated": {"en": "A wish."}},
    },
}


def test_a_choice_costs_one() -> None:
    found = find_counterexample(Scenario.from_dict(CHOICES), "stays", threads=1, bound=400)

    assert changed(found) == {"kind": 2.0}
    assert found.nearest is not None
    assert found.nearest.distance == 1.0


def test_a_claim_without_worlds_has_no_counterexample() -> None:
    found = find_counterexample(Scenario.from_dict(CHOICES), "fact")

    assert found.status == "not_world_by_world"
