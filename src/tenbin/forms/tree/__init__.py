"""Finite extensive games with chance, private types and hidden moves."""
