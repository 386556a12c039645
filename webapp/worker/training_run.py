"""One run inside its worker process."""

from __future__ import annotations

import json
import traceback
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path

from nn.datasets import DatasetRegistry, DatasetSpec, load_dataset
from nn.errors import DatasetError, NNError
from nn.hyperparameters.schema import Hyperparameters
from nn.training.trainer import train
from webapp.errors import DiskFullError, is_disk_full
from webapp.storage.run_files import RunFiles
from webapp.worker.control import WorkerControl
from webapp.worker.recorder import Recorder
from webapp.worker.server_sink import ServerSink
from webapp.worker.sinks import CheckpointSink, OutputSink, PredictionSink, TelemetrySink, TrainRowsSink, WeightsSink


class TrainingRun:
    """A run that follows the server's commands and sends its outcome in a last message."""

    def __init__(self, connection: Connection, folder: str) -> None:
        self._files = files = RunFiles(Path(folder))
        checkpoints = CheckpointSink(files)
        self._server = ServerSink(connection)
        self._recorder = Recorder(
            [
                TrainRowsSink(files),
                PredictionSink(files),
                OutputSink(files),
                WeightsSink(files),
                TelemetrySink(files),
                checkpoints,
                self._server,
            ]
        )
        self._control = WorkerControl(connection, on_pause=checkpoints.write)

    def train(self, hyperparameters: str, dataset_spec: str, *, datasets_dir: str, cache_dir: str) -> None:
        """Train the run. Send an error to the server as the last message, because only the server can report it."""
        try:
            datasets = DatasetRegistry([DatasetSpec.from_json(dataset_spec)])
            chosen = Hyperparameters.parse(json.loads(hyperparameters), datasets)
            dataset = load_dataset(
                chosen.dataset, datasets_dir=Path(datasets_dir), cache_dir=Path(cache_dir), datasets=datasets
            )
            self._files.folder.mkdir(parents=True, exist_ok=True)
            with self._recorder.recording(dataset):
                train(chosen, dataset, on_event=self._recorder, control=self._control)
        except ConnectionError:
            return  # the server has ended
        except DatasetError as error:
            if is_disk_full(error):
                self._fail("disk_full", f"The disk is full: {error}")
            else:
                self._fail("dataset", str(error))
        except NNError as error:
            self._fail("training", str(error))
        except MemoryError:
            self._fail("out_of_memory", "The machine ran out of memory. Choose fewer units or a smaller mini-batch.")
        except OSError as error:
            if is_disk_full(error):
                self._fail("disk_full", DiskFullError(self._files.folder).message)
            else:
                self._fail("files", f"A file of the run could not be written or read: {error}")
        except Exception as error:
            message = f"Training ended with an unexpected {type(error).__name__}: {error}"
            self._fail("unexpected", message, traceback.format_exc())

    def _fail(self, code: str, message: str, stack_trace: str | None = None) -> None:
        with suppress(OSError):
            self._server.fail(code, message, stack_trace)
