/** Example values of the API, which tests change as needed. */

/** @import {DatasetInfo, FieldInfo, Preset} from "../../../types/api.js" */

/** @param {Partial<FieldInfo>} [members] @returns {FieldInfo} */
export const fieldInfo = (members = {}) => ({
  name: "field",
  label: "Field",
  help: "",
  glossary_term: null,
  unit: "",
  group: "training",
  type: "number",
  default: 1,
  choices: null,
  choice_names: {},
  minimum: null,
  exclusive_minimum: null,
  maximum: null,
  exclusive_maximum: null,
  applies_when: {},
  advanced: false,
  ...members,
});

/** @param {Partial<DatasetInfo>} [members] @returns {DatasetInfo} */
export const datasetInfo = (members = {}) => ({
  name: "digits",
  title: "8×8 digits",
  description: "",
  credit: "",
  license: "",
  homepage: "",
  kind: "images",
  task: "classification",
  class_names: ["0", "1", "2"],
  feature_names: [],
  target_names: [],
  n_features: 64,
  n_outputs: 3,
  sketch: null,
  image_shape: [8, 8],
  pixel_max: 16,
  train_size: 1438,
  test_size: 359,
  download_bytes: 0,
  available: true,
  file_warning: null,
  fetch: null,
  ...members,
});

/** Table of a regression whose examples have more inputs than a page shows. */
export const regression = datasetInfo({
  name: "random_regression",
  kind: "table",
  task: "regression",
  class_names: [],
  feature_names: ["x1", "x2"],
  target_names: ["y1", "y2"],
  n_features: 1000,
  n_outputs: 2,
  train_size: 64,
  test_size: 0,
  image_shape: null,
});

/** @param {Partial<Preset>} [members] @returns {Preset} */
export const preset = (members = {}) => ({
  id: "quick",
  title: "Quick",
  note: "",
  group: "",
  source: null,
  published: null,
  checked: null,
  reached: null,
  hyperparameters: {},
  ...members,
});

/** Table of a logic gate. */
export const gate = datasetInfo({
  kind: "table",
  class_names: ["false", "true"],
  feature_names: ["x₁", "x₂"],
  n_features: 2,
});
