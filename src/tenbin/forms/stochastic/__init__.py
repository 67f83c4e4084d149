"""Discounted stochastic games: players meet again and again, and the state moves with them."""
