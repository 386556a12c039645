/** Score of guess mode: points for the bug, fewer with each clue, and one for the layer. */

/** @import {LabBug, LabGuess} from "../../../types/api.js" */

/** @typedef {{guesses: number, bugs: number, layers: number, points: number}} Score */

/** Clues beyond the curves, in the order of their buttons. */
export const CLUES = /** @type {const} */ ([
  ["telemetry", "Telemetry"],
  ["check", "Gradient check"],
  ["tests", "Small tests"],
]);

/** @typedef {typeof CLUES[number][0]} Clue */

/** @type {Score} */
export const NO_SCORE = { guesses: 0, bugs: 0, layers: 0, points: 0 };
const LAYER_POINTS = 1;

/** Return the points for the right bug after this number of clues. @param {number} clues */
export const bugPoints = (clues) => CLUES.length + 1 - clues;

/**
 * Return true if a guess has named the right layer, or no layer for a bug that is in none.
 * @param {LabGuess} guess
 * @param {number | null} layer the guessed layer
 * @param {LabBug | undefined} bug the guessed bug
 */
export function isLayerRight(guess, layer, bug) {
  return guess.correct && (guess.layer_correct ?? (layer === null && bug?.layers.length === 0));
}

/**
 * Return the score after a guess. A second guess about the same network does not count.
 * @param {Score} score
 * @param {{isBugRight: boolean, isLayerRight: boolean, isCounted: boolean, clues: number}} guess
 * @returns {Score}
 */
export function addGuess(score, { isBugRight, isLayerRight, isCounted, clues }) {
  if (!isCounted) return score;
  const points = isBugRight ? bugPoints(clues) + (isLayerRight ? LAYER_POINTS : 0) : 0;
  return {
    guesses: score.guesses + 1,
    bugs: score.bugs + Number(isBugRight),
    layers: score.layers + Number(isBugRight && isLayerRight),
    points: score.points + points,
  };
}

/**
 * Return the score, and the hidden experiment in progress, in a stored text; the defaults if it is not valid.
 * @param {string | null} text
 * @returns {{score: Score, run: string, clues: Clue[]}}
 */
export function readStored(text) {
  const isCount = (/** @type {unknown} */ value) => Number.isSafeInteger(value) && Number(value) >= 0;
  try {
    const { score, run, clues } = JSON.parse(text ?? "");
    const names = /** @type {(keyof Score)[]} */ (Object.keys(NO_SCORE));
    const isScore = names.every((name) => isCount(score[name]));
    const shown = CLUES.map(([name]) => name).filter((name) => clues.includes(name));
    return { score: isScore ? score : NO_SCORE, run: typeof run === "string" ? run : "", clues: shown };
  } catch {
    return { score: NO_SCORE, run: "", clues: [] };
  }
}
