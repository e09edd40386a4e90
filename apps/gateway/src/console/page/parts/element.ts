type Attributes = Readonly<Record<string, string | boolean | ((event: Event) => void)>>;

/** Makes an element. Text is always text: what is shown here comes from strangers. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') made.addEventListener(name, value);
    else if (typeof value === 'boolean') made.toggleAttribute(name, value);
    else made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

/** An element of the page that is known to be there. */
export function byId<Kind extends HTMLElement = HTMLElement>(id: string): Kind {
  const found = document.getElementById(id);
  if (!found) throw new Error(`The page has no #${id}.`);
  return found as Kind;
}

/** Writes only what is new: whoever selects text or reads it aloud is not disturbed twice a second. */
export function write(target: Element, text: string, look?: Look): void {
  if (target.textContent !== text) target.textContent = text;
  if (look === undefined || target.classList.contains(look)) return;
  target.classList.remove('good', 'warn', 'bad', 'plain');
  target.classList.add(look);
}

/** How something is coloured; its words say the same. */
export type Look = 'plain' | 'good' | 'warn' | 'bad';
