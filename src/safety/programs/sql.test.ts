import { describe, expect, it } from 'vitest';
import { readSql } from './sql.ts';

describe('readSql', () => {
  it.each([
    'SELECT * FROM users',
    'select count(*), max(age) from users where name = $$;'.replace('$$', "'a;b'"),
    "SELECT 'it''s', \"Drop\", `Delete` FROM t",
    'WITH x AS (SELECT 1) SELECT * FROM x;',
    'EXPLAIN ANALYZE SELECT 1',
    '-- why\nSELECT 1 /* delete */',
    'SHOW TABLES',
    'DESCRIBE users',
    "SELECT 'DROP TABLE users'",
    'VALUES (1), (2)',
  ])('%j looks', (sql) => {
    expect(readSql(sql, 'postgres')).toBe('read');
  });

  it.each([
    'INSERT INTO t VALUES (1)',
    'UPDATE t SET x = 1',
    'CREATE TABLE t (x int)',
    'WITH x AS (INSERT INTO t VALUES (1) RETURNING *) UPDATE y SET z = 1',
    'VACUUM',
    'ATTACH DATABASE x',
    'PRAGMA journal_mode = WAL',
  ])('%j does not only look', (sql) => {
    expect(readSql(sql, 'sqlite')).not.toBe('read');
  });

  it.each([
    'DROP TABLE t',
    'truncate t',
    'DELETE FROM t',
    'SELECT 1; DROP TABLE t',
    'EXPLAIN SELECT 1;drop table t',
  ])('%j takes away', (sql) => {
    expect(readSql(sql, 'postgres')).toBe('destroy');
  });

  it.each([
    ['', 'other'],
    ['-- only words', 'other'],
    ['SELECT 1; SELECT 2', 'other'],
    ['SELECT * INTO t2 FROM t', 'other'],
    ["SELECT '' INTO OUTFILE ''", 'mysql'],
    ["SELECT pg_read_file('/etc/passwd')", 'postgres'],
    ["SELECT pg_catalog.pg_read_file('/etc/passwd')", 'postgres'],
    ["SELECT query_to_xml('DROP TABLE t', true, true, '')", 'postgres'],
    ['SELECT "pg_read_file"(1)', 'postgres'],
    ['SELECT evil . count(1)', 'postgres'],
    ["SELECT load_extension('x')", 'sqlite'],
    ["SELECT data FROM fsdir WHERE path = 'x'", 'sqlite'],
    ['SELECT data FROM "fsdir"', 'sqlite'],
    ['SELECT * FROM zipfile', 'sqlite'],
    ["SELECT writefile('x', 'y')", 'sqlite'],
    ["SELECT * FROM 'https://example.com/x.csv'", 'duckdb'],
    ["SELECT * FROM read_csv('x')", 'duckdb'],
    ['SELECT 1 /*! ; DROP TABLE t */', 'mysql'],
    ['SELECT 1--1; DROP TABLE t', 'mysql'],
    ['SELECT 1 # x', 'mysql'],
    ["SELECT 'a\\'; DROP TABLE t; -- '", 'mysql'],
    ['SELECT $$a$$; DROP TABLE t', 'postgres'],
    ['SELECT 1 -- x\r; DROP TABLE t', 'postgres'],
    ["SELECT 'unended", 'postgres'],
    ['SELECT 1 /* /* */ ; DROP TABLE t */', 'postgres'],
    ['SELECT * FROM t FOR UPDATE', 'postgres'],
    ["SELECT 1 EXEC xp_cmdshell 'id'", 'other'],
  ] as const)('%j is not known to look', (sql, dialect) => {
    expect(readSql(sql, dialect)).not.toBe('read');
  });
});
