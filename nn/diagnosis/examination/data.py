"""Examination of the data of a run, without its network."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nn.analysis.nearest_neighbors import nearest_neighbors
from nn.array_types import FloatArray, IndexArray, LabelArray
from nn.datasets.dataset import Dataset, Split
from nn.diagnosis.examination.batch_entropy import relative_batch_entropy
from nn.diagnosis.examination.identical_rows import identical_columns, shared_fraction
from nn.diagnosis.examination.label_agreement import agreement
from nn.diagnosis.measurement.fixed_examples import MAX_EXAMPLES, FixedExamples, random_rows
from nn.diagnosis.start_profile import DataProfile
from nn.examples.prepared_data import PreparedData
from nn.hyperparameters.schema import Hyperparameters

MAX_QUERIES = 500  # examples whose nearest neighbor is determined
MIN_NEIGHBORS = 50  # with fewer examples, labels of neighbors show nothing


@dataclass(frozen=True, slots=True, eq=False)
class ExaminedData:
    """Some training examples of a run as the network gets them, and facts about its data.

    `examples` are a random sample of the training examples, at most 1,000, in random order. `train_labels` (n_train,)
    and `train_targets` (n_train, n_outputs) belong to all training examples, in stored order. `profile` lacks
    `batch_entropy`, which depends on more hyperparameters than the other facts (see `profile_for`).
    """

    examples: FixedExamples
    train_labels: LabelArray
    train_targets: FloatArray
    profile: DataProfile

    def profile_for(self, hyperparameters: Hyperparameters) -> DataProfile:
        """Return all facts about the data in a run with `hyperparameters`, which have the same `data_fields`."""
        n_classes = self.examples.n_classes
        if not n_classes:
            return self.profile
        entropy = relative_batch_entropy(hyperparameters, self.train_labels, n_classes)
        return self.profile.with_batch_entropy(entropy)


def data_fields(hyperparameters: Hyperparameters) -> tuple[object, ...]:
    """Return the values that determine the result of `examine_data` for a given data set."""
    h = hyperparameters
    selection = (h.dataset, h.image_shape, h.images_per_class, h.held_out_fraction, h.seed)
    return (*selection, h.input_scaling, h.target_scaling, h.dtype)


def examine_data(hyperparameters: Hyperparameters, dataset: Dataset) -> ExaminedData:
    """Examine the examples that a run with `hyperparameters` would use.

    `dataset` is the whole data set. Raises HyperparameterError if it is too small for the hyperparameters.
    """
    prepared = PreparedData.of_run(hyperparameters, dataset)
    train = prepared.dataset.train
    rows = random_rows(len(train), MAX_EXAMPLES)
    inputs, targets = prepared.inputs(train, rows), prepared.targets(train, rows)
    labels = train.labels[rows] if train.targets is None else None
    return ExaminedData(
        examples=FixedExamples(inputs, targets, labels, prepared.dataset.n_classes),
        train_labels=train.labels,
        train_targets=prepared.targets(train, np.arange(len(train))),
        profile=_profile(prepared, rows, inputs, targets),
    )


def _profile(prepared: PreparedData, rows: IndexArray, inputs: FloatArray, targets: FloatArray) -> DataProfile:
    data = prepared.dataset
    is_regression = not data.n_classes
    varies = np.ptp(inputs, axis=0) > 0
    validation_shift, validation_spread = _compare(prepared, data.validation, inputs)
    test_shift, test_spread = _compare(prepared, data.test, inputs)
    neighbor_agreement, chance_agreement, test_agreement = _label_agreements(prepared, rows, inputs)
    return DataProfile(
        n_train=len(data.train),
        n_validation=len(data.validation),
        n_test=len(data.test),
        n_inputs=data.n_features,
        class_counts=tuple(np.bincount(data.train.labels, minlength=data.n_classes).tolist()) if data.n_classes else (),
        input_mean_square=_mean_square(inputs[:, varies]),
        largest_input=float(np.abs(inputs).max()),
        n_constant_inputs=int(np.count_nonzero(~varies)),
        n_duplicate_inputs=_count_duplicate_inputs(data.train, inputs, varies),
        neighbor_agreement=neighbor_agreement,
        chance_agreement=chance_agreement,
        test_neighbor_agreement=test_agreement,
        shared_examples=None if is_regression else shared_fraction(data.test, data.train),
        validation_shift=validation_shift,
        validation_spread=validation_spread,
        test_shift=test_shift,
        test_spread=test_spread,
        largest_correlation=_largest_correlation(inputs, targets) if len(rows) == len(data.train) else None,
        target_mean=float(np.abs(targets.mean(axis=0, dtype=np.float64)).max()) if is_regression else None,
        target_std=float(targets.std(axis=0, dtype=np.float64).max()) if is_regression else None,
    )


def _largest_correlation(inputs: FloatArray, targets: FloatArray) -> float:
    """Return the largest |correlation| of a column of `inputs` with a column of `targets`; a constant one has 0."""
    columns = (values - values.mean(axis=0, dtype=np.float64) for values in (inputs, targets))
    x, y = (values / np.maximum(np.linalg.norm(values, axis=0), np.finfo(np.float64).tiny) for values in columns)
    return float(np.abs(x.T @ y).max())


def _mean_square(inputs: FloatArray) -> float:
    return float(np.square(inputs, dtype=np.float64).mean()) if inputs.size else 0.0


def _count_duplicate_inputs(train: Split, inputs: FloatArray, varies: NDArray[np.bool_]) -> int:
    """Return the number of varying inputs that equal another input in each training example."""
    columns = np.flatnonzero(varies)
    columns = columns[identical_columns(inputs[:, columns])]
    if columns.size:  # inputs that are rarely different from 0 can be equal in a sample only
        rows = np.array_split(np.arange(len(train)), -(-len(train) // MAX_EXAMPLES))
        columns = columns[identical_columns(np.concatenate([train.take(part)[:, columns] for part in rows]))]
    return len(columns)


def _compare(prepared: PreparedData, split: Split, train_inputs: FloatArray) -> tuple[float | None, float | None]:
    """Return the shift and the spread of the inputs of `split`, relative to those of the training split."""
    if not len(split):
        return None, None
    inputs = prepared.inputs(split, random_rows(len(split), MAX_EXAMPLES))
    means, train_means = (values.mean(axis=1, dtype=np.float64) for values in (inputs, train_inputs))
    # Single inputs can be huge after standardization, so a mean over examples would depend on few of them.
    deviation, train_deviation = (
        float(np.median(values.std(axis=1, dtype=np.float64))) for values in (inputs, train_inputs)
    )
    unit = float(train_means.std())
    shift = float(means.mean() - train_means.mean()) / unit if unit > 0 else None
    return shift, deviation / train_deviation if train_deviation > 0 else None


def _label_agreements(
    prepared: PreparedData, rows: IndexArray, inputs: FloatArray
) -> tuple[float | None, float | None, float | None]:
    """Return the label agreement of neighbors in the training split, its chance level, and that of test examples."""
    data = prepared.dataset
    if len(rows) < MIN_NEIGHBORS or not data.n_classes:
        return None, None, None
    labels = data.train.labels[rows]
    nearest = nearest_neighbors(inputs[:MAX_QUERIES], inputs, excludes_itself=True)
    observed, expected = agreement(labels[:MAX_QUERIES], labels[nearest], data.n_classes)
    if len(data.test) < MIN_NEIGHBORS:
        return observed, expected, None
    test_rows = random_rows(len(data.test), MAX_QUERIES)
    nearest = nearest_neighbors(prepared.inputs(data.test, test_rows), inputs)
    return observed, expected, agreement(data.test.labels[test_rows], labels[nearest], data.n_classes)[0]
