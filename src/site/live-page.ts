import { escapeHtml } from '../core/escape-html.js';
import { inScript } from './in-script.js';
import { type PageLink, pageBar, sitePage } from './page-frame.js';

/** What the page that trains is put together of: the build's files, as they are. */
export interface LiveParts {
  readonly style: string;
  /** Of the page. */
  readonly script: string;
  /** Of its worker. */
  readonly worker: string;
  /** kernels.wasm. */
  readonly kernels: Uint8Array;
  /** Address of the script with the digits; absent: the page does without. */
  readonly digits?: string;
}

/** Nothing may be asked of any host but what the page itself brings: scripts beside it, pictures that it makes. */
const POLICY =
  "default-src 'none'; script-src 'self' file: 'unsafe-inline' 'unsafe-eval'; worker-src blob:; " +
  "style-src 'unsafe-inline'; img-src data: blob:; connect-src 'none'; form-action 'none'; base-uri 'none'";

/** The page that trains a network before its reader's eyes. It works from any static server, and opened as a file. */
export function livePage(
  { style, script, worker, kernels, digits }: LiveParts,
  links: readonly PageLink[],
): string {
  const attribute = digits === undefined ? '' : ` data-digits="${escapeHtml(encodeURI(digits))}"`;
  const missing =
    digits === undefined
      ? ' <small>(not in this site: it was made where there is no MNIST; <code>xnorlab data mnist</code> fetches it)</small>'
      : '';
  return sitePage(
    'xnorlab: watch a binary network learn',
    `${pageBar(links, { hasCode: false })}
<main>
<h1>Watch a binary network learn</h1>
<p class="lead">Inputs, weights and activations are ±1. Nothing is differentiated: each layer has a fixed random classifier, whose errors
tell which neurons step. XNOR, popcount and steps of ±2 are all it takes, and all of it happens in this page: nothing is
installed, nothing is sent anywhere.</p>
<noscript><p class="panel">This page trains a network with WebAssembly, and shows while it learns: its accuracy, how many weights flip, which
share of the samples triggers corrections, how deep weights lie, the weights of its first layer as images, and what every layer says of a
digit that you draw. For that, JavaScript has to be allowed; no other host is asked for anything. The same runs on the
command line: <code>npx xnorlab train --dataset mnist --rule local-error</code>.</p></noscript>
<p id="trouble" role="alert" hidden></p>
<div id="live" hidden${attribute}>
<section id="controls" class="panel" aria-label="What is trained">
<fieldset id="data"><legend>Data</legend>
<label><input type="radio" name="data" id="data-digits" value="digits"> MNIST digits, as bits${missing}</label>
<label><input type="radio" name="data" id="data-prototypes" value="prototypes"> Noisy prototypes, generated</label>
<label><input type="radio" name="data" id="data-own" value="own"> Your own files</label>
<div id="drop" hidden><label for="files">Drop a folder or files here, or choose: <code>train.csv</code> and <code>test.csv</code>, one
<code>.npz</code>, the four IDX files of MNIST, one <code>.dat</code> or <code>.arff</code> table, or
<code>train/features.npy</code> and so on. They are read here and never leave the page.</label>
<input id="files" type="file" multiple><p id="own-words" role="status"></p></div>
<div id="prototypes-options" hidden></div></fieldset>
<fieldset><legend>Rule</legend><div class="option"><select id="rule" aria-label="Rule" aria-describedby="rule-words"></select>
<p id="rule-words">Rules on bits; those on floats run in Node alone. γ, r and p_r can be changed while it trains, from the next epoch on.</p></div>
<div id="rule-options"></div></fieldset>
<fieldset><legend>Run</legend><div id="run-options"></div></fieldset>
</section>
<div id="stage">
<section class="panel wide" aria-label="The run">
<div class="row"><button id="start" type="button">Start</button><button id="step" type="button">One batch</button><button id="stop"
type="button">Stop</button><label><input id="show" type="checkbox" checked autocomplete="off"> Look while it trains</label></div>
<progress id="progress" value="0" max="1" aria-label="Share of the run that is done"></progress>
<dl class="tiles">
<div><dt>Epoch</dt><dd id="epoch">–</dd></div>
<div><dt>Test accuracy</dt><dd id="test-accuracy">–</dd></div>
<div><dt>Training samples</dt><dd id="speed">–</dd></div>
<div><dt>Flips since last look</dt><dd id="flip-count">–</dd></div>
<div><dt>Looking takes</dt><dd><span id="share">–</span><small id="share-words"></small></dd></div>
</dl>
<p id="status" role="status">Press Start.</p><p id="changes" role="status"></p>
</section>
<section class="panel"><h2>Accuracy</h2><p>Percent right after each epoch; training as samples were shown.</p>
<div id="accuracy" class="chart"></div></section>
<section class="panel"><h2>How deep weights lie</h2><p>Hidden weights by their depth |h|, the number of steps to a flip: metaplasticity.</p>
<div id="depth"></div></section>
<section class="panel wide"><h2>What the first layer looks for</h2>
<canvas id="weights" role="img" aria-label="Hidden weights of neurons of the first layer as images"></canvas>
<p class="key"><span><i style="background:#0072b2"></i>pulls towards +1</span><span><i style="background:#d55e00"></i>towards −1</span><span><i
style="background:#f0e442"></i>has just flipped</span><span>The stronger the colour, the deeper the weight.</span></p></section>
<section class="panel wide"><h2>Ask it</h2>
<div class="ask">
<figure id="pad"><canvas id="sketch" role="img" aria-label="Pad to draw a digit on" tabindex="-1"></canvas><figcaption>Draw a digit, with a finger or a
mouse.</figcaption></figure>
<figure><canvas id="seen" role="img" aria-label="The sample as the network sees it"></canvas><figcaption>What it sees.</figcaption></figure>
<div><p id="answer-words" role="status">While it trains, and after, it can be asked.</p>
<p class="row" style="margin:0.6rem 0 0"><button id="sample" type="button">A test sample</button><button id="clear" type="button">Clear</button></p></div>
</div>
<div id="answers"></div></section>
<section class="panel"><h2>Triggers</h2><p>Percent of samples that made a layer correct itself.</p><div id="triggers" class="chart"></div></section>
<section class="panel"><h2>Flips</h2><p>Visible weights that changed sign, in each epoch.</p><div id="flips" class="chart"></div></section>
<section class="panel wide"><h2>Take it with you</h2><p>Seed for seed, Node gives the same record. <span id="code-words" hidden>The data is
the folder of that name in your project's <code>data/</code>.</span></p>
<pre tabindex="0" aria-label="Code for a notebook"><code id="code"></code></pre>
<div class="row"><button id="save" type="button">Save the record</button><button id="copy-code" type="button">Copy the code</button><button
id="copy-link" type="button">Copy a link to this configuration</button></div>
<p id="record-words" role="status" style="margin:0.6rem 0 0"></p></section>
</div>
</div>
</main>
<script type="text/plain" id="live-kernels">${toBase64(kernels)}</script>
<script type="text/plain" id="live-worker">${inScript(worker)}</script>
<script>${inScript(script)}</script>
`,
    `
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<style>${style}</style>`,
  );
}

/** The script that brings the digits along. */
export function digitsScript(packed: Uint8Array): string {
  return `window.xnorlabDigits = '${toBase64(packed)}';\n`;
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
