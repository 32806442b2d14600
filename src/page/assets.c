/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* assets: files of the web build, compressed ahead; those whose name bears their hash are immutable
 * for a year. */
#include "page/page.h"

#include "base/embedded.h"

/* Whether the client accepts a coding: "br", "gzip;q=0.8" …; q=0 refuses it. */
static bool accepts(struct str header, const char *coding)
{
    struct str want = str_of(coding);
    for (size_t i = 0; i < header.len;) {
        size_t end = i;
        while (end < header.len && header.ptr[end] != ',')
            end++;
        struct str one = str_trim((struct str){header.ptr + i, end - i});
        if (str_starts(one, want)) {
            struct str rest = str_trim((struct str){one.ptr + want.len, one.len - want.len});
            if (rest.len == 0)
                return true;
            bool zero = str_starts(rest, STR(";q=0")) &&
                        !(rest.len > 5 && rest.ptr[4] == '.' && rest.ptr[5] != '0');
            return rest.ptr[0] == ';' && !zero;
        }
        i = end + 1;
    }
    return false;
}

enum result asset_answer(struct request *rq, struct work *w, const char *name, bool hashed)
{
    const struct embedded_file *f = embedded_find(name);
    if (!f)
        return work_missing(w, "file");
    struct str etag = str_printf(rq->arena, "\"%.32s\"", f->sha256_hex);
    rq->status = 200;
    answer_header(rq, "Content-Type", str_of(f->mime));
    answer_header(rq, "Cache-Control",
                  hashed ? STR("public, max-age=31536000, immutable") : STR("no-cache"));
    answer_header(rq, "Vary", STR("Accept-Encoding"));
    answer_header(rq, "ETag", etag);
    if (str_eq(request_header(rq, "If-None-Match"), etag)) {
        rq->status = 304;
        return OK;
    }
    struct str accept = request_header(rq, "Accept-Encoding");
    if (f->br && accepts(accept, "br")) {
        answer_header(rq, "Content-Encoding", STR("br"));
        rq->static_body = (struct str){(const char *)f->br, f->br_size};
    } else if (f->gz && accepts(accept, "gzip")) {
        answer_header(rq, "Content-Encoding", STR("gzip"));
        rq->static_body = (struct str){(const char *)f->gz, f->gz_size};
    } else {
        rq->static_body = (struct str){(const char *)f->data, f->size};
    }
    return OK;
}
