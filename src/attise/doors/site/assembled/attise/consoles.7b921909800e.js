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

const grouped = number => Number(number).toLocaleString(document.documentElement.lang);
for (const shown of document.querySelectorAll('output[data-counts]')) {
  const field = document.getElementById(shown.dataset.counts);
  const tell = () => {
    shown.textContent = shown.dataset.words.replace('{n}', grouped([...field.value].length)).replace('{most}', grouped(shown.dataset.most));
  };
  field.addEventListener('input', tell);
  tell();
}

// ---- at-upload: a form with a file, sent with its progress; without a script the browser sends it as it is.
// One video goes piece by piece by tus 1.0, so that a network that breaks costs a piece at most; pictures go at once.

const PIECE_BYTES = 4 * 1024 * 1024;
const WAITS_S = [1, 1, 2, 4, 8, 15, 15, 15, 15, 30, 30, 30];

customElements.define('at-upload', class extends HTMLElement {
  connectedCallback() {
    const form = this.querySelector('form');
    form.addEventListener('submit', event => {
      const files = [...form.querySelector('input[type=file]').files];
      if (!files.length) return; // the server says what is missing, or has the video already
      event.preventDefault();
      if (this.sending) return;
      const button = event.submitter ?? form.querySelector('button.main');
      if (files.reduce((size, file) => size + file.size, 0) > Number(this.dataset.most)) this.tell(this.dataset.tooLarge);
      else if (files.length === 1 && files[0].size && !files[0].type.startsWith('image/')) this.sendPieces(form, button, files[0]);
      else this.send(form, button, new FormData(form, button));
    });
    addEventListener('beforeunload', event => { if (this.sending) event.preventDefault(); });
  }

  tell(text) {
    const block = this.querySelector('[data-progress]');
    block.hidden = false;
    block.querySelector('progress').hidden = !this.sending;
    block.querySelector('p').textContent = text;
  }

  begin(button) {
    this.sending = true;
    button.disabled = true;
    this.querySelector('progress').value = 0;
    this.tell(this.dataset.sending);
  }

  async sendPieces(form, button, file) {
    const body = new FormData(form, button); // before the button is disabled: it says what is asked
    this.begin(button);
    const place = new Place(file);
    let at = await this.ask(place);
    if (at === null && place.isGone && place.asked) { // it was made into a post, and the answer was lost
      this.sending = false;
      place.forget();
      location.assign(this.dataset.done);
      return;
    }
    for (let failures = 0; at !== file.size;) {
      const before = at;
      if (at === null && place.address && !place.isGone) {
        at = await this.ask(place);
      } else if (at === null) {
        const made = await this.request('POST', this.dataset.sends, {'Upload-Length': file.size});
        at = made.status === 201 ? 0 : at;
        if (at === 0) place.keep(made.getResponseHeader('Location'));
        if (at === null && this.isRefused(made)) { this.fail(button, this.dataset.refused); return; }
      } else {
        const sent = await this.request('PATCH', place.address, {
          'Upload-Offset': at, 'Content-Type': 'application/offset+octet-stream',
        }, file.slice(at, at + PIECE_BYTES), loaded => this.show(at + loaded, file.size));
        if (sent.status === 204) at = Number(sent.getResponseHeader('Upload-Offset'));
        else if (this.isRefused(sent)) { this.fail(button, this.dataset.refused); return; }
      }
      if (at !== null && at !== before) {
        failures = 0;
        this.show(at, file.size);
        continue;
      }
      if (failures === WAITS_S.length) { this.fail(button); return; }
      this.tell(this.dataset.waits.replace('{n}', Math.floor(100 * (at ?? 0) / file.size)));
      await backOrAfter(WAITS_S[failures++]);
      at = await this.ask(place) ?? (place.isGone ? null : at);
      if (at !== before) this.tell(this.dataset.sending);
    }
    body.delete('file');
    body.set('file_name', file.name);
    body.set('upload_id', place.address.split('?')[0].split('/').pop());
    place.keep(place.address, true);
    this.send(form, button, body, place);
  }

  show(bytes, size) {
    this.querySelector('progress').value = 100 * bytes / size;
    this.tell(this.dataset.sending);
  }

  // how much of an upload was received; null: it is not there (then it is gone, or was never begun), or nobody answers
  async ask(place) {
    if (!place.address || place.isGone) return null;
    const told = await this.request('HEAD', place.address, {});
    place.isGone = told.status === 404;
    const at = told.status === 200 ? told.getResponseHeader('Upload-Offset') : null;
    return at === null ? null : Number(at);
  }

  // no answer at all, a busy upload, one that is elsewhere, or a server away: worth another try
  isRefused(told) {
    return told.status >= 400 && told.status < 500 && ![408, 409, 423, 429].includes(told.status);
  }

  request(method, address, headers, body, onProgress) {
    return new Promise(done => {
      const request = new XMLHttpRequest();
      request.open(method, address);
      request.timeout = 120_000;
      const token = this.querySelector('[name=csrfmiddlewaretoken]').value;
      for (const [name, value] of Object.entries({'Tus-Resumable': '1.0.0', 'X-CSRFToken': token, ...headers})) {
        request.setRequestHeader(name, value);
      }
      request.upload.addEventListener('progress', event => onProgress?.(event.loaded));
      for (const kind of ['load', 'error', 'abort', 'timeout']) request.addEventListener(kind, () => done(request));
      request.send(body ?? null);
    });
  }

  send(form, button, body, place) {
    const bar = this.querySelector('progress');
    const request = new XMLHttpRequest();
    if (!this.sending) this.begin(button);
    const isThere = () => {
      bar.removeAttribute('value'); // from here on it is the server's turn, of unknown length
      this.tell(this.dataset.checking);
    };
    if (place) isThere();
    request.upload.addEventListener('progress', event => {
      if (event.lengthComputable && !place) bar.value = 100 * event.loaded / event.total;
    });
    request.upload.addEventListener('load', isThere);
    request.addEventListener('load', () => {
      this.sending = false;
      if (request.status < 500) place?.forget();
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

  fail(button, text = this.dataset.cut) {
    this.sending = false;
    button.disabled = false;
    this.tell(text);
  }
});

// where a file is sent to, kept in the browser: the same file chosen again, on a page opened again, goes on
class Place {
  constructor(file) {
    this.name = `at-upload ${file.name} ${file.size} ${file.lastModified}`;
    try {
      ({address: this.address, asked: this.asked} = JSON.parse(localStorage.getItem(this.name)) ?? {});
    } catch {
      // a browser that keeps nothing begins anew
    }
  }

  keep(address, asked = false) {
    this.address = address;
    this.isGone = false;
    try {
      localStorage.setItem(this.name, JSON.stringify({address, asked}));
    } catch {
      // as above
    }
  }

  forget() {
    try {
      localStorage.removeItem(this.name);
    } catch {
      // as above
    }
  }
}

const backOrAfter = seconds => new Promise(done => {
  addEventListener('online', done, {once: true});
  setTimeout(done, 1_000 * seconds);
});

// ---- at-edit: the creative tool; its fields work without a script, with one they move with the video

const WORDS_AT = {top: 17, middle: 50, bottom: 74};
const WORDS_SIZE = {small: 4.5, medium: 6.5, large: 9.5};

customElements.define('at-edit', class extends HTMLElement {
  connectedCallback() {
    this.video = this.querySelector('video');
    for (const control of this.querySelectorAll('[data-slides], [data-now]')) control.hidden = false;
    for (const slide of this.querySelectorAll('[data-slides]')) this.slide(slide);
    for (const button of this.querySelectorAll('[data-now]')) {
      button.addEventListener('click', () => this.put(button.dataset.now, this.video.currentTime));
    }
    this.addEventListener('input', () => this.showWords());
    this.cover();
    for (const kind of ['timeupdate', 'seeked', 'loadedmetadata']) this.video.addEventListener(kind, () => this.showWords());
    this.video.addEventListener('play', () => {
      if (this.video.currentTime < this.at('from_s', 0) || this.video.currentTime >= this.end) this.video.currentTime = this.at('from_s', 0);
    });
    this.video.addEventListener('timeupdate', () => {
      if (!this.video.paused && this.video.currentTime >= this.end) this.video.pause();
    });
    this.showWords();
  }

  get end() { return this.at('to_s', Number(this.dataset.length)); }

  at(name, otherwise) {
    const text = this.querySelector(`[name=${name}]`).value.trim();
    return text === '' || Number.isNaN(Number(text)) ? otherwise : Number(text);
  }

  put(id, seconds) {
    const field = document.getElementById(id);
    field.value = Number(seconds.toFixed(2));
    field.dispatchEvent(new Event('input', {bubbles: true}));
  }

  // a slider beside a field of seconds: each follows the other, and the video shows the moment
  slide(slide) {
    const field = document.getElementById(slide.dataset.slides);
    const follow = () => { slide.value = field.value === '' ? slide.dataset.rest : field.value; };
    follow();
    field.addEventListener('input', follow);
    slide.addEventListener('input', () => {
      field.value = slide.value;
      this.video.pause();
      this.video.currentTime = Number(slide.value);
    });
  }

  // the strip of pictures, and a second of one's own beside it: each says what the other holds
  cover() {
    const field = this.querySelector('[name=cover_s]');
    const choose = value => { this.querySelector(`[name=cover_at][value="${value}"]`).checked = true; };
    this.querySelector('[data-strip]').addEventListener('input', event => {
      const {name, value} = event.target;
      if (name !== 'cover_at') choose(field.value === '' ? '' : 'own');
      else if (value === 'own') field.focus();
      else {
        field.value = '';
        this.video.pause();
        if (value) this.video.currentTime = Number(value);
      }
    });
    for (const picture of this.querySelectorAll('.strip img')) { // a video of few pictures has none to choose from
      picture.addEventListener('error', () => picture.replaceWith(Object.assign(document.createElement('span'), {textContent: picture.alt})));
    }
  }

  showWords() {
    const now = this.video.currentTime;
    const shown = [...this.querySelectorAll('[data-text]')].map((block, row) => {
      const text = block.querySelector('textarea').value.trim();
      const from = this.at(`text_${row}_from`, this.at('from_s', 0));
      if (!text || now < from || now >= this.at(`text_${row}_to`, this.end)) return null;
      const words = document.createElement('p');
      words.textContent = text;
      words.style.top = `${WORDS_AT[block.querySelector('[name$=_place]').value] ?? 50}%`;
      words.style.fontSize = `${WORDS_SIZE[block.querySelector('[name$=_size]').value] ?? 6.5}cqmin`;
      return words;
    });
    this.fit();
    this.querySelector('[data-words]').replaceChildren(...shown.filter(Boolean));
  }

  // words lie over the picture alone, whatever its sides are
  fit() {
    const {videoWidth: width, videoHeight: height, clientWidth, clientHeight} = this.video;
    if (!width || !height) return;
    const scale = Math.min(clientWidth / width, clientHeight / height);
    Object.assign(this.querySelector('[data-words]').style, {width: `${width * scale}px`, height: `${height * scale}px`});
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
const SOON_MS = 2_000; // between g and its letter: one that comes later was not meant with it
let after = '';
let after_ms = 0;

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
  if (isTyping) after = '';
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping || 'lettersOff' in menu.dataset) return;
  const isSecond = after === 'g' && event.timeStamp - after_ms < SOON_MS;
  const to = isSecond ? goes[key] : event.key === '?' ? menu.dataset.keys : undefined;
  [after, after_ms] = [isSecond ? '' : key, event.timeStamp];
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
