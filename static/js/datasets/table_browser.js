/** Browser of the rows of a table, with their inputs and their class or targets. */

/** @import {DatasetInfo, Example} from "../../../types/api.js" */
/** @import {Range} from "./descriptions.js" */

import { byId } from "../core/dom.js";
import { html, nothing } from "../core/html.js";
import { DatasetBrowser } from "./browser.js";
import { describeRows } from "./descriptions.js";
import { tableColumns, tableRow } from "./table_rows.js";

const PAGE_SIZE = 100;

/** @extends {DatasetBrowser<Example>} */
export class TableBrowser extends DatasetBrowser {
  /** @param {DatasetInfo} dataset */
  constructor(dataset) {
    super(byId("examples"), dataset, PAGE_SIZE, {});
  }

  /** @param {Example[]} examples @param {Range} range */
  template(examples, range) {
    const { inputs, inputsTitle, hasMore, outcomes, outcomesTitle } = tableColumns(this.dataset);
    const more = hasMore ? html`<td class="text-body-secondary">…</td>` : nothing;
    const border = (/** @type {number} */ index) => (index === 0 ? "border-start" : "");
    return html`<h2 class="fs-6 num mb-3" id="total" aria-live="polite">${describeRows(this.dataset, range)}</h2>
      <div class="table-responsive" tabindex="0" role="region" aria-label="Examples">
        <table class="table table-sm w-auto small text-nowrap" id="rows">
          <thead>
            <tr>
              <td></td>
              <th class="text-center" scope="colgroup" colspan=${inputs.length + (hasMore ? 1 : 0)}>${inputsTitle}</th>
              <th class="text-center border-start" scope="colgroup" colspan=${outcomes.length}>${outcomesTitle}</th>
            </tr>
            <tr>
              <th class="num" scope="col">#</th>
              ${inputs.map((name) => html`<th class="num px-3" scope="col">${name}</th>`)} ${more}
              ${outcomes.map((name, index) => html`<th class="num px-3 ${border(index)}" scope="col">${name}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${examples.map((example) => {
              const row = tableRow(this.dataset, example);
              return html`<tr>
                <th class="num text-body-secondary" scope="row">${example.index}</th>
                ${row.inputs.map((text) => html`<td class="num px-3">${text}</td>`)} ${more}
                ${row.outcomes.map((text, index) => html`<td class="num px-3 fw-semibold ${border(index)}">${text}</td>`)}
              </tr>`;
            })}
          </tbody>
        </table>
      </div>`;
  }
}
