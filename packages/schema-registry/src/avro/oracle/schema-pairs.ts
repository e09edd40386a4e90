import fc from 'fast-check';
import type { Json } from '../schema.js';

export interface SchemaPair {
  readonly reader: Json;
  readonly writer: Json;
}

type Choose = (count: number) => number;
type JsonObject = { [key: string]: Json };

/** Few names, so that what does not belong together meets often. */
const typeNames = ['A', 'B', 'C', 'D'];
const fieldNames = ['a', 'b', 'c', 'd', 'e'];
/** Only readers have these, each with one alias: no field can match two of the writer's. */
const newFieldNames = ['f', 'g', 'h'];
const symbols = ['X', 'Y', 'Z', 'W'];
const primitives = ['null', 'boolean', 'int', 'long', 'float', 'double', 'bytes', 'string'];
const namespaces = ['', '', 'n', 'm'];
const maxDepth = 4;

/**
 * A writer's schema, and a reader's that is the same with a few changes; now and then one that has nothing to do with it.
 * Both are valid schemas. What Python's checker is known to see differently is left out, see `known-disagreements.ts`.
 */
export function schemaPairs(): fc.Arbitrary<SchemaPair> {
  return fc.gen().map((draw) => {
    const choose: Choose = (count) => draw(fc.nat, { max: count - 1 });
    const writer = new SchemaMaker(choose).make();
    const reader = choose(10) === 0 ? new SchemaMaker(choose).make() : change(writer, choose);
    const writersNamespace = namespaces[choose(namespaces.length)]!;
    const readersNamespace = choose(4) > 0 ? writersNamespace : namespaces[choose(namespaces.length)]!;
    return {
      reader: inNamespace(valid(reader), readersNamespace, writersNamespace),
      writer: inNamespace(valid(writer), writersNamespace, writersNamespace),
    };
  });
}

class SchemaMaker {
  readonly #choose: Choose;
  readonly #known: string[] = [];

  constructor(choose: Choose) {
    this.#choose = choose;
  }

  make(): Json {
    // Records are where most rules are.
    return this.#choose(4) === 0 ? this.#type(0) : (this.#record(0) ?? this.#type(0));
  }

  #type(depth: number): Json {
    const kind = depth >= maxDepth ? this.#choose(4) : this.#choose(12);
    switch (kind) {
      case 4:
        return { type: 'array', items: this.#type(depth + 1) };
      case 5:
        return { type: 'map', values: this.#type(depth + 1) };
      case 6:
        return this.#enum() ?? 'string';
      case 7:
        return this.#fixed() ?? 'bytes';
      case 8:
      case 9:
        return Array.from({ length: 1 + this.#choose(3) }, () => this.#type(depth + 1));
      case 10:
        return this.#record(depth) ?? 'int';
      case 11:
        return this.#known.length > 0 ? this.#known[this.#choose(this.#known.length)]! : 'long';
      default:
        return primitives[this.#choose(primitives.length)]!;
    }
  }

  #record(depth: number): Json | undefined {
    const head = this.#named('record');
    if (!head) return undefined;
    const names = subset(fieldNames, this.#choose);
    return { ...head, fields: names.map((name) => withDefault({ name, type: this.#type(depth + 1) }, this.#choose)) };
  }

  #enum(): Json | undefined {
    const head = this.#named('enum');
    if (!head) return undefined;
    const own = nonEmptySubset(symbols, this.#choose);
    return { ...head, symbols: own, ...(this.#choose(3) === 0 ? { default: own[0]! } : {}) };
  }

  #fixed(): Json | undefined {
    const head = this.#named('fixed');
    return head && { ...head, size: 1 + this.#choose(3) };
  }

  #named(type: string): JsonObject | undefined {
    const free = typeNames.filter((name) => !this.#known.includes(name));
    const name = free[this.#choose(free.length || 1)];
    if (name === undefined) return undefined;
    this.#known.push(name);
    return { type, name };
  }
}

/** A copy with about one change in ten places. */
function change(schema: Json, choose: Choose): Json {
  const rarely = (): boolean => choose(10) === 0;
  const walk = (node: Json): Json => {
    if (rarely()) return replaceType(node, choose);
    if (typeof node === 'string') return rarely() ? primitives[choose(primitives.length)]! : node;
    if (Array.isArray(node)) {
      const branches = node.flatMap(walk);
      if (rarely()) branches.reverse();
      if (rarely()) branches.pop();
      if (rarely()) branches.push(primitives[choose(primitives.length)]!);
      return branches.length > 0 ? branches : ['null'];
    }
    const object = { ...(node as JsonObject) };
    if (typeof object.name === 'string' && rarely()) rename(object, choose);
    if (object.type === 'array') object.items = walk(object.items!);
    else if (object.type === 'map') object.values = walk(object.values!);
    else if (object.type === 'fixed' && rarely()) object.size = 1 + choose(3);
    else if (object.type === 'enum' && rarely()) {
      const own = nonEmptySubset(symbols, choose);
      object.symbols = own;
      delete object.default;
      if (choose(2) === 0) object.default = own[choose(own.length)]!;
    } else if (object.type === 'record') {
      object.fields = changeFields(object.fields as readonly JsonObject[], choose).map((field) =>
        withDefault({ ...field, type: walk(field.type!) }, choose),
      );
    }
    return object;
  };
  return walk(schema);
}

function changeFields(fields: readonly JsonObject[], choose: Choose): readonly JsonObject[] {
  const changed = fields.flatMap((field): JsonObject[] => {
    switch (choose(16)) {
      case 0:
        return [];
      case 1:
        return [{ ...field, name: fieldNames[choose(fieldNames.length)]! }];
      case 2:
      case 3:
        return [{ ...field, name: newFieldNames[choose(newFieldNames.length)]!, aliases: [field.name!] }];
      default:
        return [field];
    }
  });
  if (choose(6) === 0) changed.push({ name: fieldNames[choose(fieldNames.length)]!, type: 'int' });
  if (choose(6) === 0) changed.reverse();
  return changed.filter((field, index) => changed.findIndex(({ name }) => name === field.name) === index);
}

function replaceType(node: Json, choose: Choose): Json {
  switch (choose(4)) {
    case 0:
      return ['null', ...(Array.isArray(node) ? node.filter((branch) => branch !== 'null') : [node])];
    case 1:
      return { type: 'array', items: node };
    case 2:
      return Array.isArray(node) ? node[0]! : [node];
    default:
      return primitives[choose(primitives.length)]!;
  }
}

/** Another name, with or without an alias to the old one. */
function rename(object: JsonObject, choose: Choose): void {
  const old = object.name as string;
  object.name = typeNames[choose(typeNames.length)]!;
  if (choose(2) === 0) object.aliases = [old];
}

/** One namespace for all names of a schema; aliases of types become full names of the writer's. */
function inNamespace(schema: Json, own: string, writers: string): Json {
  const walk = (node: Json): Json => {
    if (typeof node === 'string') return primitives.includes(node) ? node : qualified(node, own);
    if (Array.isArray(node)) return node.map(walk);
    const object = { ...(node as JsonObject) };
    if (typeof object.name === 'string' && own !== '') object.namespace = own;
    if (Array.isArray(object.aliases)) object.aliases = object.aliases.map((alias: string) => aliasOf(alias));
    if (object.type === 'array') object.items = walk(object.items!);
    if (object.type === 'map') object.values = walk(object.values!);
    if (object.type === 'record') {
      object.fields = (object.fields as readonly JsonObject[]).map((field) => ({ ...field, type: walk(field.type!) }));
    }
    return object;
  };
  // Without a namespace of the writer, an alias could only be qualified with the reader's own.
  const aliasOf = (alias: string): string => qualified(alias, writers || own);
  return walk(schema);
}

/** Makes changed JSON a schema again: one definition of each name, before its uses; unions flat and without doubles. */
function valid(schema: Json): Json {
  let defined = new Set<string>();
  const enumDefaults = new Map<string, Json>();
  const walk = (node: Json): Json => {
    if (typeof node === 'string') return primitives.includes(node) || defined.has(node) ? node : 'int';
    if (Array.isArray(node)) {
      const branches = new Map<string, Json>();
      for (const raw of node.flat(8) as readonly Json[]) {
        const before = new Set(defined);
        const branch = walk(raw);
        // What a dropped branch defined is not defined.
        if (branches.has(nameOf(branch))) defined = before;
        else branches.set(nameOf(branch), branch);
      }
      return [...branches.values()];
    }
    const object = { ...(node as JsonObject) };
    if (typeof object.name === 'string') {
      if (defined.has(object.name)) return object.name;
      defined.add(object.name);
      if (object.type === 'enum' && object.default !== undefined) enumDefaults.set(object.name, object.default);
    }
    if (object.type === 'array') object.items = walk(object.items!);
    if (object.type === 'map') object.values = walk(object.values!);
    if (object.type === 'record') {
      object.fields = (object.fields as readonly JsonObject[]).map((field) => {
        const type = walk(field.type!);
        return withFittingDefault({ ...field, type }, enumDefaults.get(nameOf(type)));
      });
    }
    return object;
  };
  return walk(schema);
}

/** A default fits its type or goes. A field of an enum with a default always has one itself. */
function withFittingDefault(field: JsonObject, enumDefault: Json | undefined): JsonObject {
  const { default: given, ...rest } = field;
  const value = enumDefault ?? (given === undefined ? undefined : simpleDefault(field.type!));
  return value === undefined ? rest : { ...rest, default: value };
}

function withDefault(field: JsonObject, choose: Choose): JsonObject {
  return choose(3) === 0 ? { ...field, default: null } : field;
}

function simpleDefault(type: Json): Json | undefined {
  if (Array.isArray(type)) return simpleDefault(type[0]!);
  if (typeof type === 'string') {
    if (type === 'null') return null;
    if (type === 'boolean') return false;
    if (type === 'bytes' || type === 'string') return '';
    return primitives.includes(type) ? 0 : undefined;
  }
  const object = type as JsonObject;
  if (object.type === 'array') return [];
  if (object.type === 'map') return {};
  if (object.type === 'enum') return (object.symbols as readonly string[])[0]!;
  return undefined;
}

function nameOf(branch: Json): string {
  if (typeof branch === 'string') return branch;
  if (Array.isArray(branch)) return 'union';
  const { name, type } = branch as JsonObject;
  return String(name ?? type);
}

function qualified(name: string, namespace: string): string {
  return namespace === '' ? name : `${namespace}.${name}`;
}

function subset<T>(items: readonly T[], choose: Choose): T[] {
  return items.filter(() => choose(2) === 0);
}

function nonEmptySubset<T>(items: readonly T[], choose: Choose): T[] {
  const chosen = subset(items, choose);
  return chosen.length > 0 ? chosen : [items[0]!];
}
