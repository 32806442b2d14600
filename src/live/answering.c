/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * answering: who is writing an answer, told to the others who may see the conversation.
 *
 * It is in no audit and has no place in the order of commits: the feeder looks, in each round, at
 * who is writing now, and tells what differs from its last look; also somebody's saying so again,
 * so that a page may forget what it was not told anew. Who comes later reads the conversation
 * itself. The event has no id: whoever comes back does not miss it.
 */
#include "live/internal.h"

#include "http/shape.h"

/* By (workspace, conversation, member), as inbox_answering gives them. */
static int compare(const struct inbox_answering *a, const struct inbox_answering *b)
{
    if (a->workspace_id != b->workspace_id)
        return a->workspace_id < b->workspace_id ? -1 : 1;
    return (a->conversation_id > b->conversation_id) - (a->conversation_id < b->conversation_id);
}

static size_t end_of(const struct inbox_answering *list, size_t count, size_t from)
{
    size_t end = from;
    while (end < count && compare(&list[end], &list[from]) == 0)
        end++;
    return end;
}

static bool same(const struct inbox_answering *a, const struct inbox_answering *b, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (a[i].staff_id != b[i].staff_id || a[i].at_s != b[i].at_s)
            return false;
    return true;
}

/* Walks both lists, conversation by conversation. */
static void compare_all(struct arena *a, struct answering *x)
{
    size_t was = 0, is = 0;
    x->changes = arena_new_array(a, x->known_count + x->now_count + 1, struct answering_change);
    x->change_count = 0;
    while (was < x->known_count || is < x->now_count) {
        int order = was == x->known_count ? 1
                    : is == x->now_count  ? -1
                                          : compare(&x->known[was], &x->now[is]);
        struct answering_change c = {.was = was, .was_end = was, .is = is, .is_end = is};
        const struct inbox_answering *of = order <= 0 ? &x->known[was] : &x->now[is];
        c.workspace_id = of->workspace_id;
        c.conversation_id = of->conversation_id;
        if (order <= 0)
            was = c.was_end = end_of(x->known, x->known_count, was);
        if (order >= 0)
            is = c.is_end = end_of(x->now, x->now_count, is);
        bool equal = c.was_end - c.was == c.is_end - c.is &&
                     same(x->known + c.was, x->now + c.is, c.is_end - c.is);
        if (!equal)
            x->changes[x->change_count++] = c;
    }
}

enum result answering_look(struct answering *x, struct db_tx *tx, struct arena *a, int64_t now_s)
{
    enum result res = inbox_answering(tx, a, now_s, &x->now, &x->now_count);
    if (res == OK)
        compare_all(a, x);
    return res;
}

bool answering_concerns(const struct answering *x, int64_t workspace_id)
{
    for (size_t i = 0; i < x->change_count; i++)
        if (x->changes[i].workspace_id == workspace_id)
            return true;
    return false;
}

struct answering_view {
    struct opt_int id, at;
    struct str kind;
    struct shape_list answering;
};
static const struct field answering_fields[] = {
    FIELD_ID(struct answering_view, id),
    FIELD_STR(struct answering_view, kind, 0, 0),
    FIELD_INSTANT(struct answering_view, at),
    FIELD_LIST(struct answering_view, answering, inbox_person_shape, 0, 0),
};
static const struct shape answering_shape =
    SHAPE("AnsweringEvent", struct answering_view, answering_fields);

/* What the caller hears of one conversation; nothing where it is all their own doing. */
static void tell_change(struct work *w, const struct answering *x, const struct answering_change *c,
                        struct buf *out)
{
    struct inbox_person *people =
        arena_new_array(w->arena, c->is_end - c->is + 1, struct inbox_person);
    size_t others = 0, before = 0;
    for (size_t i = c->is; i < c->is_end; i++)
        if (x->now[i].staff_id != w->actor.staff_id)
            people[others++] = (struct inbox_person){some_int(x->now[i].staff_id), x->now[i].name};
    for (size_t i = c->was; i < c->was_end; i++)
        before += x->known[i].staff_id != w->actor.staff_id;
    if (others == 0 && before == 0)
        return;
    const struct answering_view v = {
        .id = some_int(c->conversation_id),
        .kind = STR("conversation.answering"),
        .at = some_int(w->now_s),
        .answering = {true, others, people},
    };
    buf_z(out, "event: conversation.answering\ndata: ");
    shape_write(out, &answering_shape, &v, PERM_ALL);
    buf_z(out, "\n\n");
}

enum result answering_tell(struct work *w, const struct answering *x, struct buf *out)
{
    enum result res = OK;
    for (size_t i = 0; res == OK && i < x->change_count; i++) {
        const struct answering_change *c = &x->changes[i];
        if (c->workspace_id != w->actor.workspace_id)
            continue;
        bool told = w->actor.kind == ACTOR_OWNER || (w->actor.permissions & PERM_INBOX);
        if (!told)
            res = inbox_owns(w, c->conversation_id, &told);
        if (res == OK && told)
            tell_change(w, x, c, out);
    }
    return res;
}

void answering_keep(struct answering *x)
{
    for (size_t i = 0; i < x->now_count && i < ANSWERING_ROWS; i++) {
        x->known[i] = x->now[i];
        x->known[i].name = (struct str){0}; /* of the round's arena */
    }
    x->known_count = x->now_count < ANSWERING_ROWS ? x->now_count : ANSWERING_ROWS;
    x->now_count = x->change_count = 0;
}
