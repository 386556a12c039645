// Global variable of plotly.js, which the pages load as a classic script.
import type * as PlotlyModule from "plotly.js-dist-min";

declare global {
  const Plotly: typeof PlotlyModule;
  interface Window {
    Plotly: typeof PlotlyModule;
  }
}
