/** What to do about a complaint of the compiler, in plain words, where its own say only what is wrong. */
interface Advice {
  readonly complaint: RegExp;
  advice(match: RegExpExecArray): string;
}

const ADVICE: readonly Advice[] = [
  {
    complaint: /(?:^|[ '<(])Promise<.*'/,
    advice: () => 'Write `await` before what gives the promise.',
  },
  {
    complaint: /^Cannot find module '([^']+)'/,
    advice: ([, name]) => installAdvice(name) ?? '',
  },
  {
    // A text or a list in a variable is any text and any list, and no longer the one that stands there.
    complaint: /^Type '(?:string|(?:number|string)\[\])' is not assignable to type '(?:["[]|OwnRuleName)/,
    advice: () =>
      'Options in a variable: write `as const` behind them, `const rule = { … } as const;`, so that their type is what stands there.',
  },
];

/** The complaint, and what to do about it where that is known. */
export function withAdvice(complaint: string): string {
  for (const { complaint: pattern, advice } of ADVICE) {
    const match = pattern.exec(complaint);
    const text = match === null ? '' : advice(match);
    if (text !== '') return `${complaint} ${text}`;
  }
  return complaint;
}

/** How to get a package that is missing; undefined for a file. */
export function installAdvice(request: string): string | undefined {
  if (/^[./\\]/.test(request) || request.startsWith('node:')) return undefined;
  const [scope, name] = request.split('/');
  const packageName = scope.startsWith('@') && name !== undefined ? `${scope}/${name}` : scope;
  return `Install it where the notebook lies: \`npm install ${packageName}\`, in a terminal; then run the cell again.`;
}
