import type { CompatibilityLevel } from '../avro/compatibility.js';
import type { CallOptions, SchemaRegistryClient } from '../client/types.js';
import { orUndefined } from './subject-history.js';

/** The level that is in force for a subject, whether or not it exists yet. */
export async function effectiveLevel(
  client: SchemaRegistryClient,
  subject: string,
  call: CallOptions = {},
): Promise<CompatibilityLevel> {
  // Apicurio knows no level of a subject that does not exist, even when asked for the global one.
  const own = await orUndefined(client.compatibilityLevel(subject, { ...call, defaultToGlobal: true }));
  return own ?? client.compatibilityLevel(undefined, call);
}
