import type { Facts } from './facts.ts';
import type { Surroundings } from './surroundings.ts';

export interface World extends Surroundings {
  facts: Facts;
}

/** A change that may be repeated: a second time it finds its own work. */
export interface Action {
  /** The change as an order: "Set the secret JWT_SECRET." Never a value of a secret. */
  say: string;
  /** Asks once more before it: what it does was shown by the action before. */
  asks?: true;
  do(): Promise<void>;
}

/**
 * A part of the way to a live site. It keeps no record. It asks the clouds, GitHub and the site for
 * their state, and plans only the rest. So it can end anywhere and go on in another run.
 */
export interface Step {
  title: string;
  /** Reads only. Returns nothing if there is nothing to do. */
  plan(on: World): Promise<Action[]>;
}

/** A condition of the whole deployment, asked before anything changes. */
export interface Check {
  title: string;
  /**
   * Reads only. Returns what it found.
   *
   * @throws Problem with one sentence that says what to do
   */
  run(on: World): Promise<string>;
}
