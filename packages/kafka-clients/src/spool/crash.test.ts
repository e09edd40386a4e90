import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openSpool } from './open-spool.js';
import type { Spool, SpooledMessage } from './spool.js';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'spool-crash-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

type Step =
  | { readonly do: 'append'; readonly size: number }
  | { readonly do: 'acknowledge' | 'read' | 'rewind' | 'flush' | 'reopen'; readonly size: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('append' as const), size: fc.nat(400) }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'acknowledge' as const,
        'acknowledge' as const,
        'read' as const,
        'rewind' as const,
        'flush' as const,
        'reopen' as const,
      ),
      size: fc.nat(1_000),
    }),
  },
);

const options = { maxBytes: 16_384, segmentBytes: 700, fsyncIntervalMs: 60_000 };

async function readAll(spool: Spool): Promise<SpooledMessage[]> {
  spool.rewind();
  const all: SpooledMessage[] = [];
  while (spool.hasUnread) all.push(...(await spool.read(300)));
  return all;
}

/** Carries out steps and keeps what must be in the spool: sequence and text of what is not acknowledged. */
async function run(directory: string, steps: readonly Step[]): Promise<{ spool: Spool; kept: Map<number, string> }> {
  const kept = new Map<number, string>();
  let spool = await openSpool({ directory, ...options });
  let next = 0;
  for (const { do: what, size } of steps) {
    if (what === 'append') {
      next += 1;
      const text = `${next} ${'NSP1'.repeat(size / 4)}`;
      const sequence = spool.append({ topic: 't', key: 'k', value: text });
      if (sequence !== undefined) {
        expect([...kept.keys()].every((earlier) => earlier < sequence)).toBe(true);
        kept.set(sequence, text);
      }
    } else if (what === 'acknowledge') {
      const sequence = [...kept.keys()][size % Math.max(1, kept.size)];
      if (sequence !== undefined) spool.acknowledge(sequence);
      kept.delete(sequence ?? -1);
    } else if (what === 'read') await spool.read(size);
    else if (what === 'rewind') spool.rewind();
    else if (what === 'flush') await spool.flush();
    else {
      await spool.close();
      spool = await openSpool({ directory, ...options });
    }
    expect(spool.status.messages).toBe(kept.size);
    expect(spool.status.bytes).toBeLessThanOrEqual(options.maxBytes);
  }
  return { spool, kept };
}

const pairs = (messages: readonly SpooledMessage[]): [number, string][] =>
  messages.map(({ sequence, value }) => [sequence, String(value)]);

test('holds exactly what was appended and not acknowledged, in order, over any steps', async () => {
  let round = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      round += 1;
      const { spool, kept } = await run(join(root, String(round)), steps);
      expect(pairs(await readAll(spool))).toEqual([...kept]);
      await spool.flush();
      expect(spool.status.pendingBytes).toBe(0);
      await spool.close();
    }),
    { numRuns: 60, seed: 11 },
  );
}, 60_000);

test('after a crash at any byte, and any one byte broken, gives back all that is whole, in order, and goes on', async () => {
  let round = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 40 }),
      fc.nat(),
      fc.nat(),
      fc.boolean(),
      async (steps, at, bit, cut) => {
        round += 1;
        const directory = join(root, String(round));
        const { spool, kept } = await run(join(directory, 'live'), steps);
        await spool.flush();
        await cp(join(directory, 'live'), join(directory, 'dead'), {
          recursive: true,
          filter: (path) => !path.endsWith('lock'),
        });
        await spool.close();

        const harmed = await harm(join(directory, 'dead'), at, bit, cut);
        const next = await openSpool({ directory: join(directory, 'dead'), ...options });
        const found = pairs(await readAll(next)).filter(([sequence]) => kept.has(sequence));
        // Whole records come back; only the one record under the harm, or those behind the cut, may be missing.
        expect(found).toEqual([...kept].filter(([sequence]) => found.some(([one]) => one === sequence)));
        if (!cut) expect(kept.size - found.length).toBeLessThanOrEqual(harmed ? 1 : 0);
        else expect(found).toEqual([...kept].slice(0, found.length));

        const sequence = next.append({ topic: 't', value: 'after' })!;
        if (sequence !== undefined) {
          expect(found.every(([earlier]) => earlier < sequence)).toBe(true);
          expect(pairs(await readAll(next)).at(-1)).toEqual([sequence, 'after']);
        }
        await next.close();
      },
    ),
    { numRuns: 60, seed: 12 },
  );
}, 60_000);

/** Cuts the last segment, as a crash does, or turns one bit anywhere. */
async function harm(directory: string, at: number, bit: number, cut: boolean): Promise<boolean> {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.spool')).sort();
  const name = cut ? names.at(-1) : names[at % Math.max(1, names.length)];
  if (name === undefined) return false;
  const path = join(directory, name);
  const bytes = await readFile(path);
  if (bytes.length === 0) return false;
  const place = at % bytes.length;
  if (cut) await writeFile(path, bytes.subarray(0, place));
  else {
    bytes[place]! ^= 1 << (bit % 8);
    await writeFile(path, bytes);
  }
  return true;
}

test('a writer that is killed leaves everything that was on disk, and its directory', async () => {
  const directory = join(root, 'killed');
  const script = fileURLToPath(new URL('../../test-processes/spool-writer.mjs', import.meta.url));
  let told = 0;
  for (let life = 0; life < 4; life += 1) {
    const writer = spawn(process.execPath, [script, directory], { stdio: ['ignore', 'pipe', 'inherit'] });
    let lines = 0;
    for await (const line of createInterface({ input: writer.stdout })) {
      told = Math.max(told, Number(line));
      lines += 1;
      if (lines === 5 + life * 7) writer.kill('SIGKILL');
    }
    if (writer.exitCode === null && writer.signalCode === null) await once(writer, 'exit');
    expect(writer.signalCode).toBe('SIGKILL');
  }
  const spool = await openSpool({ directory });
  const found = await readAll(spool);
  await spool.close();
  expect(found.length).toBeGreaterThanOrEqual(told);
  expect(spool.status.damaged).toBe(0);
  found.forEach(({ sequence, value }, index) => {
    expect(sequence).toBe(index + 1);
    expect(String(value)).toBe(`message ${index + 1} ${'x'.repeat((index + 1) % 300)}`);
  });
}, 60_000);
