/** Bug lab: a documented bug, its effect on the training of a network, and the checks that find it; or guess mode. */

/** @import {LabBug} from "../../../types/api.js" */
/** @import {LabView} from "../lab/view_state.js" */

import { ApiError, errorMessage } from "../core/api.js";
import { byId } from "../core/dom.js";
import { render } from "../core/html.js";
import { UrlState } from "../core/url_state.js";
import { bugCard } from "../lab/bug_card.js";
import { BugList } from "../lab/bug_list.js";
import { describeChecks } from "../lab/curves.js";
import { Experiments } from "../lab/experiments.js";
import { GuessPanel } from "../lab/guess_panel.js";
import { Results } from "../lab/results.js";
import { CODECS, chosenBugs } from "../lab/view_state.js";
import { start } from "./start.js";

/** Show the bugs that the address chooses. @param {readonly LabBug[]} bugs @param {Results} results */
function study(bugs, results) {
  /** @type {UrlState<LabView>} */
  const state = new UrlState(CODECS);
  const choose = (/** @type {string} */ bug) => state.navigate({ bug, layer: null, second: "", second_layer: null });
  const list = new BugList(byId("bugs"), bugs, choose);
  const experiments = new Experiments((result) => {
    if ("run" in result) {
      const { run } = result;
      results.show(
        run,
        run.first_disagreement ? ["check", "tests", "telemetry"] : ["tests", "check", "telemetry"],
        describeChecks(run),
      );
    } else results.fail(describeProblem(result.error), show);
  });

  function show() {
    const chosen = chosenBugs(state.values, bugs);
    list.select(chosen[0].bug);
    document.title = `${chosen.map(({ bug }) => bug).join(" and ")} · Bug lab · Misfit`;
    render(
      bugCard({
        bugs,
        chosen,
        onLayer: (layer) => state.navigate({ layer }),
        onSecond: (second) => state.navigate({ second, second_layer: null }),
        onSecondLayer: (second_layer) => state.navigate({ second_layer }),
        onNext: choose,
      }),
      byId("bug"),
    );
    results.wait();
    experiments.run(chosen);
  }

  state.onChange = show;
  show();
}

/** Return the message of an error with the messages of its fields. @param {unknown} error */
function describeProblem(error) {
  const fields = error instanceof ApiError ? Object.entries(error.fields) : [];
  if (fields.length === 0) return errorMessage(error);
  const messages = fields.map(([name, text]) => `${name.replaceAll("_", " ")} ${text}`).join("; ");
  return `These bugs do not fit into one network: ${messages}. Choose another second bug or another layer.`;
}

/** Copy the example. A page without a secure connection may not use the clipboard, so it selects the code. */
async function copyExample() {
  const [code, status] = [byId("own-code"), byId("copied")];
  try {
    await navigator.clipboard.writeText(code.textContent ?? "");
    status.textContent = "Copied.";
  } catch {
    getSelection()?.selectAllChildren(code);
    status.textContent = "The browser does not allow copying here. The code is selected: press Ctrl-C.";
  }
}

start(() => {
  const text = /** @type {HTMLTemplateElement} */ (byId("all-bugs")).content.textContent ?? "";
  /** @type {LabBug[]} */
  const bugs = JSON.parse(text);
  const results = new Results(byId("results"));
  byId("copy").addEventListener("click", copyExample);
  const guess = document.getElementById("guess");
  if (guess) new GuessPanel(guess, byId("answer"), results, bugs).start();
  else study(bugs, results);
});
