/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * embedded: the files that the program carries: the web pages and the migrations.
 *
 * Owns nothing: every pointer is to constant data of the program, lives as long as it does and may
 * be read from any thread. tools/embed.mjs writes the table when the program is built.
 *
 * Names are relative and use '/', as in `web/book.html`, `web/assets/book-abc.js` or
 * `migrations/0001_ground.sql`.
 */
#ifndef CAREOPS_BASE_EMBEDDED_H
#define CAREOPS_BASE_EMBEDDED_H

#include <stddef.h>

/* One file. `br` and `gz` are NULL when the compressed form would not be smaller. */
struct embedded_file {
    const char *name;
    const unsigned char *data; /* not NUL-terminated */
    size_t size;
    const unsigned char *br; /* Content-Encoding: br */
    size_t br_size;
    const unsigned char *gz; /* Content-Encoding: gzip */
    size_t gz_size;
    const char *sha256_hex; /* of `data`, 64 lower-case digits: an ETag, a migration's checksum */
    const char *mime;       /* a whole Content-Type value, charset included */
};

/* In ascending byte order of their names, `embedded_count` of them. */
extern const struct embedded_file embedded_files[];
extern const size_t embedded_count;

/* The file of exactly this name, or NULL. */
const struct embedded_file *embedded_find(const char *name);

#endif
