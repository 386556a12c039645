"""Outside control of training: proceed, pause and stop."""

from __future__ import annotations

from typing import Protocol


class Control(Protocol):
    """How someone outside steers training."""

    def proceed(self) -> bool:
        """Block while paused; `False` once training must stop. Called before each batch."""


class Stopped(Exception):  # noqa: N818 - not an error
    """Somebody asked training to stop."""
