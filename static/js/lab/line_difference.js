/** Difference between two versions of a line of code or of a formula. */

/** @typedef {{text: string, differs: boolean}} Part */

const TOKEN = /\s+|#[^\n]*|[\p{L}_][\p{L}\p{N}_]*|\d+(?:\.\d+)?|\*\*|[^\s]/gu;

/**
 * Return the parts of both texts; `differs` is true for the parts that the other text does not have. A space belongs to
 * the different parts on both sides of it. A comment does not differ.
 * @param {string} first
 * @param {string} second
 * @returns {[Part[], Part[]]}
 */
export function lineDifference(first, second) {
  const [a, b] = [first, second].map((text) => text.match(TOKEN) ?? []);
  const lengths = commonLengths(a, b);
  const common = { a: new Set(), b: new Set() };
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) {
      common.a.add(i++);
      common.b.add(j++);
    } else if (lengths[i + 1][j] >= lengths[i][j + 1]) i += 1;
    else j += 1;
  }
  return [partsOf(a, common.a), partsOf(b, common.b)];
}

/**
 * Return the table of the longest common subsequences of the ends of two lists.
 * @param {readonly string[]} a
 * @param {readonly string[]} b
 */
function commonLengths(a, b) {
  const lengths = Array.from({ length: a.length + 1 }, () => new Array(b.length + 1).fill(0));
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      lengths[i][j] = a[i] === b[j] ? lengths[i + 1][j + 1] + 1 : Math.max(lengths[i + 1][j], lengths[i][j + 1]);
    }
  }
  return lengths;
}

/** @param {readonly string[]} tokens @param {ReadonlySet<number>} common positions of the equal tokens */
function partsOf(tokens, common) {
  /** @type {Part[]} */
  const parts = [];
  tokens.forEach((text, position) => {
    const isUnique = (/** @type {number} */ index) =>
      index in tokens && !common.has(index) && !/^[\s#]/.test(tokens[index]);
    const isSpace = text.trim() === "";
    const differs = isSpace ? isUnique(position - 1) && isUnique(position + 1) : isUnique(position);
    const last = parts.at(-1);
    if (last?.differs === differs) last.text += text;
    else parts.push({ text, differs });
  });
  return parts;
}
