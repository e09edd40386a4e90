/** One thing that can be configured: everything that reading, printing and documents need to know of it. */
export interface Setting<T> {
  readonly kind: 'setting';
  /** The environment variable. */
  readonly env: string;
  /** What it sets, in words, with its unit. */
  readonly meaning: string;
  /** What it takes, in words. */
  readonly takes: string;
  readonly default: T;
  /** The default in words. */
  readonly defaultText: string;
  /** Secrets are never printed, not even when they cannot be used. */
  readonly secret: boolean;
  /** Whether it may also stand in a file that `ENV_FILE`, or the same path with `File` behind it, names. */
  readonly fromFile: boolean;
  /** Reads text of the environment and values of YAML alike. Undefined for what cannot be used. */
  parse(value: unknown): T | undefined;
  /** The value as it may be printed. */
  show(value: T): unknown;
}

/** What one setting may hold; any other object is a section with settings below it. */
export type SettingValue =
  | string
  | number
  | boolean
  | undefined
  | readonly string[]
  | Readonly<Record<string, readonly string[]>>;

/** The table that describes a configuration: a setting for each value, nested alike. */
export type SettingsOf<C> = {
  readonly [K in keyof C]: [C[K]] extends [SettingValue] ? Setting<C[K]> : SettingsOf<C[K]>;
};

/** A setting and where it stands, such as `kafka.tls.ca`. */
export interface PlacedSetting {
  readonly path: string;
  readonly setting: Setting<unknown>;
}

export function isSetting(entry: unknown): entry is Setting<unknown> {
  return typeof entry === 'object' && entry !== null && 'kind' in entry && entry.kind === 'setting';
}

/** Every setting of a table in its order. */
export function placedSettings(table: object, prefix = ''): readonly PlacedSetting[] {
  return Object.entries(table).flatMap(([name, entry]: [string, object]) =>
    isSetting(entry) ? [{ path: `${prefix}${name}`, setting: entry }] : placedSettings(entry, `${prefix}${name}.`),
  );
}

/** Builds the nested configuration from the value of every setting. */
export function buildConfig<C extends object>(
  table: SettingsOf<C>,
  read: (path: string, setting: Setting<unknown>) => unknown,
): C {
  return build(table, read, '') as C;
}

function build(table: object, read: (path: string, setting: Setting<unknown>) => unknown, prefix: string): object {
  return Object.fromEntries(
    Object.entries(table).map(([name, entry]: [string, object]) => {
      const path = `${prefix}${name}`;
      return [name, isSetting(entry) ? read(path, entry) : build(entry, read, `${path}.`)];
    }),
  );
}
