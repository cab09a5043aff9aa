// Returns the selectors of the one stylesheet that match nothing on this page, whatever is hovered, focused or open.
() => {
  const STATES = /:(hover|focus-visible|focus-within|focus|active|enabled|disabled|checked|target|modal|empty)(?![\w-])/g;
  const parts = selector => {
    const found = [''];
    let depth = 0;
    for (const sign of selector) {
      depth += '(['.includes(sign) - ')]'.includes(sign);
      if (sign === ',' && !depth) found.push('');
      else found[found.length - 1] += sign;
    }
    return found;
  };
  const anywhere = selector => {
    const bare = selector.replace(/::[\w-]+(\([^)]*\))?/g, '').replace(STATES, '').trim();
    const whole = bare.replace(/^$/, '*').replace(/([>+~])\s*$/, '$1 *').replace(/([ >+~])(?=$)/, '$1*');
    try {
      return document.querySelector(whole) !== null;
    } catch {
      return true; // of a state alone, as :has(:focus-visible): nothing to look for
    }
  };
  const unmatched = [];
  const walk = rules => {
    for (const rule of rules) {
      if (rule.selectorText !== undefined && !parts(rule.selectorText).some(anywhere)) unmatched.push(rule.selectorText);
      if (rule.cssRules) walk(rule.cssRules);
    }
  };
  for (const sheet of document.styleSheets) if (sheet.href?.includes('/attise/attise')) walk(sheet.cssRules);
  return unmatched;
}
