import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { describeUnlessMissing } from '@naru/test-services';

const root: string = join(import.meta.dirname, '../../../..');
const PLATFORMATIC = '2.12.1';
const CURRENT_NODE = '24';

/** Where a client that nobody here wrote is, or what to do to have it. */
export type ForeignClient = { readonly where: string } | { readonly missing: string };

/** kcat on the path. */
export function findKcat(): ForeignClient {
  const found = spawnSync('kcat', ['-V']).status === 0;
  return found ? { where: 'kcat' } : { missing: 'kcat (Debian package "kcat")' };
}

/** The class path of Kafka's own tools: `KAFKA_CLASS_PATH`, or what `pnpm infra up` fetched. */
export function findKafkaTools(): ForeignClient {
  const missing = { missing: "Kafka's jars (KAFKA_CLASS_PATH, or `pnpm infra up`) and java" };
  if (spawnSync('java', ['-version']).status !== 0) return missing;
  if (process.env.KAFKA_CLASS_PATH) return { where: process.env.KAFKA_CLASS_PATH };
  const state = join(root, '.infra/state.json');
  if (!existsSync(state)) return missing;
  const { kafkaClassPath } = JSON.parse(readFileSync(state, 'utf8')) as { kafkaClassPath?: string };
  return kafkaClassPath ? { where: kafkaClassPath } : missing;
}

/**
 * A folder with @platformatic/kafka and the Node it needs, which is newer than the oldest one supported here. It is
 * installed when real services are required, and used from then on.
 */
export function findPlatformatic(): ForeignClient {
  const folder = join(homedir(), '.cache/naru', `platformatic-kafka-${PLATFORMATIC}`);
  const isThere = (): boolean =>
    existsSync(join(folder, 'node_modules/@platformatic/kafka')) && existsSync(nodeIn(folder));
  if (!isThere() && process.env.NARU_REQUIRE_REAL === '1') {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{"private":true,"type":"module"}');
    const packages = [`@platformatic/kafka@${PLATFORMATIC}`, `node@${CURRENT_NODE}`];
    spawnSync('npm', ['install', '--no-audit', '--no-fund', '--engine-strict=false', ...packages], { cwd: folder });
  }
  return isThere()
    ? { where: folder }
    : { missing: `@platformatic/kafka in ${folder} (NARU_REQUIRE_REAL=1 installs it)` };
}

export function nodeIn(folder: string): string {
  return join(folder, 'node_modules/node/bin/node');
}

/** A suite that needs such a client: skipped under a name that says what is missing, a failure with `NARU_REQUIRE_REAL=1`. */
export function describeForeign(title: string, client: ForeignClient, body: (where: string) => void): void {
  const missing = 'missing' in client ? { what: client.missing, howToGet: 'it is not there' } : undefined;
  describeUnlessMissing(title, missing, () => body('where' in client ? client.where : ''));
}

/** Runs a program to its end and answers with what it printed; a failure tells what it complained about. */
export function run(
  command: string,
  args: readonly string[],
  { input = '', cwd }: { readonly input?: string; readonly cwd?: string } = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, stdio: 'pipe' });
    let output = '';
    let complaints = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaints += text;
    });
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(output);
      else reject(new Error(`${command} ${args.join(' ')} ended with ${code}: ${complaints}${output}`));
    });
    child.stdin.end(input);
  });
}
