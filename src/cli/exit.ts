/** Exit codes: what a script or a monitor may decide on. 78 is sysexits' EX_CONFIG. */
export const EXIT = { ok: 0, error: 1, usage: 2, degraded: 3, critical: 4, configuration: 78 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Why a command gave up, with what to do about it where that is known. */
export class CommandError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly exitCode: ExitCode = EXIT.error,
    readonly fix: string | null = null,
  ) {
    super(message);
    this.name = 'CommandError';
  }
}

/** The exit code of an `overall_health.status`; a word that this build does not know is an error. */
export function exitCodeOf(status: string): ExitCode {
  if (status === 'healthy') return EXIT.ok;
  if (status === 'degraded') return EXIT.degraded;
  return status === 'critical' ? EXIT.critical : EXIT.error;
}
