"""The documented bugs, in the order in which to teach them. Each is an override of the right learner."""

from __future__ import annotations

from nn.lab.bug import Bug
from nn.lab.bugs.biases import BIASES_BUGS
from nn.lab.bugs.gradients import GRADIENT_BUGS
from nn.lab.bugs.hidden import HIDDEN_BUGS
from nn.lab.bugs.matrices import MATRIX_BUGS
from nn.lab.bugs.output import OUTPUT_BUGS
from nn.lab.bugs.penalties import PENALTY_BUGS
from nn.lab.bugs.surroundings import SURROUNDING_BUGS

TAUGHT_FIRST = ("B01", "B09", "B12", "B03", "B13", "B07", "B14", "B06", "B28", "B19")


def _teaching_order(bug: Bug) -> tuple[int, str]:
    return (TAUGHT_FIRST.index(bug.id) if bug.id in TAUGHT_FIRST else len(TAUGHT_FIRST), bug.id)


_ALL = (*OUTPUT_BUGS, *HIDDEN_BUGS, *MATRIX_BUGS, *GRADIENT_BUGS, *BIASES_BUGS, *PENALTY_BUGS, *SURROUNDING_BUGS)
BUGS: dict[str, Bug] = {bug.id: bug for bug in sorted(_ALL, key=_teaching_order)}
"""The bugs by id, in teaching order."""
