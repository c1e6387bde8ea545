import type { Config } from 'plotly.js';

/** What a saved image has on paper, where the pixels of a page are 96 to the inch. */
const IMAGE_DPI = 300;
const PAGE_DPI = 96;

/**
 * How Plotly shows every figure of ours, as plain data: nothing that uploads a figure, no advertisement, images in
 * the resolution of print.
 */
export const FIGURE_CONFIG: Partial<Config> = {
  responsive: true,
  displaylogo: false,
  // By default the toolbar offers to upload the figure to a server of the library's makers.
  showSendToCloud: false,
  plotlyServerURL: '',
  toImageButtonOptions: { format: 'png', scale: IMAGE_DPI / PAGE_DPI },
};

/** Where the page runs our script, the buttons of `TOOLBAR_SCRIPT` stand in place of Plotly's own. */
export const PAGE_CONFIG: Partial<Config> = { ...FIGURE_CONFIG, modeBarButtonsToRemove: ['toImage'] };

/** Icons of 24 × 24: an arrow into a tray, a picture, and two sheets. */
const ICONS = {
  svg: 'M3 3h6v2H5v14h14v-4h2v6H3zM13 3h8v8h-2V6.4l-7.3 7.3-1.4-1.4L17.6 5H13z',
  png: 'M3 4h18v16H3zM5 6v9l4-5 4 5 3-3 3 4V6zM15 8h2v2h-2z',
  copy: 'M8 2h13v15H8zM10 4v11h9V4zM3 7h3v13h10v2H3z',
};

/**
 * A script that evaluates to a function of Plotly, which gives the buttons that all figures of a page share: save as SVG, save
 * as PNG for print, copy the picture. As text, because this program is compiled without the types of a page.
 */
export const TOOLBAR_SCRIPT: string = `(function (Plotly) {
function image(gd, format) {
var layout = gd._fullLayout;
var scale = format === 'svg' ? 1 : ${IMAGE_DPI / PAGE_DPI};
return { format: format, width: layout.width, height: layout.height, scale: scale, filename: fileName(layout.title) };
}
function fileName(title) {
var text = String((title && title.text) || '').replace(/<[^>]*>/g, ' ');
return text.replace(/[^\\p{Letter}\\p{Number}.]+/gu, '-').replace(/^-+|-+$/g, '').toLowerCase() || 'figure';
}
function say(gd, text) {
var note = document.createElement('div');
note.className = 'xnorlab-note';
note.textContent = text;
note.style.cssText = 'position:absolute;right:8px;top:36px;padding:2px 8px;background:#333;color:#fff;font:12px sans-serif;border-radius:3px';
gd.appendChild(note);
setTimeout(function () { note.remove(); }, 2500);
}
function copy(gd) {
var picture = Plotly.toImage(gd, image(gd, 'png')).then(function (address) {
var bytes = Uint8Array.from(atob(address.slice(address.indexOf(',') + 1)), function (c) { return c.charCodeAt(0); });
return new Blob([bytes], { type: 'image/png' });
});
return Promise.resolve().then(function () {
return navigator.clipboard.write([new ClipboardItem({ 'image/png': picture })]);
}).then(function () { say(gd, 'Copied'); }, function () { say(gd, 'This page may not copy: save the figure instead'); });
}
function button(name, title, path, click) {
return { name: name, title: title, icon: { width: 24, height: 24, path: path }, click: click };
}
return [
button('xnorlab-svg', 'Save as SVG', '${ICONS.svg}', function (gd) { Plotly.downloadImage(gd, image(gd, 'svg')); }),
button('xnorlab-png', 'Save as PNG, ${IMAGE_DPI} dpi', '${ICONS.png}', function (gd) { Plotly.downloadImage(gd, image(gd, 'png')); }),
button('xnorlab-copy', 'Copy as a picture', '${ICONS.copy}', copy)
];
})`;
