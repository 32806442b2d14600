/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * echo_server: the http floor as a program of its own, without a database, for tests that speak to
 * it over sockets. It prints "port N" when it listens and serves until SIGTERM.
 *
 *     echo_server [--header-ms N] [--trusted LIST] …
 *
 * Routes: GET /healthz; POST /api/v1/session (always 401); POST /echo gives "text" back `times`
 * times; POST /hold answers after `ms` milliseconds; GET /who tells the client's address; GET
 * /api/… the documents.
 */
#include "base/log.h"
#include "http/dispatch.h"
#include "http/server.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static enum result healthz(struct request *rq, struct work *w)
{
    (void)w;
    answer_text(rq, 200, "text/plain; charset=utf-8", STR("ok\n"));
    return OK;
}

struct session_in {
    struct str email, password;
};

static const struct field session_fields[] = {
    FIELD_STR(struct session_in, email, 1, 254, .required = true, .format = STR_EMAIL),
    FIELD_STR(struct session_in, password, 1, 1024, .required = true, .raw = true),
};
static const struct shape session_shape = SHAPE("SessionIn", struct session_in, session_fields);

static enum result session(struct request *rq, struct work *w)
{
    (void)rq;
    w->problem->status = 401;
    return problem_set(w->problem, DENIED, "bad_credentials", "E-mail or password is wrong.");
}

struct echo {
    struct str text;
    struct opt_int times;
};

static const struct field echo_fields[] = {
    FIELD_STR(struct echo, text, 0, 1000000, .required = true, .multiline = true, .raw = true),
    FIELD_INT(struct echo, times, 1, 1000),
};
static const struct shape echo_shape = SHAPE("Echo", struct echo, echo_fields);

static enum result echo(struct request *rq, struct work *w)
{
    (void)w;
    const struct echo *in = rq->in;
    rq->status = 200;
    answer_header(rq, "Content-Type", STR("text/plain; charset=utf-8"));
    for (int64_t i = 0; i < (in->times.set ? in->times.value : 1); i++)
        buf_str(&rq->out, in->text);
    return OK;
}

struct hold {
    struct opt_int ms;
};

static const struct field hold_fields[] = {FIELD_INT(struct hold, ms, 0, 20000, .required = true)};
static const struct shape hold_shape = SHAPE("Hold", struct hold, hold_fields);

static enum result hold(struct request *rq, struct work *w)
{
    (void)w;
    const struct hold *in = rq->in;
    struct timespec wait = {in->ms.value / 1000, in->ms.value % 1000 * 1000000};
    nanosleep(&wait, NULL);
    answer_json(rq, 200, &hold_shape, in, 0);
    return OK;
}

static enum result who(struct request *rq, struct work *w)
{
    (void)w;
    answer_text(rq, 200, "text/plain; charset=utf-8", str_of(rq->client));
    return OK;
}

#define OPEN .who = WHO_ANYONE, .mode = MODE_FREE, .status = 200, .tag = "echo"

static const struct route routes[] = {
    {OPEN, .method = HTTP_GET_, .path = "/healthz", .handler = healthz, .summary = "Alive",
     .hidden = true},
    {OPEN, .method = HTTP_POST_, .path = "/api/v1/session", .body = &session_shape,
     .handler = session, .summary = "Nobody signs in here"},
    {OPEN, .method = HTTP_POST_, .path = "/echo", .body = &echo_shape, .handler = echo,
     .summary = "The text again"},
    {OPEN, .method = HTTP_POST_, .path = "/hold", .body = &hold_shape, .handler = hold,
     .answer = &hold_shape, .summary = "A slow answer"},
    {OPEN, .method = HTTP_GET_, .path = "/who", .handler = who, .summary = "The client's address"},
};

static void handle(void *self, struct request *rq)
{
    dispatch_request(self, rq);
}

/* The value after a flag, or NULL. */
static const char *flag(int argc, char **argv, const char *name)
{
    for (int i = 1; i + 1 < argc; i += 2)
        if (strcmp(argv[i], name) == 0)
            return argv[i + 1];
    return NULL;
}

static int number(int argc, char **argv, const char *name)
{
    const char *text = flag(argc, argv, name);
    int64_t v = 0;
    if (text && !str_int(str_of(text), &v)) {
        fprintf(stderr, "%s wants a number\n", name);
        exit(2);
    }
    return (int)v;
}

int main(int argc, char **argv)
{
    struct env env = env_real();
    struct route_table tables[] = {{routes, sizeof routes / sizeof routes[0]}, docs_table};
    struct dispatcher *d = dispatcher_new(&(struct dispatcher_config){
        .tables = tables,
        .table_count = 2,
        .env = &env,
        .base_url = "http://127.0.0.1",
    });
    const char *listen = flag(argc, argv, "--listen");
    struct http_server_config config = {
        .listen = listen ? listen : "127.0.0.1:0",
        .workers = number(argc, argv, "--workers"),
        .queue_max = number(argc, argv, "--queue-max"),
        .connections_max = number(argc, argv, "--connections-max"),
        .connections_per_address = number(argc, argv, "--per-address"),
        .header_ms = number(argc, argv, "--header-ms"),
        .body_ms = number(argc, argv, "--body-ms"),
        .idle_ms = number(argc, argv, "--idle-ms"),
        .write_ms = number(argc, argv, "--write-ms"),
        .write_rate = number(argc, argv, "--write-rate"),
        .trusted_proxies = flag(argc, argv, "--trusted"),
        .env = &env,
        .handle = handle,
        .self = d,
    };
    struct http_server *server;
    char error[HTTP_SERVER_ERROR_TEXT];
    if (http_server_new(&config, &server, error) != OK) {
        fprintf(stderr, "%s\n", error);
        _Exit(1);
    }
    log_to(2, LOG_INFO);
    printf("port %d\n", http_server_port(server));
    fflush(stdout);
    http_server_run(server);
    http_server_free(server);
    dispatcher_free(d);
    free(env.last_id);
    return 0;
}
