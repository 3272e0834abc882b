import { Injectable, type PipeTransform } from '@nestjs/common';
import { InvalidInputError } from './app-error';
import { isId } from './ids';

/** Netuids are 16 bits on the chain. */
export const MAX_NETUID = 65_535;

export function isNetuid(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) <= MAX_NETUID;
}

/** `:netuid` as a number. */
@Injectable()
export class NetuidPipe implements PipeTransform<string, number> {
  transform(text: string): number {
    if (isNetuid(text)) return Number(text);
    const message = `must be a whole number from 0 to ${MAX_NETUID}`;
    throw new InvalidInputError('request/invalid-path', [{ field: 'netuid', message }]);
  }
}

/** `:id` as the id of something of ours. */
@Injectable()
export class IdPipe implements PipeTransform<string, string> {
  transform(text: string): string {
    if (isId(text)) return text.toLowerCase();
    throw new InvalidInputError('request/invalid-path', [{ field: 'id', message: 'must be a UUID' }]);
  }
}
