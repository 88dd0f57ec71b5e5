/** A sentence for the operator: what is wrong, and what to do. */
export class Problem extends Error {}
