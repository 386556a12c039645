"""The queue of trials: its order, its process, and what it stores."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import gevent
import pytest

from nn.diagnosis.finding import Diagnosis
from nn.diagnosis.finding_json import diagnosis_to_json
from nn.trials.trials_json import TrialsJson
from tests.support.run_engine import Engine, HeldEngine, workers_of
from webapp.config import Config
from webapp.execution import trial_queue as module
from webapp.execution.trial_queue import TrialQueue, TrialRequest
from webapp.realtime.events import TrialsEvent
from webapp.realtime.publisher import Publisher
from webapp.storage.run_files import RunFiles
from webapp.storage.run_record import RunRecord
from webapp.storage.run_status import RunStatus

SHORT = 1  # epochs
ENDLESS = 10_000  # epochs; no test waits for their end


class Queue:
    """A queue of trials, on an engine whose runs do not train. All runs but the last have ended."""

    def __init__(self, config: Config) -> None:
        self.held = HeldEngine()
        self.engine = Engine(config, execution_engine=self.held)
        self.files = config.runs_dir
        self.queue = TrialQueue(config, self.engine.scheduler, self.engine.store, Publisher(self.engine.emitter))

    def ended_run(self) -> RunRecord:
        """Return a run that has ended. It has few images, small batches and many epochs."""
        run = self.engine.create(batch_size=2, epochs=10_000, images_per_class=100)
        self.held.release.release()
        return self.engine.wait_for_status(run.id)

    def add(self, run: RunRecord, *, epochs: int = SHORT, is_asked: bool = True) -> bool:
        return self.queue.add(TrialRequest(run, diagnosis_to_json(Diagnosis(1, "unknown")), epochs, is_asked))

    def wait_for(self, run: RunRecord, *statuses: str) -> TrialsJson:
        def reached() -> TrialsJson | None:
            trials = self.queue.find(run.id)
            return trials if trials["status"] in statuses else None

        return self.engine.wait(reached, what=f"trials are {statuses}")

    def wait_for_twin(self, run: RunRecord) -> None:
        self.engine.wait(lambda: self.queue.find(run.id)["twin"], what="the first trial has completed an epoch")

    def events(self, run: RunRecord) -> list[TrialsJson]:
        return [payload["trials"] for payload in self.engine.emitter.payloads("trials", run.id)]

    def close(self) -> None:
        self.queue.close()
        self.engine.close()


@pytest.fixture
def queue(config: Config) -> Iterator[Queue]:
    queue = Queue(config)
    yield queue
    queue.close()


def test_results_are_published_stored_and_read_again_after_a_restart(queue: Queue, config: Config) -> None:
    run = queue.ended_run()
    assert queue.queue.find(run.id)["status"] == "none"
    ended: list[int] = []
    queue.queue.on_end = ended.append
    assert queue.add(run)
    assert not queue.add(run)
    finished = queue.wait_for(run, "finished")
    assert finished["error"] is None
    assert (finished["epochs"], finished["score"]) == (SHORT, "validation_accuracy")
    assert all(finished[kind] is not None for kind in ("twin", "reference", "control"))
    scores = [item["validation_accuracy"] or 0.0 for item in finished["items"]]
    assert scores == sorted(scores, reverse=True)
    statuses = [trials["status"] for trials in queue.events(run)]
    assert statuses[:2] == ["waiting", "running"]
    assert statuses[-1] == "finished"
    assert queue.events(run)[-1] == finished
    queue.engine.wait(lambda: ended == [run.id])
    another = TrialQueue(config, queue.engine.scheduler, queue.engine.store, Publisher(queue.engine.emitter))
    assert another.find(run.id) == finished


def test_automatic_trials_wait_for_the_runs_and_those_of_a_person_do_not(queue: Queue) -> None:
    automatic, asked = queue.ended_run(), queue.ended_run()
    training = queue.engine.create(epochs=1)
    queue.engine.wait_for_status(training.id, RunStatus.RUNNING)
    queue.add(automatic, is_asked=False)
    queue.add(asked)
    queue.wait_for(asked, "finished")
    gevent.sleep(2 * module.SECONDS_BETWEEN_CHECKS)
    assert queue.queue.find(automatic.id)["status"] == "waiting"
    queue.held.release.release()
    queue.wait_for(automatic, "finished")


def test_a_person_can_ask_for_trials_that_wait(queue: Queue) -> None:
    run = queue.ended_run()
    training = queue.engine.create(epochs=1)
    queue.engine.wait_for_status(training.id, RunStatus.RUNNING)
    assert queue.add(run, is_asked=False)
    assert queue.add(run)
    queue.wait_for(run, "finished")
    queue.held.release.release()


def test_a_killed_process_is_a_failure_that_can_be_repeated(queue: Queue) -> None:
    run = queue.ended_run()
    queue.add(run, epochs=ENDLESS)
    queue.wait_for_twin(run)
    (process,) = workers_of(os.getpid())
    process.kill()
    failed = queue.wait_for(run, "failed")
    assert failed["error"] is not None
    assert failed["error"].startswith("The process of the trials was killed by SIGKILL.")
    assert failed["error"].endswith("Start the trials again.")
    assert queue.add(run)
    queue.wait_for(run, "finished")


def test_stopped_trials_keep_what_they_have_found(queue: Queue) -> None:
    run, other = queue.ended_run(), queue.ended_run()
    assert not queue.queue.stop(run.id)
    queue.add(run, epochs=ENDLESS)
    queue.add(other)
    assert queue.queue.stop(other.id)
    assert queue.queue.find(other.id)["status"] == "none"
    queue.wait_for_twin(run)
    assert queue.queue.stop(run.id)
    stopped = queue.wait_for(run, "stopped")
    assert stopped["twin"] is not None
    queue.engine.wait(lambda: not workers_of(os.getpid()))


def test_a_repetition_that_fails_does_not_replace_finished_trials(queue: Queue, config: Config) -> None:
    run = queue.ended_run()
    queue.add(run)
    finished = queue.wait_for(run, "finished")
    queue.add(run, epochs=ENDLESS)
    queue.wait_for_twin(run)
    assert queue.queue.finished(run.id) == finished
    (process,) = workers_of(os.getpid())
    process.kill()
    queue.wait_for(run, "failed")
    assert queue.queue.finished(run.id) == finished
    another = TrialQueue(config, queue.engine.scheduler, queue.engine.store, Publisher(queue.engine.emitter))
    assert another.find(run.id) == finished


def test_an_error_at_the_start_ends_the_process(queue: Queue, monkeypatch: pytest.MonkeyPatch) -> None:
    run = queue.ended_run()

    def publish(_self: Publisher, event: TrialsEvent) -> None:
        if event["trials"]["status"] == "running":
            raise RuntimeError("lost")

    monkeypatch.setattr(Publisher, "trials", publish)
    queue.add(run, epochs=ENDLESS)
    error = queue.wait_for(run, "failed")["error"]
    assert error == "The server could not continue the trials: lost"
    queue.engine.wait(lambda: not workers_of(os.getpid()), what="the process has ended")


def test_a_shutdown_ends_the_process_at_once(queue: Queue) -> None:
    run = queue.ended_run()
    queue.add(run, epochs=ENDLESS)
    queue.wait_for_twin(run)
    queue.queue.close()
    assert workers_of(os.getpid()) == []
    assert not RunFiles.of_run(queue.files, run.id).trials.exists()
    assert not queue.add(run)


def test_the_deletion_of_a_run_ends_its_trials(queue: Queue) -> None:
    run = queue.ended_run()
    queue.add(run, epochs=ENDLESS)
    queue.wait_for_twin(run)
    queue.engine.runs.delete(run.id)
    queue.engine.wait(lambda: not workers_of(os.getpid()), what="the process has ended")
    assert not RunFiles.of_run(queue.files, run.id).folder.exists()


def test_other_training_examples_are_refused(queue: Queue) -> None:
    run = queue.ended_run()
    queue.add(replace(run, train_fingerprint="0" * 32))
    error = queue.wait_for(run, "failed")["error"]
    assert error is not None
    assert error.startswith("The training examples differ")


def test_a_full_disk_is_a_failure_with_a_remedy(queue: Queue, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_room(path: Path) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

    run = queue.ended_run()
    monkeypatch.setattr(module, "replace_atomically", no_room)
    queue.add(run)
    error = queue.wait_for(run, "failed")["error"]
    assert error is not None
    assert "disk is full" in error


def test_a_damaged_file_is_a_failure_that_can_be_repeated(queue: Queue) -> None:
    run = queue.ended_run()
    path = RunFiles.of_run(queue.files, run.id).trials
    path.parent.mkdir(parents=True, exist_ok=True)
    for content in (b"{", b"[]", b'{"status": "finished"}', b"\xff"):
        path.write_bytes(content)
        assert queue.queue.find(run.id)["status"] == "failed"


def test_hyperparameters_of_an_earlier_version_are_a_failure_with_a_reason(queue: Queue) -> None:
    run = queue.ended_run()
    queue.add(replace(run, hyperparameters=run.hyperparameters.model_copy(update={"batch_size": 0})))
    error = queue.wait_for(run, "failed")["error"]
    assert error is not None
    assert "batch_size" in error
