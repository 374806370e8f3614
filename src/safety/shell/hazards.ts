import type {
  ArithmeticExpression,
  ParameterExpansionPart,
  TestExpression,
  Word as SourceWord,
  WordPart,
} from 'unbash';
import { assertNever } from '../../util/assert-never.ts';
import { doubtOfAssignment } from './assignments.ts';
import type { Scope } from './scope.ts';
import type { SourceFacts } from './source-facts.ts';

/**
 * What bash evaluates although no command stands there: a variable in a calculation or a subscript is itself a
 * calculation, and `a[$(cmd)]` in it runs `cmd` (bash(1), ARITHMETIC EVALUATION). Each check answers whether nothing
 * of that kind can happen.
 */
export type Known = { readonly scope: Scope; readonly facts: SourceFacts };

const NUMBER = /^\s*-?(?:0[xX][0-9a-fA-F]+|\d+)\s*$/;
const NAME = /^[A-Za-z_]\w*$/;

export function isPlainArithmetic(expression: ArithmeticExpression | undefined, known: Known): boolean {
  // A sum of thousands is as deep as it is long: no recursion.
  const ahead = expression === undefined ? [] : [expression];
  for (let next = ahead.pop(); next !== undefined; next = ahead.pop()) {
    switch (next.type) {
      case 'ArithmeticBinary':
        ahead.push(next.left, next.right);
        break;
      case 'ArithmeticUnary':
        ahead.push(next.operand);
        break;
      case 'ArithmeticTernary':
        ahead.push(next.test, next.consequent, next.alternate);
        break;
      case 'ArithmeticGroup':
        ahead.push(next.expression);
        break;
      case 'ArithmeticWord':
        if (!isPlainNumber(next.value, next.parts, known)) return false;
        break;
      case 'ArithmeticCommandExpansion':
        return false;
      default:
        return assertNever(next, 'arithmetic');
    }
  }
  return true;
}

function isPlainNumber(text: string, parts: readonly WordPart[] | undefined, known: Known): boolean {
  if (NUMBER.test(text)) return true;
  if (parts === undefined || parts.length === 0) {
    // A calculation can set what stands in it: after `((PATH=1))` the shell looks for programs in the folder 1.
    return NAME.test(text) && !doubtOfAssignment(text, 'set', '') && isIntegerName(text, known);
  }
  const [part, ...others] = parts;
  return part !== undefined && others.length === 0 && part.text === text && isNumberPart(part, known);
}

function isNumberPart(part: WordPart, known: Known): boolean {
  if (/^\$(?:[?#$]|\{(?:[?#$]|#\w+|#\w+\[[@*]\])\})$/.test(part.text)) return true;
  const name = /^\$(?:\{(\w+)\}|(\w+))$/.exec(part.text);
  const text = name?.[1] ?? name?.[2];
  return text !== undefined && NAME.test(text) && isIntegerName(text, known);
}

function isIntegerName(name: string, { scope, facts }: Known): boolean {
  const values = scope.variables.get(name);
  return values === undefined ? facts.isInteger(name) : values.every((value) => NUMBER.test(value));
}

export function isPlainSubscript(index: SourceWord | undefined): boolean {
  return index === undefined || /^(?:\d+|[@*])$/.test(index.text);
}

export function isPlainExpansion(part: ParameterExpansionPart): boolean {
  const { operation, prefix } = part;
  if (prefix === '!' && operation?.type !== 'Names') return false;
  if (!isPlainSubscript(part.index)) return false;
  if (operation?.type === 'Transform') return /^[QULu]$/.test(operation.operand.text);
  if (operation?.type === 'Slice')
    return (
      NUMBER.test(operation.offset.text) &&
      (operation.length === undefined || NUMBER.test(operation.length.text))
    );
  return operation?.type !== 'Unknown';
}

/** `[[ … ]]`: numbers are compared as calculations, `-v` looks at a subscript. */
export function isPlainTest(test: TestExpression, known: Known): boolean {
  const ahead = [test];
  for (let next = ahead.pop(); next !== undefined; next = ahead.pop()) {
    switch (next.type) {
      case 'TestUnary':
      case 'TestBinary':
        if (!isPlainComparison(next, known)) return false;
        break;
      case 'TestLogical':
        for (const operand of next.operands) ahead.push(operand);
        break;
      case 'TestNot':
        ahead.push(next.operand);
        break;
      case 'TestGroup':
        ahead.push(next.expression);
        break;
      default:
        return assertNever(next, 'test');
    }
  }
  return true;
}

function isPlainComparison(
  test: Extract<TestExpression, { readonly type: 'TestUnary' | 'TestBinary' }>,
  known: Known,
): boolean {
  if (test.type === 'TestBinary') {
    if (!/^-(?:eq|ne|lt|le|gt|ge)$/.test(test.operator)) return true;
    return [test.left, test.right].every((word) => isPlainOperand(word, known));
  }
  return (
    !['-v', '-R', '-t', '-N'].includes(test.operator) ||
    NAME.test(test.operand.text) ||
    NUMBER.test(test.operand.text)
  );
}

function isPlainOperand({ text, parts }: SourceWord, known: Known): boolean {
  const [part, ...others] = parts ?? [];
  if (part?.type === 'DoubleQuoted' && others.length === 0) {
    const [inner, ...more] = part.parts;
    return inner !== undefined && more.length === 0 && inner.type !== 'Literal' && isNumberPart(inner, known);
  }
  return isPlainNumber(text, parts, known);
}
