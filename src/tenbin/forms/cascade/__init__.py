"""Cascades: who follows whom; thresholds and strategic complements on a network."""
