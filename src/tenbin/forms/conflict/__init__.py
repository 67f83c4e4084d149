"""Conflicts: the graph model for conflict resolution, all its equilibria in every world."""
