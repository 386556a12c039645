"""Many stored runs, for tests and benchmarks of the list of runs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from nn.diagnosis.code_names import CODE_NAMES
from nn.diagnosis.finding import Code, KnownBy, Severity, Status
from nn.presets.catalog import PRESETS
from nn.training.events import EpochResult
from webapp.storage.run_store import RunStore
from webapp.storage.tables import Epoch, Run
from webapp.storage.verdict_store import VerdictJson

EPOCHS = 5
LONGEST_NAME = max(CODE_NAMES.values(), key=len)


def store_runs(data_dir: Path, n_runs: int) -> None:
    """Store finished runs with made-up metrics in the database of a data folder, which a server may use."""
    presets = list(PRESETS.values())
    first_start = datetime.now(UTC) - timedelta(days=60)
    runs: list[dict[str, Any]] = []
    epochs: list[dict[str, Any]] = []
    for run_id in range(1, n_runs + 1):
        preset = presets[run_id % len(presets)]
        started = first_start + timedelta(minutes=15 * run_id)
        runs.append(
            {
                "id": run_id,
                "name": f"{preset.title} {run_id}",
                "notes": "",
                "preset": preset.id,
                "status": "finished",
                "stop_reason": "completed",
                "hyperparameters": preset.hyperparameters.model_dump(mode="json"),
                "epochs_completed": EPOCHS,
                "best_epoch": EPOCHS,
                "created_at": started,
                "started_at": started,
                "finished_at": started + timedelta(seconds=run_id % 997),
                "parameter_count": 1000 + run_id % 37,
                "diagnosis": made_up_verdict(run_id),
            }
        )
        epochs += [{"run_id": run_id, **made_up_result(run_id, epoch)} for epoch in range(1, EPOCHS + 1)]
    store = RunStore(data_dir / "misfit.db")
    with store.engine.begin() as connection:
        connection.execute(insert(Run), runs)
        connection.execute(insert(Epoch), epochs)
    store.close()


def made_up_verdict(run_id: int) -> VerdictJson | None:
    """Return no verdict, a good one, or one of each severity, by turns."""
    return (
        None,
        _verdict("healthy", None, "Learns well", None),
        _verdict("ill", "diverging", "Diverging", "critical"),
        _verdict("ill", "dead_units", LONGEST_NAME, "warning"),
    )[run_id % 4]


def _verdict(status: Status, code: Code | None, title: str, severity: Severity | None) -> VerdictJson:
    known_by: KnownBy | None = "observed" if code else None
    return {
        "status": status,
        "code": code,
        "title": title,
        "severity": severity,
        "known_by": known_by,
        "epoch": EPOCHS,
    }


def made_up_result(run_id: int, epoch: int) -> dict[str, Any]:
    accuracy = 0.5 + (run_id * 31 % 1000) / 2001
    cost = (run_id * 17 % 1009) / 311
    result = EpochResult(epoch, cost, accuracy, cost, accuracy, cost, accuracy, 0.01, epoch, 0.5 * epoch, 1000.0)
    return dict(result.to_json())
