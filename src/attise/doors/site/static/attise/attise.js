// Attise: small behaviours over pages that work without them. One module, no build, no dependency.
// Elements: at-copy, at-countdown, at-chart, at-dialog, at-codes. Texts come from the page (data attributes), never from here.

// ---- saying things to a screen reader

const live = document.getElementById('live');

/** Announce a text once, politely. */
export function say(text) {
  if (!live || !text) return;
  live.textContent = '';
  requestAnimationFrame(() => { live.textContent = text; });
}

// ---- at-copy: <at-copy data-said="Copied"> field, button[data-copy] </at-copy>

async function copy(text, field) {
  if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
  field.focus();
  field.select();
  if (!document.execCommand('copy')) throw new Error('copy refused'); // plain http on a local network
}

customElements.define('at-copy', class extends HTMLElement {
  connectedCallback() {
    const button = this.querySelector('[data-copy]');
    const field = this.querySelector('input, textarea');
    if (!button || !field) return;
    button.hidden = false;
    field.addEventListener('focus', () => field.select());
    let timer;
    button.addEventListener('click', async () => {
      try {
        await copy(field.value, field);
      } catch {
        field.focus(); // selected: the reader's own copy command takes it from here
        return;
      }
      button.dataset.copied = '';
      say(this.dataset.said);
      clearTimeout(timer);
      timer = setTimeout(() => delete button.dataset.copied, 2000);
    });
  }
});

// ---- at-countdown: <at-countdown data-seconds="600" data-soon="One minute left"> <span>10:00</span> </at-countdown>
// At the end: data-over on itself, [data-when-over] shown and [data-until-over] hidden in its [data-countdown] block.

customElements.define('at-countdown', class extends HTMLElement {
  connectedCallback() {
    const end = Date.now() + Number(this.dataset.seconds) * 1000;
    const shown = this.firstElementChild ?? this;
    const tick = () => {
      const left = Math.max(0, Math.ceil((end - Date.now()) / 1000));
      shown.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`;
      if (left === 60) say(this.dataset.soon);
      if (left === 0) this.over();
    };
    this.timer = setInterval(tick, 1000);
    tick();
  }

  disconnectedCallback() {
    clearInterval(this.timer);
  }

  over() {
    clearInterval(this.timer);
    this.dataset.over = '';
    const block = this.closest('[data-countdown]');
    for (const part of block?.querySelectorAll('[data-when-over]') ?? []) part.hidden = false;
    for (const part of block?.querySelectorAll('[data-until-over]') ?? []) part.hidden = true;
    say(block?.querySelector('[data-when-over]')?.textContent.trim());
    this.dispatchEvent(new Event('over', { bubbles: true }));
  }
});

// ---- at-chart: <at-chart aria-label="Views"> svg with .step > title, output </at-chart>
// A pointer and the arrow keys go from step to step; its figures are shown above the plot and said.

customElements.define('at-chart', class extends HTMLElement {
  connectedCallback() {
    const shown = this.querySelector('output');
    const steps = [...this.querySelectorAll('.step')].map(step => {
      const title = step.querySelector('title');
      const text = title.textContent;
      title.remove(); // said here from now on
      return {step, text};
    });
    let at = steps.length;
    const go = to => {
      steps[at]?.step.removeAttribute('data-on');
      at = to;
      steps[at]?.step.setAttribute('data-on', '');
      shown.textContent = steps[at]?.text ?? '';
    };
    this.tabIndex = 0;
    this.setAttribute('role', 'group');
    steps.forEach(({step}, place) => step.addEventListener('pointerenter', () => go(place)));
    this.addEventListener('pointerleave', () => go(steps.length));
    this.addEventListener('blur', () => go(steps.length));
    this.addEventListener('keydown', event => {
      const to = {ArrowLeft: at - 1, ArrowRight: at >= steps.length - 1 ? steps.length - 1 : at + 1, Home: 0, End: steps.length - 1}[event.key];
      if (to === undefined) return;
      event.preventDefault();
      go(at === steps.length && event.key === 'ArrowRight' ? 0 : Math.max(to, 0));
    });
  }
});

// ---- at-dialog: <at-dialog><dialog id="x" [open]> … </dialog></at-dialog>
// [data-opens="x"] opens it, [data-closes] closes it. Sent open by the server, it becomes modal.

customElements.define('at-dialog', class extends HTMLElement {
  connectedCallback() {
    const dialog = this.querySelector('dialog');
    if (!dialog) return;
    if (dialog.open) {
      dialog.close();
      dialog.showModal();
    }
    dialog.addEventListener('input', () => { dialog.dataset.touched = ''; });
    dialog.addEventListener('submit', () => delete dialog.dataset.touched);
    dialog.addEventListener('pointerdown', event => { // beside it: close, unless something was typed
      if (event.target !== dialog || 'touched' in dialog.dataset) return;
      const box = dialog.getBoundingClientRect();
      const inside = event.clientX >= box.left && event.clientX <= box.right
        && event.clientY >= box.top && event.clientY <= box.bottom;
      if (!inside) dialog.close();
    });
    dialog.addEventListener('close', () => {
      delete dialog.dataset.touched;
      const url = new URL(location.href);
      if (!url.searchParams.has('dialog')) return;
      url.searchParams.delete('dialog'); // a reload shows the page, not the dialog
      history.replaceState(history.state, '', url);
    });
  }
});

document.addEventListener('click', event => {
  const opener = event.target.closest('[data-opens]');
  const dialog = opener && document.getElementById(opener.dataset.opens);
  if (dialog?.showModal && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    if (!dialog.open) dialog.showModal();
    return;
  }
  const closer = event.target.closest('[data-closes]');
  const shown = closer?.closest('dialog');
  if (shown) {
    event.preventDefault();
    shown.close();
  }
});

// ---- at-codes: a textarea of codes, one a line; what surrounds a code goes, the code itself is never touched

const AROUND = /^[\s"'“”‘’«»`]+|[\s"'“”‘’«»`]+$/g;

/** Return the codes of a pasted text, in order, once each; a space within a code was a + once, and stays. */
export function codesOf(text) {
  const pieces = text.split(/[\r\n,;]+|\s+(?=["'“‘«]?#)/).map(piece => piece.replace(AROUND, ''));
  return [...new Set(pieces.filter(Boolean))];
}

customElements.define('at-codes', class extends HTMLElement {
  connectedCallback() {
    const field = this.querySelector('textarea');
    const count = this.querySelector('output');
    const most = Number(this.dataset.most);
    const tell = () => {
      const number = codesOf(field.value).length;
      const words = number > most ? this.dataset.over : number > 1 ? this.dataset.many : this.dataset.one;
      if (count) count.textContent = number ? words.replace('{n}', number).replace('{most}', most) : '';
      count?.classList.toggle('error', number > most);
    };
    field.addEventListener('paste', event => {
      const text = event.clipboardData?.getData('text');
      if (!text?.trim()) return;
      event.preventDefault();
      const before = field.value.slice(0, field.selectionStart);
      const after = field.value.slice(field.selectionEnd);
      field.value = `${codesOf(`${before}\n${text}\n${after}`).join('\n')}\n`;
      field.dispatchEvent(new Event('input', { bubbles: true }));
      if ('send' in this.dataset && codesOf(field.value).length <= most) field.form?.requestSubmit();
    });
    field.addEventListener('input', tell);
    tell();
  }
});

// ---- theme: the buttons of a form that the server understands too

document.addEventListener('click', event => {
  const button = event.target.closest('form[data-theme-form] button[name=theme]');
  if (!button) return;
  event.preventDefault();
  const { value, form } = button;
  if (value === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = value;
  const secure = location.protocol === 'https:' ? '; secure' : '';
  document.cookie = `attise-theme=${value}; path=/; max-age=31536000; samesite=lax${secure}`;
  for (const each of document.querySelectorAll('form[data-theme-form] button[name=theme]')) {
    each.setAttribute('aria-pressed', each.value === value);
  }
  form.closest('[popover]')?.hidePopover();
});

// ---- file drop: name what was chosen, and show where it may be dropped

document.addEventListener('change', event => {
  const drop = event.target.closest('.drop');
  const shown = drop?.querySelector('output');
  if (shown) shown.textContent = [...event.target.files].map(file => file.name).join(', ');
});
for (const [kind, isOver] of [['dragover', true], ['dragleave', false], ['drop', false]]) {
  document.addEventListener(kind, event => event.target.closest?.('.drop')?.toggleAttribute('data-over', isOver));
}

// ---- toasts go when their time is over; a parted network is said

document.addEventListener('animationend', event => {
  if (event.animationName === 'toast-out') event.target.remove();
});

const offline = document.getElementById('offline');
for (const kind of ['online', 'offline']) {
  window.addEventListener(kind, () => { if (offline) offline.hidden = navigator.onLine; });
}

// ---- htmx: a slow part is dimmed, then said; a part that fails says so alone and offers to try again

const timers = new WeakMap();
const part = context => (context.target instanceof Element ? context.target : context.sourceElement);

document.addEventListener('htmx:before:request', event => {
  const { ctx } = event.detail;
  if (document.hidden && ctx.sourceEvent?.type === 'every') { // nobody looks: ask again later
    event.preventDefault();
    return;
  }
  const target = part(ctx);
  timers.set(ctx, [
    setTimeout(() => target.setAttribute('aria-busy', 'true'), 300),
    setTimeout(() => say(document.body.dataset.slow), 2000),
  ]);
});

document.addEventListener('htmx:finally:request', event => {
  const { ctx } = event.detail;
  (timers.get(ctx) ?? []).forEach(clearTimeout);
  part(ctx).removeAttribute('aria-busy');
});

function showFailure({ sourceElement, sourceEvent, response, target }) {
  const place = target instanceof Element && target.isConnected ? target : sourceElement;
  const model = document.getElementById('part-failure');
  if (!model || place.querySelector(':scope > .part-failure')) return;
  const banner = model.content.firstElementChild.cloneNode(true);
  const reference = response?.headers?.get('X-Request-Id');
  banner.querySelector('[data-reference]').textContent = reference ? reference.slice(0, 8) : '';
  banner.querySelector('button').addEventListener('click', () => {
    banner.remove();
    window.htmx.trigger(sourceElement, sourceEvent?.type ?? 'click');
  });
  place.prepend(banner);
}

document.addEventListener('htmx:before:response', event => {
  const { ctx } = event.detail;
  if (ctx.response.status < 500) { // refusals of a form are swapped in like any answer
    part(ctx).querySelector?.(':scope > .part-failure')?.remove();
    return;
  }
  event.preventDefault();
  ctx.response.raw.text().catch(() => {}); // read to its end, so that the connection is free again
  showFailure(ctx);
});
document.addEventListener('htmx:error', event => { if (event.detail.ctx?.request) showFailure(event.detail.ctx); });
document.addEventListener('htmx:after:swap', event => {
  event.target.querySelector?.('.errors')?.focus(); // a summary of errors is read first
});
