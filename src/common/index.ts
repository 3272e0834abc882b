export { AppError, InvalidInputError, messageOf, type AppErrorOptions, type FieldError } from './app-error';
export { CLOCK, SystemClock, type Clock } from './clock';
export { ExactDecimal, normalizeDecimal } from './decimal';
export { isId, newId } from './ids';
export { createLogger, type LogTarget } from './logger';
export { ProblemFilter, toProblem } from './problem.filter';
export { RAO_PER_TAO, formatTokens, parseRao, parseTokens } from './rao';
export { redact, redactText, registerSecret } from './redact';
export { TRUST_LEVELS, worstTrust, type Trust } from './trust';
