import type { Content } from '../store/contents.js';
import type { Version } from '../store/registry-store.js';

/** What is said of a schema; `schemaType` is left out for Avro, and `references` when there are none. */
export function describeContent({ guid, schema, references }: Content): object {
  return { schema, guid, ...(references.length > 0 ? { references } : {}) };
}

export function describeVersion({ subject, version, content, deleted }: Version): object {
  return { subject, version, id: content.id, ...describeContent(content), ...(deleted ? { deleted } : {}) };
}
