from __future__ import annotations

from webapp.cache import ByteCache


def test_the_least_recently_used_value_is_dropped_first() -> None:
    cache = ByteCache[str](100)
    for name in "abc":
        cache.put(name, name.upper(), 33)
    assert cache.get("a") == "A"
    cache.put("d", "D", 33)
    assert [cache.get(name) for name in "abcd"] == ["A", None, "C", "D"]


def test_replacing_a_value_does_not_count_its_size_twice() -> None:
    cache = ByteCache[int](100)
    cache.put("other", 0, 40)
    for value in range(10):
        cache.put("same", value, 60)
    assert (cache.get("same"), cache.get("other")) == (9, 0)


def test_the_newest_value_stays_even_if_it_exceeds_the_limit() -> None:
    cache = ByteCache[int](100)
    cache.put("small", 1, 10)
    cache.put("large", 2, 1000)
    assert (cache.get("small"), cache.get("large")) == (None, 2)
    cache.put("small", 1, 10)
    assert (cache.get("small"), cache.get("large")) == (1, None)
