import { existsSync, readFileSync } from 'node:fs';

/** Captured frames beside the repository; tests use them where they are. */
const folder = new URL('../../../../../shared/frames/', import.meta.url);

export interface SharedFrame {
  /** Position in its file. */
  readonly index: number;
  readonly text: string;
  /** What its index says of it, such as `data:snapshot` or `ack`. */
  readonly role: string;
}

/** Frames by `exchange.kind`; empty where the folder is not there. */
export function sharedFrames(): ReadonlyMap<string, readonly SharedFrame[]> {
  const index = new URL('_index.json', folder);
  if (!existsSync(index)) return new Map();
  const roles = JSON.parse(readFileSync(index, 'utf8')) as Record<string, { role: string }[]>;
  return new Map(
    Object.entries(roles).map(([name, list]) => {
      const texts = JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8')) as string[];
      return [name, texts.map((text, at) => ({ index: at, text, role: list[at]!.role }))];
    }),
  );
}
