import assert from "node:assert/strict";
import { test } from "node:test";
import { hasModifier, shortcutKey } from "../../../static/js/ui/keys.js";

const USED = new Set([..."0123456789jkfug[]?", "ArrowRight", "Escape", "+", "-", "="]);
/** @param {string} key @param {string} code @param {Partial<KeyboardEvent>} [state] */
const press = (key, code, state = {}) =>
  shortcutKey(/** @type {KeyboardEvent} */ ({ key, code, shiftKey: false, isComposing: false, ...state }), (name) =>
    USED.has(name),
  );

test("the typed character is the key of a shortcut, wherever it is on the keyboard", () => {
  assert.equal(press("j", "KeyJ"), "j");
  assert.equal(press("j", "KeyC"), "j", "Dvorak");
  assert.equal(press("2", "Digit2", { shiftKey: true }), "2", "AZERTY with Shift");
  assert.equal(press("?", "Slash", { shiftKey: true }), "?");
  assert.equal(press("[", "Digit8"), "[", "German, with AltGr");
  assert.equal(press("ArrowRight", "ArrowRight"), "ArrowRight");
});

test("Caps Lock does not matter, Shift does", () => {
  assert.equal(press("J", "KeyJ"), "j");
  assert.equal(press("J", "KeyJ", { shiftKey: true }), null);
});

test("the position counts where the character is not a Latin letter", () => {
  for (const key of ["о", "О", "ξ", "ㅓ", "ت"]) assert.equal(press(key, "KeyJ"), "j", key);
  assert.equal(press("х", "BracketLeft"), "[", "Cyrillic");
  assert.equal(press("ü", "BracketLeft"), "[", "German");
  assert.equal(press("Dead", "BracketLeft"), "[", "AZERTY");
  const azerty = [..."à&é\"'(-è_ç"];
  const digits = azerty.map((key, digit) => press(key, `Digit${digit}`));
  assert.deepEqual(
    digits.map((digit) => (digit === "-" ? "6" : digit)),
    [..."0123456789"],
  );
  assert.equal(press("٢", "Digit2"), "2");
});

test("a Latin letter, or a character with Shift, never counts by its position", () => {
  assert.equal(press("x", "KeyB"), null);
  assert.equal(press("h", "KeyJ"), null, "Dvorak");
  assert.equal(press("@", "Digit2", { shiftKey: true }), null);
  assert.equal(press("О", "KeyJ", { shiftKey: true }), null);
  assert.equal(press("F5", "F5"), null);
});

test("an input method, and an event without a key, trigger nothing", () => {
  assert.equal(press("j", "KeyJ", { isComposing: true }), null);
  assert.equal(press("j", "KeyJ", { keyCode: 229 }), null);
  assert.equal(press("Process", "KeyJ"), null);
  assert.equal(
    shortcutKey(/** @type {KeyboardEvent} */ ({}), () => true),
    null,
  );
});

test("AltGr is not a modifier", () => {
  const state = (/** @type {boolean} */ altGraph) =>
    /** @type {KeyboardEvent} */ (
      /** @type {unknown} */ ({ ctrlKey: true, altKey: true, metaKey: false, getModifierState: () => altGraph })
    );
  assert.equal(hasModifier(state(true)), false);
  assert.equal(hasModifier(state(false)), true);
});
