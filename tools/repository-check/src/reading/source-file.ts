import { parseSync, Visitor } from 'oxc-parser';

/** What one source file refers to. */
export interface SourceFile {
  /** Path from the repository's root, with forward slashes. */
  readonly path: string;
  /** Tests and what only they use may import development dependencies. */
  readonly kind: 'shipped' | 'test';
  readonly text: string;
  readonly imports: readonly SourceImport[];
  /** Every other string in the file: a dependency may be named to `resolve` or to a worker instead of imported. */
  readonly strings: ReadonlySet<string>;
  /** Calls such as `it.only` and `describe.skip`. */
  readonly testModifiers: readonly { readonly name: string; readonly line: number }[];
  readonly syntaxErrors: readonly string[];
}

export interface SourceImport {
  /** What stands in quotes, such as `@naru/core/testing` or `../clock.js`. */
  readonly specifier: string;
  readonly line: number;
}

const testFunctions = new Set(['it', 'test', 'describe', 'suite', 'bench']);
const modifiers = new Set(['only', 'skip', 'todo']);

/** Reads imports of every kind: static, `export from`, type-only, `import()`, `import('…').Type`, `require`. */
export function readSource(path: string, text: string, kind: SourceFile['kind']): SourceFile {
  const { program, errors } = parseSync(path, text);
  const imports: SourceImport[] = [];
  const strings = new Set<string>();
  const testModifiers: { name: string; line: number }[] = [];
  let tries = 0;
  const lineAt = (offset: number): number => text.slice(0, offset).split('\n').length;
  const add = (source: { readonly type: string; readonly value?: unknown; readonly start: number } | null): void => {
    if (source?.type === 'Literal' && typeof source.value === 'string') {
      imports.push({ specifier: source.value, line: lineAt(source.start) });
    }
  };
  new Visitor({
    ImportDeclaration: (node) => add(node.source),
    ExportNamedDeclaration: (node) => add(node.source),
    ExportAllDeclaration: (node) => add(node.source),
    ImportExpression: (node) => add(node.source),
    TSImportType: (node) => add(node.source),
    TSExternalModuleReference: (node) => add(node.expression),
    // What is required inside a try may be absent, and then need not be declared.
    TryStatement() {
      tries += 1;
    },
    'TryStatement:exit'() {
      tries -= 1;
    },
    CallExpression(node) {
      const { callee } = node;
      if (tries === 0 && callee.type === 'Identifier' && callee.name === 'require') {
        const [argument] = node.arguments;
        if (argument?.type === 'Literal') add(argument);
      }
    },
    MemberExpression(node) {
      if (node.computed || node.object.type !== 'Identifier' || node.property.type !== 'Identifier') return;
      if (testFunctions.has(node.object.name) && modifiers.has(node.property.name)) {
        testModifiers.push({ name: `${node.object.name}.${node.property.name}`, line: lineAt(node.start) });
      }
    },
    Literal(node) {
      if (typeof node.value === 'string') strings.add(node.value);
    },
  }).visit(program);
  return {
    path,
    kind,
    text,
    imports,
    strings,
    testModifiers,
    syntaxErrors: errors.map((error) => error.message),
  };
}

/** `@naru/core` of `@naru/core/testing`; undefined for relative paths and for Node's own modules. */
export function packageOf(specifier: string): string | undefined {
  if (specifier.startsWith('.') || specifier.startsWith('/') || specifier.startsWith('node:')) return undefined;
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}
