"""The order in which waiting requests proceed."""

from __future__ import annotations

from webapp.threads import Event, NewestFirst, spawn


def test_the_newest_request_is_next_and_the_oldest_are_replaced() -> None:
    turns, release = NewestFirst(max_waiting=2), Event()
    proceeded: list[str] = []
    replaced: list[str] = []

    def request(name: str) -> None:
        with turns.turn() as is_next:
            (proceeded if is_next else replaced).append(name)
            if name == "first":
                release.wait()

    requests = []
    for name in ("first", "second", "third", "fourth"):
        requests.append(spawn(request, name))
        requests[-1].join(timeout=0)  # until it waits
    release.set()
    for each in requests:
        each.join()
    assert proceeded == ["first", "fourth", "third"]
    assert replaced == ["second"]


def test_an_error_passes_the_turn_on() -> None:
    turns = NewestFirst(max_waiting=2)
    for _ in range(2):
        try:
            with turns.turn() as is_next:
                assert is_next
                raise ValueError
        except ValueError:
            continue
    with turns.turn() as is_next:
        assert is_next
