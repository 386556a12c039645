/** What a person can choose for a run: hyperparameters, presets and data sets. */

/** @import {DatasetInfo, Preset, Schema} from "../../../types/api.js" */

import { api } from "../core/api.js";

/** @typedef {{schema: Schema, presets: Preset[], datasets: DatasetInfo[]}} Choices */

/** @returns {Promise<Choices>} */
export async function loadChoices() {
  const paths = ["/api/hyperparameters", "/api/presets", "/api/datasets"];
  const [schema, presets, datasets] = await Promise.all(paths.map((path) => api.get(path)));
  return { schema, presets: presets.items, datasets: datasets.items };
}
