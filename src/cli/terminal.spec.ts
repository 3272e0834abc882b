import { duration, plain, table } from './terminal';

describe('what is written to a terminal', () => {
  it('shows control characters of others and does not send them', () => {
    expect(plain('\u001b[31mred\u001b[0m\u202e')).toBe('�[31mred�[0m�');
  });

  it('lines columns up and ends no line with blanks', () => {
    expect(
      table(
        ['a', 'name'],
        [
          ['1', 'x'],
          ['22', 'longer'],
        ],
      ),
    ).toBe('a   name\n1   x\n22  longer');
  });

  it.each([
    [null, '–'],
    [0, '0 s'],
    [89, '89 s'],
    [90, '2 min'],
    [5_400, '2 h'],
    [172_800, '2 d'],
  ])('says %s seconds as %s', (seconds, said) => {
    expect(duration(seconds)).toBe(said);
  });
});
