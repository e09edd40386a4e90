#!/usr/bin/env node
// Brings a fresh clone to the point where a command can run: the right Node, the locked dependencies, a current build.
// Uses nothing but Node and npm, asks nothing, and does each step only when it is stale.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

const programs = {
  start: 'tools/first-run/dist/main.js',
  picture: 'tools/first-run/dist/picture.js',
  test: 'tools/test-services/dist/run.js',
  'test:real': 'tools/test-services/dist/run.js --real',
  'test:long': 'tools/test-services/dist/run.js --long',
  naru: 'apps/gateway/bin/naru.js',
  infra: 'tools/infra/dist/main.js',
  bench: 'benchmarks/dist/main.js',
  'load:soak': 'benchmarks/dist/soak/main.js',
  reliability: 'tools/reliability/dist/main.js',
  coverage: 'tools/coverage/dist/main.js',
  packages: 'tools/package-check/dist/main.js',
  'docs:api': 'tools/api-reference/dist/main.js',
};

main(process.argv[2], process.argv.slice(3));

function main(command, args) {
  if (command !== 'check' && !(command in programs)) {
    fail(`Unknown command "${command ?? ''}". Commands: ${[...Object.keys(programs), 'check'].join(', ')}.`);
  }
  requireNode(manifest.engines.node);
  install();
  build();
  if (command === 'check') check();
  else become([...programs[command].split(' ').map((part, i) => (i === 0 ? join(root, part) : part)), ...args]);
}

function requireNode(range) {
  const wanted = range.match(/\d+/g).map(Number);
  const found = process.versions.node.split('.').map(Number);
  const enough = found[0] > wanted[0] || (found[0] === wanted[0] && found[1] >= (wanted[1] ?? 0));
  if (!enough) {
    fail(
      `Node ${range} is needed and this is ${process.versions.node}. Install a newer one, or try "npx -p node@24 npm ${process.env.npm_lifecycle_event ?? 'start'}".`,
    );
  }
}

/** Installs from the lockfile when it, or a manifest, changed since the last time. */
function install() {
  const marker = join(root, 'node_modules', '.naru-installed');
  const fingerprint = hash(['pnpm-lock.yaml', 'pnpm-workspace.yaml', ...manifests()]);
  if (existsSync(marker) && readFileSync(marker, 'utf8') === fingerprint) return;
  step('Installing dependencies (once)');
  run(pnpm('install', '--frozen-lockfile'), {
    advice: 'Check that npm reaches its registry ("npm ping"), then run the same command again.',
  });
  mkdirSync(dirname(marker), { recursive: true });
  writeFileSync(marker, fingerprint);
}

/** Builds what is stale; turbo knows, and a fingerprint of the sources spares even asking it. */
function build() {
  const marker = join(root, 'node_modules', '.naru-built');
  const fingerprint = hash(['turbo.json', 'tsconfig.base.json', ...manifests(), ...sources()]);
  const complete = workspaces().every((folder) => existsSync(join(root, folder, 'dist')));
  if (complete && existsSync(marker) && readFileSync(marker, 'utf8') === fingerprint) return;
  step('Building what is stale');
  run(pnpm('exec', 'turbo', 'run', 'build', '--output-logs=errors-only'), {
    advice: 'Mend the errors above, or go back to a commit that builds.',
  });
  writeFileSync(marker, fingerprint);
}

function check() {
  run([join(root, 'node_modules', '.bin', 'biome'), 'check', '.'], {
    advice: '"pnpm format" mends what can be mended by itself.',
  });
  run(pnpm('exec', 'turbo', 'run', 'typecheck', '--output-logs=errors-only'), {
    advice: 'Mend the type errors above.',
  });
  run([process.execPath, join(root, 'tools/repository-check/dist/main.js')], {
    advice: 'Each message above says how to mend it.',
  });
  step('Checked: format, lint, types, structure');
}

/** The pinned pnpm, through npx, whether or not the machine has one. */
function pnpm(...args) {
  const npx = process.platform === 'win32' ? 'npx.cmd' : 'npx';
  return [npx, '--yes', '--prefer-offline', manifest.packageManager, ...args];
}

function run([file, ...args], { advice }) {
  // Progress belongs on stderr: stdout is for what the command itself prints.
  const { status, error } = spawnSync(file, args, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (status !== 0) fail(`"${[file, ...args].join(' ')}" failed${error ? `: ${error.message}` : ''}. ${advice}`);
}

/** Runs the program in place of this one: same terminal, same signals, same exit code. */
function become(args) {
  const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => fail(error.message));
  child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
}

function workspaces() {
  const rooms = ['packages', 'apps', 'tools'].flatMap((room) =>
    readdirSync(join(root, room), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => join(room, entry.name)),
  );
  return [...rooms, 'benchmarks', 'examples'];
}

function manifests() {
  return ['package.json', ...workspaces().map((folder) => join(folder, 'package.json'))].filter((file) =>
    existsSync(join(root, file)),
  );
}

function sources() {
  return [...workspaces().map((folder) => join(folder, 'src')), 'schemas']
    .flatMap((folder) => filesBelow(folder))
    .sort();
}

function filesBelow(folder) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path) : [path];
  });
}

function hash(files) {
  const digest = createHash('sha256');
  for (const file of files) {
    digest.update(file);
    digest.update(readFileSync(join(root, file)));
  }
  return digest.digest('hex');
}

function step(text) {
  process.stderr.write(`naru: ${text}\n`);
}

function fail(text) {
  process.stderr.write(`naru: ${text}\n`);
  process.exit(1);
}
