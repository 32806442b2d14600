/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * mail_driver: the mail floor as a program, for the tests in tests/mail that judge it from outside.
 *
 *   mail_driver write               each line of standard input is {"mail":{…},"event":{…}}; each
 * line out is {"ok","detail","mail","ics"}, the texts in base64 mail_driver send URL [CA_FILE] each
 * line is a mail; each line out is a delivery's outcome. RESEND_KEY, RESEND_URL, TIMEOUT_MS come
 * from the environment
 */
#include "mail/mail.h"
#include "mail/text.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_LIMIT = 4 * 1024 * 1024 };

static struct str member(const json_t *o, const char *name)
{
    const json_t *v = json_object_get(o, name);
    return v ? (struct str){json_string_value(v), json_string_length(v)} : (struct str){0};
}

static int64_t number(const json_t *o, const char *name)
{
    return json_integer_value(json_object_get(o, name));
}

static struct mail read_mail(const json_t *o)
{
    return (struct mail){
        .from_name = member(o, "from_name"),
        .from_address = member(o, "from_address"),
        .reply_to = member(o, "reply_to"),
        .to_name = member(o, "to_name"),
        .to_address = member(o, "to_address"),
        .subject = member(o, "subject"),
        .text = member(o, "text"),
        .html = member(o, "html"),
        .calendar = member(o, "calendar"),
        .calendar_method = member(o, "calendar_method"),
        .key = member(o, "key"),
        .message_id = member(o, "message_id"),
        .date_s = number(o, "date_s"),
        .unsubscribe_url = member(o, "unsubscribe_url"),
        .tag = member(o, "tag"),
    };
}

static struct ics_event read_event(const json_t *o)
{
    return (struct ics_event){
        .uid = member(o, "uid"),
        .sequence = (int)number(o, "sequence"),
        .cancelled = json_is_true(json_object_get(o, "cancelled")),
        .stamp_s = number(o, "stamp_s"),
        .start_s = number(o, "start_s"),
        .end_s = number(o, "end_s"),
        .summary = member(o, "summary"),
        .description = member(o, "description"),
        .location = member(o, "location"),
        .url = member(o, "url"),
        .organizer_name = member(o, "organizer_name"),
        .organizer_address = member(o, "organizer_address"),
        .attendee_name = member(o, "attendee_name"),
        .attendee_address = member(o, "attendee_address"),
    };
}

static void print_base64(const char *name, struct str s)
{
    struct buf out;
    buf_init(&out, 2 * LINE_LIMIT);
    text_base64(&out, s, 0);
    printf(",\"%s\":\"" STR_FMT "\"", name, STR_ARG(buf_view(&out)));
    buf_done(&out);
}

/* The message carries the event as its calendar part. */
static void write_one(const json_t *line)
{
    struct mail m = read_mail(json_object_get(line, "mail"));
    const json_t *event = json_object_get(line, "event");
    struct buf ics, text;
    buf_init(&ics, LINE_LIMIT);
    buf_init(&text, LINE_LIMIT);
    if (event) {
        struct ics_event e = read_event(event);
        ics_write(&ics, member(event, "method").ptr, &e);
        m.calendar = buf_view(&ics);
        m.calendar_method = member(event, "method");
    }
    struct problem problem = {0};
    bool ok = mail_check(&m, &problem) == OK;
    if (ok)
        mail_write(&text, &m);
    printf("{\"ok\":%s,\"detail\":\"%s\"", ok ? "true" : "false", problem.detail);
    print_base64("mail", buf_view(&text));
    print_base64("ics", buf_view(&ics));
    puts("}");
    buf_done(&ics);
    buf_done(&text);
}

static size_t print_done(struct mail_provider *provider, int wait_ms)
{
    static const char *const names[] = {"accepted", "retry", "unknown", "refused"};
    struct mail_done done[MAIL_CAPACITY];
    size_t n = provider->poll(provider->self, wait_ms, -1, done, MAIL_CAPACITY);
    for (size_t i = 0; i < n; i++) {
        const struct mail_result *r = &done[i].result;
        printf("{\"ticket\":%llu,\"outcome\":\"%s\",\"error\":\"%s\",\"retry_after_s\":%d,"
               "\"pause\":%s,\"provider_id\":\"%s\"",
               (unsigned long long)done[i].ticket, names[r->outcome], r->error, r->retry_after_s,
               r->pause ? "true" : "false", r->provider_id);
        print_base64("word", str_of(r->word));
        puts("}");
    }
    fflush(stdout);
    return n;
}

static struct mail_provider open_provider(const char *url, const char *ca_file)
{
    const char *timeout = getenv("TIMEOUT_MS");
    struct env env = env_real();
    struct mail_provider_config config = {
        .url = url,
        .ca_file = ca_file,
        .resend_api_key = getenv("RESEND_KEY"),
        .resend_url = getenv("RESEND_URL"),
        .timeout_ms = timeout ? (int)strtol(timeout, NULL, 10) : 0,
        .env = &env,
    };
    struct mail_provider provider;
    char error[MAIL_SETTING_TEXT];
    enum result r = mail_provider_new(&config, &provider, error);
    free((void *)env.last_id);
    if (r != OK) {
        fprintf(stderr, "%s\n", error);
        exit(2);
    }
    return provider;
}

int main(int argc, char **argv)
{
    bool sending = argc >= 3 && strcmp(argv[1], "send") == 0;
    if (!sending && !(argc == 2 && strcmp(argv[1], "write") == 0))
        return 64;
    struct mail_provider provider = {0};
    if (sending)
        provider = open_provider(argv[2], argc > 3 ? argv[3] : NULL);

    char *line = malloc(LINE_LIMIT);
    size_t under_way = 0;
    uint64_t ticket = 0;
    while (line && fgets(line, LINE_LIMIT, stdin)) {
        json_t *o = json_loads(line, JSON_ALLOW_NUL, NULL);
        if (!o)
            return 65;
        if (sending) {
            while (under_way == MAIL_CAPACITY)
                under_way -= print_done(&provider, 1000);
            struct mail m = read_mail(o);
            provider.begin(provider.self, &m, ticket++);
            under_way++;
        } else {
            write_one(o);
        }
        json_decref(o);
    }
    while (under_way > 0)
        under_way -= print_done(&provider, 1000);
    if (sending)
        provider.free(provider.self);
    free(line);
    return 0;
}
