// Writes packages/core/generated anew: `pnpm --filter @naru/core generate`, after a change of a DTO or a topic.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { documentFiles } from '../dist/documents/index.js';

const folder = new URL('../generated/', import.meta.url);
rmSync(folder, { recursive: true, force: true });
for (const [path, text] of Object.entries(documentFiles())) {
  const file = new URL(path, folder);
  mkdirSync(new URL('.', file), { recursive: true });
  writeFileSync(file, text);
}
