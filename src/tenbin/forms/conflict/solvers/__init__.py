"""Solvers of conflicts: one method, one file."""
