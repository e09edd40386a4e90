import avro from 'avsc';

/**
 * `{"type": "string", "logicalType": "json"}`: an object or array of any shape, as its JSON text. Readers that
 * do not know the logical type see the text.
 */
export class JsonTextType extends avro.types.LogicalType {
  protected override _toValue(value: unknown): string | undefined {
    // Undefined is avsc's word for "does not fit".
    return typeof value === 'object' && value !== null ? JSON.stringify(value) : undefined;
  }

  protected override _fromValue(text: string): unknown {
    return JSON.parse(text) as unknown;
  }

  protected override _resolve(writer: avro.Type): ((text: string) => unknown) | undefined {
    // A writer that has the logical type too hands over the value, not the text.
    if (writer.typeName === 'logical:json') return (value) => value;
    return writer.typeName === 'string' ? (text) => JSON.parse(text) as unknown : undefined;
  }
}
