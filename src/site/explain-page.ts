import { escapeHtml } from '../core/escape-html.js';
import { largest } from '../core/extremes.js';
import type { BatchStory, Choice, LayerStory } from '../rules/local-error/batch-story.js';
import { type PageLink, pageBar, sitePage } from './page-frame.js';

/** Lines of docs/reading-copy.ts that do what is told, by what begins them. */
const LINES = {
  forward: ['kernels.product(a, visible', 'kernels.product(activations'],
  trigger: ['const margin =', 'const errors ='],
  select: ['kernels.selectNeurons('],
  step: ['kernels.applySteps('],
  pass: ['a = activations;'],
} as const;

const STYLE = `<style>
.story table { border-collapse: separate; border-spacing: 2px; font: 13px/1.2 ui-monospace, monospace; }
.story :is(td, th) { min-width: 1.7em; padding: 0.25em 0.2em; text-align: center; border-radius: 3px; font-weight: 400; }
.story th { color: light-dark(#555, #aaa); }
.scroll { overflow-x: auto; margin: 0.5rem 0 1rem; }
.plus { background: light-dark(#cfe3f1, #17405c); }
.minus { background: light-dark(#fbdccb, #5f2f12); }
.none { background: light-dark(#f1f1f3, #222529); }
.chosen { outline: 2px solid light-dark(#111, #fff); font-weight: 700 !important; }
.flip { background: #f0e442; color: #111; font-weight: 700 !important; }
.story td.edge { padding-left: 0.9em; }
.story pre { padding: 0.6rem; border-radius: 4px; background: light-dark(#f4f4f4, #222); font-size: 13px; }
.pictures { display: flex; flex-wrap: wrap; gap: 1.25rem; margin: 1rem 0; }
.pictures figure { margin: 0; }
.pictures svg { display: block; background: light-dark(#f1f1f3, #222529); }
figcaption { font-size: 0.85rem; }
section { margin-top: 2.5rem; }
</style>
`;

/**
 * One batch, step by step: which samples trigger, which neurons are chosen, which weights step, which flip. Needs no scripts.
 * @param readingCopy - text of docs/reading-copy.ts
 * @throws Error when that lacks the lines that are told
 */
export function explainPage(story: BatchStory, readingCopy: string, links: readonly PageLink[]): string {
  const { neurons, neuronsPerGroup, classes, labels, inputs, layers } = story;
  const code = (what: keyof typeof LINES): string =>
    `<pre tabindex="0" aria-label="Lines of the reading copy">${escapeHtml(linesOf(readingCopy, LINES[what]).join('\n'))}</pre>\n`;
  const side = Math.sqrt(inputs[0].length);
  const pictures = inputs.map(
    (signs, i) =>
      `<figure>${picture(signs, side)}<figcaption>sample ${i + 1}: class ${labels[i] + 1}</figcaption></figure>`,
  );
  return sitePage(
    'xnorlab: one batch, step by step',
    `${STYLE}${pageBar(links, { hasCode: false })}
<main class="story">
<h1>One batch, step by step</h1>
<p>A network of two layers of ${neurons} neurons, ${classes} classes, pictures of ${side}×${side} bits; in groups of γ = ${neuronsPerGroup}, with r =
0.25. Nothing here is made up: the page was computed by the kernels that define the rule when it was built. Beside each step stand its lines in <code>docs/reading-copy.ts</code>, the
rule in one file.</p>
<div class="pictures">${pictures.join('')}</div>
${layers.map((layer, l) => layerSection(story, layer, l, code)).join('')}
<section><h2>And on</h2>
<p>The next batch meets the weights as they are now. With p_r above 0, each step of a layer also pushes a few of its weights deeper, the fewer the better the network
does: here it is 0, so that all that moves is told. There is no gradient anywhere: comparisons, XNOR, counts, and steps of ±2.</p></section>
</main>
`,
  );
}

function layerSection(
  { neuronsPerGroup, labels }: BatchStory,
  layer: LayerStory,
  l: number,
  code: (what: keyof typeof LINES) => string,
): string {
  const { preActivations, logits, margin, triggers, choices, before, after } = layer;
  const name = `Layer ${l + 1}`;
  const shown = l === 0 ? 'the picture' : 'the signs that layer 1 gave, as they were before it stepped';
  const samples = logits.map((own, i) => {
    const trigger = triggers.find(({ sample }) => sample === i);
    const said = own.indexOf(largest(own)) + 1;
    const verdict =
      trigger === undefined
        ? `right, and it leads by ${margin} at least: nothing to do`
        : trigger.isWrong
          ? `wrong, it is ${labels[i] + 1}: <strong>triggers</strong>`
          : `right, but it leads by ${trigger.lead} alone, less than ⌊r·K⌋ = ${margin}: <strong>triggers</strong>`;
    return `<li>Sample ${i + 1}: logits ${own.map(signed).join(', ')}; it says ${said}, which is ${verdict}.</li>\n`;
  });
  const moved = changes(before, after);
  return `<section><h2>${name}</h2>
<h3>What it computes</h3>
<p>It is shown ${shown}. z says for each neuron how many weights agree with what it is shown, less those that do not; its sign is the neuron's answer.</p>
${signTable(preActivations, name)}
${code('forward')}<h3>Which samples trigger</h3>
<p>A fixed random classifier reads the signs. Its errors are all that teaches this layer.</p>
<ul>
${samples.join('')}</ul>
${code('trigger')}<h3>Which neuron of each group is chosen</h3>
<p>${
    choices.length === 0
      ? 'No sample triggers, so no neuron is asked.'
      : 'The row of the label in the classifier says which sign each neuron should have. Below, s = z times that sign: negative where the neuron is wrong. In each group, ' +
        'the one that is least wrong is chosen (framed): it takes the fewest steps to mend. A group in which none is wrong is left alone.'
  }</p>
${choices.map((choice) => choiceTable(choice, neuronsPerGroup, name)).join('')}${code('select')}<h3>Which weights step, and which flip</h3>
<p>All weights of a chosen neuron step by 2 towards the sign that would have been right; those of one that several samples chose step once for each. ${moved.words} A weight whose hidden
value changes its sign flips (yellow): only that changes what the network computes.</p>
${changeTable(before, after, name)}
${code('step')}${l === 0 ? `<p>Layer 2 is shown what layer 1 gave before its step.</p>\n${code('pass')}` : ''}</section>
`;
}

function changes(before: LayerStory['before'], after: LayerStory['after']): { readonly words: string } {
  const pairs = before.flatMap((row, k) => row.map((h, i) => [h, after[k][i]] as const));
  const moved = pairs.filter(([from, to]) => from !== to).length;
  const flips = pairs.filter(([from, to]) => from < 0 !== to < 0).length;
  return { words: `Of ${pairs.length} weights, ${moved} moved and ${flips} flipped.` };
}

function signTable(rows: readonly (readonly number[])[], layer: string): string {
  const head = rows[0].map((_, k) => `<th scope="col">${k + 1}</th>`).join('');
  const body = rows.map(
    (row, i) =>
      `<tr><th scope="row">sample ${i + 1}</th>${row.map((value) => `<td class="${value < 0 ? 'minus' : 'plus'}">${signed(value)}</td>`).join('')}</tr>`,
  );
  return scroll(`${layer}: pre-activations`, `<tr><td></td>${head}</tr>${body.join('')}`);
}

function choiceTable(
  { sample, stabilities, chosen }: Choice,
  neuronsPerGroup: number,
  layer: string,
): string {
  const cells = stabilities.map((s, k) => {
    const kind = s < 0 ? 'minus' : 'none';
    const isChosen = chosen.includes(k);
    const edge = k > 0 && k % neuronsPerGroup === 0 ? ' edge' : '';
    const words = isChosen ? ` title="neuron ${k + 1} is chosen"` : '';
    return `<td class="${kind}${isChosen ? ' chosen' : ''}${edge}"${words}>${signed(s)}${isChosen ? '<br>▲' : ''}</td>`;
  });
  const names = chosen.map(
    (k, group) => `group ${group + 1}: ${k === undefined ? 'none' : `neuron ${k + 1}`}`,
  );
  const row = `<tr><th scope="row">s, sample ${sample + 1}</th>${cells.join('')}</tr>`;
  return `${scroll(`${layer}: stabilities of sample ${sample + 1}`, row)}<p>${names.join('; ')}.</p>\n`;
}

/** Neurons of which some weight moved; each cell holds the hidden weight as it is after. */
function changeTable(before: LayerStory['before'], after: LayerStory['after'], layer: string): string {
  const rows = before.flatMap((row, k) => {
    if (row.every((h, i) => h === after[k][i])) return [];
    const cells = row.map((h, i) => {
      const to = after[k][i];
      if (h === to) return `<td class="none">${signed(to)}</td>`;
      const flips = h < 0 !== to < 0;
      return `<td class="${flips ? 'flip' : to > h ? 'plus' : 'minus'}" title="${signed(h)} became ${signed(to)}">${signed(to)}<br>${to > h ? '↑' : '↓'}${flips ? '!' : ''}</td>`;
    });
    return [`<tr><th scope="row">neuron ${k + 1}</th>${cells.join('')}</tr>`];
  });
  return rows.length === 0 ? '' : scroll(`${layer}: hidden weights after the step`, rows.join(''));
}

function scroll(label: string, rows: string): string {
  return `<div class="scroll" tabindex="0" role="region" aria-label="${label}"><table>${rows}</table></div>\n`;
}

function signed(value: number): string {
  return value < 0 ? `−${-value}` : value > 0 ? `+${value}` : '0';
}

function picture(signs: readonly number[], side: number): string {
  const cells = signs.flatMap((sign, i) =>
    sign > 0 ? [`<rect x="${i % side}" y="${Math.floor(i / side)}" width="0.94" height="0.94"/>`] : [],
  );
  return `<svg viewBox="0 0 ${side} ${side}" width="88" height="88" fill="currentColor" aria-hidden="true">${cells.join('')}</svg>`;
}

function linesOf(text: string, starts: readonly string[]): string[] {
  const lines = text.split('\n').map((line) => line.trim());
  return starts.map((start) => {
    const found = lines.find((line) => line.startsWith(start));
    if (found === undefined) throw new Error(`docs/reading-copy.ts has no line that begins with ${start}`);
    return found;
  });
}
