import assert from "node:assert/strict";
import { test } from "node:test";
import { describeData, describeNetwork } from "../../../static/js/hyperparameters/network_summary.js";
import { datasetInfo, regression } from "../support/examples.js";

const mnist = datasetInfo({ n_features: 784, n_outputs: 10, class_names: [..."0123456789"], train_size: 60000 });

test("the number of parameters counts weights and biases", () => {
  assert.equal(describeNetwork(mnist, { hidden_sizes: [64] }), "784 → 64 → 10: 50,890 parameters");
  assert.equal(describeNetwork(mnist, { hidden_sizes: [4000] }), "784 → 4,000 → 10: 3,180,010 parameters");
  assert.equal(describeNetwork(mnist, { hidden_sizes: [], use_bias: false }), "784 → 10: 7,840 parameters");
  assert.equal(describeNetwork(mnist, { hidden_sizes: [], crop: "center_20" }), "400 → 10: 4,010 parameters");
  assert.equal(describeNetwork(regression, { hidden_sizes: [8] }), "1,000 inputs → 8 → 2 outputs: 8,026 parameters");
});

test("invalid sizes have no description", () => {
  assert.equal(describeNetwork(mnist, { hidden_sizes: "64 x" }), "");
  assert.equal(describeNetwork(mnist, { hidden_sizes: [-5] }), "");
  assert.equal(describeNetwork(undefined, { hidden_sizes: [64] }), "");
});

test("the data are described by size and by the download that they need", () => {
  assert.equal(describeData(mnist, {}), "60,000 training images, 359 test images");
  assert.equal(describeData(mnist, { images_per_class: 100 }), "1,000 training images, 359 test images");
  assert.equal(describeData(regression, {}), "64 examples, all for training");
  const missing = datasetInfo({ available: false, download_bytes: 11594722 });
  assert.match(describeData(missing, {}), /test images\. The first run downloads 11\.6 MB$/);
  assert.equal(describeData(undefined, {}), "");
});
