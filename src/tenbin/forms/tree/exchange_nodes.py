"""The nodes of an imported game, its numbers those of the scenario where it gives them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from tenbin.errors import Place
from tenbin.forms.tree.exchange_file import GameFile
from tenbin.forms.tree.exchange_names import FileNames
from tenbin.forms.tree.expand import Drawn, Expansion, InfosetKey, Node
from tenbin.forms.tree.rules import Rules
from tenbin.forms.tree.tables import NONE
from tenbin.forms.tree.values import Fixed, Rest, Sum
from tenbin.scenario.language import Expression

__all__ = ["Imported", "Priced", "expand_file"]

Priced = Mapping[str, Expression]
"""What an outcome pays here, by player or measure, where the scenario says so."""


@dataclass(frozen=True)
class Imported:
    """A game with the names and the numbers that it has in a scenario.

    `players` are the scenario's, in the order of the file; `priced` is by outcome or end; `chances`
    by information set of chance and branch (None is `rest`), and `places` tells where those stand.
    """

    game: GameFile
    names: FileNames
    players: tuple[str, ...]
    priced: Mapping[str, Priced]
    chances: Mapping[int, Mapping[str, Expression | None]]
    places: Mapping[int, Place]


def expand_file(imported: Imported, rules: Rules) -> Expansion:
    """The nodes of a game, without those that committed moves of the rules leave out."""
    expansion = Expansion(rules)
    _Nodes(imported, expansion).make()
    return expansion


class _Nodes:
    """Makes the nodes of one expansion."""

    def __init__(self, imported: Imported, expansion: Expansion) -> None:
        self.imported, self.result, self.table = imported, expansion, expansion.table
        self.game, self.names = imported.game, imported.names
        self.committed = expansion.rules.play
        self.lotteries: dict[int, tuple[int, ...]] = {}

    def make(self) -> None:
        """All nodes in the order of the file, but for those below an action not taken."""
        made: dict[int, int] = {}
        for number, node in enumerate(self.game.nodes):
            step = ""
            action, branch = NONE, NONE
            if node.parent != NONE:
                if node.parent not in made:
                    continue
                above = self.game.nodes[node.parent].infoset
                step = self.names.steps[above][node.step]
                move = self.names.moves[above]
                if move in self.committed and step != self.committed[move]:
                    continue
                action, branch = self._way(above, node.step)
            made[number] = len(self.result.nodes)
            parent = made[node.parent] if node.parent != NONE else NONE
            name = self.names.ends[number] if node.infoset == NONE else ""
            name = name or self.names.moves[node.infoset]
            new = Node(name, parent, step, 0, action, branch)
            self.result.nodes.append(new)
            if node.infoset == NONE:
                self._end(number)
            elif self.game.infosets[node.infoset].player != NONE:
                self._decision(new, node.infoset)

    def _way(self, above: int, step: int) -> tuple[int, int]:
        """The number of the action within its information set, or of the branch, of a step."""
        if self.game.infosets[above].player != NONE and self.names.moves[above] not in (
            self.committed
        ):
            return step, NONE
        is_chance = self.game.infosets[above].player == NONE
        value = self._lottery(above)[step] if is_chance else self.table.add(Fixed(1.0))
        self.result.branch_values.append(value)
        self.result.branch_names.append(self.names.steps[above][step])
        return NONE, len(self.result.branch_values) - 1

    def _lottery(self, infoset: int) -> tuple[int, ...]:
        """The values of a chance move's probabilities."""
        if infoset not in self.lotteries:
            labels, file = self.names.steps[infoset], self.game.infosets[infoset].probabilities
            given = self.imported.chances.get(infoset, {})
            values: dict[str, int] = {}
            for label, probability in zip(labels, file, strict=True):
                number = given.get(label)
                if label not in given:
                    values[label] = self.table.add(Fixed(float(probability)))
                elif number is not None:
                    values[label] = self.table.compute(number, {})
            others = tuple(values.values())
            found = tuple(
                values[label] if label in values else self.table.add(Rest(others))
                for label in labels
            )
            move = self.names.moves[infoset]
            place = self.imported.places.get(infoset, self.result.rules.moves[move].place)
            self.result.drawn[Drawn(found, f"branches of '{move}'", place)] = None
            self.lotteries[infoset] = found
        return self.lotteries[infoset]

    def _decision(self, node: Node, infoset: int) -> None:
        result = self.result
        node.key = InfosetKey(node.name, None, 0)
        if node.name in self.committed:
            return
        node.infoset = result.infosets.setdefault(node.key, len(result.infosets))
        if node.infoset == len(result.infoset_player):
            result.infoset_player.append(self.game.infosets[infoset].player)
            result.infoset_actions.append(self.names.steps[infoset])

    def _end(self, number: int) -> None:
        """Payoffs and measures of a terminal node: the sums over the outcomes met on the way."""
        met = self.game.passed(number)
        priced = [(self.names.outcomes[k], self.game.outcomes[k].payoffs) for k in met]
        if self.game.nodes[number].outcome == NONE:
            none = (Fraction(0),) * len(self.imported.players)
            priced.append((self.names.ends[number], none))
        payoffs: list[int] = []
        for player, name in enumerate(self.imported.players):
            fixed, terms = Fraction(0), list[int]()
            for outcome, paid in priced:
                own = self.imported.priced.get(outcome, {}).get(name)
                if own is None:
                    fixed += paid[player]
                else:
                    terms.append(self.table.compute(own, {}))
            payoffs.append(self._total(fixed, terms))
        self.result.payoffs.append(payoffs)
        measured: dict[str, list[int]] = {}
        for outcome, _ in priced:
            for name, own in self.imported.priced.get(outcome, {}).items():
                if name not in self.imported.players:
                    measured.setdefault(name, []).append(self.table.compute(own, {}))
        self.result.measures.append(
            {name: self._total(Fraction(0), terms) for name, terms in measured.items()}
        )

    def _total(self, fixed: Fraction, terms: list[int]) -> int:
        parts = list(terms)
        if fixed or not terms:
            parts.append(self.table.add(Fixed(float(fixed))))
        return parts[0] if len(parts) == 1 else self.table.add(Sum(tuple(parts)))
