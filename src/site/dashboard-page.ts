import { inScript } from './in-script.js';
import { sitePage } from './page-frame.js';

/** What the page of runs is put together of: the build's files, as they are. */
export interface DashboardParts {
  readonly style: string;
  readonly script: string;
  /** A state of the store, packed, in base64: the page is a copy of it. Absent: the page asks its server, again and again. */
  readonly data?: string;
}

/** What a copy may do that asks nobody for anything. */
const POLICY_OF_COPY =
  "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:; connect-src 'none'; " +
  "form-action 'none'; base-uri 'none'";

/** The page that shows the runs of a store. */
export function dashboardPage({ style, script, data }: DashboardParts): string {
  const kept = data === undefined ? '' : `<script type="text/plain" id="dashboard-data">${data}</script>\n`;
  const policy =
    data === undefined ? '' : `<meta http-equiv="Content-Security-Policy" content="${POLICY_OF_COPY}">\n`;
  return sitePage(
    'xnorlab: runs',
    `<main>
<h1>Runs</h1>
<p id="folder"></p>
<noscript><p class="panel">This page shows the runs of a store: groups with their means over seeds, learning curves, options against
validation accuracy, failures. For that, JavaScript has to be allowed. <code>npx xnorlab store DIR</code> says the same in
words.</p></noscript>
<p role="status"><span id="live-words">Reading …</span> <span id="taken"></span></p>
<div id="dashboard" hidden>
<section class="panel" aria-label="Counts"><dl class="tiles">
<div><dt>Finished</dt><dd id="count-finished"></dd></div>
<div><dt>Unfinished</dt><dd id="count-unfinished"></dd></div>
<div><dt>Failed</dt><dd id="count-failed"></dd></div>
<div><dt>Epochs</dt><dd id="count-epochs"></dd></div>
<div><dt>Time left</dt><dd id="time-left" class="long"></dd></div>
</dl></section>
<section class="panel" aria-label="Filter">
<div class="ask"><div><label for="words">Words, such as groupSize=51 or a key</label><input id="words" type="search" autocomplete="off" spellcheck="false"></div>
<div><label for="state">State</label><select id="state"><option value="">any</option><option>finished</option><option>unfinished</option><option>failed</option></select></div></div>
<div id="filters"></div>
<p id="matches" role="status"></p></section>
<section class="panel"><h2>Options and accuracy</h2><p>Each line is a finished run; the brighter, the better.</p>
<div class="scroll" tabindex="0" role="region" aria-label="Options and accuracy"><canvas id="parallel" role="img" aria-label="Runs as lines across options"></canvas></div></section>
<section class="panel"><h2>Groups</h2><p>Runs that differ in their seed alone; percent, mean ± its 95 % interval by Student's t; best validation first.</p>
<div class="scroll" tabindex="0" role="region" aria-label="Groups"><table><thead id="group-head"></thead><tbody id="group-rows"></tbody></table></div>
<div class="row"><button id="more" type="button"></button><button id="best" type="button">Compare the best</button></div></section>
<section class="panel"><h2>Learning curves</h2><p>Of the groups that are ticked above: mean over seeds, with the band of its interval.</p>
<div class="row"><label><input id="measure-validation" name="measure" type="radio" checked autocomplete="off"> validation</label>
<label><input id="measure-test" name="measure" type="radio" autocomplete="off"> test</label></div>
<div id="curves"></div><ul id="curve-names"></ul>
<div class="row"><button id="save-svg" type="button">Save as SVG</button><button id="copy-code" type="button">Copy the code of a notebook cell</button><span id="copied" role="status"></span></div>
<pre tabindex="0" aria-label="Code of a notebook cell"><code id="code"></code></pre></section>
<section class="panel" id="failures"><h2>Failures</h2><ul id="failure-rows"></ul></section>
</div>
</main>
${kept}<script>${inScript(script)}</script>
`,
    `\n${policy}<style>${style}</style>`,
  );
}
