/**
 * Names of the compared runs. Runs may have the same name, for example the default name of their preset, but each line
 * of a chart needs its own.
 */

/**
 * Return a name for each run, by run id. A long name is cut; runs with the same name also get their number.
 * @param {readonly {id: number, name: string}[]} runs
 * @param {number} maxLength number of characters of the name, without the number of the run
 * @returns {Map<number, string>}
 */
export function distinctNames(runs, maxLength) {
  return nameRuns(runs, maxLength, (name, id) => `${name} (run ${id})`);
}

/**
 * Return a name for each run that fits at the end of its line, by run id: runs with the same short name get their
 * numbers instead.
 * @param {readonly {id: number, name: string}[]} runs
 * @param {number} maxLength number of characters of the name
 * @returns {Map<number, string>}
 */
export function shortNames(runs, maxLength) {
  return nameRuns(runs, maxLength, (_, id) => `run ${id}`);
}

/**
 * @param {readonly {id: number, name: string}[]} runs
 * @param {number} maxLength
 * @param {(name: string, id: number) => string} nameShared returns the name of a run that shares its cut name
 * @returns {Map<number, string>}
 */
function nameRuns(runs, maxLength, nameShared) {
  const cut = runs.map(({ id, name }) => /** @type {const} */ ([id, cutOff(name, maxLength)]));
  const isShared = (/** @type {string} */ name) => cut.filter(([, other]) => other === name).length > 1;
  return new Map(cut.map(([id, name]) => [id, isShared(name) ? nameShared(name, id) : name]));
}

/** @param {string} text @param {number} maxLength */
function cutOff(text, maxLength) {
  const characters = [...text]; // a character outside the basic plane has two code units
  return characters.length > maxLength ? `${characters.slice(0, maxLength - 1).join("")}…` : text;
}
