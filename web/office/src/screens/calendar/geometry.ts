/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** How high a minute is. calendar.css draws its quarter lines by the same measure. */
export const PX = 1.6;
