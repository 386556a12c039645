// Global variable of plotly.js. Pages load plotly.js as a classic script, not as a module.
import type * as PlotlyModule from "plotly.js-dist-min";

declare global {
  const Plotly: typeof PlotlyModule;
  interface Window {
    Plotly: typeof PlotlyModule;
  }
}
