import { TargetRefusedError } from '../../common';
import type { CallOutcome } from '../../metrics';
import type { Decoded } from '../wire/decode';
import { throttleKind } from './throttle';

/** An attempt that was answered. */
export interface Answered {
  status: number;
  decoded: Decoded;
  /** The answer carried a wait that could be read. */
  asksToWait: boolean;
  /** The endpoint is served on every plan. */
  everyPlan: boolean;
}

/** An attempt that ended without an answer. */
export interface Broken {
  code: string;
  message: string;
  /** The socket had served an earlier request: the server may have closed it while idle. */
  reusedSocket: boolean;
  /** Bytes of a body had arrived. */
  midBody: boolean;
  /** The caller, or the end of the call's deadline, stopped it. */
  cancelled: boolean;
}

const TRANSIENT = new Set([408, 425, 500, 502, 503, 504, 520, 521, 522, 523, 524]);

/** What an answer means, by status first and by body second. */
export function outcomeOfAnswer(answer: Answered): CallOutcome {
  const { decoded } = answer;
  const status = decoded.kind === 'error' ? decoded.status : answer.status;
  if (status === 429) return isOutOfCredits(decoded) ? 'quota_exhausted' : 'rate_limited';
  if (status === 503 && answer.asksToWait) return 'rate_limited';
  if (status === 401) return 'auth';
  if (status === 402) return 'plan_gated';
  if (status === 403) return answer.everyPlan ? 'auth' : 'plan_gated';
  if (status >= 300 && status < 400) return 'redirect';
  if (TRANSIENT.has(status) || status >= 500) return 'transient';
  if (status >= 400) return 'permanent';
  return decoded.kind === 'json' ? 'ok' : 'bad_payload';
}

function isOutOfCredits(decoded: Decoded): boolean {
  return decoded.kind === 'error' && throttleKind(decoded.message) === 'credits';
}

const TLS_CODE =
  /^(?:CERT_|ERR_TLS_CERT|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_(?:GET|VERIFY|DECRYPT)|HOSTNAME_MISMATCH|ERR_SSL_)/;
const TORN_CODE = /^(?:ECONNRESET|EPIPE|ERR_STREAM_PREMATURE_CLOSE|ERR_BAD_RESPONSE)$/;
export const TOO_LARGE = 'ERR_TOO_LARGE';

/** What a broken attempt means, by the error's code. */
export function outcomeOfBreak(broken: Broken): CallOutcome {
  if (broken.cancelled) return 'cancelled';
  if (TLS_CODE.test(broken.code) || broken.code === TargetRefusedError.code) return 'security';
  if (broken.code === TOO_LARGE || broken.code.startsWith('Z_')) return 'bad_payload';
  if (broken.midBody && TORN_CODE.test(broken.code)) return 'bad_payload';
  if (broken.reusedSocket && (broken.code === 'ECONNRESET' || broken.code === 'EPIPE')) return 'stale_socket';
  return 'network';
}
