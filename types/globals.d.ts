// plotly.js is a classic script that the pages load before their modules.
import type * as PlotlyModule from "plotly.js-dist-min";

declare global {
  const Plotly: typeof PlotlyModule;
  interface Window {
    Plotly: typeof PlotlyModule;
  }
}
