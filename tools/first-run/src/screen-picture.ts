const fontSize = 13;
const charWidth = 7.83;
const lineHeight = 19;
const margin = 18;
const titleBar = 34;

/** A screen as an SVG image of a terminal window. */
export function screenPicture(title: string, lines: readonly string[]): string {
  const columns = Math.max(title.length, ...lines.map((line) => line.length));
  const width = Math.ceil(columns * charWidth + 2 * margin);
  const height = Math.ceil(lines.length * lineHeight + titleBar + margin);
  const text = lines
    .map((line, index) => {
      const y = titleBar + (index + 0.8) * lineHeight;
      return `  <text x="${margin}" y="${y.toFixed(1)}" xml:space="preserve">${escaped(line)}</text>`;
    })
    .join('\n');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(title)}">
  <rect width="${width}" height="${height}" rx="9" fill="#12161c"/>
  <circle cx="${margin + 2}" cy="17" r="5.5" fill="#ff5f57"/>
  <circle cx="${margin + 20}" cy="17" r="5.5" fill="#febc2e"/>
  <circle cx="${margin + 38}" cy="17" r="5.5" fill="#28c840"/>
  <g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="${fontSize}" fill="#d7dde5">
  <text x="${margin + 60}" y="21" fill="#8b97a6">${escaped(title)}</text>
${text}
  </g>
</svg>
`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
