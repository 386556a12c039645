/** The data page: the examples of one data set, pictures or rows of a table, or a way to fetch them. */
import { api } from "../core/api.js";
import { byId } from "../core/dom.js";
import { isTable } from "../datasets/dataset_kind.js";
import { DownloadPanel } from "../datasets/download_panel.js";
import { ImageBrowser } from "../datasets/image_browser.js";
import { TableBrowser } from "../datasets/table_browser.js";

/** @type {{items: import("../../../types/messages.js").DatasetInfo[]}} */
const { items } = await api.get("/api/datasets");
const { name } = byId("dataset").dataset;
const dataset = items.find((item) => item.name === name);
if (dataset && isTable(dataset)) {
  await new TableBrowser(dataset).show();
} else if (dataset) {
  const open = () => void new ImageBrowser(dataset).show();
  if (dataset.available) open();
  else new DownloadPanel(dataset, open);
}
