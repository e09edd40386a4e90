import { namespaceOf } from '../avro/names.js';
import { unqualified } from '../avro/schema.js';
import { SchemaRegistryError } from '../registry-error.js';

/** What naming needs to know of a type: its shape, with other named types under their unqualified names. */
export interface NamedShape {
  readonly fullName: string;
  readonly shape: string;
  readonly uses: ReadonlySet<string>;
}

/**
 * TypeScript names of Avro types, by full name. Types of one unqualified name share it when they are the same all the way
 * down, whatever their namespaces; otherwise the namespace becomes part of the name.
 */
export function chooseNames(types: readonly NamedShape[]): ReadonlyMap<string, string> {
  const groups = new Map<string, NamedShape[]>();
  for (const type of types) {
    const name = unqualified(type.fullName);
    groups.set(name, [...(groups.get(name) ?? []), type]);
  }
  const shared = new Set(groups.keys());
  const isUniform = (group: readonly NamedShape[]): boolean =>
    group.every(({ shape, uses }) => shape === group[0]!.shape && [...uses].every((used) => shared.has(used)));
  for (let before = -1; before !== shared.size; ) {
    before = shared.size;
    for (const [name, group] of groups) {
      const isAlone =
        new Set(group.map(({ fullName }) => fullName)).size === 1 &&
        new Set(group.map(({ shape }) => shape)).size === 1;
      if (!isAlone && !isUniform(group)) shared.delete(name);
    }
  }
  const names = new Map<string, string>();
  const shapes = new Map<string, string>();
  for (const { fullName, shape } of types) {
    if ((shapes.get(fullName) ?? shape) !== shape) {
      throw new SchemaRegistryError(
        `${fullName} is defined in two files that do not agree. Give one of them another name or namespace, or keep one file and refer to it.`,
        { code: 'invalid_directory' },
      );
    }
    shapes.set(fullName, shape);
    const simple = unqualified(fullName);
    names.set(fullName, shared.has(simple) ? pascal(simple) : pascal(namespaceOf(fullName)) + pascal(simple));
  }
  return names;
}

/** `naru.market` and `naru_market` become `NaruMarket`. */
function pascal(text: string): string {
  return text
    .split(/[._]+/)
    .filter(Boolean)
    .map((part) => part[0]!.toUpperCase() + part.slice(1))
    .join('');
}
