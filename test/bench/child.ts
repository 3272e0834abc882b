import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { freePort } from '../support/free-port';

const ROOT = resolve(__dirname, '../..');
const START_LIMIT_MS = 90_000;
const POLL_MS = 20;

/** A program of ours in a process of its own. What it logs is written, and read by nobody. */
export interface BenchChild {
  url: string;
  /** From the start of the process to its first good answer, in ms. */
  startedMs: number;
  /** Resident memory now, in MB; null where there is no /proc. */
  memoryMb(): number | null;
  /** Processor time used so far, in ms; null where there is no /proc. */
  cpuMs(): number | null;
  /** Asks until `accepted` takes the answer. */
  until<T>(path: string, accepted: (answer: T) => boolean): Promise<T>;
  stop(): Promise<void>;
}

/** Starts a program that listens on PORT, and waits until `probe` answers 200. */
export async function startChild(
  script: string,
  environment: Record<string, string>,
  probe: string,
): Promise<BenchChild> {
  const port = await freePort();
  const { PATH = '', HOME = '' } = process.env;
  const begun = performance.now();
  const child = spawn(
    process.execPath,
    [...(script.endsWith('.ts') ? ['-r', '@swc-node/register'] : []), join(ROOT, script)],
    {
      cwd: ROOT,
      env: { PATH, HOME, PORT: String(port), ...environment },
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  const url = `http://127.0.0.1:${port}`;
  const until = <T>(path: string, accepted: (answer: T) => boolean): Promise<T> =>
    askUntil(child, url + path, accepted);
  try {
    await until(probe, () => true);
  } catch (error) {
    await stop(child);
    throw error;
  }
  return {
    url,
    startedMs: performance.now() - begun,
    memoryMb: () => residentMb(child.pid ?? 0),
    cpuMs: () => processorMs(child.pid ?? 0),
    until,
    stop: () => stop(child),
  };
}

async function askUntil<T>(child: ChildProcess, url: string, accepted: (answer: T) => boolean): Promise<T> {
  const limit = performance.now() + START_LIMIT_MS;
  while (performance.now() < limit) {
    if (child.exitCode !== null) throw new Error(`the program behind ${url} ended with ${child.exitCode}`);
    const answer = await ask<T>(url);
    if (answer !== null && accepted(answer)) return answer;
    await new Promise((wake) => setTimeout(wake, POLL_MS));
  }
  throw new Error(`${url} did not answer as expected within ${START_LIMIT_MS / 1000} s`);
}

async function ask<T>(url: string): Promise<T | null> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(10_000) });
    return answer.ok ? ((await answer.json()) as T) : null;
  } catch {
    return null;
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}

function residentMb(pid: number): number | null {
  try {
    const [, kilobytes] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return kilobytes === undefined ? null : Number(kilobytes) / 1024;
  } catch {
    return null;
  }
}

/** Linux counts in ticks of 10 ms for every process that asks. */
const TICK_MS = 10;

function processorMs(pid: number): number | null {
  try {
    // The name of the program, in parentheses, may hold spaces.
    const [, ...fields] = (readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1] ?? '').split(' ');
    return (Number(fields[10]) + Number(fields[11])) * TICK_MS;
  } catch {
    return null;
  }
}
