import type { Rig } from './rig.ts';

/** A fault, and its repair. */
export interface Fault {
  name: string;
  strike(rig: Rig): Promise<void>;
  heal(rig: Rig): Promise<void>;
}

const ffmpeg = (how: 'missing' | 'hangs' | 'crashes'): Fault => ({
  name: `ffmpeg ${how === 'missing' ? 'is missing' : how}`,
  strike: (rig) => rig.ffmpeg.breaks(how),
  heal: (rig) => rig.ffmpeg.heal(),
});

export const FAULTS = {
  kill: {
    name: 'kill -9',
    strike: (rig) => rig.server().kill(),
    heal: (rig) => rig.restart(),
  },
  storage: {
    name: 'storage write fails',
    strike: (rig) => rig.breakStorage(),
    heal: (rig) => rig.healStorage(),
  },
  database: {
    name: 'database connection drops',
    strike: (rig) => rig.database.cut(),
    heal: (rig) => rig.database.heal(),
  },
  disk: {
    name: 'disk full',
    strike: (rig) => rig.disk.fill(rig.server().pid),
    heal: (rig) => rig.disk.free(rig.server().pid),
  },
  missing: ffmpeg('missing'),
  hangs: ffmpeg('hangs'),
  crashes: ffmpeg('crashes'),
} as const satisfies Record<string, Fault>;

export type FaultName = keyof typeof FAULTS;
