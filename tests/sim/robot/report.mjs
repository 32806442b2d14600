// SPDX-License-Identifier: AGPL-3.0-or-later
// What a simulation has come to, in words and figures.

const SHOWN = 6;

/** A rule that no case has come under has not been tested, and a rule with a violation has failed. */
export function summary({ counts }) {
  const all = [...counts.values()];
  return {
    passed: all.filter(([, bad]) => bad === 0).length,
    failed: all.filter(([, bad]) => bad > 0).length,
  };
}

export function report(evidence, { counts, violations }, { days, seed, engine, seconds }) {
  const { calls, actions, booking, message, deaths, jumps, seats } = evidence;
  const faults = calls.filter(({ said }) => said !== 'accepted').length;
  const unknown = actions.filter(({ status }) => status === null).length;
  const lines = [
    `${engine}, ${seats} process${seats > 1 ? 'es' : ''}, seed ${seed}: ${days} days of 3 salons in ${seconds.toFixed(0)} s`,
    `  ${actions.length} actions (${unknown} cut short by a death), ${booking.length} bookings, ${message.length} messages,` +
      ` ${calls.filter(({ got }) => got === 'taken').length} accepted`,
    `  ${calls.length} calls of the provider, ${((100 * faults) / calls.length).toFixed(1)} % at fault;` +
      ` ${deaths.died + deaths.killed} deaths (${deaths.killed} by SIGKILL), ${jumps.length} jumps of the clock`,
  ];
  for (const [what, [cases, bad]] of counts) {
    lines.push(
      `  ${bad > 0 ? 'WRONG' : 'ok   '} ${what.replaceAll('_', ' ')}: ${cases}${bad > 0 ? `, ${bad} wrong` : ''}`,
    );
  }
  for (const violation of violations.slice(0, SHOWN)) lines.push(`  ${violation}`);
  return lines.join('\n');
}
