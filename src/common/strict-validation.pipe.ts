import { type ArgumentMetadata, Injectable, ValidationPipe } from '@nestjs/common';
import { getMetadataStorage, type ValidationError } from 'class-validator';
import { type FieldError, InvalidInputError } from './app-error';

const CODES: Record<string, string> = { query: 'request/invalid-query', body: 'request/invalid-body' };

/** What the framework found, on its way to `transform`, which knows what was validated. */
class Refusal extends Error {
  constructor(readonly errors: readonly ValidationError[]) {
    super('refused');
  }
}

/**
 * Turns a query or a body into its class and refuses everything that the class does not name: a misspelt filter that is
 * ignored answers another question than the one that was asked.
 */
@Injectable()
export class StrictValidationPipe extends ValidationPipe {
  constructor() {
    super({
      transform: true,
      whitelist: true,
      forbidNonWhitelisted: true,
      stopAtFirstError: true,
      exceptionFactory: (errors) => new Refusal(errors),
    });
  }

  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    const code = CODES[metadata.type] ?? 'request/invalid';
    if (value !== undefined && value !== null && (typeof value !== 'object' || Array.isArray(value))) {
      throw new InvalidInputError(code, [{ field: metadata.type, message: 'must be an object' }]);
    }
    try {
      return (await super.transform(value, metadata)) as unknown;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      throw new InvalidInputError(code, fieldsOf(error.errors, metadata.metatype));
    }
  }
}

function fieldsOf(errors: readonly ValidationError[], target: ArgumentMetadata['metatype']): FieldError[] {
  return errors.map(({ property, constraints = {} }) => ({
    field: property,
    message:
      'whitelistValidation' in constraints
        ? `is not known here; accepted: ${namesOf(target).join(', ')}`
        : (Object.values(constraints)[0] ?? 'is not valid').replace(`${property} `, ''),
  }));
}

function namesOf(target: ArgumentMetadata['metatype']): string[] {
  if (target === undefined) return [];
  const fields = getMetadataStorage().getTargetValidationMetadatas(target, '', false, false);
  return [...new Set(fields.map((field) => field.propertyName))].sort();
}
