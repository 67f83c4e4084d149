"""Keys of the draws: what makes the numbers of one uncertainty, and nothing else, what they are."""

from __future__ import annotations

from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

__all__ = ["key_words"]


def key_words(seed: int, purpose: str, name: str, count: int) -> NDArray[np.uint64]:
    """Words [count] that depend on the seed, the purpose and the uncertainty's name alone.

    The same on every machine; other seeds, purposes and names give unrelated words.

    Parameters
    ----------
    seed
        Any integer.
    purpose
        What the words are for, so that two uses of one name share nothing.
    name
        The uncertainty's name.
    count
        At most 8.
    """
    text = f"tenbin worlds|{seed}|{purpose}|{name}".encode()
    digest = blake2b(text, digest_size=8 * count).digest()
    return np.frombuffer(digest, dtype="<u8").astype(np.uint64)
