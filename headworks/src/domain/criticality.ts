// What a failure means to the product, from the most to the least.

export const CRITICALITIES = ["critical", "high", "normal", "low"] as const;
/** Also the order in which ready tasks are dispatched. */
export type Criticality = (typeof CRITICALITIES)[number];
