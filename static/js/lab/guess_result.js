/** Templates of the result of a guess: its verdict, the hidden bug, and the score. */

/** @import {LabBug, LabBugChoice, LabGuess} from "../../../types/api.js" */
/** @import {Score} from "./score.js" */

import { counted } from "../core/format.js";
import { html, nothing } from "../core/html.js";
import { bugLines, bugSymptom, describePlace } from "./bug_card.js";
import { bugPoints, isLayerRight } from "./score.js";

/**
 * Return the verdict on a guess.
 * @param {LabGuess} response
 * @param {LabBugChoice & {bugs: readonly LabBug[], clues: number}} guess the guess, all bugs, and the number of clues
 */
export function guessResult(response, { bug: guessed, layer, bugs, clues }) {
  const isRight = isLayerRight(
    response,
    layer,
    bugs.find(({ id }) => id === guessed),
  );
  const named = (/** @type {string} */ id) => nameBug(id, bugs);
  const actual = response.bugs.map(({ bug }) => named(bug)).join(" and ");
  const points = response.correct ? bugPoints(clues) + Number(isRight) : 0;
  const tone = (/** @type {boolean} */ good) => `mb-0 text-${good ? "success" : "danger"}-emphasis`;
  return html`<p class=${tone(response.correct)}>
      ${response.correct ? `✓ Right, it is ${actual}.` : `✗ No, it is ${actual}, not ${named(guessed)}.`}
    </p>
    ${
      response.correct
        ? html`<p class=${tone(isRight)}>${isRight ? "✓ The layer is right too." : "✗ The bug is elsewhere."}</p>`
        : nothing
    }
    <p class="mb-0 num">${response.counted ? `${counted(points, "point")}.` : "Only the first guess counts."}</p>`;
}

/** Return the id of a bug and its title: "B01 (step up the gradient)". @param {string} id @param {readonly LabBug[]} bugs */
function nameBug(id, bugs) {
  const title = bugs.find((bug) => bug.id === id)?.title;
  return title ? `${id} (${title.charAt(0).toLowerCase()}${title.slice(1)})` : id;
}

/** Return the explanation of a hidden bug. @param {LabBugChoice} choice @param {readonly LabBug[]} bugs */
export function hiddenBug({ bug: id, layer }, bugs) {
  const bug = bugs.find((each) => each.id === id);
  if (!bug) return nothing;
  const address = `/lab?bug=${id}${layer === null ? "" : `&layer=${layer}`}`;
  return html`<div>
      <h2>${id} · ${bug.title}</h2>
      <p class="text-body-secondary mb-0">${describePlace(bug, layer)}</p>
    </div>
    ${bugLines(bug)} ${bugSymptom(bug)}
    <p class="mb-0"><a href=${address}>Study ${id}</a></p>`;
}

/** Describe the score. @param {Score} score */
export function describeScore({ guesses, bugs, layers, points }) {
  if (guesses === 0) return "Score: no guess yet.";
  const right = `${counted(bugs, "bug")} and ${counted(layers, "layer")} right`;
  return `Score: ${counted(points, "point")} from ${counted(guesses, "guess", "guesses")}; ${right}.`;
}
