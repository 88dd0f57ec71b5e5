import { describeLargest, QUICKEST } from './largest.contract.ts';

describeLargest((name) => !QUICKEST.includes(name));
