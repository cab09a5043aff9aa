// Small behaviours of the consoles, over pages that work without them. Texts come from the page.
// No import: files have hashed names, and a module asked for under two names would run twice.

// ---- a code that was just made: its copy button has the focus

const first = document.querySelector('[data-copy-first] [data-copy]');
if (first) {
  first.focus();
  addEventListener('load', () => first.focus()); // an address with a # takes the focus away while it loads
}

// ---- a refused code: back to the field, with that code selected

document.addEventListener('click', event => {
  const link = event.target.closest('a[data-selects]');
  const field = link && document.querySelector(link.getAttribute('href'));
  if (!field) return;
  event.preventDefault();
  const at = field.value.indexOf(link.dataset.selects);
  field.focus();
  if (at >= 0) field.setSelectionRange(at, at + link.dataset.selects.length);
});

// ---- a form whose answer is a file: the page stays, its dialog goes

document.addEventListener('submit', event => {
  if ('downloads' in event.target.dataset) event.target.closest('dialog')?.close();
});

// ---- a place in the video: the player goes there; without a script the file opens at it

document.addEventListener('click', event => {
  const link = event.target.closest('a[data-seeks]');
  const video = link && document.querySelector('.player video');
  if (!video) return;
  event.preventDefault();
  video.currentTime = Number(link.dataset.seeks);
  video.scrollIntoView({block: 'nearest'});
  video.focus({preventScroll: true});
});

// ---- how many characters a field holds: <output data-counts="id" data-most="2200" data-words="{n} of {most}">

for (const shown of document.querySelectorAll('output[data-counts]')) {
  const field = document.getElementById(shown.dataset.counts);
  const tell = () => {
    shown.textContent = shown.dataset.words.replace('{n}', [...field.value].length).replace('{most}', shown.dataset.most);
  };
  field.addEventListener('input', tell);
  tell();
}

// ---- at-upload: a form with a file, sent with its progress; without a script the browser sends it as it is

customElements.define('at-upload', class extends HTMLElement {
  connectedCallback() {
    const form = this.querySelector('form');
    form.addEventListener('submit', event => {
      const files = [...form.querySelector('input[type=file]').files];
      if (!files.length) return; // the server says what is missing
      event.preventDefault();
      if (files.reduce((size, file) => size + file.size, 0) > Number(this.dataset.most)) this.tell(this.dataset.tooLarge);
      else this.send(form, event.submitter);
    });
    addEventListener('beforeunload', event => { if (this.sending) event.preventDefault(); });
  }

  tell(text) {
    const block = this.querySelector('[data-progress]');
    block.hidden = false;
    block.querySelector('progress').hidden = !this.sending;
    block.querySelector('p').textContent = text;
  }

  send(form, submitter) {
    const bar = this.querySelector('progress');
    const button = submitter ?? form.querySelector('button.main');
    const body = new FormData(form, button); // before the button is disabled: it says what is asked
    const request = new XMLHttpRequest();
    this.sending = true;
    button.disabled = true;
    bar.value = 0;
    this.tell(this.dataset.sending);
    request.upload.addEventListener('progress', event => {
      if (event.lengthComputable) bar.value = 100 * event.loaded / event.total;
    });
    request.upload.addEventListener('load', () => {
      bar.removeAttribute('value'); // from here on it is the server's turn, of unknown length
      this.tell(this.dataset.checking);
    });
    request.addEventListener('load', () => {
      this.sending = false;
      const next = request.getResponseHeader('HX-Redirect');
      if (next) { // published, or signed out meanwhile
        location.assign(next);
        return;
      }
      const page = new DOMParser().parseFromString(request.responseText, 'text/html').querySelector('main');
      if (!page) { this.fail(button); return; }
      document.querySelector('main').replaceWith(page); // the form as the server gave it back, with what is refused
      page.querySelector('.errors')?.focus();
    });
    for (const kind of ['error', 'abort', 'timeout']) request.addEventListener(kind, () => this.fail(button));
    request.open('POST', form.action);
    request.setRequestHeader('HX-Request', 'true');
    request.send(body);
  }

  fail(button) {
    this.sending = false;
    button.disabled = false;
    this.tell(this.dataset.cut);
  }
});

// ---- tables of campaigns: all rows of a page, how many are picked, Esc leaves a cell, a new list is said

const picks = () => [...document.querySelectorAll('tbody [name=id]')];

function tellPicked() {
  const shown = document.querySelector('[data-picked]');
  const all = document.querySelector('[data-picks-all]');
  const count = picks().filter(box => box.checked).length;
  if (shown) shown.textContent = (count === 1 ? shown.dataset.one : shown.dataset.many).replace('{n}', count);
  if (!all) return;
  all.hidden = false;
  all.checked = count > 0 && count === picks().length;
  all.indeterminate = count > 0 && !all.checked;
}

document.addEventListener('change', event => {
  if (event.target.matches('[data-picks-all]')) for (const box of picks()) box.checked = event.target.checked;
  if (event.target.matches('[data-picks-all], [name=id]')) tellPicked();
});
document.addEventListener('htmx:after:swap', event => {
  tellPicked();
  const list = document.getElementById('list');
  const live = document.getElementById('live');
  if (event.target.id === 'list' && list && live) live.textContent = list.dataset.said;
});
document.addEventListener('keydown', event => {
  if (event.key !== 'Escape') return;
  const cancel = event.target.closest('[data-cell]')?.querySelector('[data-cancels]');
  if (!cancel) return;
  event.preventDefault();
  cancel.click();
});
tellPicked();

// ---- single-letter keys: [data-keys] has the focus within it, [data-key] is what a letter does; never in a field

for (const block of document.querySelectorAll('[data-keys]')) {
  block.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches('input, select, textarea')) return;
    if ('lettersOff' in (document.getElementById('commands')?.dataset ?? {})) return;
    const control = block.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
    if (!control) return;
    event.preventDefault();
    control.click();
    control.closest('details[open]')?.querySelector('select, input, textarea')?.focus();
  });
}

// ---- keys of the consoles: the command menu, the search field, the map of keys, g and a letter to go somewhere

const menu = document.getElementById('commands');
const goes = JSON.parse(menu?.dataset.goes ?? '{}');
let after = '';

document.addEventListener('keydown', event => {
  if (!menu) return;
  const key = event.key.toLowerCase();
  if (key === 'k' && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey) {
    event.preventDefault();
    if (!menu.open) menu.showModal();
    menu.querySelector('input').select();
    return;
  }
  const isTyping = event.target.closest('input, select, textarea, [contenteditable], dialog[open]');
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping || 'lettersOff' in menu.dataset) return;
  const to = after === 'g' ? goes[key] : event.key === '?' ? menu.dataset.keys : undefined;
  after = key;
  const field = event.key === '/' && document.querySelector('main input[type=search]');
  if (!to && !field) return;
  event.preventDefault();
  if (field) field.select();
  else location.assign(to);
});

// arrows go through what the menu found; Enter in its field opens the first

for (const block of document.querySelectorAll('[data-found]')) {
  const field = document.getElementById(block.id.replace('-found', ''));
  const links = () => [...block.querySelectorAll('a')];
  const step = event => {
    const by = {ArrowDown: 1, ArrowUp: -1}[event.key];
    if (!by) return;
    event.preventDefault();
    (links()[links().indexOf(document.activeElement) + by] ?? field).focus();
  };
  block.addEventListener('keydown', step);
  field.addEventListener('keydown', event => {
    step(event);
    if (event.key !== 'Enter' || !links().length || !field.value) return;
    event.preventDefault();
    links()[0].click();
  });
}
