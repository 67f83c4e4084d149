"""Solvers of stochastic games: one method, one file; a batch of worlds in, a solution out."""
