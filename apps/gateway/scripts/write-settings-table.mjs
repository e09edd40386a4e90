// Writes the table of settings into the README, from the built sources: run it after a setting was added.
import { readFileSync, writeFileSync } from 'node:fs';
import { settingsMarkdown } from '../dist/config/settings-markdown.js';

const readme = new URL('../README.md', import.meta.url);
const text = readFileSync(readme, 'utf8');
const table = /(<!-- settings -->\n)[\s\S]*?(<!-- \/settings -->)/;
if (!table.test(text)) throw new Error('README.md lacks the marks "<!-- settings -->" and "<!-- /settings -->".');
writeFileSync(
  readme,
  text.replace(
    table,
    (_, begin, end) => `${begin}${settingsMarkdown()}
${end}`,
  ),
);
