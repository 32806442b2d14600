/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * week: who is invented and what they come for.
 *
 * The addresses are under .example (RFC 2606) and the numbers are those that Ofcom keeps for films,
 * so that nobody is ever rung up or written to by mistake.
 */
#include "sample/internal.h"

#define AT "@sample.example"

/* clang-format off: a table */
const struct sample_client sample_clients[SAMPLE_CLIENTS] = {
    {{"Emma Clarke", "Emilia Zając"},
     "emma.clarke" AT,
     "+44 7700 900111",
     {"Prefers mornings.", "Woli poranki."},
     0,
     {{0}}},
    {{"Noah Bennett", "Norbert Wilk"}, "noah.bennett" AT, "+44 7700 900112", {0}, 0, {{0}}},
    {{"Amelia Hughes", "Amelia Sowa"},
     "amelia.hughes" AT,
     "+44 7700 900113",
     {"Likes it quiet.", "Lubi ciszę."},
     20,
     {{"Could I come an hour later next time? The bus is never on time.",
       "Czy następnym razem mogę przyjść godzinę później? Autobus zawsze się spóźnia."}}},
    {{"Oliver Reid", "Oliwier Dudek"}, "oliver.reid" AT, "+44 7700 900114", {0}, 0, {{0}}},
    {{"Sofia Marsh", "Zofia Bąk"},
     "sofia.marsh" AT,
     "+44 7700 900115",
     {0},
     46,
     {{"Do you sell vouchers? It would be for my sister.",
       "Czy macie bony podarunkowe? To dla siostry."},
      {"We do, in any amount. It can wait for you at the desk.",
       "Tak, na dowolną kwotę. Może czekać w recepcji."}}},
    {{"Leo Parsons", "Leon Kruk"}, "leo.parsons" AT, "+44 7700 900116", {0}, 0, {{0}}},
    {{"Isla Grant", "Iga Mazur"},
     "isla.grant" AT,
     "+44 7700 900117",
     {"Met us at the spring fair.", "Poznaliśmy się na wiosennym kiermaszu."},
     0,
     {{0}}},
    {{"Arthur Doyle", "Artur Gil"}, "arthur.doyle" AT, "+44 7700 900118", {0}, 0, {{0}}},
    {{"Mia Foster", "Maja Lis"},
     "mia.foster" AT,
     "+44 7700 900119",
     {0},
     5,
     {{"Thank you for yesterday! Is the same person there on Saturdays?",
       "Dziękuję za wczoraj! Czy ta sama osoba jest w soboty?"}}},
    {{"Henry Walsh", "Henryk Bury"}, "henry.walsh" AT, "", {0}, 0, {{0}}},
    {{"Freya Nolan", "Frania Pawlak"}, "freya.nolan" AT, "+44 7700 900120", {0}, 0, {{0}}},
    {{"Grace Holt", "Grażyna Hutna"},
     "grace.holt" AT,
     "+44 7700 900121",
     {0},
     2,
     {{"Hello, I am new in town. What would you recommend for a first visit, and is there anything "
       "free this week?",
       "Dzień dobry, niedawno się tu przeprowadziłam. Co polecacie na pierwszą wizytę i czy jest "
       "coś wolnego w tym tygodniu?"}}},
};

#define DONE_AHEAD BOOKING_COMPLETED, BOOKING_CONFIRMED
const struct sample_visit sample_visits[] = {
    {-3, 150, 0, DONE_AHEAD, 5, {"Lovely, as always.", "Cudownie, jak zawsze."}},
    {-3, 600, 1, DONE_AHEAD, 0, {0}},
    {-2, 300, 2, DONE_AHEAD, 4, {"Friendly and on time.", "Miło i punktualnie."}},
    {-2, 800, 3, BOOKING_NO_SHOW, BOOKING_CONFIRMED, 0, {0}},
    {-1, 50, 4, DONE_AHEAD, 0, {0}},
    {-1, 400, 8, DONE_AHEAD, 5, {"", ""}},
    {-1, 750, 5, DONE_AHEAD, 3, {"I waited for twenty minutes.", "Czekałem dwadzieścia minut."}},
    {0, 0, 6, DONE_AHEAD, 0, {0}},
    {0, 300, 7, DONE_AHEAD, 0, {0}},
    {0, 600, 9, DONE_AHEAD, 0, {0}},
    {0, 900, 10, DONE_AHEAD, 0, {0}},
    {1, 100, 0, DONE_AHEAD, 0, {0}},
    {1, 350, 2, BOOKING_COMPLETED, BOOKING_PENDING, 0, {0}},
    {1, 500, 1, BOOKING_CANCELLED, BOOKING_CANCELLED, 0, {0}},
    {1, 800, 5, DONE_AHEAD, 0, {0}},
    {2, 200, 3, DONE_AHEAD, 0, {0}},
    {2, 450, 4, DONE_AHEAD, 0, {0}},
    {2, 850, 8, DONE_AHEAD, 0, {0}},
    {3, 250, 7, DONE_AHEAD, 0, {0}},
    {3, 700, 9, BOOKING_COMPLETED, BOOKING_PENDING, 0, {0}},
    {4, 400, 10, DONE_AHEAD, 0, {0}},
    {5, 150, 6, DONE_AHEAD, 0, {0}},
    {6, 550, 2, DONE_AHEAD, 0, {0}},
};
/* clang-format on */
const size_t sample_visit_count = sizeof sample_visits / sizeof sample_visits[0];

const char *const sample_tag[SAMPLE_LANGUAGES] = {"Sample", "Przykład"};

int sample_language(struct str locale)
{
    return locale.len >= 2 && locale.ptr[0] == 'p' && locale.ptr[1] == 'l' ? 1 : 0;
}
