import type { BitMatrix } from '../../core/bit-matrix.js';
import { ArgumentError } from '../../core/errors.js';
import type { BinaryNetwork, SignLayer } from '../../layers/network.js';
import type { ModelParts } from '../model.js';
import { inputsOf, inputThresholds, networkOf } from './exported-inputs.js';
import type { ExportDescription } from './exported-network.js';
import type { GoldenVectors } from './golden.js';

const NUMBERS_PER_LINE = 10;
const WORD_BITS = 32;

/** What a header is made of besides the network. */
export interface CHeaderParts {
  readonly description: ExportDescription;
  readonly golden: GoldenVectors;
  /** Put before every name, in small letters: an identifier of C. */
  readonly prefix: string;
  /** Portable C that computes, with names that begin with `net_` and `NET_`: src/node/models/network.c. */
  readonly code: string;
}

/**
 * A network of bits as a header of C99 that holds all that it takes: tables, and the code that reads them.
 * @throws ArgumentError for a network of floats, and one that its learner does not describe
 */
export function encodeCHeader(
  parts: ModelParts,
  { description, golden, prefix, code }: CHeaderParts,
): string {
  const network = networkOf(parts);
  if (network.kind !== 'binary') {
    throw new ArgumentError(
      'file',
      '.npz, .safetensors or .onnx for a network of floats or a recurrent one',
      '.h, which holds layers of bits',
    );
  }
  const layers = withoutUnread(network);
  const tables = tablesOf(parts, network, layers);
  const bytes = tables.reduce((sum, table) => sum + table.bytes, 0);
  const text = [
    comment(description),
    '#ifndef NET_H\n#define NET_H\n\n#include <stddef.h>\n#include <stdint.h>\n',
    constants(parts, network, bytes),
    'typedef struct {\n  int32_t inputs, neurons, voters;\n  const uint32_t *weights, *classifier;\n  const int32_t *thresholds;\n} net_layer;\n',
    ...tables.map(({ code: table }) => table),
    layerTable(layers),
    array('static const char *const net_classes', parts.classes.map(cString)),
    goldenTables(golden),
    code.trim(),
    '\n#endif\n',
  ].join('\n');
  return text.replace(/\bnet_(?=\w)/g, `${prefix}_`).replace(/\bNET_(?=\w)/g, `${prefix.toUpperCase()}_`);
}

function comment({ training, inputs, kind }: ExportDescription): string {
  const about = JSON.stringify({ kind, inputs, training }).replaceAll('*/', '*\\/');
  return `/*
 * A network of bits, written by xnorlab: all of it is here. Include it where it is used.
 *
 *   int32_t net_predict(const NET_FEATURE *features)                      number of the class, of NET_FEATURES features
 *   void net_logits(const NET_FEATURE *features, NET_LOGIT *logits)       what it decides by, NET_CLASSES numbers
 *   const char *const net_classes[NET_CLASSES]                            names of classes, in UTF-8
 *   int32_t net_check(void)                                               0 where this machine computes as it should
 *
 * Features are floats; define NET_FEATURE before the header (uint8_t for bytes) where they are something else.
 *
 * ${about}
 */`;
}

function constants(parts: ModelParts, network: BinaryNetwork, bytes: number): string {
  const { form, features, levels } = inputsOf(parts.transformation);
  const widths = network.layers.map(({ weights, voters = 1 }) => weights.rows / voters);
  const values = {
    NET_FEATURES: features,
    NET_LEVELS: levels,
    NET_CLASSES: parts.classes.length,
    NET_LAYERS: network.layers.length,
    NET_WIDEST_WORDS: wordsOf(Math.max(features * levels, ...widths)),
    NET_OWN_MEDIAN: Number(form === 'own-median'),
    NET_NORMALIZED: Number(network.logitNorm !== undefined),
    NET_LOGIT: network.logitNorm ? 'float' : 'int32_t',
    NET_BYTES: `${bytes} /* of weights, classifiers and thresholds */`,
  };
  const lines = Object.entries(values).map(([name, value]) => `#define ${name} ${value}\n`);
  return `#ifndef NET_FEATURE\n#define NET_FEATURE float\n#endif\n${lines.join('')}`;
}

interface Table {
  readonly code: string;
  readonly bytes: number;
}

/** The layers without classifiers whose logits decide nothing. */
function withoutUnread({ layers, readOut }: BinaryNetwork): readonly SignLayer[] {
  if (readOut === 'summed') return layers;
  return layers.map(({ classifier, ...layer }, l) =>
    classifier && l === layers.length - 1 ? { ...layer, classifier } : layer,
  );
}

function tablesOf(
  { transformation }: ModelParts,
  { logitNorm }: BinaryNetwork,
  layers: readonly SignLayer[],
): Table[] {
  const thresholds = inputThresholds(transformation);
  const tables = thresholds ? [inputTable(thresholds)] : [];
  layers.forEach((layer, l) => {
    tables.push(bitTable(`net_weights_${l + 1}`, layer.weights));
    if (layer.classifier) tables.push(bitTable(`net_classifier_${l + 1}`, layer.classifier));
    if (layer.thresholds) {
      const code = array(
        `static const int32_t net_thresholds_${l + 1}`,
        Array.from(layer.thresholds, String),
      );
      tables.push({ code, bytes: layer.thresholds.byteLength });
    }
  });
  if (logitNorm) {
    const { mean, deviation, scale, shift } = logitNorm;
    const rows = Array.from(
      mean,
      (_, c) => `{${[mean[c], deviation[c], scale[c], shift[c]].map(cFloat).join(', ')}}`,
    );
    tables.push({ code: array('static const float net_logit_norm', rows, '[4]'), bytes: 16 * mean.length });
  }
  return tables;
}

/** Whole numbers take half the room, and no arithmetic of floats where features are whole numbers, too. */
function inputTable(thresholds: Float32Array): Table {
  const isWhole = thresholds.every((t) => Number.isInteger(t) && Math.abs(t) < 2 ** 15);
  const name = `static const ${isWhole ? 'int16_t' : 'float'} net_input_thresholds`;
  const numbers = Array.from(thresholds, isWhole ? (t) => String(t + 0) : cFloat);
  return { code: array(name, numbers), bytes: (isWhole ? 2 : 4) * thresholds.length };
}

/** Rows of as many words as they need. */
function bitTable(name: string, { rows, columns, rowWords, words }: BitMatrix): Table {
  const used = Array.from(words).filter((_, i) => i % rowWords < wordsOf(columns));
  const numbers = used.map((word) => `0x${word.toString(16).padStart(8, '0')}u`);
  return { code: array(`static const uint32_t ${name}`, numbers), bytes: 4 * rows * wordsOf(columns) };
}

function layerTable(layers: readonly SignLayer[]): string {
  const rows = layers.map(({ weights, voters = 1, classifier, thresholds }, l) => {
    const pointers = [
      `net_weights_${l + 1}`,
      classifier ? `net_classifier_${l + 1}` : 'NULL',
      thresholds ? `net_thresholds_${l + 1}` : 'NULL',
    ];
    return `{${[weights.columns, weights.rows, voters, ...pointers].join(', ')}}`;
  });
  return array('static const net_layer net_layers', rows);
}

function goldenTables({ features, logits, classes }: GoldenVectors): string {
  return [
    `#define NET_GOLDEN ${classes.length}`,
    array('static const NET_FEATURE net_golden_features', Array.from(features.values, cNumber)),
    array('static const NET_LOGIT net_golden_logits', Array.from(logits.values, cNumber)),
    array('static const int32_t net_golden_classes', Array.from(classes, String)),
  ].join('\n');
}

function array(declaration: string, entries: readonly string[], entryType = ''): string {
  const lines = Array.from({ length: Math.ceil(entries.length / NUMBERS_PER_LINE) }, (_, i) =>
    entries.slice(i * NUMBERS_PER_LINE, (i + 1) * NUMBERS_PER_LINE).join(', '),
  );
  return `${declaration}[${entries.length}]${entryType} = {\n  ${lines.join(',\n  ')}\n};\n`;
}

function wordsOf(columns: number): number {
  return Math.ceil(columns / WORD_BITS);
}

/** A whole number as one, so that it may be of any type. */
function cNumber(value: number): string {
  return Number.isInteger(value) && Math.abs(value) < 2 ** 24 ? String(value + 0) : cFloat(value);
}

/** Nine digits tell every 32-bit float from the others. */
function cFloat(value: number): string {
  return `${value.toExponential(8)}f`;
}

/** Text in ASCII: all else, and what means something in C, as bytes of UTF-8 in octal. */
function cString(text: string): string {
  const bytes = Array.from(new TextEncoder().encode(text), (byte) => {
    const isPlain = byte >= 0x20 && byte < 0x7f && !'"\\?'.includes(String.fromCharCode(byte));
    return isPlain ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, '0')}`;
  });
  return `"${bytes.join('')}"`;
}
