"""What was worked out lately, as long as it fits into so many bytes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Generic, TypeVar

V = TypeVar("V")


class ByteCache(Generic[V]):
    """Values by key; those that were not asked for the longest go first. The newest stays, whatever its size.

    Threads may share it.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._held = 0
        self._values: OrderedDict[Hashable, tuple[V, int]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable) -> V | None:
        """The value of that key, if it is still there."""
        with self._lock:
            if key not in self._values:
                return None
            self._values.move_to_end(key)
            return self._values[key][0]

    def put(self, key: Hashable, value: V, n_bytes: int) -> None:
        """Keep a value that takes so many bytes, and let go of what no longer fits."""
        with self._lock:
            self._held += n_bytes - self._values.pop(key, (None, 0))[1]
            self._values[key] = (value, n_bytes)
            while self._held > self._limit and len(self._values) > 1:
                _, (_, size) = self._values.popitem(last=False)
                self._held -= size
