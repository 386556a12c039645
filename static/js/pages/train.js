/** The train page: a form on the left, on the right the run that was started from it. */

import { X_AXES } from "../charts/x_axis.js";
import { api } from "../core/api.js";
import { byId, setText } from "../core/dom.js";
import { choice } from "../core/url_state.js";
import { pageQuery, setInPageQuery } from "../hyperparameters/form_url.js";
import { TrainForm } from "../hyperparameters/train_form.js";
import { isLive } from "../realtime/run_status.js";
import { RunPanel } from "../runs/run_panel.js";
import { start } from "./start.js";

/** @typedef {import("../../../types/api.js").Run} Run */

const X_AXIS = choice(X_AXES);
const NARROW = "(max-width: 59.99rem)";

async function main() {
  const [schema, presets, datasets] = await Promise.all([
    api.get("/api/hyperparameters"),
    api.get("/api/presets"),
    api.get("/api/datasets"),
  ]);
  const form = new TrainForm({ schema, presets: presets.items, datasets: datasets.items }, started);
  const panel = new RunPanel({
    datasets: datasets.items,
    onRemedy: (changes, run) => form.tryAgain(run, changes),
    onRun: ({ run, epochs }) => showTitle(run, epochs.epochs.length),
    onEpochs: ({ run, epochs }) => showTitle(run, epochs.epochs.length),
    onXAxis: (xAxis) => {
      setInPageQuery("x", X_AXIS.write(xAxis));
      panel.charts.setXAxis(xAxis);
    },
    linked: true,
  });
  panel.charts.setXAxis(X_AXIS.read(pageQuery().get("x")));

  /** @param {Run} run */
  async function open(run) {
    byId("no-run").hidden = true;
    const link = /** @type {HTMLAnchorElement} */ (byId("run-link"));
    link.href = `/runs/${run.id}`;
    setText(link, run.name);
    await start(() => panel.open(run));
  }

  /** @param {Run} run */
  function started(run) {
    setInPageQuery("run", String(run.id));
    form.writeAddress();
    open(run);
    const head = byId("status-strip");
    if (window.matchMedia(NARROW).matches) head.scrollIntoView();
    head.focus({ preventScroll: true });
  }

  byId("quick-start").addEventListener("click", () => {
    form.usePreset(presets.items[0]);
    form.submit();
  });

  const page = pageQuery();
  const wanted = page.get("run");
  if (!wanted) return offerRunning();
  const ofTheForm = new URLSearchParams(location.search).size > page.size;
  const run = await api.get(`/api/runs/${encodeURIComponent(wanted)}`);
  if (!ofTheForm) form.useRun(run);
  await open(run);
}

/** Offer a link to the run in progress, if there is one. */
async function offerRunning() {
  byId("no-run").hidden = false;
  const { items } = await api.get("/api/runs?limit=20");
  const running = items.find(isLive);
  byId("running").hidden = !running;
  if (!running) return;
  const link = /** @type {HTMLAnchorElement} */ (byId("running-link"));
  link.href = `/?run=${running.id}`;
  setText(link, running.name);
}

/** @param {Run} run @param {number} epochs */
function showTitle(run, epochs) {
  const progress = isLive(run) ? `${epochs}/${run.hyperparameters.epochs}` : run.status;
  document.title = `${progress} · ${run.name} · Misfit`;
}

start(main);
