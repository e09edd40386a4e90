#!/usr/bin/env node
// Publishes what is not on the registry yet; run by the release workflow. Provenance names the repository that built a
// package, so each manifest must name the same one: it is written from where the workflow runs, and not committed.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository } = process.env;
if (!server || !repository) {
  process.stderr.write(
    'naru: packages are published by the release workflow, for provenance. Merge its pull request.\n',
  );
  process.exit(1);
}
const root = fileURLToPath(new URL('..', import.meta.url));
for (const room of ['packages', 'apps']) {
  for (const name of readdirSync(join(root, room))) {
    const file = join(root, room, name, 'package.json');
    const manifest = JSON.parse(readFileSync(file, 'utf8'));
    const source = { type: 'git', url: `git+${server}/${repository}.git`, directory: `${room}/${name}` };
    writeFileSync(file, `${JSON.stringify({ ...manifest, repository: source }, undefined, 2)}\n`);
  }
}
const { status } = spawnSync(join(root, 'node_modules/.bin/changeset'), ['publish'], { cwd: root, stdio: 'inherit' });
process.exit(status ?? 1);
