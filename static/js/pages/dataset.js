/**
 * Data page: the images or table rows of a data set. If the data set is not stored yet, the page shows a panel that
 * downloads it.
 */

/** @import {DatasetInfo} from "../../../types/api.js" */

import { api } from "../core/api.js";
import { byId } from "../core/dom.js";
import { isTable } from "../datasets/dataset_kind.js";
import { DownloadPanel } from "../datasets/download_panel.js";
import { ImageBrowser } from "../datasets/image_browser.js";
import { TableBrowser } from "../datasets/table_browser.js";
import { start } from "./start.js";

start(async () => {
  /** @type {{items: DatasetInfo[]}} */
  const { items } = await api.get("/api/datasets");
  const { name } = byId("dataset").dataset;
  const dataset = items.find((item) => item.name === name);
  if (!dataset) return;
  if (isTable(dataset)) return new TableBrowser(dataset).show();
  if (dataset.available) return new ImageBrowser(dataset).show();
  new DownloadPanel(byId("missing"), dataset, () => void new ImageBrowser(dataset).show());
});
