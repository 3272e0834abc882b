import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/** Resident memory of a process as Linux counts it; elsewhere it cannot be measured. */
export function canMeasureMemory(): boolean {
  return existsSync('/proc/self/clear_refs');
}

/** From now on the peak is counted anew. Answers the bytes that are resident now. */
export function forgetPeakMemory(pid: number): number {
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
  return bytesOf(pid, 'VmRSS');
}

/** The most bytes that were resident since the peak was forgotten. */
export function peakMemory(pid: number): number {
  return bytesOf(pid, 'VmHWM');
}

function bytesOf(pid: number, field: 'VmRSS' | 'VmHWM'): number {
  const [, kibibytes] =
    new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kibibytes) * 1024;
}
