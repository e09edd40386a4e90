import { isObject, parseJson } from './json.js';
import { toNumber } from './numbers.js';
import { RowForm } from './row-form.js';
import { Rows } from './rows.js';

/** A list of the frames of one socket: where it is, and how its elements are written. */
interface List {
  /** Keys that lead to it. */
  readonly path: readonly string[];
  /** What it begins with, in the frame. */
  readonly opening: Buffer;
  readonly form: RowForm;
  readonly rows: Rows;
}

/** What stands in a frame for a list that was read: a number that no exchange sends. */
const placeholder = '-1e-300';
const placed = Number(placeholder);

/** Levels of objects that are looked through for lists. */
const mostKeys = 3;
const mostLists = 4;

/** Frames that are looked at for lists; exchanges say something else first. */
const lessons = 32;

/** Frames without the known lists that are borne beyond one for each that had them. */
const mostMisses = 1_000;

/**
 * Reads the frames of one socket as `parseJson` does, but for lists of objects of numbers, which become `Rows`: no
 * object and no string is made of sixty levels that are forgotten as soon as their numbers are known. What is left of
 * the frame goes to `JSON.parse`; all of it does when it does not have the lists that were learned, in their form.
 */
export function createBookReader(): (text: string, data: Buffer | string) => unknown {
  let lists: readonly List[] = [];
  let looked = 0;
  let misses = 0;

  const readKnown = (data: Buffer): unknown => {
    let rest = '';
    let from = 0;
    for (const { opening, form, rows } of lists) {
      const start = data.indexOf(opening, from) + opening.length;
      if (start < opening.length) return undefined;
      const end = form.read(data, start, rows);
      if (end < 0) return undefined;
      rest += data.toString('utf8', from, start - 1) + placeholder;
      from = end;
    }
    const message = parseJson(rest + data.toString('utf8', from));
    return lists.every((list) => place(message, list)) ? message : undefined;
  };

  return (text, data) => {
    if (typeof data !== 'string' && lists.length > 0 && misses < mostMisses) {
      const known = readKnown(data);
      misses += known === undefined ? 1 : misses > 0 ? -1 : 0;
      if (known !== undefined) return known;
    }
    const message = parseJson(text);
    if (lists.length === 0 && looked < lessons) {
      looked += 1;
      lists = listsOf(message, Buffer.from(text));
    }
    return message;
  };
}

/** Puts the rows where the list was; false when it was not there. */
function place(message: unknown, { path, rows }: List): boolean {
  const key = path.at(-1)!;
  let parent = message;
  for (let depth = 0; depth < path.length - 1; depth += 1) parent = isObject(parent) ? parent[path[depth]!] : undefined;
  if (!isObject(parent) || parent[key] !== placed) return false;
  (parent as Record<string, unknown>)[key] = rows;
  return true;
}

/** Whether the rows are the numbers of that list: a string can look like a number and something behind it. */
function holds({ columns, numbers, length }: Rows, list: readonly unknown[]): boolean {
  const isRow = (element: unknown, row: number): boolean =>
    isObject(element) &&
    columns.every((key, column) => toNumber(element[key]) === numbers[row * columns.length + column]);
  return length === list.length && list.every(isRow);
}

/** The lists of a frame in the order of its text; none when one cannot be read so, or is empty and shows no form. */
function listsOf(message: unknown, data: Buffer): readonly List[] {
  const lists: List[] = [];
  let from = 0;
  const look = (value: unknown, path: readonly string[]): boolean => {
    if (Array.isArray(value)) {
      const opening = Buffer.from(`"${path.at(-1)}":[`);
      const start = data.indexOf(opening, from) + opening.length;
      const form = start < opening.length ? undefined : RowForm.of(value[0], data.toString('utf8', start));
      if (form === undefined) return false;
      const list = { path, opening, form, rows: new Rows(form.columns) };
      from = form.read(data, start, list.rows);
      return from >= 0 && holds(list.rows, value) && lists.push(list) <= mostLists;
    }
    if (!isObject(value)) return true;
    return path.length <= mostKeys && Object.keys(value).every((key) => look(value[key], [...path, key]));
  };
  return look(message, []) ? lists : [];
}
