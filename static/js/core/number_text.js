/**
 * Numbers as people type them, and numbers as text. nn/hyperparameters/number_text.py has the same rules, and
 * tests/number_text_examples.json has examples of both.
 */

/** @typedef {{number: number, error: ""} | {number: null, error: string}} ReadNumber `error` is the end of a sentence */

/** Characters that stand for those of a number. A group separator becomes an apostrophe or a no-break space. */
const SAME_CHARACTERS = /** @type {const} */ ([
  [/[−－﹣‐‑‒–]/g, "-"],
  [/[％٪﹪]/g, "%"],
  [/[，،、]/g, ","],
  [/[’‘ʼ٬_]/g, "'"],
  [/[\u2005-\u2009\u202f]/g, "\u00a0"],
  [/＋/g, "+"],
  [/[．٫]/g, "."],
  [/；/g, ";"],
  [/[ｅＥ]/g, "e"],
  [/[^\S\u00a0]+/g, " "],
]);
const NUMBER = new RegExp(
  [
    "^(?<sign>[+-]?)(?:",
    "(?<grouped>\\d{1,3}(?<separator>[ '\u00a0])\\d{3}(?:\\k<separator>\\d{3})*)(?:[.,](?<rest>\\d*))?",
    "|(?<commas>\\d{1,3}(?:,\\d{3})+)\\.(?<afterCommas>\\d*)",
    "|(?<points>\\d{1,3}(?:\\.\\d{3})+),(?<afterPoints>\\d*)",
    "|(?<repeated>\\d{1,3}(?:(?:,\\d{3}){2,}|(?:\\.\\d{3}){2,}))",
    "|(?<integer>\\d*)(?:(?<mark>[.,])(?<fraction>\\d*))?",
    ")(?<exponent>e[+-]?\\d+)? ?(?<percent>%)?$",
  ].join(""),
  "i",
);
const ONE_SIZE_OR_TWO = /(?:^|\D)(\d[, ]\d{3}|\d{2,3}[, ]0\d{2})(?!\d)/;
const BRACKETS = /^(?:\[(.*)\]|\((.*)\))$/s;
const LARGEST_EXPONENT = 1e9; // with a larger exponent, every number is 0 or the largest float
const MIN_EXPONENTIAL = 1e7; // a number of at least this size is written with an exponent if that is shorter
const MAX_EXPONENTIAL = 1e-4; // a smaller number is written with an exponent

/**
 * Return the number that a text means, or the reason why it is not clear: 0,003 → 0.003, 50% → 0.5, 1 000 → 1000.
 *
 * A single point is the decimal point, and a single comma is a decimal comma. Where either could also separate
 * thousands, as in 1.000, the text is read only if the program itself writes that number so: 1.234 in a field for any
 * number, 1,000 in a field for whole numbers. A number that is too large for a float becomes the largest float.
 * @param {string} text
 * @param {{whole?: boolean}} [options] `whole`: the number must be an integer
 * @returns {ReadNumber}
 */
export function readNumber(text, { whole = false } = {}) {
  const shown = text.trim();
  const found = NUMBER.exec(plainText(shown))?.groups;
  const parts = found && digitParts(found);
  if (!parts) return failure(whole ? "must be a whole number" : "must be a number");
  let { integer, fraction } = parts;
  const { mark, exponent, percent } = found;
  if (mark && /^[1-9]\d{0,2}$/.test(integer) && fraction.length === 3) {
    const isPoint = mark === ".";
    if (whole && !(isPoint || exponent || percent)) {
      integer += fraction;
      fraction = "";
    } else if (!(isPoint && (exponent || (!whole && !fraction.endsWith("0"))))) {
      const meanings = [numberOf(found, integer, fraction), numberOf(found, integer + fraction, "")];
      return failure(describeTwoMeanings(shown, meanings, whole));
    }
  }
  const number = numberOf(found, integer, fraction);
  return whole && !Number.isInteger(number) ? failure("must be a whole number") : { number, error: "" };
}

/**
 * Return the sizes in a list, as text, or the error: 64;32 and [64, 32] → ["64", "32"]. A comma or a space that can
 * either separate two sizes or thousands, as in 1,000, is an error.
 * @param {string} text
 * @returns {{sizes: string[], error: ""} | {sizes: null, error: string}}
 */
export function splitSizes(text) {
  const trimmed = plainText(text.trim());
  const brackets = BRACKETS.exec(trimmed);
  const list = brackets ? (brackets[1] ?? brackets[2]).trim() : trimmed;
  const found = list.includes(";") ? null : ONE_SIZE_OR_TWO.exec(list)?.[1];
  if (found) {
    const [first, second] = [found.slice(0, -4), Number(found.slice(-3))];
    const joined = first + found.slice(-3);
    const error = `is ambiguous: ${found} can mean ${joined}, or ${first} and ${second}; type ${joined}, or ${first}; ${second}`;
    return { sizes: null, error };
  }
  const parts = list.split(list.includes(";") ? ";" : /[, ]+/);
  return { sizes: parts.map((part) => part.trim()).filter(Boolean), error: "" };
}

/** Return the shortest text that means a number: 0.003, 1000, 1e9, 1e-6. @param {number} value */
export function writeNumber(value) {
  const size = Math.abs(value);
  const exponential = value.toExponential().replace("e+", "e");
  if (size === 0) return "0";
  if (size < MAX_EXPONENTIAL) return exponential;
  const plain = String(value);
  const isLong = size >= MIN_EXPONENTIAL && exponential.length < plain.replace("e+", "e").length;
  return isLong || plain.includes("e") ? exponential : plain;
}

/** Return a bound as text, with groups of three digits: 0.5, 10,000, 1e9. @param {number} value */
export function writeLimit(value) {
  const text = writeNumber(value);
  return /^-?\d+$/.test(text) ? value.toLocaleString("en-US") : text;
}

/** @param {string} error @returns {ReadNumber} */
const failure = (error) => ({ number: null, error });

/** Return a text with ASCII digits, signs and separators, and without invisible characters. @param {string} text */
function plainText(text) {
  const visible = text.replace(/\p{Cf}/gu, "").replace(/\p{Nd}/gu, decimalDigit);
  return SAME_CHARACTERS.reduce((plain, [pattern, character]) => plain.replace(pattern, character), visible);
}

/** Return the ASCII digit of a decimal digit. Unicode stores the digits of each script in a row, from 0. @param {string} digit */
function decimalDigit(digit) {
  const code = /** @type {number} */ (digit.codePointAt(0));
  let first = code;
  while (/\p{Nd}/u.test(String.fromCodePoint(first - 1))) first -= 1;
  return String((code - first) % 10);
}

/**
 * Return the digits before and after the decimal mark, or null if there are none.
 * @param {Record<string, string | undefined>} found
 */
function digitParts({
  grouped,
  rest,
  commas,
  afterCommas,
  points,
  afterPoints,
  repeated,
  integer = "",
  fraction = "",
}) {
  const digits = grouped ?? commas ?? points ?? repeated;
  if (digits) return { integer: digits.replace(/\D/g, ""), fraction: rest ?? afterCommas ?? afterPoints ?? "" };
  return integer || fraction ? { integer, fraction } : null;
}

/**
 * @param {Record<string, string | undefined>} found
 * @param {string} integer
 * @param {string} fraction
 */
function numberOf({ sign, exponent, percent }, integer, fraction) {
  // Two more decimals make a percentage exact, where a division by 100 would round.
  const typed = Number((exponent ?? "e0").slice(1));
  const power = Math.max(-LARGEST_EXPONENT, Math.min(typed, LARGEST_EXPONENT)) - (percent ? 2 : 0);
  const value = Number(`${sign}${integer || 0}.${fraction || 0}e${power}`);
  return Math.min(Math.max(value, -Number.MAX_VALUE), Number.MAX_VALUE);
}

/** @param {string} text @param {number[]} meanings @param {boolean} whole */
function describeTwoMeanings(text, meanings, whole) {
  const possible = meanings.filter((meaning) => !whole || Number.isInteger(meaning)).map(writeNumber);
  if (!possible.length) return "must be a whole number";
  return `is ambiguous: ${text} can mean ${meanings.map(writeNumber).join(" or ")}; type ${possible.join(" or ")}`;
}
