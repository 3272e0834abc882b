import { readFileSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import ts from 'typescript';

/** One `import` or `export from` of a file. */
export interface Import {
  /** As written: `../common`, `typeorm`. */
  specifier: string;
  typeOnly: boolean;
  /** The file in the repository that it means, relative to the root; null for packages. */
  target: string | null;
}

/** A TypeScript file of the repository; its path is relative to the root, with forward slashes. */
export interface SourceFile {
  path: string;
  /** First folder under src; null for files directly in src and outside of it. */
  module: string | null;
  text: string;
  lines: number;
  imports: Import[];
}

export const ROOT = resolve(__dirname, '../..');

/** Every TypeScript file under `folder`, read and with its imports resolved. */
export function readSources(folder: string): SourceFile[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.parentPath.includes('node_modules'))
    .map((entry) => readSource(join(entry.parentPath, entry.name)))
    .sort((a, b) => a.path.localeCompare(b.path));
}

/** The cycles among `files`, each once, as the paths that lead back to its first. */
export function findCycles(files: SourceFile[]): string[][] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const done = new Set<string>();
  const cycles: string[][] = [];
  const visit = (path: string, trail: string[]): void => {
    const at = trail.indexOf(path);
    if (at >= 0) {
      cycles.push([...trail.slice(at), path]);
      return;
    }
    if (done.has(path)) return;
    for (const { target } of byPath.get(path)?.imports ?? []) {
      if (target !== null && byPath.has(target)) visit(target, [...trail, path]);
    }
    done.add(path);
  };
  for (const file of files) visit(file.path, []);
  return cycles;
}

function readSource(file: string): SourceFile {
  const text = readFileSync(file, 'utf8');
  const path = toPath(file);
  const parts = path.split('/');
  return {
    path,
    module: parts[0] === 'src' && parts.length > 2 ? (parts[1] ?? null) : null,
    text,
    lines: text.trimEnd().split('\n').length,
    imports: importsOf(file, text),
  };
}

function importsOf(file: string, text: string): Import[] {
  const imports: Import[] = [];
  const add = (node: ts.Expression | undefined, typeOnly: boolean): void => {
    if (node === undefined || !ts.isStringLiteral(node)) return;
    imports.push({ specifier: node.text, typeOnly, target: targetOf(file, node.text) });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, isTypeOnly(node.importClause));
    else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly);
    else if (ts.isCallExpression(node) && isLoader(node.expression)) add(node.arguments[0], false);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.ES2023, false));
  return imports;
}

function isLoader(callee: ts.Expression): boolean {
  return callee.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(callee) && callee.text === 'require');
}

/** `import type { A }` and `import { type A, type B }` alike. */
function isTypeOnly(clause: ts.ImportClause | undefined): boolean {
  if (clause === undefined) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const { name, namedBindings } = clause;
  if (name !== undefined || namedBindings === undefined || !ts.isNamedImports(namedBindings)) return false;
  return namedBindings.elements.every((element) => element.isTypeOnly);
}

function targetOf(file: string, specifier: string): string | null {
  if (!specifier.startsWith('.')) return null;
  const base = resolve(dirname(file), specifier);
  const candidates = [`${base}.ts`, join(base, 'index.ts'), base];
  const found = candidates.find((candidate) => statSync(candidate, { throwIfNoEntry: false })?.isFile());
  return toPath(found ?? base);
}

function toPath(file: string): string {
  return relative(ROOT, file).split(sep).join('/');
}
