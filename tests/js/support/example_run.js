/** Runs, epochs and data sets as the server describes them, for tests. */

/** @typedef {import("../../../types/api.js").Run} Run */
/** @typedef {import("../../../types/api.js").EpochResult} EpochResult */
/** @typedef {import("../../../types/api.js").DatasetInfo} DatasetInfo */

/** @param {Partial<Run>} [changes] @returns {Run} */
export function exampleRun(changes = {}) {
  return {
    id: 1,
    name: "Example",
    notes: "",
    preset: null,
    status: "finished",
    stop_reason: "completed",
    hyperparameters: { dataset: "digits", epochs: 10, optimizer: "sgd", learning_rate: 0.5, input_scaling: "unit" },
    epochs_completed: 10,
    best_epoch: null,
    metrics: null,
    best_metrics: null,
    error: null,
    created_at: "2026-01-01T00:00:00+00:00",
    started_at: null,
    finished_at: null,
    duration: null,
    train_size: null,
    validation_size: null,
    test_size: null,
    parameter_count: null,
    batches_per_epoch: null,
    train_fingerprint: null,
    test_fingerprint: null,
    diagnosis: null,
    same_start_as: null,
    ...changes,
  };
}

/** @param {Partial<EpochResult>} [changes] @returns {EpochResult} */
export function exampleEpoch(changes = {}) {
  return {
    epoch: 1,
    train_cost: 0.5,
    train_accuracy: 0.75,
    validation_cost: null,
    validation_accuracy: null,
    test_cost: null,
    test_accuracy: null,
    learning_rate: 0.1,
    gradient_evaluations: 10,
    elapsed_seconds: 2,
    images_per_second: 100,
    non_finite: [],
    ...changes,
  };
}

/** @param {Pick<DatasetInfo, "kind" | "task">} kind @returns {DatasetInfo} */
export function exampleDataset({ kind, task }) {
  return /** @type {DatasetInfo} */ ({ name: "digits", kind, task });
}
