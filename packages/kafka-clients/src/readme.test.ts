import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEmbeddedKafka } from '@naru/embedded-kafka';
import { brokerForTests } from '@naru/test-services';
import { expect, test, vi } from 'vitest';
import { createKafkaAdmin } from './admin/create-kafka-admin.js';
import { createKafkaConsumer } from './consumer/create-kafka-consumer.js';
import { createDeadLetterTopic } from './consumer/dead-letter.js';
import { createKafkaTransport } from './kafkajs/create-kafka-transport.js';
import { createKafkaProducer } from './producer/create-kafka-producer.js';
import { openSpool } from './spool/open-spool.js';
import type { SpooledMessage } from './spool/spool.js';

// biome-ignore lint/complexity/useArrowFunction: an arrow function has no constructor to build others with.
const AsyncFunction = async function () {}.constructor as new (
  ...names: string[]
) => (...values: unknown[]) => Promise<void>;

const exported = {
  createDeadLetterTopic,
  createKafkaAdmin,
  createKafkaConsumer,
  createKafkaProducer,
  createKafkaTransport,
};

/** The README's first example, with the addresses and names of this run. */
function example(brokers: readonly string[], run: string): string {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const code = /```js\n(import [\s\S]*?)```/.exec(readme)?.[1] ?? '';
  expect(code).toContain("['localhost:9092']");
  return code
    .replace(/import \{[\s\S]*?\} from '@naru\/kafka-clients';/, '')
    .replace("['localhost:9092']", JSON.stringify(brokers))
    .replaceAll("'trades", `'${run}.trades`);
}

test('the example of the spool runs', async () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const code = /```js\n(import \{ openSpool[\s\S]*?)```/.exec(readme)?.[1] ?? '';
  const directory = mkdtempSync(join(tmpdir(), 'readme-'));
  const sent: unknown[] = [];
  try {
    await new AsyncFunction(
      'openSpool',
      'producer',
      code.replace(/import .*\n/, '').replace('./spool', `${directory}/spool`),
    )(openSpool, { sendAndWait: async (message: SpooledMessage) => sent.push(String(message.value)) });
  } finally {
    rmSync(directory, { recursive: true });
  }
  expect(sent).toEqual(['{"price":1}']);
});

test('the example of the README runs', async () => {
  const broker = await brokerForTests(createEmbeddedKafka);
  const log = vi.fn();
  const run = `readme-${Date.now().toString(36)}`;
  try {
    const names = Object.keys(exported);
    const values = Object.values(exported);
    await new AsyncFunction(...names, 'console', example(broker.bootstrap, run))(...values, {
      log,
      error: log,
      warn: log,
    });
  } finally {
    await broker.close();
  }
  expect(log.mock.calls).toEqual([[expect.stringMatching(/^written to [0-5] at 0$/)]]);
}, 60_000);
