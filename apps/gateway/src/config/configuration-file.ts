import { isMap, isScalar, LineCounter, type Node, parseDocument, type YAMLMap } from 'yaml';

/** A value of a configuration file and where it stands. */
export interface FileValue {
  readonly path: string;
  readonly value: unknown;
  readonly line: number;
}

export interface ConfigurationFile {
  readonly values: readonly FileValue[];
  /** What is no YAML, by line. Never quotes the file: it may carry secrets. */
  readonly problems: readonly { readonly line: number; readonly problem: string }[];
}

/**
 * Reads YAML as far as it is nested like the settings.
 *
 * @param isSection whether a path holds further names; what else is found is a value
 */
export function parseConfigurationFile(text: string, isSection: (path: string) => boolean): ConfigurationFile {
  const lines = new LineCounter();
  const lineOf = (offset: number | undefined): number => lines.linePos(offset ?? 0).line;
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0) {
    const problems = document.errors.map(({ code, pos }) => ({ line: lineOf(pos[0]), problem: explain(code) }));
    return { values: [], problems };
  }
  const values: FileValue[] = [];
  const problems: { line: number; problem: string }[] = [];
  const contentOf = (node: unknown, line: number): unknown => {
    try {
      return (node as Node | null)?.toJS(document, { maxAliasCount: 10 }) ?? undefined;
    } catch {
      problems.push({ line, problem: 'uses an alias that cannot be followed; write the value itself' });
      return undefined;
    }
  };
  const walk = (map: YAMLMap, prefix: string): void => {
    for (const { key, value } of map.items) {
      const line = lineOf(isScalar(key) ? key.range?.[0] : undefined);
      const path = `${prefix}${String(isScalar(key) ? key.value : '?')}`;
      if (!isSection(path)) values.push({ path, line, value: contentOf(value, line) });
      else if (isMap(value)) walk(value, `${path}.`);
      else if (!isEmpty(value)) problems.push({ line, problem: `${path} holds further names; indent them below it` });
    }
  };
  if (isMap(document.contents)) walk(document.contents, '');
  else if (!isEmpty(document.contents)) problems.push({ line: 1, problem: 'begin with a name such as "kafka:"' });
  return { values, problems };
}

function isEmpty(node: unknown): boolean {
  return node === null || (isScalar(node) && node.value === null);
}

/** The library's own sentences quote the file. */
function explain(code: string): string {
  switch (code) {
    case 'DUPLICATE_KEY':
      return 'a name stands there twice; keep one';
    case 'TAB_AS_INDENT':
      return 'indent with spaces, not tabs';
    case 'BAD_INDENT':
      return 'a bracket is not closed, or the indentation fits no line above';
    default:
      return `not YAML (${code.toLowerCase().replaceAll('_', ' ')})`;
  }
}
