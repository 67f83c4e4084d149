"""Published solutions of the textbook games, each row a fact: game, quantity, value, tolerance.

Where several equilibria exist the row states what the theorem says of all of them, or names the
one that the principal branch of logit equilibria is known to select.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest

from known_games.textbook import GAMES, Solved, draw_numbers, solve_point, textbook

CLOSE = 1e-6


@dataclass(frozen=True)
class Fact:
    """At a point of a textbook game's uncertainties a quantity has a value."""

    id: str
    game: str
    quantity: str
    value: float
    at: dict[str, float] = field(default_factory=dict)
    tolerance: float = CLOSE


def facts_of(game: str, at: dict[str, float], rows: dict[str, tuple[str, float]]) -> list[Fact]:
    """Rows of one game at one point: id -> (quantity, value)."""
    return [Fact(f"{game}_{id_}", game, what, value, at) for id_, (what, value) in rows.items()]


THIRD = 1 / 3

FACTS = [
    # Selten (1978)
    *facts_of(
        "entry_deterrence",
        {"war": -0.5, "shared": 0.6, "loss": 0.5},
        {
            "incredible_threat_is_ignored": ("P(one_town.duopoly)", 1),
            "chain_would_share_off_the_path": (
                "P(one_town.reply.share_market, given=one_town.reply)",
                1,
            ),
            "paradox_chain_earns_six": ("E(three_towns.chain)", 6),
            "paradox_holds_after_two_fights": (
                "P(three_towns.reply_3.share_3, "
                "given=three_towns.reply_1.fight_1 and three_towns.reply_2.fight_2)",
                1,
            ),
        },
    ),
    *facts_of(
        "entry_deterrence",
        {"war": 0.9, "shared": 0.6, "loss": 0.5},
        {
            "credible_threat_deters": ("P(one_town.monopoly)", 1),
            "credible_threat_would_be_carried_out": (
                "P(one_town.reply.fight, given=one_town.entry.enter)",
                1,
            ),
        },
    ),
    # Cho and Kreps (1987): at .9 no duel on the path, whichever breakfast; beer survives
    *facts_of(
        "beer_quiche",
        {"p_strong": 0.9},
        {
            "many_strong_no_duel": ("P(breakfast.fought)", 0),
            "many_strong_pool_on_beer": ("P(breakfast.order.beer)", 1),
            "quiche_would_be_duelled_enough": ("P(breakfast.reply.leave)", 1),
        },
    ),
    *facts_of(
        "beer_quiche",
        {"p_strong": 0.3},
        {
            "few_strong_drink_beer": (
                "P(breakfast.order.beer, given=breakfast.sender.strong)",
                1,
            ),
            "few_strong_weak_mix_p_over_one_minus_p": (
                "P(breakfast.order.beer, given=breakfast.sender.weak)",
                3 / 7,
            ),
            "few_strong_beer_is_duelled_half_the_time": (
                "P(breakfast.reply.duel, given=breakfast.order.beer)",
                1 / 2,
            ),
            "few_strong_beer_leaves_even_odds": (
                "P(breakfast.sender.strong, given=breakfast.order.beer)",
                1 / 2,
            ),
            "few_strong_quiche_is_duelled": (
                "P(breakfast.reply.duel, given=breakfast.order.quiche)",
                1,
            ),
        },
    ),
    # Selten (1975), figure 1
    *facts_of(
        "selten_horse",
        {"prize_one": 3.0, "prize_two": 4.0},
        {
            "both_stay": ("P(horse.both_stay)", 1),
            "second_stays_off_and_on_the_path": ("P(horse.second.stay)", 1),
            "first_gets_one": ("E(horse.one)", 1),
        },
    ),
    # Rosenthal (1981); McKelvey and Palfrey's numbers
    *facts_of(
        "centipede",
        {"larger": 0.8, "growth": 2.0},
        {
            "first_takes_at_once": ("P(centipede.end_1)", 1),
            "last_would_take": ("P(centipede.move_6.take, given=centipede.move_6)", 1),
            "second_gets_the_smaller_share": ("E(centipede.even)", 0.2),
        },
    ),
    *facts_of(
        "centipede",
        {"larger": 0.6, "growth": 2.0},
        {"steep_growth_is_passed_to_the_end": ("P(centipede.end_7)", 1)},
    ),
    # Kuhn (1950)
    *facts_of(
        "kuhn_poker",
        {"stake": 1.0},
        {
            "value_is_minus_one_eighteenth": ("E(poker.first)", -1 / 18),
            "second_bets_the_jack_one_in_three": (
                "P(poker.after_check.bet_late, given=poker.after_check and poker.second.jack)",
                THIRD,
            ),
            "second_calls_the_queen_one_in_three": (
                "P(poker.after_bet.call, given=poker.after_bet and poker.second.queen)",
                THIRD,
            ),
            "second_never_calls_the_jack": (
                "P(poker.after_bet.call, given=poker.after_bet and poker.second.jack)",
                0,
            ),
            "second_always_calls_the_king": (
                "P(poker.after_bet.call, given=poker.after_bet and poker.second.king)",
                1,
            ),
            "first_never_opens_with_the_queen": (
                "P(poker.open.bet, given=poker.first.queen)",
                0,
            ),
        },
    ),
    Fact("kuhn_poker_value_scales", "kuhn_poker", "E(poker.first)", -1.8 / 18, {"stake": 1.8}),
    # Fearon (1995)
    *facts_of(
        "fearon_bargaining",
        {"p": 0.37, "cost_a": 0.1, "cost_b": 0.15, "extra_cost": 0.2, "p_tough": 0.2},
        {
            "known_costs_mean_peace": ("P(known_costs.war)", 0),
            "demand_is_the_largest_acceptable": ("E(known_costs.demander)", 0.5),
            "few_tough_types_are_risked": ("P(private_costs.demand.ask_bold)", 1),
            "war_has_the_tough_types_probability": ("P(private_costs.war)", 0.2),
        },
    ),
    Fact(
        "fearon_bargaining_many_tough_types_are_not_risked",
        "fearon_bargaining",
        "P(private_costs.war)",
        0,
        {"p": 0.37, "cost_a": 0.1, "cost_b": 0.15, "extra_cost": 0.2, "p_tough": 0.6},
    ),
    # Kreps and Wilson (1982): b = .5, three towns: b^3 = .125, b^2 = .25
    *facts_of(
        "reputation",
        {"b": 0.5, "p_tough": 0.2, "a": 2.0},
        {
            "above_b_cubed_first_is_deterred": ("P(towns.town_3.out)", 1),
            "above_b_cubed_second_enters_below_b_squared": ("P(towns.town_2.enter)", 1),
        },
    ),
    *facts_of(
        "reputation",
        {"b": 0.5, "p_tough": 0.1, "a": 2.0},
        {
            "below_b_cubed_first_enters": ("P(towns.town_3.enter)", 1),
            # Fighting must leave the posterior at b^2: p / (p + (1 - p) f) = b^2.
            "weak_fights_up_to_the_next_threshold": (
                "P(towns.reply_3.fight, given=towns.reply_3 and towns.chain.weak)",
                0.1 * (1 - 0.25) / (0.9 * 0.25),
            ),
            "after_a_fight_belief_is_b_squared": (
                "P(towns.chain.tough, given=towns.reply_3.fight)",
                0.25,
            ),
            # and the next entrant mixes so that the weak is indifferent: out with 1/a.
            "after_a_fight_next_stays_out_one_over_a": (
                "P(towns.town_2.out, given=towns.reply_3.fight)",
                1 / 2,
            ),
        },
    ),
    Fact(
        "reputation_above_b_all_stay_out",
        "reputation",
        "P(towns.town_3.out and towns.town_2.out and towns.town_1.out)",
        1,
        {"b": 0.5, "p_tough": 0.55, "a": 2.0},
    ),
    # Fearon (1994): a/k = .5
    *facts_of(
        "audience_costs",
        {"audience_cost": 0.5, "k": 1.0, "waver": -0.4, "p_firm": 0.3, "war_b": -1.0},
        {
            "half_stand_firm_at_half_the_loss": ("P(last_word.war)", 0.5),
            "binding_threat_is_obeyed": ("P(crisis.concession)", 1),
        },
    ),
    Fact(
        "audience_costs_dear_retreat_never_happens",
        "audience_costs",
        "P(last_word.retreat)",
        0,
        {"audience_cost": 1.0, "k": 0.9},
    ),
    Fact(
        "audience_costs_cheap_retreat_does_not_bind",
        "audience_costs",
        "P(crisis.last.stand_firm, given=crisis.last and crisis.government.wavering)",
        0,
        {"audience_cost": 0.2, "waver": -0.6},
    ),
    # Zagare and Kilgour (2000): RADG, threshold (1 - .4) / (1 + .5) = .4
    Fact("radg_below_the_threshold_attacks", "radg", "P(radg.choice.attack)", 1,
         {"a_sq": 0.4, "a_dd": -0.5, "p_hard": 0.39}),
    Fact("radg_above_the_threshold_is_deterred", "radg", "P(radg.status_quo)", 1,
         {"a_sq": 0.4, "a_dd": -0.5, "p_hard": 0.41}),
    # UDG: c1 = .35, c2 = .5, d* = .4 at this point
    *[
        Fact(f"udg_{id_}", "udg", quantity, value,
             {"c_sq": 0.3, "c_hard": -0.4, "d_win": 0.4, "d_soft": -0.6, "p_def": d, "p_ch": c})
        for id_, d, c, quantity, value in (
            ("certain_deterrence", 0.55, 0.9, "P(udg.status_quo)", 1),
            ("separation_hard_demand", 0.45, 0.3, "P(udg.demand.defect)", 0.3),
            ("separation_soft_defenders_concede", 0.45, 0.3,
             "P(udg.answer.concede, given=udg.answer)", 0.55),
            ("attack_all_demand", 0.2, 0.5, "P(udg.demand.defect)", 1),
            ("attack_soft_defenders_concede", 0.2, 0.5, "P(udg.challenger_wins)", 0.8),
            ("bluff_soft_challengers", 0.2, 0.2,
             "P(udg.demand.defect, given=udg.challenger.soft)", 0.2 * 0.6 / (0.8 * 0.4)),
            ("bluff_soft_defenders", 0.2, 0.2,
             "P(udg.answer.resist, given=udg.answer and udg.defender.soft)", 0.15 / 0.8),
            ("bluff_belief_is_d_star", 0.2, 0.2, "B(udg.answer, udg.challenger.hard)", 0.4),
        )
    ],
    # GMDG: sure-thing threshold .5 / 1.2, separating .5 / 1
    *[
        Fact(f"gmdg_{id_}", "gmdg", quantity, value,
             {"sq_one": 0.5, "sq_two": 0.5, "dd_hard": -0.2, "p_one": p, "p_two": p})
        for id_, p, quantity, value in (
            ("credible_enough_is_sure_thing_or_separating", 0.9,
             "P(gmdg.act_one.defect, given=gmdg.one.soft)", 0),
            ("hard_retaliates", 0.9,
             "P(gmdg.answer_two.retaliate, given=gmdg.act_one.defect and "
             "gmdg.act_two.cooperate and gmdg.two.hard)", 1),
            ("nobody_credible_is_no_deterrence", 0.1,
             "P(gmdg.act_one.cooperate, given=gmdg.one.hard)", 0),
        )
    ],
    # Matching pennies with a prize of 2 for two heads
    *facts_of(
        "matching_pennies",
        {"prize": 2.0},
        {
            "value": ("E(pennies.matcher)", 1 / 5),
            "matcher_shows_heads_two_in_five": ("P(pennies.first.head)", 2 / 5),
            "other_shows_heads_two_in_five": ("P(pennies.second.head)", 2 / 5),
        },
    ),
    # Turocy (2005): the principal branch of a 2x2 game ends at the risk-dominant equilibrium
    Fact("stag_hunt_risk_dominant_stag", "stag_hunt",
         "P(hunt.first.wait and hunt.second.wait)", 1, {"stag": 2.2, "hare": 1.0}),
    Fact("stag_hunt_risk_dominant_hare", "stag_hunt",
         "P(hunt.first.chase and hunt.second.chase)", 1, {"stag": 1.8, "hare": 1.0}),
]  # fmt: skip


def model_of(quantity: str) -> str:
    """The model that a quantity asks."""
    return quantity.split("(", 1)[1].split(".", 1)[0].strip()


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.id)
def test_published_solution_is_found(fact):
    solved = solve_point(fact.game, model_of(fact.quantity), tuple(sorted(fact.at.items())))

    assert solved.certificate.certified.all()
    assert solved.outcome(fact.quantity)[0] == pytest.approx(fact.value, abs=fact.tolerance)


MODELS = [(game, model) for game in GAMES for model in textbook(game).models]


@pytest.mark.parametrize(("game", "model"), MODELS, ids=lambda name: name)
def test_every_world_of_the_textbook_is_certified(game, model):
    worlds = 300

    solved = Solved(game, model, draw_numbers(game, worlds, seed=1), worlds)

    assert solved.certificate.certified[:, 0].mean() >= 0.99


@pytest.mark.parametrize("game", GAMES)
def test_texts_are_in_three_languages(game):
    scenario = textbook(game)
    claims = scenario.claims.values()
    texts = [
        scenario.title,
        scenario.summary,
        *(c.title for c in claims),
        *(c.says for c in claims),
    ]

    for text in texts:
        assert len({text.in_language(language) for language in ("en", "ja", "ko")}) == 3


@pytest.mark.parametrize("game", GAMES)
def test_every_claim_states_a_proposition(game):
    claims = textbook(game).claims

    assert claims
    assert all(claim.holds is not None for claim in claims.values())


UDG_REGIONS = {
    "deterrence": lambda n: n["p_def"] >= n["c2"],
    "separation": lambda n: (n["p_def"] >= n["c1"]) & (n["p_def"] < n["c2"]),
    "attack": lambda n: (n["p_def"] < n["c1"]) & (n["p_ch"] >= n["d_star"]),
    "bluff": lambda n: (n["p_def"] < n["c1"]) & (n["p_ch"] < n["d_star"]),
}


def test_udg_worlds_spread_over_all_regions():
    numbers = draw_numbers("udg", 2000, seed=2)

    shares = {name: np.mean(inside(numbers)) for name, inside in UDG_REGIONS.items()}

    assert min(shares.values()) > 0.1
    assert sum(shares.values()) == pytest.approx(1)


def test_crisis_signalling_belief_after_a_challenge_never_falls():
    worlds = 300
    numbers = draw_numbers("crisis_signalling", worlds, seed=3)

    solved = Solved("crisis_signalling", "crisis", numbers, worlds)
    belief = solved.outcome("B(crisis.reply, crisis.challenger.high)")

    assert (belief >= numbers["p_high_a"] - CLOSE).all()


SYMMETRIC_MOVES = ("her_choice", "his_choice")


def test_symmetric_battle_ends_at_one_of_its_three_equilibria():
    solved = solve_point("battle_of_the_sexes", "symmetric", (("opera", 2.0),))
    insist = [
        solved.outcome(f"P(symmetric.{who}.insist)")[0] for who in ("her_choice", "his_choice")
    ]

    wanted = np.array([[1, 0], [0, 1], [2 / 3, 2 / 3]])

    assert np.abs(wanted - insist).max(axis=1).min() < CLOSE
    assert solved.solution.flags["bifurcation"].all()
