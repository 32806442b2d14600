/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * log: one JSON object a line on standard error, with the request id, and neither secrets nor client data.
 *
 * `log_event(LOG_INFO, "listening", "s:address", addr, "i:port", port, NULL)`: pairs of a typed key and its value: `s:` const char *
 * (NULL is left out), `i:` int64_t, `f:` double. Values are escaped here, so a log line can never be forged. Any thread.
 * `message` is a constant, never text from outside. A line is at most LOG_LINE_MAX bytes; longer values are cut.
 */
#ifndef CAREOPS_BASE_LOG_H
#define CAREOPS_BASE_LOG_H

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };
enum { LOG_LINE_MAX = 4096 };

/* The sink: the only mutable file-scope data of the program. `fd` -1 silences (unit tests). */
void log_to(int fd, enum log_level least);
void log_event(enum log_level level, const char *message, ...) __attribute__((sentinel));

#endif
