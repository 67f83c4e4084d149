"""Contests: games of continuous effort."""
