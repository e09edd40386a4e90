import { isJsonObject } from '../avro/default-value.js';
import { namespaceOf, qualify } from '../avro/names.js';
import { type Json, primitiveKinds } from '../avro/schema.js';

export interface NamesInText {
  /** Full names of the types that the text defines. */
  readonly defined: ReadonlySet<string>;
  /** Names it uses; each as the full name it most likely means, and as it is spelled. */
  readonly used: readonly { readonly fullName: string; readonly spelled: string }[];
}

const definingTypes: ReadonlySet<unknown> = new Set(['record', 'error', 'enum', 'fixed']);

/**
 * Looks for names without resolving them: enough to find out which file needs which before any can be parsed. What is
 * malformed is passed over; the parser reports it.
 */
export function namesInText(json: Json): NamesInText {
  const defined = new Set<string>();
  const used: { fullName: string; spelled: string }[] = [];

  const walk = (schema: Json | undefined, namespace: string): void => {
    if (typeof schema === 'string') {
      if (!primitiveKinds.has(schema)) used.push({ fullName: qualify(schema, namespace), spelled: schema });
      return;
    }
    if (Array.isArray(schema)) {
      for (const branch of schema) walk(branch, namespace);
      return;
    }
    if (!isJsonObject(schema)) return;
    if (schema.type === 'array') walk(schema.items, namespace);
    else if (schema.type === 'map') walk(schema.values, namespace);
    else if (definingTypes.has(schema.type)) walkNamed(schema, namespace);
    else walk(schema.type, namespace);
  };

  const walkNamed = (schema: { readonly [key: string]: Json }, enclosing: string): void => {
    if (typeof schema.name !== 'string') return;
    const fullName = qualify(schema.name, typeof schema.namespace === 'string' ? schema.namespace : enclosing);
    defined.add(fullName);
    if (!Array.isArray(schema.fields)) return;
    for (const field of schema.fields as readonly Json[]) {
      if (isJsonObject(field)) walk(field.type, namespaceOf(fullName));
    }
  };

  walk(json, '');
  return { defined, used: used.filter(({ fullName }) => !defined.has(fullName)) };
}
