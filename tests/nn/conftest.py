"""Hypothesis settings of these tests. There is no deadline, because other programs may slow the machine down."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("misfit", deadline=None, max_examples=50)
settings.load_profile("misfit")
