import assert from "node:assert/strict";
import { test } from "node:test";
import { TelemetrySeries } from "../../../static/js/diagnosis/telemetry_series.js";
import { telemetry } from "./telemetry.js";

test("epochs without a measurement continue the last value", () => {
  const series = new TelemetrySeries(1);
  series.add([telemetry(2, [{ update_ratio: 0.5 }]), telemetry(5, [{ update_ratio: 0.25 }])]);
  assert.equal(series.last, 5);
  assert.equal(series.at("update_ratio", 0, 1), null);
  assert.deepEqual(series.at("update_ratio", 0, 4), { value: 0.5, epoch: 2 });
  assert.deepEqual(series.at("update_ratio", 0, 5), { value: 0.25, epoch: 5 });
  assert.deepEqual(series.at("update_ratio", 0, 9), { value: 0.25, epoch: 5 });
  assert.equal(series.measuredEpochs("update_ratio", 0), 2);
});

test("a measurement that arrives twice changes nothing", () => {
  const series = new TelemetrySeries(1);
  const items = [telemetry(1, [{ update_ratio: 0.5 }]), telemetry(2, [{ update_ratio: 0.25 }])];
  series.add(items);
  series.add(items);
  assert.deepEqual(series.columns.update_ratio, [[0.5, 0.25]]);
});

test("an event after a lost one is not added, so that the page requests both", () => {
  const series = new TelemetrySeries(1);
  assert.ok(series.addEvent({ after: 0, items: [telemetry(1, [{}]), telemetry(2, [{}])] }));
  assert.ok(!series.addEvent({ after: 4, items: [telemetry(6, [{}])] }));
  assert.equal(series.last, 2);
  assert.ok(series.addEvent({ after: 2, items: [telemetry(4, [{}])] }));
  assert.ok(series.addEvent({ after: 2, items: [telemetry(4, [{}])] }));
  assert.equal(series.last, 4);
});

test("steps of the first epoch bring the cost before the first step, but no column", () => {
  const series = new TelemetrySeries(1);
  series.add([telemetry(0, [{}], { step: 0, first_cost: 2.5, expected_first_cost: 2 })]);
  assert.deepEqual(series.first, { cost: 2.5, expected: 2 });
  assert.equal(series.last, 0);
});

test("the relative gradient compares root mean squares over the parameters", () => {
  const series = new TelemetrySeries(2);
  series.add([
    telemetry(1, [
      { gradient_norm: 0.3, n_parameters: 900 },
      { gradient_norm: 0.1, n_parameters: 25 },
    ]),
  ]);
  assert.deepEqual(series.columns.relative_gradient, [[0.5], [1]]);
});

test("without any gradient, the layers are equal; with one in a hidden layer only, it is infinitely larger", () => {
  const series = new TelemetrySeries(2);
  series.add([telemetry(1, [{ gradient_norm: 0 }, { gradient_norm: 0 }]), telemetry(2, [{}, { gradient_norm: 0 }])]);
  assert.deepEqual(series.columns.relative_gradient[0], [1, Infinity]);
});

test("a gradient that is null is not finite, and another value that is null was not measured", () => {
  const series = new TelemetrySeries(2);
  series.add([telemetry(1, [{ gradient_norm: null, update_ratio: null }, { dead_fraction: null }])]);
  assert.deepEqual(series.columns.gradient_norm, [[NaN], [0.1]]);
  assert.deepEqual(series.columns.update_ratio, [[NaN], [0.005]]);
  assert.deepEqual(series.columns.relative_gradient, [[NaN], [1]]);
  assert.equal(series.columns.dead_fraction[1][0], null);
});
