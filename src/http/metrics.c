/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* metrics: how many answers of which kind, and how long they took, as Prometheus text. Counters are
 * atomics in the dispatcher; a line stands only for what has happened. */
#include "http/dispatch_internal.h"

/* Upper bounds in milliseconds, from the first byte of the request to the filled answer. */
static const int bounds_ms[TIME_BUCKETS] = {1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000};

static void add(_Atomic int64_t *counter, int64_t v)
{
    atomic_fetch_add_explicit(counter, v, memory_order_relaxed);
}

static int64_t read_counter(const _Atomic int64_t *counter)
{
    return atomic_load_explicit(counter, memory_order_relaxed);
}

void metrics_count(struct dispatcher *d, struct endpoint *e, int status, int64_t ms)
{
    size_t bucket = 0;
    while (bucket < TIME_BUCKETS && ms > bounds_ms[bucket])
        bucket++;
    add(&e->answers[(size_t)(status / 100) % STATUS_CLASSES], 1);
    add(&d->times.buckets[bucket], 1);
    add(&d->times.sum_ms, ms);
}

static void write_endpoint(const struct endpoint *e, struct buf *out)
{
    const char *method = e->route ? http_method_name(e->route->method) : "any";
    const char *path = e->route ? e->route->path : "unmatched";
    for (int class = 1; class < STATUS_CLASSES; class ++) {
        int64_t n = read_counter(&e->answers[class]);
        if (n)
            buf_printf(out,
                       "careops_http_answers_total{method=\"%s\",route=\"%s\",status=\"%dxx\"} "
                       "%lld\n",
                       method, path, class, (long long)n);
    }
}

void dispatcher_metrics(struct dispatcher *d, struct buf *out)
{
    buf_z(out, "# HELP careops_http_answers_total Answers by route and class of status.\n"
               "# TYPE careops_http_answers_total counter\n");
    for (size_t i = 0; i < d->endpoint_count; i++)
        write_endpoint(&d->endpoints[i], out);
    write_endpoint(&d->unmatched, out);

    buf_z(out, "# HELP careops_http_request_seconds From a request's first byte to its answer.\n"
               "# TYPE careops_http_request_seconds histogram\n");
    int64_t count = 0;
    for (size_t i = 0; i < TIME_BUCKETS; i++) {
        count += read_counter(&d->times.buckets[i]);
        buf_printf(out, "careops_http_request_seconds_bucket{le=\"%d.%03d\"} %lld\n",
                   bounds_ms[i] / 1000, bounds_ms[i] % 1000, (long long)count);
    }
    count += read_counter(&d->times.buckets[TIME_BUCKETS]);
    int64_t sum_ms = read_counter(&d->times.sum_ms);
    buf_printf(out, "careops_http_request_seconds_bucket{le=\"+Inf\"} %lld\n", (long long)count);
    buf_printf(out, "careops_http_request_seconds_sum %lld.%03lld\n", (long long)(sum_ms / 1000),
               (long long)(sum_ms % 1000));
    buf_printf(out, "careops_http_request_seconds_count %lld\n", (long long)count);
}
