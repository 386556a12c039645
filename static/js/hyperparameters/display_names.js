/** Display names of hyperparameter values. */

/** @import {FieldInfo, Value} from "../../../types/api.js" */

import { count } from "../core/format.js";
import { writeValue } from "./field_value.js";

const LARGEST_GROUPED = 1e6; // larger whole numbers, such as a threshold of 1e20, have an exponent

/**
 * Display names of some choices. For all others, `choiceName` replaces underscores with spaces and capitalizes the
 * name.
 * @type {Record<string, string>}
 */
const NAMES = {
  center_20: "Middle 20×20",
  relu: "ReLU",
  leaky_relu: "Leaky ReLU",
  tanh: "tanh",
  softmax_cross_entropy: "Softmax cross-entropy",
  binary_cross_entropy: "Binary cross-entropy",
  sgd: "SGD",
  rmsprop: "RMSProp",
  lbfgs: "L-BFGS",
  mini_batch: "Mini-batches",
  full_batch: "Full batch",
  float32: "32 bits",
  float64: "64 bits",
};

/**
 * Return the display name of a choice.
 * @param {string} choice such as "leaky_relu"
 * @param {Record<string, string>} [names] display names sent by the server
 */
export function choiceName(choice, names = {}) {
  const words = choice.replaceAll("_", " ");
  return names[choice] ?? NAMES[choice] ?? words.charAt(0).toUpperCase() + words.slice(1);
}

/**
 * Replace the names of choices in the server's text about a field, which its API uses, with their display names:
 * "relu is the usual choice" → "ReLU is the usual choice".
 * @param {string} text
 * @param {Pick<FieldInfo, "choices" | "choice_names">} info
 */
export function nameChoices(text, { choices, choice_names: names }) {
  const own = choices?.filter((choice) => !(choice in names)) ?? [];
  const known = new Set([...Object.keys(NAMES), ...own]);
  return text.replace(/\b[a-z][a-z0-9_]*\b/g, (word) =>
    known.has(word) || word.includes("_") ? choiceName(word) : word,
  );
}

/**
 * Format the value of a hyperparameter for display: [128, 64] → "128, 64", true → "on", "relu" → "ReLU",
 * 4000 → "4,000".
 * @param {Value} value
 * @param {Record<string, string>} [names] display names sent by the server, such as "all" for 0 images per class
 */
export function valueName(value, names = {}) {
  if (Array.isArray(value)) return value.length ? value.join(", ") : "none";
  if (typeof value === "boolean") return value ? "on" : "off";
  if (typeof value === "number" && String(value) in names) return names[String(value)];
  if (typeof value !== "number") return choiceName(value, names);
  return Number.isInteger(value) && Math.abs(value) < LARGEST_GROUPED ? count(value) : writeValue(value);
}
