"""What pygambit says of a profile of ours."""

from __future__ import annotations

import numpy as np

from tenbin.forms.tree.exchange_objects import to_pygambit
from tenbin.forms.tree.tables import TreeGame

__all__ = ["gambit_regret"]


def gambit_regret(game: TreeGame, profile: np.ndarray, world: int = 0) -> float:
    """The largest gain of a player from deviating, by pygambit; profile [G], infosets in preorder.

    Gambit's regret is zero just at Nash equilibria.
    """
    tree = game.tree
    start = tree.infoset_start
    data = [
        [
            profile[start[h] : start[h + 1]].tolist()
            for h in np.flatnonzero(tree.infoset_player == player)
        ]
        for player in range(len(tree.players))
    ]
    return float(to_pygambit(game, world).mixed_behavior_profile(data=data).max_regret())
