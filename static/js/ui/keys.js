/**
 * Keys of shortcuts on any keyboard. A shortcut is a character, such as "j" or "2". A person whose keyboard types
 * another character in its place, such as "о" in Cyrillic or "é" on AZERTY, presses the key at the same position.
 */

/** Characters of a keyboard with US layout by the names of the positions that are neither letters nor digits. */
const POSITIONS = new Map([
  ["BracketLeft", "["],
  ["BracketRight", "]"],
  ["Minus", "-"],
  ["Equal", "="],
  ["NumpadAdd", "+"],
  ["NumpadSubtract", "-"],
]);

/**
 * Return the key of a shortcut that an event triggers: the typed character, without Caps Lock, if a shortcut uses it;
 * otherwise the character at the position of the key, unless the typed one is a Latin letter.
 * @param {KeyboardEvent} event
 * @param {(key: string) => boolean} isUsed returns true for the key of a shortcut
 * @returns {string | null} null if the event triggers none, for example because an input method handles it
 */
export function shortcutKey(event, isUsed) {
  const { key, code = "", shiftKey } = event;
  if (!key || isComposing(event)) return null;
  const typed = key.length === 1 && !shiftKey ? key.toLowerCase() : key;
  if (isUsed(typed)) return typed;
  if (shiftKey || /^[a-z]$/i.test(key) || (key.length > 1 && key !== "Dead")) return null;
  const position = /^(?:Key|Digit)(.)$/.exec(code)?.[1].toLowerCase() ?? POSITIONS.get(code);
  return position !== undefined && isUsed(position) ? position : null;
}

/** Return true if an input method handles the key, for example to compose a Chinese character. @param {KeyboardEvent} event */
export function isComposing({ isComposing, key, keyCode }) {
  return isComposing || key === "Process" || keyCode === 229; // 229 also where browsers do not set `isComposing`
}

/** Return true if a modifier is pressed that makes a shortcut of the browser, not AltGr, which types characters. @param {KeyboardEvent} event */
export function hasModifier(event) {
  return (event.ctrlKey || event.metaKey || event.altKey) && !event.getModifierState("AltGraph");
}
