const longestShown = 60;

/** What a value is, in a few words; long text is cut. */
export function describeValue(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return `array of ${value.length}`;
  switch (typeof value) {
    case 'string': {
      const shown = value.length > longestShown ? `${value.slice(0, longestShown)}…` : value;
      return `string ${JSON.stringify(shown)}`;
    }
    case 'object':
      return 'object';
    case 'function':
    case 'symbol':
      return typeof value;
    default:
      return `${typeof value} ${String(value)}`;
  }
}
