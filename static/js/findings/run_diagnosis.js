/**
 * Diagnosis of one run: loaded when the run has ended, and updated by the events of the server.
 *
 * @import {Diagnosis, Run} from "../../../types/api.js"
 * @import {DiagnosisChanged} from "../../../types/events.js"
 */

import { ApiError, api } from "../core/api.js";

export class RunDiagnosis {
  /** @param {number} runId @param {() => void} onChange */
  constructor(runId, onChange) {
    this.runId = runId;
    this.onChange = onChange;
    /** @type {Diagnosis | null} */
    this.value = null;
    /** Message of the failed request, or an empty text. */
    this.problem = "";
    /** Number of the latest change; the response to an earlier request has no effect. */
    this.latest = 0;
  }

  /** Request the diagnosis until the last epoch. */
  async load() {
    this.latest += 1;
    const request = this.latest;
    try {
      const value = await api.get(`/api/runs/${this.runId}/diagnosis`);
      if (request !== this.latest) return;
      this.value = value;
      this.problem = "";
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      // The page reports a lost connection and a deleted run.
      if (request === this.latest && error.status !== 0 && error.status !== 404) this.problem = error.message;
    }
    this.onChange();
  }

  /** Show the findings of an event. Events contain no observations. @param {DiagnosisChanged} event */
  receive({ status, findings }) {
    const { epoch = 0, observations = [] } = this.value ?? {};
    this.value = { epoch, status, findings, observations };
    this.onChange();
  }

  /** Return whether the run is ill: from the findings, or from the verdict that the run contains. @param {Run} run */
  isIll(run) {
    return (this.value ?? run.diagnosis)?.status === "ill";
  }
}
