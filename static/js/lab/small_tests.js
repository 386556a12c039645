/** Template of the small tests, which see what a gradient check cannot: those that fail come first. */

/** @import {LabRun, LabTest, LabVerdict} from "../../../types/api.js" */

import { counted, plainNumber } from "../core/format.js";
import { html, nothing } from "../core/html.js";

/** @type {Record<LabVerdict, string>} */
const VERDICTS = { failed: "✗ fails", passed: "✓ passes", not_applicable: "does not apply" };

/**
 * Return the tests to show at once, the others, and a description of the others. Without verdicts, in a hidden
 * experiment, all tests that have measured something are shown.
 * @param {readonly LabTest[]} tests
 */
export function groupTests(tests) {
  const isShown = (/** @type {LabTest} */ { verdict, measured }) =>
    verdict === null ? measured.length > 0 : verdict === "failed";
  const others = tests.filter((test) => !isShown(test));
  const passed = others.filter(({ verdict }) => verdict === "passed");
  const unused = others.length - passed.length;
  const texts = [
    ...(passed.length ? [`${counted(passed.length, "test")} ${passed.length === 1 ? "passes" : "pass"}`] : []),
    ...(unused ? [`${counted(unused, "test")} ${unused === 1 ? "does" : "do"} not apply`] : []),
  ];
  return { shown: tests.filter(isShown), others, description: texts.join(", ") };
}

/** @param {LabRun} run */
export function smallTests({ tests }) {
  const { shown, others, description } = groupTests(tests);
  return html`
    <h2 id="tests-title" tabindex="-1">Small tests</h2>
    <p class="small text-body-secondary mb-0">They see what no gradient check can see. Each takes a few lines of code.</p>
    ${shown.length ? html`<ul class="lab-tests">${shown.map(testItem)}</ul>` : html`<p class="mb-0">No small test fails.</p>`}
    ${
      others.length
        ? html`<details>
            <summary>${description}</summary>
            <ul class="lab-tests mt-2">${others.map(testItem)}</ul>
          </details>`
        : nothing
    }`;
}

/** @param {LabTest} test */
function testItem({ name, title, explanation, measured, verdict, bugs }) {
  return html`<li class="lab-test" data-test=${name} data-verdict=${verdict ?? "hidden"}>
    <p class="fw-semibold mb-0">${title} ${verdict ? html`<span class="lab-verdict">${VERDICTS[verdict]}</span>` : nothing}</p>
    <p class="small mb-0">${explanation}</p>
    ${
      measured.length
        ? html`<p class="small num mb-0">Measured: ${measured.map(({ name, value }) => `${name} ${measuredValue(value)}`).join("; ")}.</p>`
        : nothing
    }
    ${verdict === "failed" && bugs.length ? html`<p class="small mb-0">This is what ${bugs.join(" or ")} causes.</p>` : nothing}
  </li>`;
}

/** @param {number | null} value */
const measuredValue = (value) => (value === null ? "not finite" : plainNumber(value));
