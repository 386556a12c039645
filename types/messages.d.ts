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
  choice_names: Record<string, string>;
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

/** How the run came to read an image over its epochs. */
export type HistoryKind = "early" | "late" | "forgotten" | "flickering" | "never";

/** The label that each epoch gave one test image. */
export interface ImageHistory {
  index: number;
  true_label: number;
  predicted: number[];
}

/** What one unit of the last hidden layer adds to the deciding gap; `levels` share the scale of their gap. */
export interface UnitShare {
  unit: number;
  activation: number;
  weight_difference: number;
  contribution: number;
  levels: string;
}

/** z of the predicted class less z of its rival, as a sum over hidden units. */
export interface DecidingGap {
  value: number;
  units: UnitShare[];
  n_units: number;
  other_units: number;
  biases: number;
  error: number;
  pictures: "weights" | "gradients" | null;
  scale: number;
}

/** The same gap as a sum over pixels, and what of it is not theirs. */
export interface PixelEvidence {
  method: "linear" | "integrated_gradients";
  levels: string;
  scale: number;
  pixels: number;
  rest: number;
  error: number;
  steps: number | null;
}

/** What the network says of an image moved by every whole number of pixels; row = down, column = to the right. */
export interface Shifts {
  reach: number;
  predicted: number[][];
  confidence: number[][];
}

export interface Explanation {
  epoch: number;
  weights_epoch: number;
  index: number;
  true_label: number;
  predicted_label: number;
  rival_label: number;
  shape: [number, number];
  pixels: string;
  sums: number[];
  probabilities: number[];
  gap: DecidingGap;
  evidence: PixelEvidence;
  shifts: Shifts;
}

export interface NearImage {
  index: number;
  label: number;
  distance: number;
}

/** Training images that speak to an answer; a push above zero goes toward the predicted class. */
export interface TrainingExamples {
  epoch: number;
  weights_epoch: number;
  by_pixels: NearImage[];
  by_hidden: NearImage[] | null;
  pushes: { index: number; label: number; push: number }[];
  checkpoints: number[];
}

/** The smallest change of the pixels that gives the true label; its size in units from black to white. */
export interface RepairAnswer {
  epoch: number;
  weights_epoch: number;
  found: boolean;
  size: number;
  pixels: string;
  levels: string;
  scale: number;
  predicted_label: number;
  sums: number[];
  probabilities: number[];
}

/** How an image is changed before it is asked about. */
export interface Variation {
  shift: [number, number];
  rotation: number;
  thickness: number;
  blur: number;
}

/** What the network says of pixels that were changed. */
export interface ProbeAnswer {
  epoch: number;
  weights_epoch: number;
  shape: [number, number];
  pixels: string;
  sums: number[];
  probabilities: number[];
  predicted_label: number;
}

/** What a person says of an image. */
export interface Annotation {
  flagged: boolean;
  label: number | null;
  note: string;
}

/** How many images were guessed in a run, and how many of them each side had right. */
export interface GuessScore {
  guesses: number;
  person_right: number;
  network_right: number;
}

/** A guess beside the truth; not counted where the image was guessed before. */
export interface GuessAnswer {
  index: number;
  label: number;
  true_label: number;
  predicted_label: number;
  counted: boolean;
  score: GuessScore;
}

/** What is told of every test image beside the network's answer. */
export interface Mistake {
  history: HistoryKind;
  /** Since when it is read right without a break. */
  learned_epoch: number | null;
  /** Size of the smallest change that gives the true label, where it is known. */
  change: number | null;
  annotation: Annotation | null;
}

/** A page of test images; `flagged` counts all that are listed, on every page. */
export interface MistakeList {
  total: number;
  epoch: number;
  flagged: number;
  items: Mistake[];
}

/** Counts of test images: row = true class, column = predicted class. */
export interface ConfusionMatrix {
  epoch: number;
  labels: string[];
  matrix: number[][];
}

/** How confidence and accuracy go together over the test images. */
export interface Calibration {
  epoch: number;
  images: number;
  accuracy: number | null;
  expected_calibration_error: number | null;
  bins: CalibrationBin[];
  thresholds: CalibrationThreshold[];
}

/** The images whose confidence lies between two limits, and the means of both figures; null where there are none. */
export interface CalibrationBin {
  lower: number;
  upper: number;
  images: number;
  confidence: number | null;
  accuracy: number | null;
}

/** What is left when only answers of at least this confidence count. */
export interface CalibrationThreshold {
  threshold: number;
  coverage: number;
  accuracy: number | null;
}
