/** Table of the training examples in a figure. */

import { element } from "../core/dom.js";

/**
 * Draw the table. If `table` is null, hide `parent`.
 * @param {HTMLElement} parent
 * @param {{headings: string[], rows: string[][]} | null} table
 */
export function renderPointsTable(parent, table) {
  parent.hidden = table === null;
  if (!table) return;
  const heading = element("tr", {}, ...table.headings.map((text) => element("th", { scope: "col" }, text)));
  const rows = table.rows.map((cells) => {
    const className = cells.at(-1)?.endsWith("✗") ? "text-danger-emphasis" : "";
    return element("tr", {}, ...cells.map((text) => element("td", { className }, text)));
  });
  const parts = [element("thead", {}, heading), element("tbody", {}, ...rows)];
  parent.replaceChildren(element("table", { className: "table table-sm num" }, ...parts));
}
