"""A least-recently-used cache with a limit in bytes."""

from __future__ import annotations

from collections.abc import Hashable
from threading import Lock
from typing import Generic, TypeVar

from cachetools import LRUCache

V = TypeVar("V")


class ByteCache(Generic[V]):
    """Cached values by key, with at most `limit` bytes in total.

    A value larger than `limit` is cached alone. Threads can share a cache.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._entries: LRUCache[Hashable, tuple[V, int]] = LRUCache(limit, getsizeof=lambda entry: entry[1])
        self._lock = Lock()

    def get(self, key: Hashable) -> V | None:
        """Return the value of `key`, or None if it is not cached."""
        with self._lock:
            entry = self._entries.get(key)
        return None if entry is None else entry[0]

    def put(self, key: Hashable, value: V, n_bytes: int) -> None:
        """Cache a value of `n_bytes`, and remove the least recently used values until it fits."""
        with self._lock:
            self._entries[key] = (value, min(n_bytes, self._limit))  # LRUCache rejects values above its limit
