import { afterAll, beforeAll, expect, it } from 'vitest';
import { createEmbeddedKafka, type EmbeddedKafka } from '../embedded-kafka.js';
import { describeForeign, findKcat, run } from './foreign-client.js';

describeForeign('kcat', findKcat(), (kcat) => {
  let kafka: EmbeddedKafka;
  let broker: string;

  beforeAll(async () => {
    kafka = await createEmbeddedKafka({ nodes: 2, topics: [{ name: 'ticks', partitions: 3 }] });
    broker = kafka.bootstrap.join(',');
  });

  afterAll(() => kafka.close());

  it.each(['none', 'gzip', 'snappy', 'lz4', 'zstd'])('produces and consumes with %s', async (codec) => {
    const values = Array.from({ length: 500 }, (_, index) => `value ${index}`);
    await run(kcat, ['-b', broker, '-P', '-t', `packed-${codec}`, '-z', codec], { input: `${values.join('\n')}\n` });
    const out = await run(kcat, [
      '-b',
      broker,
      '-C',
      '-t',
      `packed-${codec}`,
      '-o',
      'beginning',
      '-e',
      '-q',
      '-X',
      'check.crcs=true',
    ]);
    expect(out.trimEnd().split('\n')).toEqual(values);
  });

  it('consumes as a group and goes on after what the group committed', async () => {
    const group = ['-b', broker, '-G', 'kcat-group', '-X', 'auto.offset.reset=earliest', '-q', '-e', 'grouped'];
    await run(kcat, ['-b', broker, '-P', '-t', 'grouped'], { input: 'a\nb\n' });
    expect(await run(kcat, group)).toBe('a\nb\n');
    await run(kcat, ['-b', broker, '-P', '-t', 'grouped'], { input: 'c\n' });
    expect(await run(kcat, group)).toBe('c\n');
  });

  it('produces idempotently and in transactions', async () => {
    const produce = ['-b', broker, '-P', '-t', 'exact'];
    await run(kcat, [...produce, '-X', 'enable.idempotence=true'], { input: 'once\n' });
    await run(kcat, [...produce, '-X', 'transactional.id=kcat'], { input: 'committed\n' });
    const out = await run(kcat, [
      '-b',
      broker,
      '-C',
      '-t',
      'exact',
      '-e',
      '-q',
      '-X',
      'isolation.level=read_committed',
    ]);
    expect(out).toBe('once\ncommitted\n');
  });

  it('lists nodes and topics, and finds offsets by time', async () => {
    const listing = JSON.parse(await run(kcat, ['-b', broker, '-L', '-J', '-t', 'ticks'])) as {
      brokers: readonly { name: string }[];
      topics: readonly { partitions: readonly unknown[] }[];
    };
    expect(listing.brokers.map(({ name }) => name).toSorted()).toEqual([...kafka.bootstrap].toSorted());
    expect(listing.topics[0]!.partitions).toHaveLength(3);
    await run(kcat, ['-b', broker, '-P', '-t', 'ticks', '-p', '1'], { input: 'x\n' });
    expect(await run(kcat, ['-b', broker, '-Q', '-t', 'ticks:1:-1'])).toContain('offset 1');
  });
});
