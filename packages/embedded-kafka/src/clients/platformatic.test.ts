import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createEmbeddedKafka, type EmbeddedKafka } from '../embedded-kafka.js';
import { describeForeign, findPlatformatic, nodeIn, run } from './foreign-client.js';

describeForeign('@platformatic/kafka on a current Node', findPlatformatic(), (folder) => {
  let kafka: EmbeddedKafka;

  beforeAll(async () => {
    kafka = await createEmbeddedKafka({ nodes: 2 });
  });

  afterAll(() => kafka.close());

  it('creates a topic, produces, and consumes as a group', { timeout: 60_000 }, async () => {
    // Beside its node_modules, as packages are looked up from where the script lies.
    const beside = mkdtempSync(join(folder, 'run-'));
    const script = join(beside, 'exchange.mjs');
    copyFileSync(join(import.meta.dirname, 'platformatic-exchange.mjs'), script);
    const out = await run(nodeIn(folder), [script, ...kafka.bootstrap]).finally(() =>
      rmSync(beside, { recursive: true }),
    );
    expect(JSON.parse(out)).toEqual({ partitions: 2, values: ['1', '2', '3', '4'] });
  });
});
