/**
 * Quantities that are measured inside the network: their healthy ranges, and the layers that they apply to.
 *
 * @import {Hyperparameters} from "../../../types/api.js"
 * @import {Column} from "./telemetry_series.js"
 */

import { count } from "../core/format.js";

/**
 * @typedef {object} Layer
 * @property {string} name "Hidden 1", or "Output"
 * @property {string} noun name in a sentence, such as "hidden layer 1"
 * @property {string} detail number of units and their activation function
 * @property {number} units
 * @property {string} activation
 * @property {boolean} isOutput
 *
 * @typedef {"gradient" | "update" | "dead" | "saturated"} QuantityKey
 *
 * @typedef {object} Quantity
 * @property {QuantityKey} key
 * @property {string} name short name on a button
 * @property {string} title
 * @property {Column} shown values that the page shows
 * @property {Column} judged values that the range applies to
 * @property {boolean} log true if values differ by powers of ten, false for fractions
 * @property {number} low values below are too small
 * @property {number} high values above are too large
 * @property {string} range the healthy range in words
 * @property {string} source origin of the range
 * @property {string} term name of the entry in the glossary
 * @property {(layer: Layer) => boolean} applies
 *
 * @typedef {"low" | "healthy" | "high" | "broken"} Side position of a value: too small, in the range, too large, or not
 *   finite
 * @typedef {{side: Side, strength: number}} Judgment `strength`: distance from the range, from 0 to 1
 */

const DECADES = 3; // a value that is this many powers of ten outside the range has the strongest color
const LEAST_STRENGTH = 0.5; // of a value outside the range, so that its color differs from the neutral one

const isAlways = () => true;
const isRelu = (/** @type {Layer} */ { activation }) => activation === "relu";
// Saturated outputs are confident predictions, so this applies to hidden layers only.
const isBounded = (/** @type {Layer} */ { activation, isOutput }) =>
  !isOutput && (activation === "sigmoid" || activation === "tanh");

/** @type {readonly Quantity[]} */
export const QUANTITIES = [
  {
    key: "gradient",
    name: "Gradient",
    title: "Gradient norm",
    shown: "gradient_norm",
    judged: "relative_gradient",
    log: true,
    low: 1e-3,
    high: 70,
    range: "per parameter, 0.001 to 70 times the gradient of the output layer",
    source: "AutoTrainer, Zhang et al. 2021",
    term: "Gradient norm",
    applies: isAlways,
  },
  {
    key: "update",
    name: "Update ratio",
    title: "Update ratio",
    shown: "update_ratio",
    judged: "update_ratio",
    log: true,
    low: 1e-4,
    high: 1e-1,
    range: "0.0001 to 0.1 in each step",
    source: "TheDeepChecker, Ben Braiek and Khomh 2022",
    term: "Update ratio",
    applies: isAlways,
  },
  {
    key: "dead",
    name: "Dead units",
    title: "Dead units",
    shown: "dead_fraction",
    judged: "dead_fraction",
    log: false,
    low: 0,
    high: 0.5,
    range: "at most half of the units of a layer",
    source: "SageMaker Debugger; TheDeepChecker, Ben Braiek and Khomh 2022",
    term: "Dead unit",
    applies: isRelu,
  },
  {
    key: "saturated",
    name: "Saturated units",
    title: "Saturated activations",
    shown: "saturated_fraction",
    judged: "saturated_fraction",
    log: false,
    low: 0,
    high: 0.5,
    range: "at most half of the activations of a layer",
    source: "DeepDiagnosis, Wardat et al. 2022; TheDeepChecker, Ben Braiek and Khomh 2022",
    term: "Saturation",
    applies: isBounded,
  },
];

/** Keys of all quantities. @type {readonly QuantityKey[]} */
export const QUANTITY_KEYS = QUANTITIES.map(({ key }) => key);

/** @type {Record<string, string>} */
const ACTIVATION_NAMES = { relu: "ReLU", leaky_relu: "leaky ReLU" };
/** @type {Record<string, string>} */
const OUTPUTS_OF_LOSS = { softmax_cross_entropy: "softmax", binary_cross_entropy: "sigmoid" };

/**
 * Return the layers of a network from input to output.
 * @param {Hyperparameters} hyperparameters
 * @param {number} outputs number of outputs
 * @returns {Layer[]}
 */
export function layersOf(hyperparameters, outputs) {
  const { hidden_sizes: sizes, activation, loss, output_activation } = hyperparameters;
  const create = (/** @type {number} */ units, /** @type {string} */ name, /** @type {string} */ kind) => ({
    name,
    units,
    activation: kind,
    detail: `${count(units)} ${ACTIVATION_NAMES[kind] ?? kind}`,
    isOutput: name === "Output",
    noun: name === "Output" ? "the output layer" : name.toLowerCase().replace(" ", " layer "),
  });
  const hidden = /** @type {number[]} */ (sizes).map((units, index) =>
    create(units, `Hidden ${index + 1}`, String(activation)),
  );
  return [...hidden, create(outputs, "Output", OUTPUTS_OF_LOSS[String(loss)] ?? String(output_activation))];
}

/** Return the quantities that apply to at least one of the layers. @param {readonly Layer[]} layers */
export function quantitiesOf(layers) {
  return QUANTITIES.filter(({ applies }) => layers.some(applies));
}

/**
 * Compare a value with the healthy range.
 * @param {Quantity} quantity
 * @param {number} value NaN if it is not finite
 * @returns {Judgment}
 */
export function judge({ log, low, high }, value) {
  if (Number.isNaN(value)) return { side: "broken", strength: 1 };
  if (value >= low && value <= high) return { side: "healthy", strength: 0 };
  const side = value < low ? "low" : "high";
  const distance = log
    ? Math.abs(Math.log10(value / (side === "low" ? low : high))) / DECADES
    : (value - high) / (1 - high);
  return { side, strength: LEAST_STRENGTH + (1 - LEAST_STRENGTH) * Math.min(1, distance) };
}
