/** Findings and trials as the server describes them, for tests. */

/** @import {Finding, Trial, Trials} from "../../../types/api.js" */

/** @param {Partial<Finding>} [changes] @returns {Finding} */
export const exampleFinding = (changes = {}) => ({
  code: "dead_units",
  name: "Dead units",
  severity: "critical",
  confidence: 1,
  known_by: "exact",
  title: "All 32 units of hidden layer 2 never fire",
  explanation: "",
  layer: 2,
  epoch: 3,
  evidence: [],
  remedies: [],
  ...changes,
});

/** @param {Partial<Trial>} [changes] @returns {Trial} */
export const exampleTrial = (changes = {}) => ({
  kind: "candidate",
  code: "input_scale",
  codes: ["input_scale"],
  label: "Scale the pixels to 0…1",
  changes: { input_scaling: "unit" },
  train_cost: 0.3,
  validation_accuracy: 0.91,
  gap_closed: 0.97,
  costs: [1, 0.3],
  accuracies: [0.8, 0.91],
  stride: 1,
  seconds: 0.2,
  ...changes,
});

/** @param {Partial<Trials>} [changes] @returns {Trials} */
export const exampleTrials = (changes = {}) => ({
  status: "finished",
  epochs: 2,
  train_size: 300,
  score: "validation_accuracy",
  twin: exampleTrial({ kind: "twin", label: "No change", changes: {}, validation_accuracy: 0.1, gap_closed: 0 }),
  control: exampleTrial({ kind: "control", label: "Biases: off", validation_accuracy: 0.1, gap_closed: -0.004 }),
  reference: exampleTrial({ kind: "reference", validation_accuracy: 0.93, gap_closed: 1 }),
  items: [exampleTrial()],
  error: null,
  ...changes,
});
