/** What a figure must reach: of its ratio where it has one, else of its value. */
export interface Floor {
  atLeast?: number;
  atMost?: number;
}

/** One line of the report. */
export interface Figure {
  group: string;
  name: string;
  unit: string;
  /** Median of the runs. */
  value: number;
  /** What the same machine reaches without us: measured in the same run, by turns with ours. */
  reference?: { name: string; value: number };
  /** `value` over the reference's. */
  ratio?: number;
  floor?: Floor;
  note?: string;
}

/** A part of the bench: one file, listed in `groups.ts`. */
export interface BenchGroup {
  readonly name: string;
  run(context: BenchContext): Promise<Figure[]>;
}

export interface BenchDatabase {
  url: string;
  drop(): Promise<void>;
}

export interface BenchContext {
  /** Fewer runs and less data: shows that a group runs, and roughly where it stands. */
  quick: boolean;
  /** How often each side of a comparison is measured. */
  runs: number;
  /** A migrated, empty database on the server of the bench, which has fsync on. */
  createDatabase(): Promise<BenchDatabase>;
  /** Progress, on stderr. */
  say(text: string): void;
}

/** A figure beside its reference. */
export function compared(figure: Figure & { reference: { name: string; value: number } }): Figure {
  return { ...figure, ratio: figure.value / figure.reference.value };
}

/** True without a floor. */
export function meetsFloor({ value, ratio = value, floor = {} }: Figure): boolean {
  // Not `<` and `>`: what is not a number has reached nothing.
  return ratio >= (floor.atLeast ?? -Infinity) && ratio <= (floor.atMost ?? Infinity);
}
