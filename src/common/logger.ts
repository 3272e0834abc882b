import { join } from 'node:path';
import pino, { type DestinationStream, type Logger, type LoggerOptions } from 'pino';
import { ensureDirectory } from './ensure-directory';
import { redact } from './redact';
import { TurnStream } from './turn-stream';

export interface LogTarget {
  level: string;
  /** Directory that also receives every line, in `tao-treasury.log`; stdout only when absent. */
  directory: string | undefined;
  /** Where lines go instead of to the process's own stdout. */
  stdout?: DestinationStream;
}

const OPTIONS: LoggerOptions = {
  base: null,
  messageKey: 'msg',
  timestamp: isoTimes(),
  formatters: {
    level: (label) => ({ level: label }),
    log: (fields) => redact(fields) as Record<string, unknown>,
  },
  // Nest's and our own messages are plain text; secrets inside them are masked by value.
  hooks: {
    logMethod(args, method) {
      method.apply(
        this,
        args.map((part) => (typeof part === 'string' ? (redact(part) as string) : part)) as typeof args,
      );
    },
  },
};

/** As pino's `isoTime`, but a busy server writes many lines in a millisecond, and the text of their time is the same. */
function isoTimes(): () => string {
  let writtenMs = Number.NaN;
  let field = '';
  return () => {
    const nowMs = Date.now();
    if (nowMs !== writtenMs) {
      writtenMs = nowMs;
      field = `,"time":"${new Date(nowMs).toISOString()}"`;
    }
    return field;
  };
}

/** JSON lines on stdout and, with a directory, the same lines appended to `<directory>/tao-treasury.log`. */
export function createLogger(target: LogTarget): Logger {
  const { level, directory, stdout = pino.destination({ dest: 1, sync: true }) } = target;
  return pino({ ...OPTIONS, level }, new TurnStream([stdout, ...filesIn(directory)]));
}

function filesIn(directory: string | undefined): DestinationStream[] {
  if (directory === undefined) return [];
  ensureDirectory(directory);
  return [pino.destination({ dest: join(directory, 'tao-treasury.log'), append: true, sync: true })];
}
