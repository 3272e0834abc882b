const LIMIT_MS = 10_000;

/** The service answered, with a problem. */
export class ProblemError extends Error {
  constructor(
    readonly status: number,
    detail: string,
  ) {
    super(detail);
    this.name = 'ProblemError';
  }
}

/** JSON of our own API. Throws `ProblemError` when it says no, and the browser's error when it says nothing. */
export async function fetchJson<T>(path: string, init: RequestInit = {}): Promise<T> {
  const answer = await fetch(path, {
    signal: AbortSignal.timeout(LIMIT_MS),
    headers: { accept: 'application/json' },
    ...init,
  });
  const body = (await answer.json().catch(() => null)) as { detail?: unknown } | null;
  if (!answer.ok) {
    throw new ProblemError(answer.status, typeof body?.detail === 'string' ? body.detail : `HTTP ${answer.status}`);
  }
  return body as T;
}
