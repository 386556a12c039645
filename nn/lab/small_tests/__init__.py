"""The small tests, each of which sees bugs that a gradient check cannot see."""

from __future__ import annotations

from nn.lab.small_tests.outputs import OUTPUT_TESTS
from nn.lab.small_tests.small_test import SmallTest
from nn.lab.small_tests.start import START_TESTS
from nn.lab.small_tests.steps import STEP_TESTS

SMALL_TESTS: tuple[SmallTest, ...] = (*STEP_TESTS, *OUTPUT_TESTS, *START_TESTS)
