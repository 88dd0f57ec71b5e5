import { readdirSync, readFileSync } from 'node:fs';

/**
 * The state of one process, from Linux. Memory in bytes; processor time in seconds, ended children
 * included.
 */
interface ProcessInfo {
  pid: number;
  parent: number;
  name: string;
  rss: number;
  cpu: number;
}

const PAGE = 4096;
const TICKS = 100;

function infoOf(pid: number): ProcessInfo | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const name = text.slice(text.indexOf('(') + 1, text.lastIndexOf(')'));
    // proc(5): after the name come state, ppid (4) …, utime (14), stime, cutime, cstime (17), … rss
    // in pages (24).
    const cpu = fields.slice(11, 15).reduce((sum, ticks) => sum + ticks, 0) / TICKS;
    return { pid, parent: fields[1] ?? 0, name, rss: (fields[21] ?? 0) * PAGE, cpu };
  } catch {
    return null; // it ended after the listing
  }
}

/** Lists a process and all its descendants, without PostgreSQL. */
function tree(root: number): ProcessInfo[] {
  const all = new Map<number, ProcessInfo>();
  for (const name of readdirSync('/proc')) {
    const info = /^\d+$/.test(name) ? infoOf(Number(name)) : null;
    if (info) all.set(Number(name), info);
  }
  const belongs = (pid: number): boolean => {
    const info = all.get(pid);
    if (!info || info.name.startsWith('postgres')) return false;
    return pid === root || belongs(info.parent);
  };
  return [...all].filter(([pid]) => belongs(pid)).map(([, info]) => info);
}

/** Returns the processor seconds of a server so far, ended children included. */
export const cpuOf = (pid: number): number => tree(pid).reduce((sum, { cpu }) => sum + cpu, 0);

/** Returns the processor seconds of one process so far; 0 of an ended one. */
export const ownCpuOf = (pid: number): number => infoOf(pid)?.cpu ?? 0;

/**
 * Returns the proportional resident bytes: a shared page counts by its share. 0 for an ended
 * process.
 */
function proportional(pid: number): number {
  try {
    const [, kilobytes] = /^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1')) ?? [];
    return Number(kilobytes ?? 0) * 1024;
  } catch {
    return 0;
  }
}

/**
 * Samples the resident memory of a process tree every 50 ms. In `total`, a shared page counts in
 * each process; in `shared`, once, as a container is charged.
 */
export function watchMemory(pid: number) {
  const peak = { total: 0, shared: 0, server: 0, byName: new Map<string, number>() };
  const look = () => {
    const processes = tree(pid);
    peak.total = Math.max(
      peak.total,
      processes.reduce((sum, { rss }) => sum + rss, 0),
    );
    peak.shared = Math.max(
      peak.shared,
      processes.reduce((sum, process) => sum + proportional(process.pid), 0),
    );
    for (const { name, rss } of processes) peak.byName.set(name, Math.max(peak.byName.get(name) ?? 0, rss));
    peak.server = Math.max(peak.server, infoOf(pid)?.rss ?? 0);
  };
  const timer = setInterval(look, 50);
  look();
  return () => {
    clearInterval(timer);
    return peak;
  };
}
