import { existsSync } from 'node:fs';
import { posix } from 'node:path';
import type { Problem } from '../problem.js';
import type { Repository } from '../reading/repository.js';

/** A link of Markdown outside code, with its target. */
const link = /\]\(([^)\s]+)\)/g;
const code = /^(```|~~~)[\s\S]*?^\1|`[^`\n]*`/gm;

/** Documents lead to files that are there, and to headings that those files have. */
export function checkLinks(repository: Repository): Problem[] {
  const problems: Problem[] = [];
  for (const [file, text] of repository.files) {
    if (!file.endsWith('.md')) continue;
    // Blanked rather than removed, so that lines keep their numbers.
    const prose = text.replace(code, (found) => found.replace(/[^\n]/g, ' '));
    for (const [index, line] of prose.split('\n').entries()) {
      for (const [, target] of line.matchAll(link)) {
        const message = refusal(file, target!, repository);
        if (message !== undefined) problems.push({ file, line: index + 1, message });
      }
    }
  }
  return problems;
}

function refusal(file: string, target: string, { root, files }: Repository): string | undefined {
  if (/^[a-z][a-z+.-]*:/i.test(target)) return undefined;
  const [path = '', heading] = target.split('#');
  const led = path === '' ? file : posix.normalize(posix.join(posix.dirname(file), decodeURI(path)));
  if (!existsSync(posix.join(root, led))) return `It links to ${led}, which is not there. Mend the link.`;
  const text = files.get(led);
  if (heading === undefined || text === undefined || !led.endsWith('.md')) return undefined;
  return headingsOf(text).includes(heading) ? undefined : `It links to #${heading}, and ${led} has no such heading.`;
}

/** Anchors of a document's headings, as Git forges make them. */
function headingsOf(text: string): string[] {
  return [...text.matchAll(/^#{1,6} +(.+)$/gm)].map(([, title]) =>
    title!
      .trim()
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-'),
  );
}
