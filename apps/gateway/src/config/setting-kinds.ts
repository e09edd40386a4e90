import type { Setting } from './setting.js';

interface Described {
  /** The environment variable. */
  readonly env: string;
  readonly meaning: string;
  /** In words, where the value says too little. */
  readonly defaultText?: string;
}

interface Kind<T> {
  readonly takes: string;
  readonly default: T;
  readonly parse: (value: unknown) => T | undefined;
  readonly show?: (value: T) => unknown;
  readonly secret?: boolean;
  readonly fromFile?: boolean;
}

function setting<T>({ env, meaning, defaultText }: Described, kind: Kind<T>): Setting<T> {
  return {
    kind: 'setting',
    env,
    meaning,
    secret: false,
    fromFile: false,
    show: (value) => value,
    ...kind,
    defaultText: defaultText ?? (kind.default === undefined ? 'none' : String(kind.default)),
  };
}

/** A whole number within a range. */
export function integer(
  described: Described & { readonly min: number; readonly max: number; readonly default: number },
): Setting<number> {
  const { min, max } = described;
  return setting(described, {
    takes: `${min} to ${max}`,
    default: described.default,
    parse(value) {
      const number = toNumber(value);
      return Number.isInteger(number) && number >= min && number <= max ? number : undefined;
    },
  });
}

/** A number with decimals, above 0. */
export function decimal<D extends number | undefined>(
  described: Described & { readonly max: number; readonly default: D },
): Setting<number | D> {
  return setting<number | D>(described, {
    takes: `a number above 0, at most ${described.max}`,
    default: described.default,
    parse(value) {
      const number = toNumber(value);
      return number > 0 && number <= described.max ? number : undefined;
    },
  });
}

function toNumber(value: unknown): number {
  return typeof value === 'number' ? value : typeof value === 'string' ? Number(value) : Number.NaN;
}

export function flag(described: Described & { readonly default: boolean }): Setting<boolean> {
  return setting(described, {
    takes: 'true or false',
    default: described.default,
    parse: (value) =>
      value === true || value === 'true' ? true : value === false || value === 'false' ? false : undefined,
  });
}

export function choice<const C extends readonly string[]>(
  described: Described & { readonly choices: C; readonly default: C[number] },
): Setting<C[number]> {
  return setting<C[number]>(described, {
    takes: described.choices.join(', '),
    default: described.default,
    parse: (value) => described.choices.find((one) => one === value),
  });
}

interface Text<D> {
  readonly default: D;
  readonly takes?: string;
  readonly pattern?: RegExp;
}

export function text<D extends string | undefined>(described: Described & Text<D>): Setting<string | D> {
  const pattern = described.pattern ?? /^[^\p{Cc}]{1,1000}$/u;
  return setting<string | D>(described, {
    takes: described.takes ?? 'text',
    default: described.default,
    // YAML reads 2024 as a number where somebody meant a name.
    parse(value) {
      const found = typeof value === 'number' ? String(value) : value;
      return typeof found === 'string' && pattern.test(found) ? found : undefined;
    },
  });
}

/** Text that is never printed. It may stand in a file. */
export function secret(described: Described): Setting<string | undefined> {
  return setting<string | undefined>(described, {
    takes: 'text',
    default: undefined,
    parse: (value) => (typeof value === 'string' && value !== '' ? value : undefined),
    show: (value) => (value === undefined ? undefined : '[redacted]'),
    secret: true,
    fromFile: true,
  });
}

/** Certificates or a key as PEM, best from a file. */
export function pem(described: Described & { readonly secret?: boolean }): Setting<string | undefined> {
  return setting<string | undefined>(described, {
    takes: 'PEM text',
    default: undefined,
    parse: (value) => (typeof value === 'string' && value.includes('-----BEGIN ') ? value : undefined),
    show: (value) =>
      value === undefined ? undefined : described.secret ? '[redacted]' : `[PEM of ${value.length} characters]`,
    secret: described.secret ?? false,
    fromFile: true,
  });
}

/** Values with commas between them, or a list in YAML. */
export function list<D extends readonly string[] | string>(
  described: Described & {
    readonly takes: string;
    readonly isEntry: (entry: string) => boolean;
    /** A word for what applies when nothing is listed is written like an entry. */
    readonly default: D;
  },
): Setting<readonly string[] | D> {
  const word = typeof described.default === 'string' ? described.default : undefined;
  return setting<readonly string[] | D>(
    { ...described, defaultText: described.defaultText ?? word ?? 'none' },
    {
      takes: described.takes,
      default: described.default,
      parse(value) {
        if (word !== undefined && value === word) return described.default;
        const given = typeof value === 'string' ? value.split(',') : value;
        if (!Array.isArray(given)) return undefined;
        const entries = given.flatMap((entry: unknown) => (typeof entry === 'string' ? entry.trim() || [] : [entry]));
        return entries.length > 0 && entries.every((entry) => typeof entry === 'string' && described.isEntry(entry))
          ? (entries as string[])
          : undefined;
      },
    },
  );
}

/** An address; credentials in it are left out of what is printed. */
export function address<D extends string>(
  described: Described & { readonly protocols: readonly string[]; readonly takes: string; readonly default: D },
): Setting<string> {
  return setting<string>(described, {
    takes: described.takes,
    default: described.default,
    parse(value) {
      if (value === described.default) return described.default;
      if (typeof value !== 'string' || !URL.canParse(value)) return undefined;
      return described.protocols.includes(new URL(value).protocol) ? value : undefined;
    },
    show: withoutCredentials,
  });
}

/** Lists by name: `upbit=a.example,upbit=b.example` in the environment, a map of lists in YAML. */
export function listsByName(
  described: Described & {
    readonly takes: string;
    readonly isName: (name: string) => boolean;
    readonly isEntry: (entry: string) => boolean;
  },
): Setting<Readonly<Record<string, readonly string[]>>> {
  return setting<Readonly<Record<string, readonly string[]>>>(
    { ...described, defaultText: 'none' },
    {
      takes: described.takes,
      default: {},
      parse(value) {
        const pairs = typeof value === 'string' ? pairsOfText(value) : pairsOfMap(value);
        if (!pairs?.every(([name, entry]) => described.isName(name) && described.isEntry(entry))) return undefined;
        const lists = new Map<string, string[]>();
        for (const [name, entry] of pairs) lists.set(name, [...(lists.get(name) ?? []), entry]);
        return Object.fromEntries(lists);
      },
    },
  );
}

type Pair = readonly [name: string, entry: string];

function pairsOfText(value: string): Pair[] {
  return value.split(',').map((pair): Pair => {
    const [name = '', entry = ''] = pair.trim().split('=', 2);
    return [name, entry];
  });
}

function pairsOfMap(value: unknown): Pair[] | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.entries(value).flatMap(([name, entries]): Pair[] =>
    [entries].flat().map((entry): Pair => [name, typeof entry === 'string' ? entry : '']),
  );
}

function withoutCredentials(value: string): string {
  if (!URL.canParse(value)) return value;
  const url = new URL(value);
  url.username = '';
  url.password = '';
  // A query may carry a password as well: ioredis reads options from there.
  url.search = '';
  return url.href;
}
