import { readFileSync } from 'node:fs';

/** Linux counts processor time in hundredths of a second for user space. */
const ticksPerSecond = 100;

/** Processor time a process has used with all its threads, in seconds. */
export function processorSeconds(pid: number): number {
  // The name in parentheses may hold blanks; utime and stime are the 12th and 13th fields after it.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

/** The most memory a process has held at once, in MiB. */
export function peakMemoryMiB(pid: number): number {
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) / 1024;
}
