/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Fuzzes the reader of incoming mail: whatever the bytes, what comes out is bounded, valid text. */
#include "mail/incoming.h"

#include <assert.h>
#include <stddef.h>
#include <stdint.h>

static void check_text(struct str s, size_t max)
{
    assert(s.ptr && s.len <= max && str_utf8_ok(s));
    for (size_t i = 0; i < s.len; i++)
        assert((unsigned char)s.ptr[i] >= 0x20 || s.ptr[i] == '\n' || s.ptr[i] == '\t');
}

static void check_file(const struct incoming_file *f)
{
    check_text(f->name, INCOMING_NAME_MAX);
    check_text(f->type, 210);
    assert(f->name.len > 0 && f->type.len > 0 && f->size >= 0);
    for (size_t i = 0; i < f->name.len; i++)
        assert(f->name.ptr[i] != '/' && f->name.ptr[i] != '\\' && f->name.ptr[i] != '\n');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool ready;
    if (!ready)
        incoming_init();
    ready = true;
    struct arena a;
    struct incoming in, again;
    arena_init(&a, ARENA_DEFAULT_LIMIT);
    struct str raw = {(const char *)data, size};
    incoming_read(&a, raw, &in);
    check_text(in.text, INCOMING_TEXT_MAX);
    check_text(in.quoted, INCOMING_TEXT_MAX);
    check_text(in.subject, 800);
    check_text(in.from_name, INCOMING_NAME_MAX);
    size_t total = 0;
    for (size_t i = 0; i < in.file_count; i++) {
        check_file(&in.files[i]);
        total += in.files[i].bytes.len;
    }
    for (size_t i = 0; i < in.left_out_count; i++)
        check_file(&in.left_out[i]);
    assert(total <= INCOMING_FILES_SIZE_MAX);
    incoming_read(&a, raw, &again);
    assert(str_eq(str_of(in.key), str_of(again.key)));
    arena_done(&a);
    return 0;
}
