import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expression } from '../../../kernels/compile.js';
import { fieldsOf, needsCount } from '../../../kernels/fields.js';
import type { MatrixOperand, Operand } from '../../../kernels/operand.js';
import { OPERATION_NAMES, OPERATIONS, type Operation } from '../../../kernels/operations.js';
import {
  type Dialect,
  entriesNamed,
  isIndexList,
  readingLines,
  variableNamed,
} from '../../../kernels/reading.js';

const DIALECT: Dialect = { declare: 'const auto', source: () => '' };

/** Writes the header that follows from the table of operations to the folder where the C++ sources are compiled. */
export function writeSignatures(folder: string): void {
  writeFileSync(join(folder, 'signatures.h'), signatures());
}

/**
 * C++ for every operation of the table: a struct of its operands (operands.h), the function that reads and checks them,
 * the declaration of its body, and the functions that JavaScript gets.
 */
export function signatures(): string {
  return `// Made by signatures.ts from the table of operations, src/kernels/operations.ts.
#pragma once

#include "callback.h"

namespace xnorlab {

${OPERATION_NAMES.map((name) => signature(name, OPERATIONS[name])).join('\n')}
constexpr NamedFunction operationFunctions[] = {
${OPERATION_NAMES.map((name) => `    {"${name}", callback<${readerOf(name)}, ${name}>},`).join('\n')}
};

}  // namespace xnorlab
`;
}

function signature(name: string, operation: Operation): string {
  const fields = fieldsOf(operation);
  const lists = fields.filter(isIndexList);
  const hasCount = needsCount(operation);
  const reading = readingLines(fields, DIALECT);
  const members = operation.operands.map((operand) => `${typeOf(operand)} ${operand.name};`);
  const values = operation.operands.map(initializerOf);
  if (hasCount) {
    reading.push('uint32_t* const count = from.count();');
    members.push('uint32_t* count;');
    values.push('count');
  }
  return `struct ${callOf(name)} {
${members.map((member) => `  ${member}\n`).join('')}};

inline ${callOf(name)} ${readerOf(name)}(Arguments& from) {
  static_assert(${fields.length + Number(hasCount)} <= Arguments::maximum && ${lists.length} <= Arguments::maximumLists);
${reading.map((line) => `  ${line}\n`).join('')}  return {
${values.map((value) => `      ${value},\n`).join('')}  };
}

/** The body, with operands that are what the table says. @returns a number for JavaScript, or outOfMemory */
int64_t ${name}(Instance& instance, const ${callOf(name)}& call);
`;
}

const callOf = (operation: string): string => `${capitalized(operation)}Call`;

const readerOf = (operation: string): string => `read${capitalized(operation)}`;

function typeOf(operand: Operand): string {
  switch (operand.kind) {
    case 'bits':
      return operand.access === 'read' ? 'BitRows' : 'MutableBitRows';
    case 'int16s':
      return operand.access === 'read' ? 'Matrix<const int16_t>' : 'Matrix<int16_t>';
    case 'int32s':
      return operand.access === 'read' ? 'Matrix<const int32_t>' : 'Matrix<int32_t>';
    case 'integers':
      return 'IntegerMatrix';
    case 'indices':
    case 'labels':
    case 'samples':
      return 'Indices';
    case 'steps':
      return 'Steps';
    case 'sampleRoom':
      return 'uint32_t*';
    case 'stepRoom':
      return 'StepOutput';
    case 'gaps':
      return 'Gaps';
    case 'consolidation':
      return 'Consolidation';
    case 'windows':
      return 'Windows';
    case 'integer':
      return 'int64_t';
    case 'divisor':
      return 'size_t';
    default:
      return operand satisfies never;
  }
}

/** The initializer of an operand, from the values that were read. */
function initializerOf(operand: Operand): string {
  const { name } = operand;
  const of = (property: string) => variableNamed(`${name}.${property}`);
  const listed = (property: string) => entriesNamed(`${name}.${property}`);
  switch (operand.kind) {
    case 'bits': {
      const columns = expression(operand.columns);
      return `{${pointer(operand, of('words'))}, ${expression(operand.rows)}, ${columns}, rowWordsFor(${columns})}`;
    }
    case 'int16s':
    case 'int32s':
      return `{${pointer(operand, of('values'))}, ${expression(operand.rows)}, ${expression(operand.columns)}}`;
    case 'integers': {
      const sizes = `${expression(operand.rows)}, ${expression(operand.columns)}`;
      return `{${of('values')}.shorts, ${of('values')}.ints, ${sizes}}`;
    }
    case 'indices':
    case 'labels':
      return `{${entriesNamed(name)}, ${expression(operand.length)}}`;
    case 'samples':
      return `{${listed('indices')}, ${operand.count}}`;
    case 'steps':
      return `{${listed('samples')}, ${listed('neurons')}, ${of('directions')}.data, ${operand.count}}`;
    case 'sampleRoom':
      return `${of('indices')}.data`;
    case 'stepRoom':
      return `{${of('samples')}.data, ${of('neurons')}.data, ${of('directions')}.data}`;
    case 'gaps':
      return `{${of('state')}.data, ${of('thresholds')}.data, ${of('thresholdCount')}, ${of('guide')}.data}`;
    case 'consolidation':
      return `{${of('state')}.data, ${of('limits')}.data, static_cast<uint32_t>(${of('offset')}), static_cast<uint32_t>(${of('shift')})}`;
    case 'windows':
      return `{Y, X, Z, W, ${of('stride')}, ${of('padding')}, ${of('paddingSign')} >= 0, P, Q}`;
    case 'integer':
      return name;
    case 'divisor':
      return operand.letter;
    default:
      return operand satisfies never;
  }
}

/** What was left out is an empty array, which may have an address all the same. */
function pointer({ isOptional }: MatrixOperand, array: string): string {
  return isOptional ? `${array}.length > 0 ? ${array}.data : nullptr` : `${array}.data`;
}

function capitalized(word: string): string {
  return `${word[0].toUpperCase()}${word.slice(1)}`;
}
