/** Guess mode of the lab: the bug is hidden, and a person shows clues, then guesses the bug and its layer. */

/** @import {LabBug, LabGuess, LabRun} from "../../../types/api.js" */
/** @import {Results} from "./results.js" */
/** @import {Clue} from "./score.js" */

import { errorMessage, isMissing } from "../core/api.js";
import { partOf } from "../core/dom.js";
import { counted } from "../core/format.js";
import { html, live, nothing, render } from "../core/html.js";
import { selectOptions } from "../ui/choices.js";
import { bugOptions } from "./bug_card.js";
import { describeChecks } from "./curves.js";
import { drawHidden, loadRun, sendGuess } from "./experiments.js";
import { describeScore, guessResult, hiddenBug } from "./guess_result.js";
import { addGuess, bugPoints, CLUES, isLayerRight, NO_SCORE, readStored } from "./score.js";

const STORAGE_KEY = "misfit-lab";
const REPLACED =
  "The server no longer stores the hidden network, for example after a restart. Your score is unchanged; try again with another bug.";
const ALL_CLUES = CLUES.map(([name]) => name);

export class GuessPanel {
  /**
   * @param {HTMLElement} root
   * @param {HTMLElement} answer element above the results, for the bug after the guess
   * @param {Results} results
   * @param {readonly LabBug[]} bugs
   */
  constructor(root, answer, results, bugs) {
    this.root = root;
    this.answer = answer;
    this.results = results;
    this.bugs = bugs;
    const { score, run, clues } = readStored(readStorage());
    this.score = score;
    this.clues = clues;
    /** Id of the experiment of an earlier visit. */
    this.earlier = run;
    /** @type {LabRun | null} */
    this.run = null;
    /** @type {LabGuess | null} */
    this.response = null;
    this.chosen = { bug: "", layer: "" };
    this.problem = "";
    /** True if the server no longer stores the hidden network. */
    this.isLost = false;
    this.isSending = false;
    this.isConfirming = false;
    this.#draw();
  }

  /** Continue with the experiment of an earlier visit, or draw another bug. */
  async start() {
    if (!this.earlier) return this.next();
    this.results.wait();
    try {
      const run = await loadRun(this.earlier);
      if (run.guessed) return this.next();
      this.#show(run);
    } catch (error) {
      if (isMissing(error)) this.#fail(REPLACED, () => this.next());
      else this.#fail(errorMessage(error), () => this.start());
    }
  }

  /** Draw another bug. */
  async next() {
    Object.assign(this, {
      run: null,
      response: null,
      clues: [],
      chosen: { bug: "", layer: "" },
      problem: "",
      isLost: false,
    });
    this.results.wait();
    if (this.root.contains(document.activeElement)) partOf(this.root, "question").focus({ preventScroll: true });
    this.#draw();
    try {
      this.#show(await drawHidden());
    } catch (error) {
      this.#fail(errorMessage(error), () => this.next());
    }
  }

  /** @param {LabRun} run */
  #show(run) {
    this.run = run;
    this.#store();
    this.#showResults();
    this.#draw();
  }

  /** @param {string} text @param {() => void} onRetry */
  #fail(text, onRetry) {
    this.results.fail(text, onRetry);
    this.#draw();
  }

  #showResults() {
    const { run, response } = this;
    if (!run) return;
    const sections = response ? ALL_CLUES : ALL_CLUES.filter((name) => this.clues.includes(name));
    this.results.show(run, sections, response ? describeChecks(run) : "");
  }

  /** Show a clue. @param {Clue} name */
  #reveal(name) {
    this.clues = [...this.clues, name];
    this.#store();
    this.#showResults();
    this.#draw();
    this.results.focus(name);
  }

  async #guess() {
    const { run, chosen } = this;
    if (!run || this.isSending) return;
    if (!chosen.bug || !chosen.layer) {
      this.problem = chosen.bug ? "Choose a layer." : "Choose a bug.";
      this.#draw();
      return partOf(this.root, chosen.bug ? "layer" : "bug").focus();
    }
    this.isSending = true;
    this.problem = "";
    try {
      this.response = await sendGuess(run.id, this.#chosen());
      this.#count(this.response);
      this.run = await loadRun(run.id);
      this.#showResults();
    } catch (error) {
      this.problem = isMissing(error)
        ? "The server no longer stores this network, so the guess does not count. Draw another bug."
        : errorMessage(error);
      this.isLost = isMissing(error);
    }
    this.isSending = false;
    this.#draw();
    if (this.response) partOf(this.root, "next").focus({ preventScroll: true });
  }

  /** Return the guess. */
  #chosen() {
    const { bug, layer } = this.chosen;
    return { bug, layer: layer === "none" ? null : Number(layer) };
  }

  /** @param {LabGuess} response */
  #count(response) {
    const { bug: id, layer } = this.#chosen();
    this.score = addGuess(this.score, {
      isBugRight: response.correct,
      isLayerRight: isLayerRight(
        response,
        layer,
        this.bugs.find((bug) => bug.id === id),
      ),
      isCounted: response.counted,
      clues: this.clues.length,
    });
    this.#store();
  }

  #store() {
    const { score, run, clues } = this;
    writeStorage(JSON.stringify({ score, run: run?.id ?? "", clues }));
  }

  #reset() {
    this.score = NO_SCORE;
    this.isConfirming = false;
    this.#store();
    this.#draw();
    partOf(this.root, "question").focus();
  }

  /** @param {boolean} isConfirming */
  #confirm(isConfirming) {
    this.isConfirming = isConfirming;
    this.#draw();
    partOf(this.root, isConfirming ? "cancel" : "reset").focus();
  }

  #draw() {
    const { score, response } = this;
    const guess = { bugs: this.bugs, ...this.#chosen(), clues: this.clues.length };
    // The result is always in the layout, because screen readers may not announce text in an element that was added.
    render(
      html`<h2 data-part="question" tabindex="-1">Which bug is it?</h2>
        <p class="small text-body-secondary mb-0">One network is right, the other has one of the documented bugs. The
          fewer clues you need, the more points the bug gives. The right layer gives one more.</p>
        ${this.#clueButtons()} ${response ? nothing : this.#form()}
        <div class="fw-semibold" role="status" aria-label="Result">${response ? guessResult(response, guess) : nothing}</div>
        <p class="text-danger-emphasis mb-0" role="alert" ?hidden=${!this.problem}>${this.problem}</p>
        <button class="btn btn-primary" type="button" data-part="next" ?hidden=${!response && !this.isLost}
          @click=${() => this.next()}>Next bug</button>
        <div class="hstack flex-wrap gap-2 border-top pt-2">
          <p class="small num mb-0" role="status" aria-label="Score">${describeScore(score)}</p>
          ${
            score.guesses && !this.isConfirming
              ? html`<button class="btn btn-link btn-sm ms-auto" type="button" data-part="reset"
                  @click=${() => this.#confirm(true)}>Reset score…</button>`
              : nothing
          }
        </div>
        ${this.isConfirming ? this.#confirmation() : nothing}`,
      this.root,
    );
    render(response ? response.bugs.map((choice) => hiddenBug(choice, this.bugs)) : nothing, this.answer);
    this.answer.hidden = !response;
  }

  #confirmation() {
    return html`<p class="fw-semibold mb-0" role="alert">Reset the score of
        ${counted(this.score.guesses, "guess", "guesses")}? This cannot be undone.</p>
      <div class="hstack gap-2">
        <button class="btn btn-outline-secondary btn-sm" type="button" data-part="cancel"
          @click=${() => this.#confirm(false)}>Cancel</button>
        <button class="btn btn-outline-danger btn-sm" type="button" @click=${() => this.#reset()}>Reset score</button>
      </div>`;
  }

  /** Return the buttons that show clues. The curves are always shown. */
  #clueButtons() {
    const { clues, response, run } = this;
    const points = bugPoints(clues.length);
    return html`<div class="vstack gap-2" role="group" aria-label="Clues">
      <p class="fw-semibold mb-0">Clues <span class="fw-normal num">${response ? "" : `(the bug gives ${counted(points, "point")} now)`}</span></p>
      <div class="hstack flex-wrap gap-2">
        <span class="small">✓ Curves</span>
        ${CLUES.map(([name, title]) =>
          clues.includes(name)
            ? html`<span class="small">✓ ${title}</span>`
            : html`<button class="btn btn-outline-secondary btn-sm" type="button" data-clue=${name}
                ?disabled=${!run || response !== null} @click=${() => this.#reveal(name)}>Show: ${title}</button>`,
        )}
      </div>
    </div>`;
  }

  #form() {
    const { chosen, run, bugs } = this;
    const hidden = /** @type {number[]} */ (run?.hyperparameters.hidden_sizes ?? []);
    const last = hidden.length + 1;
    /** @type {[string, string][]} */
    const layers = [
      ["", "Choose…"],
      ["none", "The whole network, or outside of it"],
    ];
    for (let layer = 1; layer <= last; layer += 1)
      layers.push([`${layer}`, layer === last ? `${layer}, the output` : `${layer}`]);
    const set = (/** @type {"bug" | "layer"} */ name) => (/** @type {{currentTarget: HTMLSelectElement}} */ event) => {
      this.chosen[name] = event.currentTarget.value;
      this.problem = "";
      this.#draw();
    };
    const submit = (/** @type {SubmitEvent} */ event) => {
      event.preventDefault();
      this.#guess();
    };
    return html`<form class="vstack gap-2" @submit=${submit}>
      <label>
        <span class="fw-semibold">Bug</span>
        <select class="form-select" data-part="bug" ?disabled=${!run} @change=${set("bug")}>
          <option value="" .selected=${live(chosen.bug === "")}>Choose…</option>
          ${bugOptions(bugs, chosen.bug)}
        </select>
      </label>
      <label>
        <span class="fw-semibold">Layer</span> <span class="small text-body-secondary">one of those that have the bug</span>
        <select class="form-select" data-part="layer" ?disabled=${!run} @change=${set("layer")}>${selectOptions(layers, chosen.layer)}</select>
      </label>
      <button class="btn btn-primary" type="submit" ?disabled=${!run || this.isSending}>Guess</button>
    </form>`;
  }
}

/** Return the stored text, or null if the browser stores nothing. */
function readStorage() {
  try {
    return localStorage.getItem(STORAGE_KEY);
  } catch {
    return null;
  }
}

/** @param {string} text */
function writeStorage(text) {
  try {
    localStorage.setItem(STORAGE_KEY, text);
  } catch {
    // without storage, the score lasts as long as the page
  }
}
