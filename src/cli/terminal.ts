/** Where a command writes; tests hand in their own. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  /** True when a person watches stderr: only then progress is shown. */
  isWatched: boolean;
}

/** Everything a command works with. The environment is handed in: only the program reads that of its process. */
export interface CommandContext {
  terminal: Terminal;
  environment: Readonly<Record<string, string | undefined>>;
  /** What `.env` in the working directory says; the environment wins over it. */
  envFile: Readonly<Record<string, string | undefined>>;
}

/**
 * Text from elsewhere without its control characters: names on chain and messages of others could otherwise move the
 * cursor of a terminal, or colour a line into something that it is not.
 */
export function plain(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, '�');
}

/** Rows under their headings, each column as wide as its widest cell. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [headings, ...rows.map((row) => row.map(plain))];
  const widths = headings.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

export function toJson(value: unknown): string {
  return JSON.stringify(value, null, 2);
}

/** `42 s`, `5 min`, `3 h`, `2 d`; a dash for what is not known. */
export function duration(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined) return '–';
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 5_400) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} d`;
}
