import assert from "node:assert/strict";
import { test } from "node:test";
import { loadChoices } from "../../../static/js/hyperparameters/choices.js";

test("hyperparameters, presets and data sets are requested together", async () => {
  /** @type {(() => void)[]} */
  const waiting = [];
  globalThis.fetch = async (path) => {
    await new Promise((resolve) => waiting.push(() => resolve(null)));
    return new Response(JSON.stringify(path === "/api/hyperparameters" ? { fields: [] } : { items: [String(path)] }));
  };
  const choices = loadChoices();
  assert.equal(waiting.length, 3, "no request waits for another one");
  for (const respond of waiting) respond();
  assert.deepEqual(await choices, {
    schema: { fields: [] },
    presets: ["/api/presets"],
    datasets: ["/api/datasets"],
  });
});
