/** Engines with light-dark(), :has(), popover and @layer: nothing is compiled down that they know. */
export const BROWSERS = ['chrome123', 'edge123', 'firefox125', 'safari17.5'];
