export {
  AppError,
  InvalidInputError,
  NotFoundError,
  messageOf,
  type AppErrorOptions,
  type FieldError,
} from './app-error';
export { CLOCK, SystemClock, type Clock } from './clock';
export { ExactDecimal, normalizeDecimal } from './decimal';
export { ensureDirectory } from './ensure-directory';
export { isId, newId } from './ids';
export { keepNewest } from './keep-newest';
export { createLogger, type LogTarget } from './logger';
export { ProblemFilter, toProblem } from './problem.filter';
export { tokensOf } from './tokens';
export { RAO_PER_TAO, formatTokens, parseRao, parseTokens } from './rao';
export { redact, redactText, registerSecret } from './redact';
export { RequiresScope, SCOPES, includesScope, type Caller, type Scope } from './scope';
export { TRUST_LEVELS, worstTrust, type Trust } from './trust';
export { decodeCursor, encodeCursor, invalidCursor, type CursorPart } from './cursor';
export { DataMeta, DatasetMeta, buildMeta, type DataSourceAge } from './data-meta';
export { csvCell, csvLines, openCsv, type CsvTable, type CsvValue } from './csv';
export { sendCsv, type CsvAnswer } from './csv-answer';
export { beginDated, nextPage, sendDated, type DatedAnswer } from './dated-answer';
export { matchesEtag, strongEtag } from './etag';
export { SharedReading } from './shared-reading';
export type { HttpReply } from './http-reply';
export { MinTrustField, requireTrust } from './min-trust';
export { PreparedAnswers } from './prepared-answers';
export { IdPipe, MAX_NETUID, NetuidPipe, isNetuid } from './path-params';
export {
  ChoiceField,
  CursorField,
  FlagField,
  InstantField,
  IntegerField,
  LimitField,
  ListField,
  TextField,
  parseInstant,
} from './query-fields';
export { parseHttpDate, parseRetryAfter, type RetryAfter } from './retry-after';
export { TargetRefusedError, judgedLookup, type Resolve } from './judged-lookup';
export { StrictValidationPipe } from './strict-validation.pipe';
export {
  TARGET_RULES,
  examineTarget,
  literalAddress,
  refusalOf,
  type TargetPolicy,
  type TargetRule,
} from './target-rules';
export { wantsCsv, withoutCsvSuffix, type FormatRequest } from './table-format';
