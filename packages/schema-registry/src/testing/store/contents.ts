import { createHash } from 'node:crypto';
import { canonicalText } from '../../avro/canonical-text.js';
import type { ParsedSchema } from '../../avro/parse-schema.js';
import type { SchemaReference } from '../../client/types.js';
import { failures } from './registry-failure.js';

/** A schema that has an id, whatever subjects it stands in. */
export interface Content {
  readonly id: number;
  readonly guid: string;
  readonly schema: string;
  readonly references: readonly SchemaReference[];
  readonly parsed: ParsedSchema;
  /** Equal for schemas that are the same to the registry. */
  readonly key: string;
}

export type Draft = Omit<Content, 'id' | 'guid'>;

/** What is compared when a registry decides whether it has a schema already. */
export function draftOf(
  schema: string,
  references: readonly SchemaReference[],
  parsed: ParsedSchema,
  normalize: boolean,
): Draft {
  const text = canonicalText(parsed.root, (name) => !parsed.defined.has(name), { normalize });
  const sorted = normalize ? references.toSorted((a, b) => (a.name < b.name ? -1 : 1)) : references;
  const kept = normalize ? text : schema;
  return { schema: kept, references: sorted, parsed, key: JSON.stringify([text, sorted]) };
}

/** The schemas of one context, by id. Ids count up and are never used again. */
export class Contents {
  readonly #byId = new Map<number, Content>();
  readonly #byKey = new Map<string, Content>();
  #lastId = 0;

  get(id: number): Content | undefined {
    return this.#byId.get(id);
  }

  get lastId(): number {
    return this.#lastId;
  }

  byGuid(guid: string): Content | undefined {
    for (const content of this.#byId.values()) if (content.guid === guid) return content;
    return undefined;
  }

  /** The content of a draft: what is there already, or a new one. An id is asked for when importing. */
  add(draft: Draft, importId?: number): Content {
    const known = this.#byKey.get(draft.key);
    if (known && (importId === undefined || importId === known.id)) return known;
    const id = importId ?? this.#lastId + 1;
    if (this.#byId.has(id)) throw failures.idConflict(id);
    const content: Content = { ...draft, id, guid: guidOf(draft.key) };
    this.#lastId = Math.max(this.#lastId, id);
    this.#byId.set(id, content);
    if (!known) this.#byKey.set(draft.key, content);
    return content;
  }
}

/** The same schema has the same GUID in every registry. */
function guidOf(key: string): string {
  const hex = createHash('md5').update(key).digest('hex');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
