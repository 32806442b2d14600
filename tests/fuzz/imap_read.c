/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Fuzzes the reader of a mail server's half of IMAP: in pieces of any size the same as at once. */
#include "mail/imap_read.h"

#include <assert.h>
#include <stddef.h>
#include <stdint.h>

enum { LITERAL_MAX = 4096 };

static uint64_t mix(uint64_t sum, struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        sum = (sum ^ (unsigned char)s.ptr[i]) * 1099511628211u;
    return sum * 31 + s.len + (s.ptr ? 1 : 0);
}

static void read_line(struct str line)
{
    int64_t uids[IMAP_UIDS_MAX], n = 0;
    size_t count = imap_search_result(line, 5, uids);
    assert(count <= IMAP_UIDS_MAX);
    for (size_t i = 0; i < count; i++)
        assert(uids[i] >= 5 && (i == 0 || uids[i - 1] < uids[i]));
    if (imap_number_after(line, "UID", &n))
        assert(n >= 0);
    if (imap_count(line, "EXISTS", &n))
        assert(n >= 0 && imap_has_word(line, "EXISTS"));
    imap_says(line, "* OK");
}

static uint64_t read_all(struct str bytes, size_t piece)
{
    struct imap_reader r;
    struct imap_response one;
    uint64_t sum = 0;
    imap_reader_init(&r, LITERAL_MAX);
    for (size_t at = 0; at < bytes.len && !r.broken; at += piece) {
        size_t n = bytes.len - at < piece ? bytes.len - at : piece;
        imap_reader_feed(&r, (struct str){bytes.ptr + at, n});
        while (imap_reader_next(&r, &one)) {
            assert(one.line.len <= IMAP_LINE_MAX && one.literal.len <= LITERAL_MAX);
            read_line(one.line);
            sum = mix(mix(sum, one.line), one.literal);
        }
    }
    imap_reader_done(&r);
    return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1 || size > 16 * 1024)
        return 0;
    struct str bytes = {(const char *)data + 1, size - 1};
    uint64_t whole = read_all(bytes, bytes.len + 1);
    assert(read_all(bytes, 1u + data[0]) == whole);
    return 0;
}
