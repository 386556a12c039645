"""How Hypothesis looks for counterexamples in these tests: no clock, since other work may slow the machine down."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("misfit", deadline=None, max_examples=50)
settings.load_profile("misfit")
