import { CommandError, EXIT, type ExitCode } from './exit';
import { plain } from './terminal';

const ANSWER_LIMIT_MS = 60_000;

interface Problem {
  code?: unknown;
  detail?: unknown;
  errors?: { field?: unknown; message?: unknown }[];
}

export interface ServiceRequest {
  method?: string;
  body?: unknown;
  accept?: string;
  /** Statuses that are an answer, beside the 2xx. */
  alsoAnswers?: readonly number[];
}

/** Speaks to the running service. Every refusal becomes a `CommandError` that says what the service said. */
export class ServiceClient {
  constructor(
    readonly url: string,
    private readonly token: string | undefined,
  ) {}

  async json<T>(path: string, request: ServiceRequest = {}): Promise<T> {
    const answer = await this.ask(path, request);
    if (answer.status === 204) return undefined as T;
    const text = await answer.text();
    try {
      return JSON.parse(text) as T;
    } catch {
      throw new CommandError('cli/not-the-service', `${this.url} answers, but is not TAO Treasury`, EXIT.error, WHERE);
    }
  }

  /** The answer as it comes, for what may be long. */
  async ask(path: string, { method = 'GET', body, accept, alsoAnswers = [] }: ServiceRequest = {}): Promise<Response> {
    const answer = await fetch(new URL(path, this.url), {
      method,
      // A redirect would carry the token to another place.
      redirect: 'manual',
      signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
      headers: {
        accept: accept ?? 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(this.token === undefined ? {} : { authorization: `Bearer ${this.token}` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }).catch((error: unknown) => {
      throw new CommandError('cli/unreachable', `${this.url} does not answer: ${reasonOf(error)}`, EXIT.error, WHERE);
    });
    if (answer.ok || alsoAnswers.includes(answer.status)) return answer;
    throw await this.refusalOf(answer);
  }

  private async refusalOf(answer: Response): Promise<CommandError> {
    const problem = (await answer.json().catch(() => ({}))) as Problem | null;
    const detail = typeof problem?.detail === 'string' ? plain(problem.detail) : `HTTP ${answer.status}`;
    const code = typeof problem?.code === 'string' ? plain(problem.code) : `http/${answer.status}`;
    return new CommandError(code, detail, exitCodeOfRefusal(answer.status), fixOf(answer));
  }
}

const WHERE = 'start the service (`npm start`), or say where it is with --url';

/** What the caller wrote wrongly is usage; everything else is an error. */
function exitCodeOfRefusal(status: number): ExitCode {
  return status === 400 || status === 422 ? EXIT.usage : EXIT.error;
}

function fixOf(answer: Response): string | null {
  if (answer.status === 401) return 'give a token with --token or in TAO_TREASURY_TOKEN; `npm run token` makes one';
  if (answer.status === 403) return 'give a token of a larger scope: sync for syncs, admin for every other change';
  const seconds = answer.headers.get('retry-after');
  return seconds !== null && /^\d+$/.test(seconds) ? `try again in ${seconds} s` : null;
}

/** Fetch hides why behind "fetch failed". */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (cause instanceof AggregateError) return cause.errors.map((each) => reasonOf(each)).join('; ');
  return cause instanceof Error ? cause.message : error.message;
}
