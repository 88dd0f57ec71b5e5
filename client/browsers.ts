/**
 * Supported engines. All have light-dark(), :has(), popover and @layer, so the build compiles none
 * of them down.
 */
export const BROWSERS = ['chrome123', 'edge123', 'firefox125', 'safari17.5'];
