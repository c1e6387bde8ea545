import { type OptionField, readField } from '../browser/option-fields.js';
import { element } from './elements.js';

/** An option in the form. */
interface Row {
  readonly field: OptionField;
  readonly input: HTMLInputElement | HTMLSelectElement;
}

/** Options as a form, with their descriptions. What is typed is checked by the schema of a run alone. */
export class OptionForm {
  readonly #rows: Row[] = [];

  /**
   * @param place - is emptied and filled
   * @param shown - names of the options that stand first, in this order; the others are folded away
   * @param onChange - called when one has another value
   */
  constructor(
    place: HTMLElement,
    fields: readonly OptionField[],
    shown: readonly string[],
    onChange: (field: OptionField) => void,
  ) {
    const rank = ({ name }: OptionField): number => {
      const at = shown.indexOf(name);
      return at < 0 ? shown.length : at;
    };
    const sorted = [...fields].sort((a, b) => rank(a) - rank(b));
    const rows = sorted.map((field) => {
      const input = inputOf(field);
      input.addEventListener('change', () => onChange(field));
      this.#rows.push({ field, input });
      return { field, label: labelled(field, input) };
    });
    const first = rows.filter(({ field }) => shown.includes(field.name)).map(({ label }) => label);
    const rest = rows.filter(({ field }) => !shown.includes(field.name)).map(({ label }) => label);
    place.replaceChildren(...first);
    if (rest.length === 0) return;
    const title = element('summary', {}, `${rest.length} more options`);
    place.append(element('details', {}, title, ...rest));
  }

  /** What differs from the defaults, as text by path. */
  get texts(): ReadonlyMap<string, string> {
    const differing = this.#rows.flatMap(({ field, input }) => {
      const text = textOf(input);
      return text === field.default || (text === '' && field.default === '')
        ? []
        : [[field.path, text] as const];
    });
    return new Map(differing);
  }

  /** Takes texts by path; options without one get their defaults. */
  set texts(texts: ReadonlyMap<string, string>) {
    for (const { field, input } of this.#rows) setText(input, texts.get(field.path) ?? field.default);
  }

  /** The value of an option, by its path. */
  valueOf(path: string): unknown {
    const row = this.#rows.find(({ field }) => field.path === path);
    return row && readField(row.field, textOf(row.input));
  }

  /** Writes what differs from the defaults into options of a run. */
  fill(options: Record<string, unknown>): void {
    for (const path of this.texts.keys()) {
      const value = this.valueOf(path);
      if (value !== undefined) setPath(options, path.split('.'), value);
    }
  }

  /** Lets only these options be changed, or all. */
  allow(names: readonly string[] | 'all'): void {
    for (const { field, input } of this.#rows) {
      input.disabled = names !== 'all' && !names.includes(field.name);
    }
  }
}

function setPath(target: Record<string, unknown>, [key, ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) {
    target[key] = value;
    return;
  }
  const below = (target[key] ?? {}) as Record<string, unknown>;
  target[key] = below;
  setPath(below, rest, value);
}

function inputOf(field: OptionField): HTMLInputElement | HTMLSelectElement {
  const { kind, choices, default: text } = field;
  const id = `option-${field.path}`;
  const common = { id, 'aria-describedby': `${id}-words` };
  if (kind === 'choice') {
    const all = text === '' ? ['', ...choices] : choices;
    const options = all.map((choice) => element('option', { value: choice }, choice === '' ? '–' : choice));
    const select = element('select', common, ...options);
    select.value = text;
    return select;
  }
  if (kind === 'switch') {
    const box = element('input', { ...common, type: 'checkbox' });
    box.checked = text === 'true';
    return box;
  }
  const isNumber = kind === 'number';
  const mode = isNumber ? (field.isInteger ? 'numeric' : 'decimal') : 'text';
  const input = element('input', {
    ...common,
    inputmode: mode,
    autocomplete: 'off',
    spellcheck: 'false',
    placeholder: text === '' ? 'default' : text,
  });
  input.value = text;
  return input;
}

function labelled(field: OptionField, input: HTMLElement): HTMLElement {
  const id = `option-${field.path}`;
  const name = element('label', { for: id }, field.path.replace(/^(rule|dataset\.prototypes)\./, ''));
  const words = element('p', { id: `${id}-words` }, field.description);
  return element('div', { class: `option ${field.kind}` }, name, input, words);
}

function textOf(input: HTMLInputElement | HTMLSelectElement): string {
  if (input instanceof HTMLInputElement && input.type === 'checkbox') return String(input.checked);
  return input.value.trim();
}

function setText(input: HTMLInputElement | HTMLSelectElement, text: string): void {
  if (input instanceof HTMLInputElement && input.type === 'checkbox') input.checked = text === 'true';
  else input.value = text;
}
