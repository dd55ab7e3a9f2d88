"""Short texts that say the same thing in other words, found without a model of any language."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.sparse.csgraph import connected_components
from sklearn.feature_extraction.text import HashingVectorizer, TfidfTransformer
from sklearn.neighbors import NearestNeighbors

ALIKE = 0.45
"""Least cosine similarity of two texts that belong together; on letter groups, so that endings do not matter."""
NEIGHBOURS = 12


def grouped(texts: Sequence[str], *, alike: float = ALIKE) -> list[int]:
    """A group number for each text, counted from 0 by first appearance. Texts without letters stand alone.

    Texts are compared by the groups of three to five letters inside their words, weighted so that what every text
    has counts little (TF-IDF); each is tied to its nearest others that are alike enough, and what hangs together
    is one group. Costs grow with the number of texts times its neighbours, not with all pairs kept in memory.
    """
    if not texts:
        return []
    counts = HashingVectorizer(
        analyzer="char_wb", ngram_range=(3, 5), n_features=2**18, norm=None, alternate_sign=False
    ).transform([text.lower() for text in texts])
    weights = TfidfTransformer(sublinear_tf=True).fit_transform(counts)
    near = NearestNeighbors(n_neighbors=min(NEIGHBOURS, len(texts)), metric="cosine").fit(weights)
    graph = near.kneighbors_graph(weights, mode="distance")
    graph.data = np.where(graph.data <= 1 - alike, 1.0, 0.0)
    graph.eliminate_zeros()
    _, found = connected_components(graph, directed=False)
    first: dict[int, int] = {}
    return [first.setdefault(int(group), len(first)) for group in found]
