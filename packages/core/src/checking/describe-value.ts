const longestShown = 60;

/** What a value is, in a few words; long text is cut. */
export function describeValue(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return `array of ${value.length}`;
  switch (typeof value) {
    case 'string': {
      const bare = withoutUserInfo(value);
      const shown = bare.length > longestShown ? `${bare.slice(0, longestShown)}…` : bare;
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

/** Descriptions go into logs and events, and what stands in an address before its last @ may be a password. */
function withoutUserInfo(text: string): string {
  const begin = text.indexOf('//');
  const end = text.lastIndexOf('@');
  return begin >= 0 && end > begin ? `${text.slice(0, begin + 2)}[redacted]${text.slice(end)}` : text;
}
