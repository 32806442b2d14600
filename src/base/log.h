/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * log: one JSON object a line on standard error, with the request id, and neither secrets nor
 * client data.
 *
 * `log_event(LOG_INFO, "listening", "s:address", addr, "i:port", port, NULL)`: pairs of a typed key
 * and its value: `s:` const char * (NULL is left out), `i:` int64_t, `f:` double. `message` and the
 * keys are constants, never text from outside. Values may be anything: they are escaped here, and
 * what is not UTF-8 is replaced, so a line can never be forged or broken. A line is at most
 * LOG_LINE_MAX bytes; longer values are cut, and pairs for which there is no room are left out. Any
 * thread.
 */
#ifndef CAREOPS_BASE_LOG_H
#define CAREOPS_BASE_LOG_H

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };
enum { LOG_LINE_MAX = 4096 };

/*
 * Where lines go; `fd` -1 silences (unit tests). Beside the zones of base/tz the only mutable data
 * of ours at file scope, so it is set once, before threads start.
 */
void log_to(int fd, enum log_level least);
void log_event(enum log_level level, const char *message, ...) __attribute__((sentinel));

#endif
