import { ArgumentError, checkChoice, type Row, type RunRecord } from 'xnorlab';

export const LOCAL_ERROR = 'local-error';

export const QAT = 'qat';

/** Ways to protect weights, in the order of legends: what a configuration calls them, and the field with their strength. */
const PROTECTIONS = {
  m: 'rule.consolidation.m',
  threshold: 'rule.consolidation.threshold',
  halving: 'rule.consolidation.halving',
  probability: 'rule.consolidation.probability',
  elastic: 'rule.elastic.lambda',
  path: 'rule.path.strength',
} as const;

export const NONE = 'none';

/** Part of a configuration at a path; undefined where there is none. */
export function fieldOf(config: unknown, path: string): unknown {
  return path.split('.').reduce((value: unknown, key) => {
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
  }, config);
}

function numberAt(config: unknown, path: string): number | null {
  const value = fieldOf(config, path);
  return typeof value === 'number' ? value : null;
}

/** What protects weights in a run, by how much, and how its tasks come. */
export function settingOf({ config, rule, architecture = '' }: RunRecord): Row {
  checkChoice('rule', rule.name, [LOCAL_ERROR, QAT]);
  const found = Object.entries(PROTECTIONS).flatMap(([name, path]): [string, number][] => {
    const strength = fieldOf(config, path);
    return typeof strength === 'number' ? [[name, strength]] : [];
  });
  if (found.length > 1) throw new ArgumentError('records', 'runs with one protection', config);
  const [protection, strength] = found[0] ?? [NONE, null];
  const isShuffled = [PROTECTIONS.m, PROTECTIONS.elastic].some(
    (path) => fieldOf(config, path.replace(/\.\w+$/, '.shuffled')) === true,
  );
  const replay = fieldOf(config, 'tasks.replay');
  const isInterleaved = fieldOf(config, 'tasks.order') === 'interleaved';
  return {
    rule: rule.name,
    layers: architecture,
    epochs: Number(fieldOf(config, 'epochs')),
    protection: isShuffled ? `${protection}, shuffled` : protection,
    strength,
    initialDepth: numberAt(config, 'rule.initialDepth'),
    reinforcement: numberAt(config, 'rule.reinforcement'),
    stream: isInterleaved ? 'interleaved' : typeof replay === 'number' ? `replay ${replay}` : 'in turn',
  };
}

/** How a setting is called in figures. */
export function nameOf({ rule, protection, strength, stream }: Row): string {
  const [kind, ...control] = String(protection).split(', ');
  const ways: Readonly<Record<string, string>> = {
    none: 'none',
    m: `m = ${strength}`,
    threshold: `θ = ${strength}`,
    halving: `halved every ${strength}`,
    probability: `p = ${strength}`,
    elastic: `EWC, λ = ${strength}`,
    path: `SI, c = ${strength}`,
  };
  const way = [ways[kind], ...control].join(', ');
  return `${rule}, ${stream === 'in turn' ? way : stream}`;
}
