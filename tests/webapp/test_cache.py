from __future__ import annotations

from webapp.cache import ByteCache


def test_what_was_not_asked_for_the_longest_goes_first() -> None:
    cache = ByteCache[str](100)
    for name in "abc":
        cache.put(name, name.upper(), 33)
    assert cache.get("a") == "A"
    cache.put("d", "D", 33)
    assert [cache.get(name) for name in "abcd"] == ["A", None, "C", "D"]


def test_what_takes_the_place_of_the_same_key_is_counted_once() -> None:
    cache = ByteCache[int](100)
    cache.put("other", 0, 40)
    for value in range(10):
        cache.put("same", value, 60)
    assert (cache.get("same"), cache.get("other")) == (9, 0)


def test_the_newest_stays_whatever_its_size() -> None:
    cache = ByteCache[int](100)
    cache.put("small", 1, 10)
    cache.put("vast", 2, 1000)
    assert (cache.get("small"), cache.get("vast")) == (None, 2)
    cache.put("small", 1, 10)
    assert (cache.get("small"), cache.get("vast")) == (1, None)
