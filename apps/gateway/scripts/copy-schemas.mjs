// The schemas stand at the top of the repository; the package carries its own copy.
import { cpSync } from 'node:fs';

cpSync(new URL('../../../schemas', import.meta.url), new URL('../dist/schemas', import.meta.url), { recursive: true });
