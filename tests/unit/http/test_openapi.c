/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The OpenAPI document and the docs page of a small table: sound, and saying what the table says.
 */
#include "exchanges.h"

#include "base/log.h"
#include "http/json_write.h"

#include <jansson.h>

static enum result nothing(struct request *rq, struct work *w)
{
    (void)rq;
    (void)w;
    return OK;
}

static const char *const kinds[] = {"room", "device", NULL};

struct leaf {
    struct opt_int n;
};
static const struct field leaf_fields[] = {FIELD_INT(struct leaf, n, 1, 9, .required = true)};
static const struct shape leaf_shape = SHAPE("Leaf", struct leaf, leaf_fields);

struct tree {
    struct str name, email;
    struct opt_int kind, kinds_, at, day, clock, quantity, id, hidden;
    struct id_list ids;
    struct leaf *one;
    struct shape_list many;
    struct str raw;
};
struct fruit {
    struct str kind, texts, changes;
};
static const struct field fruit_fields[] = {
    FIELD_WORD(struct fruit, kind, kinds, .omit = true),
    FIELD_RAW(struct fruit, texts, .json = RAW_TEXTS),
    FIELD_RAW(struct fruit, changes, .json = RAW_CHANGES),
};
static const struct shape fruit_shape = SHAPE("Fruit", struct fruit, fruit_fields);

static const struct field tree_fields[] = {
    FIELD_STR(struct tree, name, 1, 9, .required = true, .doc = "its <name> & \"more\""),
    FIELD_STR(struct tree, email, 1, 254, .maybe = true, .format = STR_EMAIL),
    FIELD_ENUM(struct tree, kind, kinds, .maybe = true),
    FIELD_FLAGS(struct tree, kinds_, kinds),
    FIELD_INSTANT(struct tree, at),
    FIELD_DATE(struct tree, day),
    FIELD_CLOCK(struct tree, clock),
    FIELD_QTY(struct tree, quantity, 1, 2500),
    FIELD_ID(struct tree, id),
    FIELD_INT(struct tree, hidden, 0, 9, .visible_to = PERM_REPORTS | RIGHT_CONTACTS),
    FIELD_IDS(struct tree, ids, 1, 5),
    FIELD_OBJECT(struct tree, one, leaf_shape, .maybe = true),
    FIELD_LIST(struct tree, many, leaf_shape, 0, 3),
    FIELD_RAW(struct tree, raw),
};
static const struct shape tree_shape = SHAPE("Tree", struct tree, tree_fields);

struct paging {
    struct opt_int limit;
    struct str cursor;
};
static const struct field paging_fields[] = {PAGE_FIELDS(struct paging)};
static const struct shape paging_shape = SHAPE("Paging", struct paging, paging_fields);

#define FREE .mode = MODE_FREE, .handler = nothing, .tag = "trees", .summary = "A <tree>"

static const struct route routes[] = {
    {FREE, .method = HTTP_GET_, .path = "/api/v1/trees", .who = WHO_STAFF, .status = 200,
     .all_with = PERM_BOOKINGS, .query = &paging_shape, .answer = &tree_shape,
     .answer_is_list = true},
    {FREE, .method = HTTP_POST_, .path = "/api/v1/trees", .who = WHO_OWNER, .status = 201,
     .body = &tree_shape, .answer = &tree_shape, .permissions = PERM_INVENTORY},
    {FREE, .method = HTTP_PATCH_, .path = "/api/v1/trees/{id}", .who = WHO_OWNER, .status = 200,
     .no_token = true, .body = &tree_shape, .answer = &tree_shape},
    {FREE, .method = HTTP_GET_, .path = "/api/v1/public/{slug}/time-off.ics", .who = WHO_ANYONE,
     .status = 200, .rate = RATE_PUBLIC_READ},
    {FREE, .method = HTTP_GET_, .path = "/api/v1/fruits", .who = WHO_OWNER, .status = 200,
     .answer = &fruit_shape},
    {FREE, .method = HTTP_GET_, .path = "/page", .who = WHO_ANYONE, .status = 200, .hidden = true},
};

struct ground {
    struct env env;
    struct exchanges x;
    json_t *document;
};

static int setup(void **state)
{
    struct ground *g = calloc(1, sizeof *g);
    assert_non_null(g);
    log_to(-1, LOG_ERROR);
    g->env = env_real();
    struct route_table tables[] = {{routes, count_of(routes)}, docs_table};
    struct dispatcher *d = dispatcher_new(&(struct dispatcher_config){
        .tables = tables, .table_count = 2, .env = &g->env, .base_url = "https://book.example"});
    exchanges_init(&g->x, d, &g->env);
    struct str text = dispatcher_openapi(d);
    g->document = json_loadb(text.ptr, text.len, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(g->document);
    *state = g;
    return 0;
}

static int teardown(void **state)
{
    struct ground *g = *state;
    json_decref(g->document);
    dispatcher_free(g->x.dispatcher);
    exchanges_done(&g->x);
    free(g->env.last_id);
    free(g);
    return 0;
}

/* The value at a path of names, parted by '|' because paths hold slashes and dots. */
static json_t *at(json_t *value, const char *path)
{
    char name[128];
    while (value && *path) {
        size_t len = strcspn(path, "|");
        snprintf(name, sizeof name, "%.*s", (int)len, path);
        int64_t index;
        value = json_is_array(value) && str_int(str_of(name), &index)
                    ? json_array_get(value, (size_t)index)
                    : json_object_get(value, name);
        path += path[len] ? len + 1 : len;
    }
    return value;
}

/* The value is JSON equal to the text, in which ' stands for ". */
static void assert_at(struct ground *g, const char *path, const char *expected)
{
    json_t *found = at(g->document, path);
    char *text = found ? json_dumps(found, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;
    char *wanted = strdup(expected);
    for (char *c = wanted; *c; c++)
        if (*c == '\'')
            *c = '"';
    if (!text || strcmp(text, wanted) != 0)
        fail_msg("%s is %s, not %s", path, text ? text : "absent", wanted);
    free(text);
    free(wanted);
}

static void check_references(json_t *root, json_t *value)
{
    const char *name;
    json_t *member;
    if (json_is_object(value)) {
        json_object_foreach(value, name, member)
        {
            if (strcmp(name, "$ref") == 0) {
                char path[256];
                snprintf(path, sizeof path, "%s", json_string_value(member) + 2);
                for (char *c = path; *c; c++)
                    if (*c == '/')
                        *c = '|';
                if (!at(root, path))
                    fail_msg("%s leads nowhere", json_string_value(member));
            } else {
                check_references(root, member);
            }
        }
    }
    for (size_t i = 0; i < json_array_size(value); i++)
        check_references(root, json_array_get(value, i));
}

static void every_reference_leads_somewhere(void **state)
{
    struct ground *g = *state;
    check_references(g->document, g->document);
}

static void operations_are_those_of_the_table(void **state)
{
    struct ground *g = *state;
    assert_int_equal(json_object_size(at(g->document, "paths")), 4);
    assert_at(g, "openapi", "'3.1.0'");
    assert_at(g, "servers", "[{'url':'https://book.example'}]");
    assert_at(g, "tags", "[{'name':'trees'}]");
    assert_at(g, "paths|/api/v1/trees|get|operationId", "'get_trees'");
    assert_at(g, "paths|/api/v1/trees/{id}|patch|operationId", "'patch_trees_by_id'");
    assert_at(g, "paths|/api/v1/public/{slug}/time-off.ics|get|operationId",
              "'get_public_by_slug_time_off_ics'");
    assert_at(g, "paths|/api/v1/trees|get|security", "[{'session':[]},{'bearer':[]}]");
    assert_at(g, "paths|/api/v1/public/{slug}/time-off.ics|get|security", "[]");
    assert_at(g, "paths|/api/v1/trees|post|x-who", "'owner, and staff with inventory'");
    assert_at(g, "paths|/api/v1/trees|post|x-access",
              "{'who':'owner','permissions':['inventory'],'own_without':[],"
              "'tokens':['inventory','admin']}");
    assert_at(g, "paths|/api/v1/trees|get|x-who",
              "'owner and staff; staff without bookings only their own'");
    assert_at(g, "paths|/api/v1/trees|get|x-access",
              "{'who':'staff','permissions':[],'own_without':['bookings'],"
              "'tokens':['bookings','bookings:read','admin']}");
    assert_at(g, "paths|/api/v1/trees/{id}|patch|x-access",
              "{'who':'owner','permissions':[],'own_without':[],'tokens':[]}");
    assert_at(g, "paths|/api/v1/trees/{id}|patch|security", "[{'session':[]}]");
    assert_at(g, "paths|/api/v1/public/{slug}/time-off.ics|get|x-access",
              "{'who':'anyone','permissions':[],'own_without':[],'tokens':[]}");
    assert_at(g, "paths|/api/v1/trees|get|parameters|0",
              "{'name':'limit','in':'query','description':'at most so many (default 50)',"
              "'schema':{'type':'integer','minimum':1,'maximum':200}}");
    assert_at(g, "paths|/api/v1/trees/{id}|patch|parameters|0",
              "{'name':'id','in':'path','required':true,'schema':{'type':'string'}}");
    assert_at(g, "paths|/api/v1/trees/{id}|patch|parameters|1|name", "'If-Match'");
    assert_at(g, "paths|/api/v1/trees|get|responses|200|content|application/json|schema|properties",
              "{'data':{'type':'array','items':{'$ref':'#/components/schemas/Tree'}},"
              "'next_cursor':{'type':['string','null']}}");
    assert_at(g, "paths|/api/v1/trees|post|requestBody|content|application/json|schema",
              "{'$ref':'#/components/schemas/TreeInput'}");
}

static void problems_stand_where_they_can_come(void **state)
{
    struct ground *g = *state;
    static const struct {
        const char *path;
        const char *statuses[12];
    } cases[] = {
        {"paths|/api/v1/trees|get|responses", {"200", "400", "401", "403", "422"}},
        {"paths|/api/v1/trees|post|responses",
         {"201", "400", "401", "403", "404", "413", "415", "422"}},
        {"paths|/api/v1/trees/{id}|patch|responses",
         {"200", "400", "401", "403", "404", "412", "413", "415", "422"}},
        {"paths|/api/v1/public/{slug}/time-off.ics|get|responses", {"200", "404", "422", "429"}},
    };
    for (size_t i = 0; i < count_of(cases); i++) {
        json_t *responses = at(g->document, cases[i].path);
        size_t n = 0;
        while (cases[i].statuses[n])
            if (!json_object_get(responses, cases[i].statuses[n++]))
                fail_msg("%s has no %s", cases[i].path, cases[i].statuses[n - 1]);
        assert_int_equal(json_object_size(responses), n);
    }
}

static void a_shape_that_goes_both_ways_has_a_schema_for_each(void **state)
{
    struct ground *g = *state;
    assert_at(g, "components|schemas|TreeInput|required", "['name']");
    assert_at(g, "components|schemas|TreeInput|additionalProperties", "false");
    assert_at(g, "components|schemas|TreeInput|properties|email",
              "{'type':'string','minLength':1,'maxLength':254,'format':'email'}");
    assert_at(g, "components|schemas|TreeInput|properties|quantity",
              "{'type':'number','minimum':0.001,'maximum':2.5}");
    assert_at(g, "components|schemas|TreeInput|properties|one",
              "{'$ref':'#/components/schemas/LeafInput'}");
    assert_at(g, "components|schemas|TreeInput|properties|many",
              "{'type':'array','maxItems':3,'items':{'$ref':'#/components/schemas/LeafInput'}}");
    assert_null(at(g->document, "components|schemas|Tree|additionalProperties"));
    assert_at(g, "components|schemas|Tree|properties|name",
              "{'type':'string','description':'its <name> & \\'more\\''}");
    assert_at(g, "components|schemas|Tree|properties|email", "{'type':['string','null']}");
    assert_at(g, "components|schemas|Tree|properties|kind",
              "{'type':['string','null'],'enum':['room','device',null]}");
    assert_at(g, "components|schemas|Tree|properties|id", "{'type':'string'}");
    assert_at(g, "components|schemas|Tree|properties|kinds_",
              "{'type':'array','items':{'type':'string','enum':['room','device']}}");
    assert_at(g, "components|schemas|Tree|properties|one",
              "{'anyOf':[{'$ref':'#/components/schemas/Leaf'},{'type':'null'}]}");
    assert_at(g, "components|schemas|Tree|properties|hidden",
              "{'type':'integer','x-visible-to':['reports','contacts']}");
    assert_at(g, "components|schemas|Tree|properties|raw", "{}");
    assert_at(g, "components|schemas|Tree|required",
              "['name','email','kind','kinds_','at','day','clock','quantity','id','ids','one',"
              "'many','raw']");
}

static void an_answer_says_more_of_a_text_than_its_struct(void **state)
{
    struct ground *g = *state;
    assert_at(g, "components|schemas|Fruit|properties|kind",
              "{'type':'string','enum':['room','device']}");
    assert_at(g, "components|schemas|Fruit|properties|texts",
              "{'type':'array','items':{'type':'string'}}");
    assert_at(g, "components|schemas|Fruit|properties|changes",
              "{'type':'object','additionalProperties':{'anyOf':["
              "{'type':'array','minItems':2,'maxItems':2,"
              "'items':{'type':['string','number','boolean','null']}},{'type':'string'}]}}");
    assert_at(g, "components|schemas|Fruit|required", "['texts','changes']");
}

static void both_documents_are_served_and_the_page_has_no_script(void **state)
{
    struct ground *g = *state;
    assert_int_equal(ask_for(&g->x, "GET /api/openapi.json", NULL, NULL), 200);
    struct str text = response_body(&g->x.rq);
    assert_true(str_eq(text, dispatcher_openapi(g->x.dispatcher)));
    assert_int_equal(ask_for(&g->x, "GET /api/docs", NULL, NULL), 200);
    const char *page = answered(&g->x);
    assert_null(strstr(page, "<script"));
    assert_null(strstr(page, "style="));
    assert_non_null(strstr(page, "A &lt;tree&gt;"));
    assert_non_null(strstr(page, "its &lt;name&gt; &amp; &quot;more&quot;"));
    assert_non_null(strstr(page, "/api/v1/trees/{id}"));
    assert_null(strstr(page, ">GET /page<"));
    /* nobody, staff, bookings, inbox, clients, inventory, reports, clinical, owner, token admin */
    assert_non_null(strstr(page, "GET /api/v1/trees<td>no<td>own<td><b>yes</b><td>own<td>own<td>own"
                                 "<td>own<td>own<td><b>yes</b><td><b>yes</b></tr>"));
    assert_non_null(strstr(page, "POST /api/v1/trees<td>no<td>no<td>no<td>no<td>no<td><b>yes</b>"
                                 "<td>no<td>no<td><b>yes</b><td><b>yes</b></tr>"));
    assert_non_null(strstr(page, "PATCH /api/v1/trees/{id}<td>no<td>no<td>no<td>no<td>no<td>no"
                                 "<td>no<td>no<td><b>yes</b><td>no</tr>"));
    struct str policy = answered_header(&g->x, "Content-Security-Policy");
    assert_true(str_starts(policy, STR("default-src 'none'; style-src 'sha256-")));
}

#define DOCUMENTS(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        DOCUMENTS(every_reference_leads_somewhere),
        DOCUMENTS(operations_are_those_of_the_table),
        DOCUMENTS(problems_stand_where_they_can_come),
        DOCUMENTS(a_shape_that_goes_both_ways_has_a_schema_for_each),
        DOCUMENTS(an_answer_says_more_of_a_text_than_its_struct),
        DOCUMENTS(both_documents_are_served_and_the_page_has_no_script),
    };
    return cmocka_run_group_tests_name("openapi", tests, NULL, NULL);
}
