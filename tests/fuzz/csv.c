/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Tables as strangers' programs write them: whatever the bytes, reading ends, every cell is UTF-8,
 * and a cell that is written reads back as it was.
 */
#include "transfer/csv.h"

#include <assert.h>
#include <string.h>

static void check_round_trip(struct arena *a, struct str cell)
{
    struct buf out;
    buf_init(&out, 1 << 20);
    csv_cell(&out, cell, true);
    csv_cell(&out, STR("end"), false);
    csv_end_record(&out);
    struct csv c = csv_begin(a, buf_view(&out));
    struct csv_record r;
    c.separator = ','; /* as the heading of our own export says */
    if (!out.overflow) {
        assert(csv_next(&c, &r) && r.count == 2 && !r.open);
        assert(str_eq(r.cells[0], cell) && str_is(r.cells[1], "end"));
    }
    buf_done(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    struct str text;
    struct csv_record r;
    arena_init(&a, ARENA_DEFAULT_LIMIT);
    if (size < 64 * 1024 && csv_text(&a, (struct str){(const char *)data, size}, &text)) {
        struct csv c = csv_begin(&a, text);
        for (int64_t last = 0; csv_next(&c, &r); last = r.line) {
            assert(r.line > last && r.count > 0);
            for (size_t i = 0; i < r.count; i++) {
                assert(str_utf8_ok(r.cells[i]));
                check_round_trip(&a, r.cells[i]);
            }
        }
    }
    arena_done(&a);
    return 0;
}
