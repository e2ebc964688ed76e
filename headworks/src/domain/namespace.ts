// The namespace in which live work runs.

/** Every namespace overlays this one. */
export const PROD = "prod";
