"""Numerical parts that know arrays and no game: path following, sparse elimination, compiling."""
