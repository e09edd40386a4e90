import { element, type Look, write } from './element.js';

export interface Cell {
  readonly text: string;
  readonly look?: Look;
}

export interface Column<Item> {
  readonly name: string;
  readonly isNumber?: boolean;
  /** Never longer than a few words: it stays on one line. */
  readonly isShort?: boolean;
  /** What a cell says; a text alone is plain. */
  readonly cell: (item: Item) => Cell | string;
}

export interface TableOptions<Item> {
  readonly table: HTMLElement;
  readonly keyOf: (item: Item) => string;
  /** The first one opens the row. */
  readonly columns: readonly Column<Item>[];
  /** What an open row shows below; asked again with every reading. */
  readonly more: (item: Item, place: HTMLElement) => void;
}

export interface Table<Item> {
  show(items: readonly Item[]): void;
}

interface Row<Item> {
  item: Item;
  readonly line: HTMLTableRowElement;
  readonly opener: HTMLButtonElement;
  readonly cells: readonly HTMLTableCellElement[];
  more: HTMLTableRowElement | undefined;
}

/** Keeps rows while their items live, so that focus, selection and what is open outlast a reading. */
export function createTable<Item>({ table, keyOf, columns, more }: TableOptions<Item>): Table<Item> {
  const body = element('tbody', { role: 'rowgroup' });
  const names = columns.map(({ name, isNumber }) =>
    element('th', { scope: 'col', role: 'columnheader', ...(isNumber && { class: 'number' }) }, name),
  );
  // Roles, because a narrow screen shows rows as blocks and browsers forget then that this is a table.
  table.setAttribute('role', 'table');
  table.append(element('thead', { role: 'rowgroup' }, element('tr', { role: 'row' }, ...names)), body);
  const rows = new Map<string, Row<Item>>();

  const showMore = (row: Row<Item>): void => {
    const place = row.more?.firstElementChild;
    if (place) more(row.item, place as HTMLElement);
  };
  const toggle = (row: Row<Item>): void => {
    row.opener.setAttribute('aria-expanded', String(row.more === undefined));
    if (row.more) {
      row.more.remove();
      row.more = undefined;
      return;
    }
    row.more = element(
      'tr',
      { class: 'more', role: 'row' },
      element('td', { colspan: String(columns.length), role: 'cell' }),
    );
    row.line.after(row.more);
    showMore(row);
  };
  const create = (item: Item): Row<Item> => {
    const opener = element('button', { type: 'button', class: 'open', 'aria-expanded': 'false' });
    const cells = columns.map(({ name, isNumber, isShort }) => {
      const kind = isNumber ? 'number' : isShort ? 'short' : 'long';
      return element('td', { 'data-name': name, role: 'cell', class: kind });
    });
    cells[0]?.append(opener);
    const line = element('tr', { role: 'row' }, ...cells);
    const row: Row<Item> = { item, line, opener, cells, more: undefined };
    opener.addEventListener('click', () => toggle(row));
    return row;
  };

  return {
    show(items) {
      const gone = new Set(rows.keys());
      let before: Element | null = null;
      for (const item of items) {
        const key = keyOf(item);
        gone.delete(key);
        const row = rows.get(key) ?? create(item);
        rows.set(key, row);
        row.item = item;
        columns.forEach(({ cell }, index) => {
          const said = cell(item);
          const { text, look = 'plain' } = typeof said === 'string' ? { text: said } : said;
          const target = index === 0 ? row.opener : row.cells[index];
          if (target) write(target, text, index === 0 ? undefined : look);
        });
        const place: Element | null = before ? before.nextElementSibling : body.firstElementChild;
        if (place !== row.line) body.insertBefore(row.line, place);
        if (row.more && row.line.nextElementSibling !== row.more) row.line.after(row.more);
        showMore(row);
        before = row.more ?? row.line;
      }
      for (const key of gone) {
        const row = rows.get(key);
        row?.line.remove();
        row?.more?.remove();
        rows.delete(key);
      }
      table.hidden = items.length === 0;
      const none = table.nextElementSibling as HTMLElement | null;
      if (none?.classList.contains('none')) none.hidden = items.length > 0;
    },
  };
}
