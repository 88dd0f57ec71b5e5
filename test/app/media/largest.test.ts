import { describeLargest, QUICKEST } from './largest.contract.ts';

// largest.long.test.ts reads the others, which take a minute together.
describeLargest((name) => QUICKEST.includes(name));
