"""Rank correlations by a Gaussian copula: uniform draws of a correlated group are joined."""

from __future__ import annotations

import numpy as np

from tenbin.scenario.language import Array
from tenbin.scenario.objects import Correlation

__all__ = ["correlated_draws", "correlation_groups", "pearson_matrix"]


def correlated_draws(
    draws: dict[str, Array], correlations: tuple[Correlation, ...]
) -> dict[str, Array]:
    """The uniform draws [W] with the rank correlations asked for; other names are as they were.

    In each group of names that correlations join, the first by alphabet keeps its own draws, so
    the result does not depend on the order of the file.
    """
    if not correlations:
        return draws
    from scipy.special import ndtr, ndtri

    joined = dict(draws)
    for group in correlation_groups(correlations):
        factor = np.linalg.cholesky(pearson_matrix(group, correlations))
        normal = [np.asarray(ndtri(draws[name])) for name in group]
        for row, name in enumerate(group):
            # Summed term by term: a matrix product may round otherwise for another chunk.
            total = sum((factor[row, k] * normal[k] for k in range(row)), np.zeros(()))
            joined[name] = np.asarray(ndtr(total + factor[row, row] * normal[row]))
        joined[group[0]] = draws[group[0]]
    return joined


def correlation_groups(correlations: tuple[Correlation, ...]) -> list[tuple[str, ...]]:
    """The names that correlations join directly or through others, each group by alphabet."""
    groups: list[set[str]] = []
    for correlation in correlations:
        touched = [group for group in groups if group & set(correlation.between)]
        groups = [group for group in groups if group not in touched]
        groups.append(set(correlation.between).union(*touched))
    return sorted(tuple(sorted(group)) for group in groups)


def pearson_matrix(group: tuple[str, ...], correlations: tuple[Correlation, ...]) -> Array:
    """The correlation matrix of the normal variables whose ranks correlate as asked.

    A rank correlation r needs 2 sin(pi r / 6) between normal variables; pairs not named get 0.
    """
    number = {name: i for i, name in enumerate(group)}
    matrix = np.eye(len(group))
    for correlation in correlations:
        first, second = correlation.between
        if first in number:
            value = 2.0 * np.sin(np.pi * correlation.rank / 6.0)
            matrix[number[first], number[second]] = value
            matrix[number[second], number[first]] = value
    return matrix
