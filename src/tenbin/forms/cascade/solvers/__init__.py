"""One method, one file: both ends of a network, a continuum under a global game."""
