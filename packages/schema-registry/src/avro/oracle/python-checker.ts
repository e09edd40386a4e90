import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { IncompatibilityKind } from '../readability.js';
import type { Json } from '../schema.js';
import type { SchemaPair } from './schema-pairs.js';

export type PythonAnswer =
  | { readonly compatible: boolean; readonly kinds: readonly IncompatibilityKind[] }
  | { readonly refused: string };

/** Asks one Python process about many pairs; answers come in the order of the pairs. */
export async function askPython(python: string, pairs: readonly SchemaPair[]): Promise<readonly PythonAnswer[]> {
  const script = fileURLToPath(new URL('./checker.py', import.meta.url));
  const child = spawn(python, [script], { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const answers: PythonAnswer[] = [];
  const lines = createInterface({ input: child.stdout });
  const reading = (async () => {
    for await (const line of lines) answers.push(JSON.parse(line) as PythonAnswer);
  })();
  for (const { reader, writer } of pairs) {
    const line = JSON.stringify([reader, writer] satisfies Json);
    if (!child.stdin.write(`${line}\n`)) await once(child.stdin, 'drain');
  }
  child.stdin.end();
  await Promise.all([reading, exited]);
  return answers;
}
