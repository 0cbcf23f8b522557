/** The time of this machine, in milliseconds since 1970. Never used for a statement about an anchor: blocks tell that. */
export type Clock = { now(): number }
