import { Refusal } from '../gateway/api.js';
import { byId, element, write } from './element.js';

export interface Field {
  readonly name: string;
  readonly label: string;
  readonly type: 'text' | 'password' | 'checkbox';
  readonly value?: string;
  readonly isOptional?: boolean;
}

export interface Question {
  readonly title: string;
  readonly text: string;
  readonly fields: readonly Field[];
  readonly yes: string;
  /** Carries it out; what it throws is shown, and the question stays. The answer, if any, is shown before it closes. */
  readonly act: (values: Readonly<Record<string, string>>) => Promise<string | undefined>;
}

/** Asks before something is changed. One question at a time: the page has one dialog. */
export function askFor({ title, text, fields, yes, act }: Question): void {
  const dialog = byId<HTMLDialogElement>('asked');
  if (dialog.open) return;
  const form = dialog.querySelector('form')!;
  const submit = byId<HTMLButtonElement>('asked-yes');
  const problem = byId('asked-problem');
  write(byId('asked-title'), title);
  write(byId('asked-text'), text);
  write(submit, yes);
  write(problem, '', 'bad');
  submit.hidden = false;
  write(byId('asked-no'), 'Cancel');
  const inputs = fields.map(({ name, label, type, value = '', isOptional = false }) => {
    const isText = type !== 'checkbox';
    const input = element('input', {
      name,
      type,
      ...(isText && { value, maxlength: '200', autocomplete: 'off', required: !isOptional }),
    });
    return { input, label: element('label', {}, input, ` ${label}`) };
  });
  byId('asked-fields').replaceChildren(...inputs.map(({ label }) => label));

  const end = new AbortController();
  const { signal } = end;
  dialog.addEventListener('close', () => end.abort(), { signal });
  byId('asked-no').addEventListener('click', () => dialog.close(), { signal });
  form.addEventListener(
    'submit',
    async (event) => {
      event.preventDefault();
      submit.disabled = true;
      try {
        const values = inputs.map(({ input }) => [
          input.name,
          input.type === 'checkbox' ? (input.checked ? 'yes' : '') : input.value,
        ]);
        const said = await act(Object.fromEntries(values));
        if (said === undefined) dialog.close();
        else {
          write(problem, said, 'plain');
          submit.hidden = true;
          write(byId('asked-no'), 'Close');
        }
      } catch (error) {
        const asksForIt = fields.some(({ type }) => type === 'password');
        const needsToken = error instanceof Refusal && error.status === 401 && !asksForIt;
        write(problem, `${(error as Error).message}${needsToken ? ' "Token" above takes it.' : ''}`, 'bad');
      } finally {
        submit.disabled = false;
      }
    },
    { signal },
  );
  dialog.showModal();
}
