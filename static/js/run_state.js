/** How a run stands. */

/** Whether more epochs can come. @param {{status: import("../../types/messages.js").RunStatus}} run */
export const isLive = ({ status }) => status === "queued" || status === "running" || status === "paused";
