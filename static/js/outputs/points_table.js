/** The points of a figure as a small table. */

import { element } from "../core/dom.js";

/**
 * @param {HTMLElement} place is hidden where there is no table
 * @param {{headings: string[], rows: string[][]} | null} table
 */
export function showPoints(place, table) {
  place.hidden = table === null;
  if (!table) return;
  const heading = element("tr", {}, ...table.headings.map((text) => element("th", { scope: "col" }, text)));
  const rows = table.rows.map((cells) => {
    const className = cells.at(-1)?.endsWith("✗") ? "incorrect" : "";
    return element("tr", {}, ...cells.map((text) => element("td", { className }, text)));
  });
  const parts = [element("thead", {}, heading), element("tbody", {}, ...rows)];
  place.replaceChildren(element("table", { className: "table table-sm num" }, ...parts));
}
