// What the server sends, as webapp/messages and the routes write it.

export type RunStatus =
  | "queued"
  | "running"
  | "paused"
  | "finished"
  | "stopped"
  | "diverged"
  | "failed"
  | "interrupted";

export type Value = string | number | boolean | number[];
export type Hyperparameters = Record<string, Value>;

/** The figures of one epoch; `null` where a figure does not apply or was not finite (then `non_finite` names it). */
export interface EpochResult {
  epoch: number;
  train_cost: number | null;
  train_accuracy: number | null;
  validation_cost: number | null;
  validation_accuracy: number | null;
  test_cost: number | null;
  test_accuracy: number | null;
  learning_rate: number | null;
  gradient_evaluations: number;
  elapsed_seconds: number;
  images_per_second: number;
  non_finite?: string[];
}

export interface Run {
  id: number;
  name: string;
  notes: string;
  preset: string | null;
  status: RunStatus;
  stop_reason: string | null;
  hyperparameters: Hyperparameters;
  epochs_completed: number;
  best_epoch: number | null;
  metrics: EpochResult | null;
  best_metrics: EpochResult | null;
  error: { code: string; message: string } | null;
  created_at: string;
  started_at: string | null;
  finished_at: string | null;
  train_size: number | null;
  validation_size: number | null;
  test_size: number | null;
  parameter_count: number | null;
  batches_per_epoch: number | null;
}

export interface BatchProgress {
  run_id: number;
  epoch: number;
  batch: number;
  batches: number;
  cost: number | null;
  images_per_second: number | null;
}

export interface DatasetProgress {
  dataset: string;
  state: "fetching" | "available" | "failed";
  file: string | null;
  received_bytes: number;
  total_bytes: number;
  error: string | { code: string; message: string } | null;
}

/** `class_names` is empty where numbers are to be predicted; `image_shape` and `pixel_max` are null for a table. */
export interface DatasetInfo {
  name: string;
  title: string;
  description: string;
  credit: string;
  license: string;
  homepage: string;
  kind: "images" | "table";
  task: "classification" | "regression";
  class_names: string[];
  /** The first ones of a table. */
  feature_names: string[];
  target_names: string[];
  n_features: number;
  n_outputs: number;
  sketch: "boundary" | "curve" | "scatter" | null;
  image_shape: [number, number] | null;
  pixel_max: number | null;
  train_size: number;
  test_size: number;
  download_bytes: number;
  available: boolean;
  fetch: DatasetProgress | null;
}

/** One hyperparameter, as GET /api/hyperparameters describes it. */
export interface FieldInfo {
  name: string;
  label: string;
  help: string;
  unit: string;
  group: string;
  type: "number" | "integer" | "choice" | "boolean" | "sizes";
  default: Value;
  choices: string[] | null;
  minimum: number | null;
  exclusive_minimum: number | null;
  maximum: number | null;
  exclusive_maximum: number | null;
  applies_when: Record<string, Value[]>;
  advanced: boolean;
}

export interface Schema {
  groups: { name: string; title: string }[];
  fields: FieldInfo[];
}

export interface Preset {
  id: string;
  title: string;
  note: string;
  group: string;
  source: string | null;
  published: string | null;
  /** What a faithful computation of it gave. */
  checked: string | null;
  /** What it reached here. */
  reached: string | null;
  hyperparameters: Hyperparameters;
}

/** One test image that the network read wrong, or (from predictions/<index>) any test image. */
export interface Mistake {
  index: number;
  true_label: number;
  predicted_label: number;
  confidence: number | null;
  loss: number | null;
  margin: number | null;
  probabilities: number[] | null;
}

/** One row of a table, as GET /api/datasets/<name>/train lists them; `inputs` are the first ones. */
export interface Example {
  index: number;
  label: number | null;
  inputs: number[];
  targets: number[];
}

/** What a network that learns from a table answers after an epoch; what is not finite is null. */
export type Outputs = BoundaryOutputs | CurveOutputs | ScatterOutputs;

/** `outputs[j][i]` is the probability of class 1 at (`x[i]`, `y[j]`). */
export interface BoundaryOutputs {
  epoch: number;
  kind: "boundary";
  x: number[];
  y: number[];
  outputs: (number | null)[][];
  points: { inputs: number[]; label: number; predicted: number; output: number | null }[];
  feature_names: string[];
}

export interface CurveOutputs {
  epoch: number;
  kind: "curve";
  x: number[];
  outputs: (number | null)[];
  points: { x: number; target: number; output: number | null }[];
  feature_names: string[];
  target_names: string[];
}

/** Every target of every example, one after the other. */
export interface ScatterOutputs {
  epoch: number;
  kind: "scatter";
  true: number[];
  predicted: (number | null)[];
  target_names: string[];
}
