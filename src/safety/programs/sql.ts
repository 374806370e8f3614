import { wordSet } from '../word-set.ts';

/** `read`: it only looks. `change`, `destroy`: it changes data, or takes it away. `unknown`: it can't be told. */
export type SqlEffect = 'read' | 'change' | 'destroy' | 'unknown';

export type SqlDialect = 'postgres' | 'mysql' | 'sqlite' | 'duckdb' | 'other';

const LOOKING = wordSet('select with explain show describe desc values table pragma summarize');

const DESTROYING = wordSet('drop truncate delete');

const CHANGING = wordSet(`
  insert update merge replace create alter grant revoke rename comment call do execute exec copy import export
  load attach detach vacuum reindex cluster analyze optimize lock unlock set reset begin commit rollback start
  refresh upsert install checkpoint unload msck repair use
`);

/** Words that make a SELECT more than a look, wherever they stand outside of quotes. */
const NOT_IN_A_LOOK = wordSet(`
  insert update delete merge create alter drop truncate grant revoke into outfile dumpfile copy call execute
  exec do load attach detach vacuum reindex set lock program openrowset opendatasource openquery backup restore
  shutdown deny kill reconfigure bulk writetext updatetext disable enable dbcc use
`);

/** What may stand before a parenthesis: keywords, types, and functions that only compute. */
const BEFORE_PARENTHESIS = wordSet(`
  in values and or not where from join on as over select exists any all some using by having then when else case
  union except intersect distinct filter partition within group limit offset between like ilike is end
  materialized recursive lateral interval array row analyze explain verbose format costs buffers with pragma
  varchar char character numeric decimal float double int integer timestamp time bit varbinary nvarchar
  count sum avg min max total stddev stddev_pop stddev_samp variance var_pop var_samp median mode corr
  percentile_cont percentile_disc bool_and bool_or every string_agg array_agg group_concat listagg json_agg
  jsonb_agg json_object_agg jsonb_object_agg json_group_array json_group_object any_value approx_count_distinct
  row_number rank dense_rank percent_rank cume_dist ntile lag lead first_value last_value nth_value
  coalesce nullif ifnull isnull iif if greatest least cast try_cast convert typeof pg_typeof
  abs ceil ceiling floor round trunc truncate_number sign mod power pow sqrt exp ln log log2 log10 pi random rand
  length char_length character_length octet_length bit_length lower upper initcap trim ltrim rtrim btrim
  substr substring left right replace reverse repeat lpad rpad concat concat_ws position strpos instr charindex
  locate split_part regexp_replace regexp_matches regexp_match regexp_like regexp_extract translate ascii chr
  hex unhex md5 sha1 sha256 quote quote_ident quote_literal printf to_char to_number to_date to_timestamp
  date time datetime julianday strftime unixepoch date_trunc date_part date_add date_sub date_diff datediff dateadd
  date_format extract age now current_date current_timestamp current_time localtime getdate sysdate curdate
  curtime unix_timestamp from_unixtime year month day hour minute second dayofweek make_date make_interval
  json_extract json_value json_query json_array_length jsonb_array_length json_each json_tree json_valid
  json_type jsonb_typeof json_typeof jsonb_each jsonb_each_text json_each_text jsonb_array_elements
  json_array_elements jsonb_array_elements_text jsonb_pretty json_build_object jsonb_build_object to_json to_jsonb
  row_to_json json_object json_array jsonb_object_keys json_object_keys json_keys json_contains json_unquote
  unnest generate_series generate_subscripts array_length cardinality array_to_string string_to_array
  array_position array_remove array_append range
  version current_database current_schema current_schemas current_user session_user user database schema
  connection_id pg_size_pretty pg_total_relation_size pg_relation_size pg_table_size pg_indexes_size
  pg_database_size pg_get_viewdef pg_get_indexdef pg_get_constraintdef pg_get_functiondef pg_get_expr
  pg_get_userbyid obj_description col_description format_type to_regclass has_table_privilege
  pg_postmaster_start_time pg_is_in_recovery pg_last_xact_replay_timestamp pg_backend_pid pg_column_size
  current_setting sqlite_version changes last_insert_rowid sqlite_compileoption_used
  pragma_table_info pragma_table_xinfo pragma_index_list pragma_index_info pragma_foreign_key_list
`);

/** Tables that sqlite3 brings along and that show files, however their names are quoted. */
const FILE_TABLES = /fsdir|zipfile|sqlite_db(?:data|ptr|page)/i;

/** PRAGMAs of SQLite that look; with a name in parentheses where they are about one. */
const PRAGMAS =
  /^pragma\s+(?:\w+\.)?(?:(?:table_info|table_xinfo|table_list|index_list|index_info|index_xinfo|foreign_key_list|foreign_key_check|integrity_check|quick_check)\s*(?:\(\s*\w*\s*\))?|database_list|user_version|schema_version|application_id|page_count|page_size|freelist_count|journal_mode|encoding|compile_options|foreign_keys|synchronous|cache_size|function_list|collation_list|module_list|pragma_list|auto_vacuum|data_version)$/;

/**
 * What a text of SQL does. Only what is known to look is `read`: one statement, of words and functions that have no
 * effect. A text whose quotes or comments could be read in two ways is unknown.
 */
export function readSql(source: string, dialect: SqlDialect): SqlEffect {
  if (dialect === 'sqlite' && FILE_TABLES.test(source)) return 'unknown';
  const bare = withoutQuotes(source, dialect);
  if (bare === undefined || /[^\t\n -~]/.test(bare)) return 'unknown';
  const statements = bare
    .split(';')
    .map((statement) =>
      statement
        .trim()
        .toLowerCase()
        .replace(/\s+/g, ' ')
        .replace(/ ?\. ?/g, '.'),
    )
    .filter((statement) => statement !== '');
  if (statements.length === 0) return 'unknown';
  const effects = statements.map((statement) => effectOf(statement, dialect));
  for (const effect of ['destroy', 'change', 'unknown'] as const) {
    if (effects.includes(effect)) return effect;
  }
  // Several looks in a row are a script, and a script is for a person to read.
  return effects.length > 1 ? 'unknown' : 'read';
}

function effectOf(statement: string, dialect: SqlDialect): SqlEffect {
  const words = statement.match(/[a-z_][\w$]*/g) ?? [];
  const [first = ''] = words;
  const isLook = LOOKING.has(first) && statement.startsWith(first);
  if (isLook && first === 'pragma') {
    if (PRAGMAS.test(statement)) return 'read';
    return dialect === 'sqlite' || dialect === 'duckdb' ? 'change' : 'unknown';
  }
  if (isLook && !words.some((word) => NOT_IN_A_LOOK.has(word)))
    return callsOnlyKnown(statement) && !readsFiles(statement, dialect) ? 'read' : 'unknown';
  if (words.some((word) => DESTROYING.has(word))) return 'destroy';
  return isLook || CHANGING.has(first) ? 'change' : 'unknown';
}

function callsOnlyKnown(statement: string): boolean {
  const calls = statement.matchAll(/([a-z_"][\w$."]*)\s*\(/g);
  return [...calls].every(([, name = '']) => BEFORE_PARENTHESIS.has(name.replace(/^pg_catalog\./, '')));
}

/** DuckDB takes a quoted name of a table as a file or an address. */
function readsFiles(statement: string, dialect: SqlDialect): boolean {
  return (
    dialect === 'duckdb' && /(?:\bfrom|\bjoin|,|\btable|\bdescribe|\bsummarize)\s*(?:''|"")/.test(statement)
  );
}

/** Comments become blanks, what stands in quotes vanishes. Undefined when they could be read in two ways. */
function withoutQuotes(source: string, dialect: SqlDialect): string | undefined {
  // Escapes, commands of the client, dollar quotes, and comments that MySQL runs.
  // Also `--x`, which MySQL takes for two signs, and a carriage return, which ends a comment for some.
  if (/[\\\r\0]|\$\w*\$|\/\*M?!|--(?=\S)/.test(source)) return undefined;
  if (dialect === 'mysql' && source.includes('#')) return undefined;
  let bare = '';
  for (let index = 0; index < source.length;) {
    const end = endOfQuoted(source, index);
    if (end === undefined) return undefined;
    if (end === index) {
      bare += source[index] ?? '';
      index += 1;
    } else {
      const mark = source[index] ?? '';
      bare += mark === "'" || mark === '"' ? mark + mark : mark === '`' || mark === '[' ? ' x ' : ' ';
      index = end;
    }
  }
  return bare;
}

/** Where the quotes or the comment that begin at `index` end; `index` where none do; undefined when never. */
function endOfQuoted(source: string, index: number): number | undefined {
  const mark = source[index] ?? '';
  if (source.startsWith('--', index)) {
    const end = source.indexOf('\n', index);
    return end < 0 ? source.length : end;
  }
  if (source.startsWith('/*', index)) {
    const end = source.indexOf('*/', index + 2);
    // PostgreSQL nests comments, others do not.
    if (end < 0 || source.slice(index + 2, end).includes('/*')) return undefined;
    return end + 2;
  }
  if (mark !== "'" && mark !== '"' && mark !== '`') return index;
  const end = source.indexOf(mark, index + 1);
  return end < 0 ? undefined : end + 1;
}
