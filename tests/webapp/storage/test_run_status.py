from __future__ import annotations

from itertools import product

import pytest

from nn.hyperparameters.schema import Hyperparameters
from nn.training.events import StopReason
from webapp.storage.run_status import ENDED, STATUS_OF_STOP_REASON, TRANSITIONS, RunStatus
from webapp.storage.run_store import RunStore

# The allowed transitions, written by hand.
ALLOWED = {
    ("queued", "running"),
    ("running", "paused"),
    ("paused", "running"),
    ("paused", "queued"),
    *product(("queued", "running", "paused"), ("finished", "stopped", "diverged", "failed", "interrupted")),
}

PATH_TO: dict[RunStatus, tuple[RunStatus, ...]] = {
    RunStatus.QUEUED: (),
    RunStatus.RUNNING: (RunStatus.RUNNING,),
    RunStatus.PAUSED: (RunStatus.RUNNING, RunStatus.PAUSED),
    **{status: (RunStatus.RUNNING, status) for status in ENDED},
}


@pytest.mark.parametrize("before", RunStatus)
@pytest.mark.parametrize("after", RunStatus)
def test_only_the_allowed_transitions_change_the_status(store: RunStore, before: RunStatus, after: RunStatus) -> None:
    run = store.add_run(name="a", preset=None, hyperparameters=Hyperparameters(), parameter_count=1)
    for status in PATH_TO[before]:
        assert store.change_status(run.id, status)
    changed = store.change_status(run.id, after)
    stored = store.run(run.id)
    assert stored is not None
    assert changed is ((before, after) in ALLOWED)
    assert stored.status is (after if changed else before)
    assert (stored.finished_at is not None) is (stored.status in ENDED)


def test_every_state_is_in_the_table_and_every_stop_reason_ends_a_run() -> None:
    assert set(TRANSITIONS) == set(RunStatus)
    assert {STATUS_OF_STOP_REASON[reason] for reason in StopReason} <= ENDED
