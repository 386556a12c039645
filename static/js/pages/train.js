/** Train page: the hyperparameter form and, beside it, the current run. */

/** @import {Run} from "../../../types/api.js" */
/** @import {Codec} from "../core/url_state.js" */
/** @import {FindingsState} from "../findings/run_findings.js" */

import { X_AXES } from "../charts/x_axis.js";
import { api, isMissing } from "../core/api.js";
import { byId } from "../core/dom.js";
import { html, nothing, render } from "../core/html.js";
import { choice, readValues } from "../core/url_state.js";
import { TRIALS_VIEWS } from "../findings/run_findings.js";
import { FINDINGS_VIEWS } from "../findings/verdict_box.js";
import { loadChoices } from "../hyperparameters/choices.js";
import { pageQuery, queryOf, setPageParameter } from "../hyperparameters/form_url.js";
import { TrainForm } from "../hyperparameters/train_form.js";
import { showDeletedRun, showMissingRun } from "../realtime/deleted_runs.js";
import { isLive } from "../realtime/run_status.js";
import { RunPanel } from "../runs/run_panel.js";
import { start } from "./start.js";

const X_AXIS = choice(X_AXES);
const FINDINGS = { findings: choice(FINDINGS_VIEWS), trials: choice(TRIALS_VIEWS) };
const FINDINGS_NAMES = /** @type {const} */ (["findings", "trials"]);
const STACKED = "(max-width: 59.99rem)"; // the run is below the form

async function main() {
  const choices = await loadChoices();
  const form = new TrainForm(byId("train-form"), choices, handleStart);
  /** State of the findings in the address, beside the values of the form. */
  const findingsState = {
    values: readValues(FINDINGS, pageQuery()),
    /** @param {Partial<FindingsState>} change */
    navigate(change) {
      this.values = { ...this.values, ...change };
      for (const name of FINDINGS_NAMES) {
        setPageParameter(name, /** @type {Codec<string>} */ (FINDINGS[name]).write(this.values[name]));
      }
      panel.findings.refresh();
    },
  };
  const panel = new RunPanel({
    datasets: choices.datasets,
    fields: choices.schema.fields,
    state: findingsState,
    onRemedy: (changes, run) => form.applyRemedy(run, changes),
    onReuse: (run) => {
      form.writeUrl(); // Back returns to these values
      form.useRun(run);
      form.writeUrl({ push: true });
    },
    onRun: ({ run, epochs }) => showTitle(run, epochs.epochs.length),
    onEpochs: ({ run, epochs }) => showTitle(run, epochs.epochs.length),
    onDeleted: (run) => {
      setPageParameter("run", null);
      showDeletedRun(run);
    },
    onXAxis: (xAxis) => {
      setPageParameter("x", X_AXIS.write(xAxis), { push: true });
      panel.charts.setXAxis(xAxis);
    },
    linked: true,
  });

  /** Number of the latest change of the shown run; an earlier one that still waits for the server has no effect. */
  let latestChange = 0;

  /** Show a run beside the form. @param {Run} run */
  async function open(run) {
    latestChange += 1;
    for (const id of ["no-run", "deleted"]) byId(id).hidden = true;
    const link = /** @type {HTMLAnchorElement} */ (byId("run-link"));
    link.href = `/runs/${run.id}`;
    link.textContent = run.name;
    await start(() => panel.open(run));
  }

  /** Show a run that was just started. @param {Run} run */
  function handleStart(run) {
    form.writeUrl(); // Back returns to these values
    setPageParameter("run", String(run.id), { push: true });
    findingsState.navigate({ findings: "auto", trials: "closed" }); // those of the previous run
    form.writeUrl();
    open(run);
    const strip = byId("status-strip");
    if (window.matchMedia(STACKED).matches) strip.scrollIntoView();
    strip.focus({ preventScroll: true });
  }

  /** Show the run of the address, and fill the form with its values unless the address has others. */
  async function showAddress() {
    latestChange += 1;
    const change = latestChange;
    const page = pageQuery();
    panel.charts.setXAxis(X_AXIS.read(page.get("x")));
    findingsState.values = readValues(FINDINGS, page);
    panel.findings.refresh();
    const runId = page.get("run");
    if (!runId) {
      panel.close();
      byId("deleted").hidden = true;
      document.title = "Train · Misfit";
      return offerRuns(() => {
        form.choosePreset(choices.presets[0]);
        form.submit();
      });
    }
    const hasFormValues = queryOf().size > page.size;
    if (hasFormValues && String(panel.live?.run.id) === runId) return;
    const run = await findRun(runId);
    if (change !== latestChange) return;
    if (!run) {
      panel.close();
      return showMissingRun(runId);
    }
    if (!hasFormValues) form.useRun(run);
    await open(run);
  }

  window.addEventListener("popstate", () => {
    form.fillFromUrl();
    start(showAddress);
  });
  await showAddress();
}

/** Return a run, or null if it does not exist. @param {string} id @returns {Promise<Run | null>} */
async function findRun(id) {
  try {
    return await api.get(`/api/runs/${encodeURIComponent(id)}`);
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** Offer a quick start and a link to the run in progress, if there is one. @param {() => void} quickStart */
async function offerRuns(quickStart) {
  const root = byId("no-run");
  const draw = (/** @type {Run | undefined} */ running) =>
    render(
      html`<button class="btn btn-primary" type="button" @click=${quickStart}>Train on the 8×8 digits</button>
        ${running ? html`<p>Or watch <a href="/?run=${running.id}">${running.name}</a>, which is in progress.</p>` : nothing}`,
      root,
    );
  draw(undefined);
  root.hidden = false;
  const { items } = await api.get("/api/runs?limit=20");
  draw(items.find(isLive));
}

/** Show the progress of the run in the title of the browser tab. @param {Run} run @param {number} epochs */
function showTitle(run, epochs) {
  const progress = isLive(run) ? `${epochs}/${run.hyperparameters.epochs}` : run.status;
  document.title = `${progress} · ${run.name} · Misfit`;
}

start(main);
