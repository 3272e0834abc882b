import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { type Figure, type Floor, meetsFloor } from './figure';
import { type Machine, machineLine } from './machine';

/** Everything that one run of the bench found out. */
export interface Report {
  machine: Machine;
  /** When it began, UTC. */
  at: string;
  command: string;
  seconds: number;
  figures: Figure[];
  /** Groups that crashed, with their reason. */
  crashed: Record<string, string>;
}

const BEGIN = '<!-- bench:begin -->';
const END = '<!-- bench:end -->';
const HEAD = ['group', 'figure', 'value', 'reference', 'ratio', 'floor', 'note'];

export function toMarkdown({ machine, at, command, seconds, figures, crashed }: Report): string {
  const rows = figures.map((figure) => [
    figure.group,
    figure.name,
    `${shown(figure.value)} ${figure.unit}`,
    figure.reference === undefined ? '' : `${figure.reference.name}: ${shown(figure.reference.value)} ${figure.unit}`,
    figure.ratio === undefined ? '' : shown(figure.ratio),
    figure.floor === undefined ? '' : `${floorText(figure.floor)} ${meetsFloor(figure) ? 'met' : '**missed**'}`,
    figure.note ?? '',
  ]);
  return [
    `\`${command}\`, ${at}, ${Math.round(seconds)} s, on ${machineLine(machine)}`,
    '',
    ...table([HEAD, ...rows]),
    ...Object.entries(crashed).map(([group, reason]) => `\nGroup \`${group}\` crashed: ${reason}`),
    '',
  ].join('\n');
}

/** Puts the table between its two markers; a file without them is written anew. */
export function writeMarkdown(file: string, markdown: string): void {
  const block = `${BEGIN}\n\n${markdown}\n${END}`;
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const [start, end] = [text.indexOf(BEGIN), text.indexOf(END)];
  const isMarked = start >= 0 && end > start;
  writeFileSync(file, isMarked ? text.slice(0, start) + block + text.slice(end + END.length) : `${block}\n`);
}

function table([head = [], ...rows]: string[][]): string[] {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: string[]): string => `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)];
}

/** Three digits say all that a measurement on a shared machine knows. */
function shown(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const rounded = Number(value.toPrecision(3));
  return Math.abs(rounded) >= 1e-4 || rounded === 0
    ? rounded.toLocaleString('en-US', { maximumFractionDigits: 6 })
    : String(rounded);
}

function floorText({ atLeast, atMost }: Floor): string {
  return atLeast === undefined ? `<= ${atMost}` : `>= ${atLeast}`;
}
