/** Verdict about a run: the words of its diagnosis, and the icon before them. The server writes the words. */

/**
 * @import {Run} from "../../../types/api.js"
 *
 * @typedef {object} Mark
 * @property {"✓" | "⚠" | "✗"} icon
 * @property {"success" | "warning" | "danger"} tone
 */

/** Return the title of the first finding, "Learns well", or a dash if nothing is known. @param {Run} run */
export function verdictText({ diagnosis }) {
  return diagnosis?.title ?? "–";
}

/** Return the icon of the verdict, or null if nothing is known. @param {Run} run @returns {Mark | null} */
export function verdictMark({ diagnosis }) {
  if (!diagnosis) return null;
  if (diagnosis.severity === null) return { icon: "✓", tone: "success" };
  return diagnosis.severity === "critical" ? { icon: "✗", tone: "danger" } : { icon: "⚠", tone: "warning" };
}
