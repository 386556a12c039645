/**
 * Asks for what the misclassified page shows first, while the rest of its scripts are still being read: whoever asks
 * the same later gets the same answer.
 */
import { AddressState } from "./address_state.js";
import { byId } from "./element.js";
import { Latest } from "./latest.js";
import { CODECS, listAddress, matrixAddress, withKnownClasses } from "./mistakes_view.js";

const { run = "", epochs = "", classes = "" } = byId("opening").dataset;
const runId = Number(run);
const completed = Number(epochs);
/** @type {AddressState<import("./mistakes_view.js").MistakesView>} */
const state = new AddressState(CODECS);
const view = withKnownClasses(state.values, Number(classes));
const epoch = Math.min(view.epoch ?? completed, completed);
const asked = ["/api/datasets", `/api/runs/${runId}/epochs`];
if (epoch) asked.unshift(matrixAddress(runId, epoch), listAddress(runId, epoch, view));
for (const path of asked) new Latest().get(path).catch(() => {}); // the page asks again, and tells what is wrong
