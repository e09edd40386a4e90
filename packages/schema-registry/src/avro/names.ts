import type { NamedSchema } from './schema.js';

const namePattern = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** A name without namespace, as fields and symbols have. */
export function isSimpleName(text: unknown): text is string {
  return typeof text === 'string' && namePattern.test(text);
}

/** A name with or without namespace. */
export function isName(text: unknown): text is string {
  return typeof text === 'string' && text.split('.').every((part) => namePattern.test(part));
}

/** A namespace; the empty one is that of unqualified names. */
export function isNamespace(text: unknown): text is string {
  return text === '' || isName(text);
}

/** The part before the last dot, empty when there is none. */
export function namespaceOf(fullName: string): string {
  return fullName.slice(0, Math.max(0, fullName.lastIndexOf('.')));
}

/** A name that has a dot is full already; others take the namespace. */
export function qualify(name: string, namespace: string): string {
  return name.includes('.') || namespace === '' ? name : `${namespace}.${name}`;
}

/** The named types seen so far. */
export class SchemaNames {
  readonly #byFullName = new Map<string, NamedSchema>();

  /** False when the name is taken. */
  add(schema: NamedSchema): boolean {
    if (this.#byFullName.has(schema.name)) return false;
    this.#byFullName.set(schema.name, schema);
    return true;
  }

  /** First in the enclosing namespace, then without any, as the Java implementation does. */
  find(name: string, namespace: string): NamedSchema | undefined {
    return this.#byFullName.get(qualify(name, namespace)) ?? this.#byFullName.get(name);
  }
}
