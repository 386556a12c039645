/**
 * Texts about the measurements inside the network: values, explanations of a value, and summaries.
 *
 * @import {Layer, Quantity, Side} from "./quantities.js"
 * @import {TelemetrySeries} from "./telemetry_series.js"
 *
 * @typedef {object} Cell a layer after an epoch
 * @property {Quantity} quantity
 * @property {readonly Layer[]} layers
 * @property {number} index index of the layer
 * @property {number} epoch
 * @property {TelemetrySeries} series
 */

import { cost, count, counted, probability } from "../core/format.js";
import { judge } from "./quantities.js";

/** Mark of a value outside the healthy range. @type {Record<Side, string>} */
export const MARKS = { low: "▼", healthy: "", high: "▲", broken: "✗" };
/**
 * Return the judgment of a value in words.
 * @param {Pick<Quantity, "log">} quantity
 * @param {Side} side
 */
export function verdictOf({ log }, side) {
  return { low: "too small", healthy: "healthy", high: log ? "too large" : "too many", broken: "not finite" }[side];
}

const NAMED_LEVELS = 1e-6; // largest relative distance of an expected cost from a level with a name
const FAR_FROM_LEVEL = 1.5; // a cost this many times its expected level is high (TheDeepChecker: 2)

/** Format a positive value with two digits: 3.1e-6, 0.42, 12, 5,300, 2.4e7. @param {number} value NaN if it is not finite */
export function shortNumber(value) {
  if (!Number.isFinite(value)) return "not finite";
  if (value === 0) return "0";
  const rounded = Number(value.toPrecision(2));
  if (rounded < 1e-3 || rounded >= 1e5) return rounded.toExponential(1).replace("e+", "e");
  return rounded < 10 ? rounded.toPrecision(2) : rounded.toLocaleString("en-US");
}

/** Format a fraction as a percentage: 0.96 → "96%", 0.003 → "0.3%". @param {number} fraction */
const percentText = (fraction) => probability(fraction, fraction > 0 && fraction < 0.01 ? 1 : 0);

/**
 * Return whether a gradient has none to compare with: that of the output layer is the only one.
 * @param {Pick<Cell, "quantity" | "layers">} cell
 */
export const isAlone = ({ quantity, layers }) => quantity.judged === "relative_gradient" && layers.length === 1;

/** Return the value of a cell with the mark of its judgment, and a description for screen readers. @param {Cell} cell */
export function cellValue({ quantity, layers, index, epoch, series }) {
  const shown = series.at(quantity.shown, index, epoch);
  const judged = series.at(quantity.judged, index, epoch);
  if (!shown || !judged) return { text: "–", side: null, description: `epoch ${count(epoch)}: not measured` };
  const { side } = judge(quantity, judged.value);
  const text = quantity.log || Number.isNaN(shown.value) ? shortNumber(shown.value) : percentText(shown.value);
  const when = shown.epoch < epoch ? `, measured after epoch ${count(shown.epoch)}` : "";
  const verdict = side === "broken" || isAlone({ quantity, layers }) ? "" : `, ${verdictOf(quantity, side)}`;
  return { text, side, description: `epoch ${count(epoch)}: ${text}${verdict}${when}` };
}

/** Explain the value of a cell in one or two sentences. @param {Cell} cell */
export function explainCell({ quantity, layers, index, epoch, series }) {
  const layer = layers[index];
  const shown = series.at(quantity.shown, index, epoch);
  const judged = series.at(quantity.judged, index, epoch);
  if (!shown || !judged) return `There is no measurement of ${layer.noun} up to epoch ${count(epoch)}.`;
  const { side } = judge(quantity, judged.value);
  const when = `In epoch ${count(shown.epoch)}`;
  const note = shown.epoch < epoch ? ` Epoch ${count(epoch)} was not measured, so the strip continues this value.` : "";
  if (side === "broken") {
    return `${when}, the gradient of ${layer.noun} or of the output layer was not finite: a number in the network had overflowed.${note}`;
  }
  return `${when}, ${EXPLANATIONS[quantity.key](shown.value, judged.value, side, layer, layers.length)}${note}`;
}

/** @type {Record<Quantity["key"], (value: number, judged: number, side: Side, layer: Layer, layers: number) => string>} */
const EXPLANATIONS = {
  gradient: (value, ratio, side, { noun, isOutput }, layers) => {
    const norm = `the gradient of ${noun} had a norm of ${shortNumber(value)}.`;
    if (value === 0) return `the gradient of ${noun} was exactly 0: the layer did not learn.`;
    if (layers === 1) return `${norm} There is no other layer to compare it with.`;
    if (isOutput) return `${norm} The gradients of the other layers are compared with this one.`;
    const compared = `${norm} Per parameter, it was ${describeRatio(ratio)} that of the output layer`;
    if (side === "low") return `${compared}: the layer hardly learns.`;
    if (side === "high") return `${compared}: one step can undo what the layer has learned.`;
    return `${compared}, which is in the healthy range.`;
  },
  update: (ratio, _, side, { noun }) => {
    if (ratio === 0) return `the last step did not change the weights of ${noun} at all.`;
    const change = `the last step changed the weights of ${noun} by ${percentOfNorm(ratio)} of their norm`;
    if (side === "low")
      return `${change}: the layer hardly learns. At the end of a successful training, this is normal.`;
    if (side === "high") return `${change}: the step was so long that it can undo what the layer has learned.`;
    return `${change}, which is in the healthy range.`;
  },
  dead: (fraction, _, side, { noun, units }) => {
    const dead = Math.round(fraction * units);
    if (dead === 0) return `every unit of ${noun} was active for some of the measured training examples.`;
    const verb = dead === 1 ? "was" : "were";
    const which = `${count(dead)} of ${counted(units, "unit")} of ${noun} ${verb} dead: 0 for every measured training example`;
    if (side === "high") return `${which}. Dead units no longer learn, so most of the layer is lost.`;
    return `${which}. The other units do the work of the layer, so this is in the healthy range.`;
  },
  saturated: (fraction, _, side, { noun }) => {
    if (fraction === 0) return `no activation of ${noun} was saturated, so the gradient passes through the layer.`;
    const which = `${percentText(fraction)} of the activations of ${noun} were saturated`;
    if (side === "high")
      return `${which}: their derivatives are nearly 0, so little of the gradient passes through the layer.`;
    return `${which}, so the gradient passes through the layer.`;
  },
};

/**
 * Describe a gradient relative to another: "8,000 times smaller than", "about as large as".
 * @param {number} ratio
 */
function describeRatio(ratio) {
  if (ratio > 1 / 1.5 && ratio < 1.5) return "about as large as";
  const times = ratio < 1 ? 1 / ratio : ratio;
  if (times > 1e9) return `more than a billion times ${ratio < 1 ? "smaller" : "larger"} than`;
  const digits = times < 10 ? 2 : 1;
  return `${Number(times.toPrecision(digits)).toLocaleString("en-US")} times ${ratio < 1 ? "smaller" : "larger"} than`;
}

/** Format an update ratio as a percentage: 0.0123 → "1.2%", 3.1e-6 → "0.00031%". @param {number} ratio */
function percentOfNorm(ratio) {
  return `${Number((100 * ratio).toPrecision(2)).toLocaleString("en-US", { maximumSignificantDigits: 2, maximumFractionDigits: 20 })}%`;
}

/**
 * Return the names of the layers outside the healthy range after an epoch, by the side on which they are.
 * @param {Omit<Cell, "index">} cell
 */
function outlyingLayers({ quantity, layers, epoch, series }) {
  const measured = layers.flatMap((layer, index) => {
    const value = quantity.applies(layer) ? series.at(quantity.judged, index, epoch) : null;
    return value ? [{ name: layer.name, side: judge(quantity, value.value).side }] : [];
  });
  const groups = /** @type {const} */ (["broken", "low", "high"]).map((side) => ({
    side,
    names: measured.filter((one) => one.side === side).map(({ name }) => name),
  }));
  return { measured: measured.length, groups: groups.filter(({ names }) => names.length > 0) };
}

/** Return the marks of the layers outside the healthy range: "", "▼" or "▼▲". @param {Omit<Cell, "index">} cell */
export function outlierMarks(cell) {
  return outlyingLayers(cell)
    .groups.map(({ side }) => MARKS[side])
    .join("");
}

/** Summarize a quantity after an epoch: the layers outside the healthy range. @param {Omit<Cell, "index">} cell */
export function summarizeLayers(cell) {
  const { measured, groups } = outlyingLayers(cell);
  if (measured === 0) return "";
  const when = `After epoch ${count(cell.epoch)}`;
  const parts = groups.map(
    ({ side, names }) => `${MARKS[side]} ${verdictOf(cell.quantity, side)} in ${joinNames(names)}`,
  );
  if (parts.length) return `${when}: ${parts.join("; ")}.`;
  if (isAlone(cell)) return `${when}: not judged, because the network has no other layer to compare with.`;
  return measured === 1 ? `${when}: in the healthy range.` : `${when}: every layer is in the healthy range.`;
}

/**
 * Join the names of layers: ["Hidden 1", "Hidden 2", "Hidden 3", "Output"] → "Hidden 1 to 3 and Output".
 * @param {readonly string[]} names
 */
export function joinNames(names) {
  /** Numbers of hidden layers, grouped if they are consecutive. @type {number[][]} */
  const groups = [];
  for (const name of names.filter((name) => name !== "Output")) {
    const number = Number(name.split(" ")[1]);
    if (groups.at(-1)?.at(-1) === number - 1) groups.at(-1)?.push(number);
    else groups.push([number]);
  }
  const ranges = groups.flatMap((group) => (group.length > 2 ? [`${group[0]} to ${group.at(-1)}`] : group.map(String)));
  const parts = ranges.map((range, index) => (index ? range : `Hidden ${range}`));
  if (names.includes("Output")) parts.push("Output");
  return parts.length > 1 ? `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}` : (parts[0] ?? "");
}

/**
 * Compare the cost before the first step with its expected level: "2.31; expected 2.30 = ln 10".
 * @param {{cost: number | null, expected: number | null}} first
 * @param {number} outputs number of outputs of the network
 */
export function describeFirstCost({ cost: first, expected }, outputs) {
  if (first === null) return "Cost before the first step: not finite.";
  const value = `Cost before the first step: ${threeDigits(first)}`;
  if (expected === null) return `${value}.`;
  const name = nameLevel(expected, outputs);
  const level = `${value}; expected ${threeDigits(expected)}${name ? ` = ${name}` : ""}.`;
  const isHigh = expected > 0 && first > FAR_FROM_LEVEL * expected;
  return isHigh ? `${level} ▲ Too large: the initial weights or the inputs are too large.` : level;
}

/** Return the formula of a level, such as "ln 10", or an empty text. @param {number} level @param {number} outputs */
function nameLevel(level, outputs) {
  /** @type {[string, number][]} */
  const levels = [
    [`ln ${outputs}`, Math.log(outputs)],
    [outputs === 1 ? "ln 2" : `${outputs} ln 2`, outputs * Math.LN2],
  ];
  return levels.find(([, value]) => Math.abs(value - level) <= NAMED_LEVELS * level)?.[0] ?? "";
}

/** Format a cost with three digits: 2.30, 0.693, 12,300. @param {number} value */
function threeDigits(value) {
  return value >= 1e-3 && value < 1000 ? value.toPrecision(3) : cost(value);
}

/** Describe which epochs were measured. @param {number} measured number of measured epochs @param {number} epochs */
export function describeMeasured(measured, epochs) {
  if (measured >= epochs) return "";
  return `Measured after ${count(measured)} of ${count(epochs)} epochs, to save time; between them, the strips continue the last value.`;
}
