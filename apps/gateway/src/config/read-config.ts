import { readFileSync, statSync } from 'node:fs';
import { createTopicNames } from '@naru/core';
import { GatewayError } from '../gateway-error.js';
import { type FileValue, parseConfigurationFile } from './configuration-file.js';
import { contradictions } from './contradictions.js';
import type { GatewayConfig, SettingValues } from './gateway-config.js';
import { nearestName } from './nearest-name.js';
import { buildConfig, type PlacedSetting, placedSettings } from './setting.js';
import { settings } from './settings.js';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface ConfigSources {
  readonly environment: Environment;
  /** A YAML file. Default: the one that `NARU_CONFIG` names, if any. */
  readonly file?: string | undefined;
}

/** A setting as it was found, fit to be printed. */
export interface FoundSetting extends PlacedSetting {
  /** Redacted. */
  readonly shown: unknown;
  /** `default`, the variable, or `file:line`. */
  readonly from: string;
}

export interface FoundConfig {
  readonly config: GatewayConfig;
  readonly found: readonly FoundSetting[];
}

const maxFileBytes = 1024 * 1024;
const placed = placedSettings(settings);
const paths = placed.flatMap(({ path, setting }) => (setting.fromFile ? [path, `${path}File`] : [path]));

/** The configuration from the environment, then the file, then the defaults: the first that says something decides. */
export function readConfig(sources: ConfigSources): GatewayConfig {
  return findConfig(sources).config;
}

/**
 * The same, and where each setting came from.
 *
 * @throws GatewayError `invalid_configuration` naming everything that cannot be used, not only the first. Values are
 * not quoted: an address may carry a password.
 */
export function findConfig({ environment, file = environment.NARU_CONFIG }: ConfigSources): FoundConfig {
  const problems: string[] = [];
  const inFile = file ? readFile(file, problems) : new Map<string, FileValue>();
  const values = new Map<string, unknown>();
  const found = placed.map(({ path, setting }): FoundSetting => {
    const candidates = candidatesOf(path, setting, environment, inFile, file ?? '');
    const [given] = candidates;
    let value: unknown = setting.default;
    if (given) {
      const twin = candidates.find(({ source, name }) => source === given.source && name !== given.name);
      if (twin) problems.push(`${given.name} and ${twin.name} say the same; give one of them`);
      const content = given.isFile ? contentOf(given, problems) : given.value;
      const parsed = content === undefined ? undefined : setting.parse(content);
      if (parsed === undefined && !(given.isFile && content === undefined)) {
        problems.push(
          `${given.name} takes ${setting.takes}${given.isFile ? `, and its file ${content === '' ? 'is empty' : 'holds something else'}` : ''}`,
        );
      }
      value = parsed ?? setting.default;
    }
    values.set(path, value);
    return { path, setting, shown: setting.show(value), from: given?.name ?? 'default' };
  });
  const all = buildConfig(settings, (path) => values.get(path)) as SettingValues;
  // What does not fit together is worth telling only where each part is right.
  if (problems.length === 0) problems.push(...contradictions(all));
  const topics = problems.length === 0 ? topicsOf(all, problems) : undefined;
  if (!topics) {
    throw new GatewayError('invalid_configuration', `The configuration cannot be used:\n  ${problems.join('\n  ')}`);
  }
  return { config: { ...all, topics }, found };
}

interface Candidate {
  readonly source: 'environment' | 'file';
  /** As problems name it. */
  readonly name: string;
  readonly value: unknown;
  /** The value names a file with the value. */
  readonly isFile: boolean;
}

/** What was said about a setting; the first decides. */
function candidatesOf(
  path: string,
  { env, fromFile }: PlacedSetting['setting'],
  environment: Environment,
  inFile: ReadonlyMap<string, FileValue>,
  file: string,
): Candidate[] {
  const candidates: Candidate[] = [];
  for (const [suffix, isFile] of fromFile
    ? ([
        ['', false],
        ['File', true],
      ] as const)
    : ([['', false]] as const)) {
    const variable = `${env}${isFile ? '_FILE' : ''}`;
    // An empty variable is how shells and Compose files say "not set".
    const text = environment[variable]?.trim();
    if (text) candidates.push({ source: 'environment', name: variable, value: text, isFile });
    const entry = inFile.get(`${path}${suffix}`);
    if (entry && entry.value !== undefined) {
      const name = `${file}:${entry.line} ${path}${suffix}`;
      candidates.push({ source: 'file', name, value: entry.value, isFile });
    }
  }
  return candidates.sort((a, b) => (a.source === b.source ? 0 : a.source === 'environment' ? -1 : 1));
}

/** The values of a configuration file by their paths; unknown names are problems. */
function readFile(file: string, problems: string[]): Map<string, FileValue> {
  const text = readBounded(file, 'the configuration file', problems);
  if (text === undefined) return new Map();
  const isSection = (path: string): boolean => paths.some((known) => known.startsWith(`${path}.`));
  const parsed = parseConfigurationFile(text, isSection);
  for (const { line, problem } of parsed.problems) problems.push(`${file}:${line} ${problem}`);
  for (const { path, line } of parsed.values) {
    if (paths.includes(path)) continue;
    const nearest = nearestName(path, paths);
    problems.push(`${file}:${line} ${path.slice(0, 100)} is unknown${nearest ? `; is ${nearest} meant?` : ''}`);
  }
  return new Map(parsed.values.map((value) => [value.path, value]));
}

function contentOf({ name, value }: Candidate, problems: string[]): string | undefined {
  if (typeof value !== 'string') {
    problems.push(`${name} takes the path of a file`);
    return undefined;
  }
  // A line end behind a password is the editor's.
  return readBounded(value, name, problems)?.replace(/\r?\n$/, '');
}

function readBounded(file: string, name: string, problems: string[]): string | undefined {
  try {
    if (statSync(file).size > maxFileBytes) {
      problems.push(`${name}: ${file} is larger than ${maxFileBytes} bytes, which none of these files is`);
      return undefined;
    }
    return readFileSync(file, 'utf8');
  } catch (error) {
    problems.push(`${name}: ${file} cannot be read (${(error as NodeJS.ErrnoException).code}); check path and rights`);
    return undefined;
  }
}

function topicsOf(
  { topics: { prefix, ...names } }: SettingValues,
  problems: string[],
): GatewayConfig['topics'] | undefined {
  try {
    return createTopicNames(
      Object.fromEntries(Object.entries(names).map(([topic, name]) => [topic, `${prefix}${name}`])),
    );
  } catch (error) {
    problems.push((error as Error).message);
    return undefined;
  }
}
