/** Links to the definitions of terms in the glossary. */

const MAX_LINKS = 3; // in one text; more links would make it hard to read

/** Return the address of the definition of a term. @param {string} term */
export function glossaryAddress(term) {
  return `/glossary#${term.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")}`;
}

/**
 * Divide a text at the terms of the glossary that occur in it. Terms of several words are more specific than others and
 * take precedence. Each term is marked where it occurs first, also in its plural.
 * @param {string} text
 * @param {readonly string[]} terms
 * @returns {{text: string, term: string | null}[]} parts of the text, each with the term that it is, or null
 */
export function splitAtTerms(text, terms) {
  const wordsIn = (/** @type {string} */ term) => term.split(" ").length;
  const specific = [...terms].sort((a, b) => wordsIn(b) - wordsIn(a) || b.length - a.length);
  /** @type {{start: number, end: number, term: string}[]} */
  const found = [];
  for (const term of specific) {
    const match = new RegExp(`(?<![\\w-])${escapePattern(term)}s?(?![\\w-])`, "i").exec(text);
    if (!match || found.length === MAX_LINKS) continue;
    const [start, end] = [match.index, match.index + match[0].length];
    if (found.every((other) => end <= other.start || start >= other.end)) found.push({ start, end, term });
  }
  found.sort((a, b) => a.start - b.start);
  /** @type {{text: string, term: string | null}[]} */
  const parts = [];
  let position = 0;
  for (const { start, end, term } of found) {
    parts.push({ text: text.slice(position, start), term: null }, { text: text.slice(start, end), term });
    position = end;
  }
  return [...parts, { text: text.slice(position), term: null }].filter((part) => part.text !== "");
}

/** @param {string} text */
function escapePattern(text) {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
