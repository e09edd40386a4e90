import { setFlagsFromString } from 'node:v8';
import { describe, expect, it } from 'vitest';
import { keepStringsFast } from './keep-strings-fast.js';

setFlagsFromString('--allow-natives-syntax');
const hasFastStrings = new Function('return %HasFastProperties(String.prototype)') as () => boolean;
setFlagsFromString('--no-allow-natives-syntax');

describe('methods of strings', () => {
  it('are slow after a class that extends String, until they are laid out anew', () => {
    class Text extends String {}
    const afterTheClass = hasFastStrings();
    keepStringsFast();
    expect([afterTheClass, hasFastStrings()]).toEqual([false, true]);
    expect(new Text('naru').length).toBe(4);
  });
});
