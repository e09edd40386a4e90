/** A JSON object whose fields are yet to be checked. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether a parsed value is an object, not an array, not null. */
export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The value of JSON text; undefined, which no JSON stands for, when it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
