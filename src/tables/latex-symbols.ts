/** Names of Greek letters in LaTeX, from α on; ο is written as the Latin letter. */
const GREEK =
  'alpha beta gamma delta varepsilon zeta eta theta iota kappa lambda mu nu xi o pi rho varsigma sigma tau upsilon varphi chi psi omega'.split(
    ' ',
  );

/** Capitals that have a form of their own; the others look like Latin ones. */
const GREEK_CAPITALS = 'ΓΔΘΛΞΠΣΥΦΨΩ';
const CAPITAL_NAMES = 'Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega'.split(' ');
const LATIN_LOOKING = {
  Α: 'A',
  Β: 'B',
  Ε: 'E',
  Ζ: 'Z',
  Η: 'H',
  Ι: 'I',
  Κ: 'K',
  Μ: 'M',
  Ν: 'N',
  Ο: 'O',
  Ρ: 'P',
  Τ: 'T',
  Χ: 'X',
};

/** Commands of math mode that LaTeX itself has. */
const MATH: Readonly<Record<string, string>> = {
  '±': '\\pm',
  '∓': '\\mp',
  '×': '\\times',
  '÷': '\\div',
  '·': '\\cdot',
  '⋅': '\\cdot',
  '∙': '\\bullet',
  '∗': '\\ast',
  '⊙': '\\odot',
  '⊕': '\\oplus',
  '⊗': '\\otimes',
  '∘': '\\circ',
  '−': '-',
  '≤': '\\leq',
  '≥': '\\geq',
  '≠': '\\neq',
  '≈': '\\approx',
  '≡': '\\equiv',
  '∼': '\\sim',
  '≪': '\\ll',
  '≫': '\\gg',
  '«': '\\ll',
  '»': '\\gg',
  '∝': '\\propto',
  '∞': '\\infty',
  '∑': '\\sum',
  '∏': '\\prod',
  '√': '\\surd',
  '∂': '\\partial',
  '∇': '\\nabla',
  '∆': '\\Delta',
  '∈': '\\in',
  '∉': '\\notin',
  '∅': '\\emptyset',
  '∩': '\\cap',
  '∪': '\\cup',
  '⊂': '\\subset',
  '⊆': '\\subseteq',
  '∧': '\\wedge',
  '∨': '\\vee',
  '¬': '\\neg',
  '∀': '\\forall',
  '∃': '\\exists',
  '⟨': '\\langle',
  '⟩': '\\rangle',
  '⌊': '\\lfloor',
  '⌋': '\\rfloor',
  '⌈': '\\lceil',
  '⌉': '\\rceil',
  '‖': '\\|',
  '→': '\\rightarrow',
  '←': '\\leftarrow',
  '↔': '\\leftrightarrow',
  '↑': '\\uparrow',
  '↓': '\\downarrow',
  '⇒': '\\Rightarrow',
  '⇐': '\\Leftarrow',
  '⇔': '\\Leftrightarrow',
  '↦': '\\mapsto',
  '′': "'",
  '″': "''",
  '°': '^\\circ',
  µ: '\\mu',
  ℓ: '\\ell',
  ℝ: '\\mathrm{R}',
  ℤ: '\\mathrm{Z}',
  ℕ: '\\mathrm{N}',
  '★': '\\star',
  '•': '\\bullet',
  '†': '\\dagger',
  '‡': '\\ddagger',
  ϵ: '\\epsilon',
  ϑ: '\\vartheta',
  ϕ: '\\phi',
  ϱ: '\\varrho',
  ϖ: '\\varpi',
};

const FRACTIONS = { '½': '1/2', '⅓': '1/3', '⅔': '2/3', '¼': '1/4', '¾': '3/4' };

const TEXT: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '{': '\\{',
  '}': '\\}',
  $: '\\$',
  '&': '\\&',
  '#': '\\#',
  _: '\\_',
  '%': '\\%',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '|': '\\textbar{}',
  '<': '$<$',
  '>': '$>$',
  '"': '\\char34{}',
  '`': '\\textasciigrave{}',
  // Taken for an option after the end of a line.
  '[': '{[}',
  ']': '{]}',
  '\n': ' ',
  '\t': ' ',
  '\u00a0': '~',
  '\u200b': '{}',
  '\u202f': '\\,',
  '\u2009': '\\,',
  '\u2011': '-',
  '‐': '-',
  '–': '--',
  '—': '---',
  '…': '\\ldots{}',
  '€': '\\texteuro{}',
  '✓': '$\\surd$',
  '✗': '$\\times$',
  '‰': '\\textperthousand{}',
};

/** LaTeX for characters that it does not set as they are, or takes for something else. */
export const LATEX_SYMBOLS: Readonly<Record<string, string>> = {
  ...TEXT,
  ...mapped(MATH, (command) => `$${command}$`),
  ...mapped(FRACTIONS, (fraction) => `$${fraction}$`),
  ...mapped(LATIN_LOOKING, (letter) => letter),
  ...Object.fromEntries(
    GREEK.map((name, i) => [String.fromCodePoint(0x3b1 + i), name === 'o' ? 'o' : `$\\${name}$`]),
  ),
  ...Object.fromEntries(CAPITAL_NAMES.map((name, i) => [GREEK_CAPITALS[i], `$\\${name}$`])),
};

function mapped(
  symbols: Readonly<Record<string, string>>,
  form: (symbol: string) => string,
): Record<string, string> {
  return Object.fromEntries(Object.entries(symbols).map(([character, symbol]) => [character, form(symbol)]));
}

/** What raised and lowered characters stand for. */
export const SUPERSCRIPTS: Readonly<Record<string, string>> = paired(
  '⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱᵀ',
  '0123456789+-=()niT',
);
export const SUBSCRIPTS: Readonly<Record<string, string>> = paired(
  '₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ',
  '0123456789+-=()aehijklmnoprstuvx',
);

function paired(characters: string, plain: string): Record<string, string> {
  return Object.fromEntries([...characters].map((character, i) => [character, plain[i]]));
}
