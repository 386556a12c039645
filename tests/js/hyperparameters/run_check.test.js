import assert from "node:assert/strict";
import { test } from "node:test";
import { RunCheck } from "../../../static/js/hyperparameters/run_check.js";

/** @param {Record<string, string>} fields */
const result = (fields) => ({ fields, estimate: null });

test("the same values are checked once, and other values again", async () => {
  /** @type {unknown[]} */
  const sent = [];
  const check = new RunCheck(async (values) => {
    sent.push(values.hyperparameters.epochs);
    return result({});
  });
  await Promise.all([check.check({ hyperparameters: { epochs: 1 } }), check.check({ hyperparameters: { epochs: 1 } })]);
  await check.check({ hyperparameters: { epochs: 2 } });
  assert.deepEqual(sent, [1, 2]);
});

test("a late response does not replace the result for newer values", async () => {
  /** @type {((fields: Record<string, string>) => void)[]} */
  const respond = [];
  const check = new RunCheck(
    () => new Promise((resolve) => respond.push((fields) => resolve(/** @type {any} */ (result(fields))))),
  );
  const [old, latest] = [{ hyperparameters: { epochs: 1 } }, { hyperparameters: { epochs: 2 } }];
  const both = [check.check(old), check.check(latest)];
  respond[1]({ epochs: "new" });
  respond[0]({ epochs: "old" });
  assert.deepEqual(await Promise.all(both), [result({ epochs: "old" }), result({ epochs: "new" })]);
  assert.deepEqual(check.resultFor(latest), result({ epochs: "new" }));
  assert.equal(check.resultFor(old), null);
});

test("a failed check is repeated", async () => {
  let calls = 0;
  const check = new RunCheck(async () => {
    calls += 1;
    if (calls === 1) throw new Error("down");
    return result({});
  });
  await assert.rejects(check.check({ hyperparameters: {} }));
  assert.deepEqual(await check.check({ hyperparameters: {} }), result({}));
});
