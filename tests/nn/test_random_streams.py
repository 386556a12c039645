"""Random streams: determined by the seed, and independent of each other."""

from __future__ import annotations

import json

from nn.random_streams import RandomStreams


def test_the_seed_decides_the_stream() -> None:
    first, same, other = (RandomStreams(seed) for seed in (5, 5, 6))
    assert first.order.random() == same.order.random() != other.order.random()


def test_streams_are_independent() -> None:
    streams, untouched = RandomStreams(0), RandomStreams(0)
    streams.dropout.random(1000)
    assert streams.order.random() == untouched.order.random()
    assert len({streams.initialization.random(), streams.order.random(), streams.dropout.random()}) == 3


def test_state_survives_json() -> None:
    streams = RandomStreams(0)
    streams.order.permutation(100)
    streams.dropout.random(7)
    restored = RandomStreams(1)
    restored.state = json.loads(json.dumps(streams.state))
    assert restored.order.permutation(20).tolist() == streams.order.permutation(20).tolist()
    assert restored.dropout.random() == streams.dropout.random()
