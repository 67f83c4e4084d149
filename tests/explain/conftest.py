"""A run of a game whose claims hold in boxes that are known."""

from __future__ import annotations

from pathlib import Path

import pytest

from tenbin.judge import Tally, claim_requests
from tenbin.run import RunOptions, execute, make_plan
from tenbin.scenario import Scenario, load_scenario

GAME = """
tenbin: 1
title: {en: Attack, ja: 攻撃, ko: 공격}
players: {A: {en: Attacker, ja: 攻撃側, ko: 공격 측}}
uncertainties:
  gain:
    range: 0..2
    unit: trn KRW/yr
    title: {en: gain of war, ja: 戦争の利得, ko: 전쟁의 이득}
  cost: {beta: [2, 2], title: {en: cost of war, ja: 戦争の費用, ko: 전쟁의 비용}}
  kind: {choice: {1: 0.5, 2: 0.3, 4: 0.2}, title: {en: kind of rule, ja: 体制の型, ko: 체제의 유형}}
  idle: {range: 0..1, title: {en: idle talk, ja: 無駄話, ko: 잡담}}
  other: {range: -1..1}
derived:
  excess: gain - 2 * cost
  unread: other * 2
levers: {alarm: {default: 0, range: 0..1}}
policies: {quo: {}, alert: {alarm: 1}}
models:
  crisis:
    form: tree
    start: choose
    moves: {choose: {player: A, actions: {attack: war, wait: peace}}}
    ends:
      war: {A: "where(gain > 1.2 and cost < 0.5 and alarm < 0.5, 1, -1) + 0.001 * idle"}
      peace: {A: 0}
  choice:
    form: tree
    start: choose
    moves: {choose: {player: A, actions: {attack: war, wait: peace}}}
    ends:
      war: {A: "where(kind == 2, 1, -1) * (1 + 0.1 * gain)"}
      peace: {A: 0}
  balance:
    form: tree
    start: choose
    moves: {choose: {player: A, actions: {attack: war, wait: peace}}}
    ends:
      war: {A: excess + 0.001 * idle}
      peace: {A: 0}
  fixed:
    form: tree
    start: choose
    moves: {choose: {player: A, actions: {attack: war, wait: peace}}}
    ends:
      war: {A: 1 + gain}
      peace: {A: 0}
claims:
  W: {says: There is war, kind: causal, holds: P(crisis.war) > 0.5}
  N: {says: There is peace, kind: causal, holds: P(crisis.war) < 0.5}
  K: {says: Kind two attacks, kind: causal, holds: "P(choice.war, policy=quo) > 0.5"}
  B: {says: Gain outweighs cost, kind: causal, holds: "P(balance.war, policy=quo) > 0.5"}
  F: {says: Always, kind: causal, holds: "P(fixed.war, policy=quo) > 0.5"}
  S: {says: Only said, kind: normative, stated: Nobody can tell.}
"""


@pytest.fixture(scope="session")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Scenario]:
    """The folder of a run of 4,096 worlds, and the scenario."""
    folder = tmp_path_factory.mktemp("explain")
    path = folder / "attack.yaml"
    path.write_text(GAME, encoding="utf-8")
    scenario = load_scenario(path)
    plan = make_plan(scenario, claim_requests(scenario), worlds=4096)
    tally = Tally(scenario, plan)
    for chunk in execute(scenario, plan, RunOptions(worlds=4096, out=folder / "run")):
        for (claim, policy), codes in tally.add(chunk).items():
            chunk.attach(f"{claim}|{policy}", codes)
    return folder / "run", load_scenario(folder / "run" / "scenario" / "attack.yaml")
