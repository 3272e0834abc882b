import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, type Import, type SourceFile, findCycles, readSources } from './support/source-files';

/** Who may import whom. The files directly in src compose the application and may import everything. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  common: [],
  config: ['common'],
  metrics: ['common', 'config'],
  database: ['common', 'config', 'metrics'],
  cache: ['common', 'config', 'metrics'],
  access: ['common', 'config', 'metrics', 'database'],
  taostats: ['common', 'config', 'metrics', 'cache', 'database'],
  analysis: ['common', 'config', 'database'],
  sync: ['common', 'config', 'metrics', 'taostats', 'database', 'analysis'],
  subnets: ['common', 'config', 'cache', 'database', 'analysis'],
  treasury: ['common', 'config', 'cache', 'database', 'analysis'],
  health: ['common', 'config', 'metrics', 'cache', 'database', 'analysis'],
  alerts: ['common', 'config', 'metrics', 'database', 'analysis', 'treasury', 'health'],
  tasks: ['common', 'config', 'sync', 'database'],
  reconciliation: ['common', 'config', 'metrics', 'taostats', 'sync', 'database', 'analysis'],
  dashboard: ['common', 'config'],
  cli: ['common', 'config', 'metrics', 'database', 'cache', 'taostats'],
};

const LINE_LIMIT = 250;
/** Started by an operator or by Kubernetes, each with the environment of its own. */
const PROGRAMS = new Set(['src/main.ts', 'src/migrate.ts', 'src/cli.ts']);
const GLOBAL_MODULES = new Set(['config', 'metrics']);
const DATABASE_PACKAGES = /^(typeorm|pg|pg-copy-streams|@nestjs\/typeorm)(\/|$)/;
const FRAMEWORK = /^(@nestjs\/|typeorm)/;
/** A statement handed to a query method, or a template that begins as one. */
const SQL =
  /\.query\s*(<[^(]*>)?\(\s*['"`]|[`'"]\s*(SELECT\s|INSERT INTO\s|UPDATE \w+ SET\s|DELETE FROM\s|WITH \w+ AS\s)/;

const everything = readSources('src');
const sources = everything.filter((file) => !file.path.endsWith('.spec.ts'));

/** `file: what is wrong` for every file that `find` objects to. */
function violations(files: SourceFile[], find: (file: SourceFile) => string | null): string[] {
  return files.flatMap((file) => {
    const problem = find(file);
    return problem === null ? [] : [`${file.path}: ${problem}`];
  });
}

/** `file: what is wrong` for every import that `find` objects to. */
function importViolations(files: SourceFile[], find: (file: SourceFile, used: Import) => string | null): string[] {
  return files.flatMap((file) =>
    file.imports.flatMap((used) => {
      const problem = find(file, used);
      return problem === null ? [] : [`${file.path}: ${problem}`];
    }),
  );
}

function moduleOf(path: string): string | null {
  return /^src\/([^/]+)\/./.exec(path)?.[1] ?? null;
}

function matching(pattern: RegExp, problem: string): (file: SourceFile) => string | null {
  return (file) => (pattern.test(file.text) ? problem : null);
}

describe('the modules', () => {
  it('are those of the table', () => {
    const known = new Set(Object.keys(MAY_IMPORT));
    expect(
      violations(everything, ({ module }) =>
        module === null || known.has(module) ? null : `unknown module ${module}`,
      ),
    ).toEqual([]);
  });

  it('are described in docs/architecture.md as the table has them', () => {
    const rows = readFileSync(join(ROOT, 'docs/architecture.md'), 'utf8').matchAll(
      /^\| \d+ +\| ((?:`[\w-]+`(?:, )?)+) +\|.*\| ([^|]+?) +\|$/gm,
    );
    const documented: Record<string, string[]> = {};
    for (const [, names = '', allowed = ''] of rows) {
      if (allowed === 'everything') continue;
      const modules = allowed === 'nothing' ? [] : allowed.split(', ');
      for (const name of names.match(/[\w-]+/g) ?? []) documented[name] = modules;
    }
    expect(documented).toEqual(MAY_IMPORT);
  });

  it('import only the modules that the table allows them', () => {
    expect(
      importViolations(sources, ({ module }, { target, specifier }) => {
        const other = target === null ? null : moduleOf(target);
        if (module === null || other === null || other === module) return null;
        return MAY_IMPORT[module]?.includes(other) ? null : `${module} may not import ${other} (${specifier})`;
      }),
    ).toEqual([]);
  });

  it('are used through their index.ts only', () => {
    expect(
      importViolations(sources, ({ module }, { target, specifier }) => {
        const other = target === null ? null : moduleOf(target);
        if (other === null || other === module || target === `src/${other}/index.ts`) return null;
        return `imports ${specifier}, past src/${other}/index.ts`;
      }),
    ).toEqual([]);
  });

  it('do not use their own index.ts', () => {
    expect(
      importViolations(everything, ({ module }, { target, specifier }) =>
        module !== null && target === `src/${module}/index.ts` ? `imports its own index.ts (${specifier})` : null,
      ),
    ).toEqual([]);
  });

  it('have no cycle among their files', () => {
    expect(findCycles(sources).map((cycle) => cycle.join(' -> '))).toEqual([]);
  });

  it('say what they export by name', () => {
    expect(violations(sources, matching(/^export \*/m, 'export *'))).toEqual([]);
  });

  it('know each other without forwardRef, and are global in config and metrics only', () => {
    expect([
      ...violations(sources, matching(/\bforwardRef\(/, 'forwardRef')),
      ...violations(sources, ({ module, text }) =>
        /^@Global\(\)/m.test(text) && !GLOBAL_MODULES.has(module ?? '') ? '@Global()' : null,
      ),
    ]).toEqual([]);
  });
});

describe('the sources', () => {
  it(`are no longer than ${LINE_LIMIT} lines a file`, () => {
    expect(violations(sources, ({ lines }) => (lines > LINE_LIMIT ? `${lines} lines` : null))).toEqual([]);
  });

  it('use nothing outside src: neither tests nor the simulator', () => {
    expect(
      importViolations(sources, (_file, { target, specifier }) =>
        target === null || target.startsWith('src/') ? null : `imports ${specifier}, outside src`,
      ),
    ).toEqual([]);
  });

  it('read the environment in src/config and in the programs only', () => {
    expect(
      violations(sources, ({ module, path, text }) =>
        module !== 'config' && !PROGRAMS.has(path) && /\bprocess\.env\b/.test(text) ? 'reads process.env' : null,
      ),
    ).toEqual([]);
  });

  it('keep SQL, and everything that speaks to PostgreSQL, in src/database', () => {
    const outside = sources.filter(({ module }) => module !== 'database');
    expect([
      ...violations(outside, matching(SQL, 'holds SQL')),
      ...importViolations(outside, (_file, { specifier, typeOnly }) =>
        !typeOnly && DATABASE_PACKAGES.test(specifier) ? `imports ${specifier}` : null,
      ),
    ]).toEqual([]);
  });

  it('keep the arithmetic of src/analysis free of frameworks, but for its services and its module', () => {
    const pure = sources.filter(({ module, path }) => module === 'analysis' && !/\.(service|module)\.ts$/.test(path));
    expect(
      importViolations(pure, (_file, { specifier }) => (FRAMEWORK.test(specifier) ? `imports ${specifier}` : null)),
    ).toEqual([]);
  });

  it('silence no check and leave nothing to be done', () => {
    const marks = /eslint-disable|@ts-(ignore|expect-error|nocheck)|\bTO[D]O\b|\bFIX[M]E\b/;
    const tests = readSources('test').filter(({ path }) => path !== 'test/architecture.spec.ts');
    expect(
      violations([...everything, ...tests], ({ text }) => {
        const found = marks.exec(text)?.[0];
        return found === undefined ? null : `holds ${found}`;
      }),
    ).toEqual([]);
  });

  it('run every test: none is skipped, none runs alone', () => {
    const tests = [...everything, ...readSources('test')].filter(({ path }) => /spec\.ts$/.test(path));
    expect(
      violations(
        tests,
        matching(/^\s*(?:it|test|describe)\.(?:only|skip)\b|^\s*[fx](?:it|describe)\(/m, 'skips tests'),
      ),
    ).toEqual([]);
  });
});
