/** A row of a Markdown table. Bars in cells are escaped, line ends become spaces. */
export function writeRow(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
}

/** The cells of such a row; none where the line is no row. */
export function readRow(line: string): string[] {
  if (!line.startsWith('| ') || !line.endsWith(' |')) return [];
  return line
    .slice(2, -2)
    .split(' | ')
    .map((cell) => cell.replaceAll('\\|', '|'));
}
