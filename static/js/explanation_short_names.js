/** Class names for cells in which a whole name has no room. */

const SHORTEST = 2;

/**
 * The shortest beginnings, of two letters at least, that tell the names apart; short names stay whole.
 * @param {string[]} names
 */
export function shortNames(names) {
  return names.map((name) => {
    for (let length = SHORTEST; length < name.length; length += 1) {
      const start = name.slice(0, length).toLowerCase();
      if (names.filter((other) => other.toLowerCase().startsWith(start)).length === 1) return name.slice(0, length);
    }
    return name;
  });
}
