import assert from "node:assert/strict";
import { test } from "node:test";
import { namesOfKeys } from "../../../static/js/ui/keyboard_shortcuts.js";

test("keys have the names that keyboards show", () => {
  assert.deepEqual(namesOfKeys({ name: "next", title: "Next", keys: ["ArrowRight", "j"] }), ["→", "j"]);
  assert.deepEqual(namesOfKeys({ name: "back", title: "Back", keys: ["Escape"] }), ["Esc"]);
  assert.deepEqual(namesOfKeys({ name: "label", title: "Label", keys: ["0", "1"], keyNames: ["0 … 9"] }), ["0 … 9"]);
});
