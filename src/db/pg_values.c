/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * pg_values: parameters to PostgreSQL's binary form, results from its text form. See pg_conn.h.
 *
 * Parameters go out in binary with explicit types: no copy of a text, no quoting, exact integers.
 * Results come in as text, which is the same for every integer type and for numeric, so that
 * SUM(bigint), which is numeric there, reads as an integer.
 */
#include "db/pg_conn.h"

#include <assert.h>
#include <endian.h>
#include <limits.h>
#include <string.h>

/* Type oids of pg_catalog.pg_type, fixed since long before PostgreSQL 15. */
enum {
    OID_BOOL = 16,
    OID_BYTEA = 17,
    OID_INT8 = 20,
    OID_INT2 = 21,
    OID_INT4 = 23,
    OID_TEXT = 25,
    OID_OID = 26,
    OID_FLOAT4 = 700,
    OID_FLOAT8 = 701,
    OID_NUMERIC = 1700,
};

/* Nothing known (0) lets the server take it from the statement. */
static Oid oid_of(enum db_type type)
{
    switch (type) {
    case DB_INT: return OID_INT8;
    case DB_TEXT: return OID_TEXT;
    case DB_BLOB: return OID_BYTEA;
    case DB_NULL: break;
    }
    return 0;
}

void pg_params_fill(struct pg_params *p, const struct db_value *params, size_t n)
{
    assert(n <= DB_PARAMS_MAX);
    p->count = (int)n;
    for (size_t i = 0; i < n; i++) {
        const struct db_value *v = &params[i];
        p->types[i] = oid_of(sql_type(v));
        p->formats[i] = 1;
        p->values[i] = NULL;
        p->lengths[i] = 0;
        if (v->type == DB_INT) {
            p->integers[i] = htobe64((uint64_t)v->i);
            p->values[i] = (const char *)&p->integers[i];
            p->lengths[i] = (int)sizeof p->integers[i];
        } else if (v->type != DB_NULL) {
            assert(v->s.len <= INT_MAX);
            p->values[i] = v->s.ptr;
            p->lengths[i] = (int)v->s.len;
        }
    }
}

static int hex_digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* "\x6869" → the bytes. */
static bool read_bytes(struct str text, struct arena *a, struct db_value *ret)
{
    if (text.len < 2 || text.len % 2 != 0 || memcmp(text.ptr, "\\x", 2) != 0)
        return false;
    size_t len = (text.len - 2) / 2;
    char *bytes = arena_alloc(a, len + 1);
    for (size_t i = 0; i < len; i++) {
        int high = hex_digit(text.ptr[2 + 2 * i]);
        int low = hex_digit(text.ptr[3 + 2 * i]);
        if (high < 0 || low < 0)
            return false;
        bytes[i] = (char)(high << 4 | low);
    }
    *ret = db_bytes((struct str){bytes, len});
    return true;
}

static bool read_cell(const PGresult *result, int row, int column, struct arena *a,
                      struct db_value *ret)
{
    if (PQgetisnull(result, row, column)) {
        *ret = db_null();
        return true;
    }
    struct str text = {PQgetvalue(result, row, column), (size_t)PQgetlength(result, row, column)};
    int64_t number;
    switch (PQftype(result, column)) {
    case OID_BOOL: *ret = db_i(text.ptr[0] == 't'); return true;
    case OID_INT2:
    case OID_INT4:
    case OID_INT8:
    case OID_OID:
    case OID_NUMERIC:
        if (!str_int(text, &number))
            return false;
        *ret = db_i(number);
        return true;
    case OID_FLOAT4:
    case OID_FLOAT8: return false;
    case OID_BYTEA: return read_bytes(text, a, ret);
    default: *ret = db_s(str_copy(a, text)); return true;
    }
}

bool pg_rows_read(const PGresult *result, enum db_run_mode mode, struct arena *a,
                  struct db_rows *ret)
{
    int columns = PQnfields(result);
    int rows = mode == RUN_ONE && PQntuples(result) > 1 ? 1 : PQntuples(result);
    struct row_sink sink;
    row_sink_init(&sink, a, (size_t)columns, mode);
    for (int row = 0; row < rows; row++) {
        struct db_value *cells = row_sink_next(&sink);
        if (!cells)
            return false;
        for (int column = 0; column < columns; column++)
            if (!read_cell(result, row, column, a, &cells[column]))
                return false;
    }
    row_sink_finish(&sink, ret);
    return true;
}
