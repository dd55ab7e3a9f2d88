"""One BLAS thread while small systems are solved: more of them only wait for each other, and on a busy machine
that costs ten times the time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # comes with scikit-learn


@contextmanager
def one_thread() -> Iterator[None]:
    """Limits linear algebra to one thread for the length of a `with`."""
    with threadpool_limits(1, user_api="blas"):
        yield
