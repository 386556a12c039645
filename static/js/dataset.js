/** The data page: the examples of one data set, pictures or rows of a table, or a way to fetch them. */
import { api } from "./api.js";
import { DatasetDownload } from "./dataset_download.js";
import { DatasetExamples } from "./dataset_examples.js";
import { DatasetPictures } from "./dataset_pictures.js";
import { isTable } from "./dataset_traits.js";
import { byId } from "./element.js";

/** @type {{items: import("../../types/messages.js").DatasetInfo[]}} */
const { items } = await api.get("/api/datasets");
const { name } = byId("dataset").dataset;
const dataset = items.find((item) => item.name === name);
if (dataset && isTable(dataset)) {
  await new DatasetExamples(dataset).show();
} else if (dataset) {
  const open = () => void new DatasetPictures(dataset).show();
  if (dataset.available) open();
  else new DatasetDownload(dataset, open);
}
