import { QueryRunnerAlreadyReleasedError, QueryRunnerProviderAlreadyReleasedError } from 'typeorm';
import { troubleOf } from './database-errors';

const failure = (code: string): Error => Object.assign(new Error('said by the server'), { code });

describe('what an error says of the database', () => {
  it.each([
    ['57P01', 'an administrator ended the session', 'not-ready'],
    ['25P03', 'the server ended a session whose transaction stood idle', 'not-ready'],
    ['25P04', 'the server ended a session whose transaction took too long', 'not-ready'],
    ['53300', 'no connection is left', 'not-ready'],
    ['25006', 'the server only reads', 'read-only'],
    ['53100', 'the disk is full', 'disk-full'],
    ['40P01', 'a deadlock', 'busy'],
    ['25P02', 'a statement after one that failed in its transaction', null],
    ['23505', 'a key that is there already', null],
  ])('reads %s, %s, as %s', (code, _meaning, trouble) => {
    expect(troubleOf(failure(code))).toBe(trouble);
  });

  it('reads a connection that was lost between two statements of a transaction as not-ready', () => {
    expect(troubleOf(new QueryRunnerAlreadyReleasedError())).toBe('not-ready');
    expect(troubleOf(new QueryRunnerProviderAlreadyReleasedError())).toBe('not-ready');
  });
});
