import { describe, expect, it } from 'vitest';
import { median, quantile, tail } from './figures.ts';
import { BEGIN, END, meets, rounded, rowsOf, tableOf, withTable } from './table.ts';

describe('figures', () => {
  it('are the median with the middle eight tenths, or with both ends of a few', () => {
    const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect(median('x', 'ms', hundred)).toMatchObject({
      value: 51,
      spread: { from: 11, to: 91, of: 'p10–p90' },
    });
    expect(median('x', 'ms', [3, 1, 2])).toMatchObject({
      value: 2,
      spread: { from: 1, to: 3, of: 'min–max' },
    });
    expect(median('x', 'ms', [7])).not.toHaveProperty('spread');
    expect(quantile([], 0.5)).toBeNaN();
  });

  it('are a high quantile with that of each fifth of the run', () => {
    const samples = [1, 1, 2, 2, 3, 3, 4, 4, 5, 5];
    expect(tail('x', 'ms', samples)).toMatchObject({ value: 5, spread: { from: 1, to: 5, of: 'min–max' } });
  });

  it.each([
    [0, '0'],
    [0.01234, '0.012'],
    [1.236, '1.24'],
    [12.34, '12.3'],
    [12.0, '12'],
    [123.4, '123'],
    [1234567.8, '1,234,568'],
    [NaN, '?'],
  ])('of %d are written %s', (value, text) => {
    expect(rounded(value)).toBe(text);
  });
});

describe('targets', () => {
  it('are met up to themselves, and never by what was not measured', () => {
    expect([meets(10, { most: 10 }), meets(10.1, { most: 10 })]).toEqual([true, false]);
    expect([meets(10, { least: 10 }), meets(9.9, { least: 10 })]).toEqual([true, false]);
    expect([meets(NaN, { most: 10 }), meets(NaN, { least: 10 })]).toEqual([false, false]);
  });
});

describe('the table', () => {
  const result = (value: number) => ({
    figures: [
      { what: 'a|b', unit: 'ms', value, target: { most: 5 } },
      { what: 'plain', unit: '/s', value: 2000, spread: { from: 1500, to: 2500, of: 'min–max' } },
    ],
  });
  const rows = rowsOf('gate', result(7) as never);
  const page = `# Hand\n\n${BEGIN}\nold\n${END}\n\nwritten\n`;
  const order = ['gate', 'audit'];

  it('says what was to be and whether it is', () => {
    expect(rows).toEqual([
      ['gate', 'a\\|b', '7 ms', '', '≤ 5 ms', '✗'],
      ['gate', 'plain', '2,000/s', '1,500 to 2,500/s, min–max', '', ''],
    ]);
    expect(
      new Set(
        tableOf(rows)
          .split('\n')
          .map((line) => line.length),
      ).size,
    ).toBe(1);
  });

  it('leaves alone what was written by hand around it', () => {
    const written = withTable(page, { machine: 'a machine', rows, order });
    expect(written).toMatch(/^# Hand\n\n<!--/);
    expect(written).toMatch(/-->\n\nwritten\n$/);
    expect(written).not.toContain('old');
    expect(withTable(written, { machine: 'a machine', rows, order })).toBe(written);
  });

  it('keeps the rows of benches that were not run, each bench in its place', () => {
    const first = withTable(page, { machine: 'm', rows: rowsOf('audit', result(1) as never), order });
    const both = withTable(first, { machine: 'm', rows, order });
    expect(both.indexOf('| gate')).toBeLessThan(both.indexOf('| audit'));
    expect(both).toContain('1 ms');
    expect(withTable(both, { machine: 'm', rows, order: ['gate'] })).not.toContain('| audit');
  });

  it('has no place in a page without its two lines', () => {
    expect(() => withTable('# Hand', { machine: '', rows, order })).toThrow(/lacks the line/);
  });
});
