// SPDX-License-Identifier: AGPL-3.0-or-later
// Statements whose plan may do what judge.mjs refuses, and why. Each is named by its file and by
// words that stand in it alone.

export const ALLOWED = [];
