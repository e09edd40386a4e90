/**
 * What a terminal shows after such output: lines, "up n lines" and "clear the line". Anything else a terminal understands
 * is left out.
 */
export function screenAfter(output: string): string[] {
  const lines: string[] = [''];
  let at = 0;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: terminals are steered by them.
  for (const [part, , count, command] of output.matchAll(/(\u001b\[(\d*)([A-Za-z]))|\r?\n|[^\r\n\u001b]+/g)) {
    if (command === 'A') at = Math.max(0, at - Number(count || 1));
    else if (command === 'K') lines[at] = '';
    else if (command !== undefined) continue;
    else if (part.endsWith('\n')) at += 1;
    else lines[at] = (lines[at] ?? '') + part;
    lines[at] ??= '';
  }
  return lines;
}
