/** List of the documented bugs. The template of the page contains it; this module filters it and marks the shown bug. */

/** @import {LabBug} from "../../../types/api.js" */
/** @import {Visibility} from "./bug_search.js" */

import { partOf } from "../core/dom.js";
import { counted } from "../core/format.js";
import { html, live, render } from "../core/html.js";
import { radioButtons } from "../ui/choices.js";
import { matchesBug } from "./bug_search.js";

/** @type {[Visibility, string][]} */
const VISIBILITIES = [
  ["all", "All"],
  ["visible", "Seen"],
  ["invisible", "Not seen"],
];

export class BugList {
  /** @param {HTMLElement} root @param {readonly LabBug[]} bugs @param {(bug: string) => void} onChoose */
  constructor(root, bugs, onChoose) {
    this.bugs = bugs;
    this.tools = partOf(root, "tools");
    /** @type {Map<string, HTMLAnchorElement>} */
    this.links = new Map();
    for (const link of root.querySelectorAll("a")) {
      this.links.set(link.dataset.bug ?? "", link);
      link.addEventListener("click", (event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return; // the browser opens another tab
        event.preventDefault();
        onChoose(link.dataset.bug ?? "");
      });
    }
    this.search = "";
    /** @type {Visibility} */
    this.visibility = "all";
    this.#draw();
  }

  /** Mark the shown bug. @param {string} id */
  select(id) {
    for (const [bug, link] of this.links) {
      link.classList.toggle("active", bug === id);
      if (bug === id) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
    this.links.get(id)?.scrollIntoView?.({ block: "nearest" });
  }

  #draw() {
    let found = 0;
    for (const bug of this.bugs) {
      const isFound = matchesBug(bug, this.search, this.visibility);
      const item = this.links.get(bug.id)?.parentElement;
      if (item) item.hidden = !isFound;
      found += Number(isFound);
    }
    const setSearch = (/** @type {{currentTarget: HTMLInputElement}} */ { currentTarget }) => {
      this.search = currentTarget.value;
      this.#draw();
    };
    const setVisibility = (/** @type {Visibility} */ visibility) => {
      this.visibility = visibility;
      this.#draw();
    };
    render(
      html`<label class="w-100">
          <span class="visually-hidden">Search bugs</span>
          <input class="form-control" type="search" placeholder="Search: softmax, transpose, relu…" maxlength="100"
            autocomplete="off" spellcheck="false" .value=${live(this.search)} @input=${setSearch}>
        </label>
        <div class="hstack flex-wrap gap-2">
          <span class="small" id="visibility-title">By a gradient check</span>
          <div class="btn-group btn-group-sm" role="group" aria-labelledby="visibility-title">
            ${radioButtons("visibility", VISIBILITIES, this.visibility, setVisibility)}
          </div>
        </div>
        <p class="small text-body-secondary mb-0 num" role="status">${counted(found, "bug")}</p>`,
      this.tools,
    );
  }
}
