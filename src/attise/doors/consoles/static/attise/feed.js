// What viewers watch: at-feed plays the feed, at-post the video of one post's own page. Both tell what was seen and done.
// Texts come from the page. No import: files have hashed names, and a module asked for under two names would run twice.

const LANGUAGE = document.documentElement.lang;
const AHEAD = 3; // items left when more are asked for
const MOUNTED = 2; // items on each side of the one that is watched that are whole; the others are empty frames
const SEEN = .6; // of a video's pixels: more than half, so that never two are watched at once
const BATCH = 60; // events at once: with their tokens well under the 64 kB that a browser sends as it leaves
const LOOPS = 20; // told of one item
const calm = matchMedia('(prefers-reduced-motion: reduce)');

function toast(text) {
  const shown = document.createElement('div');
  shown.className = 'toast';
  shown.append(Object.assign(document.createElement('span'), { textContent: text }));
  document.getElementById('toasts').append(shown);
  return shown;
}

function compact(value) {
  const options = value < 10_000 ? {} : { notation: 'compact', maximumFractionDigits: 1 };
  return new Intl.NumberFormat(LANGUAGE, options).format(value);
}

const initials = name => name.trim().split(/\s+/, 2).map(word => [...word][0]).join('').toUpperCase();
const wait = ms => new Promise(done => { setTimeout(done, ms); });

// ---- the house: a ticket that is renewed in time, and answers asked for with it

class House {
  constructor(page) {
    this.page = page;
    this.session = [...crypto.getRandomValues(new Uint8Array(9))].map(byte => byte.toString(36)).join('');
    this.ticket = '';
    this.until = 0;
    this.ahead = 0; // of this machine's clock
  }

  /** Return a ticket that is good for another minute at least. */
  bearer() {
    if (Date.now() < this.until - 60_000) return Promise.resolve(this.ticket);
    this.asking ??= this.renew().finally(() => { this.asking = undefined; });
    return this.asking;
  }

  async renew() {
    const body = new URLSearchParams({ csrfmiddlewaretoken: this.form() });
    const answer = await fetch(this.page.dataset.ticketUrl, { method: 'POST', body });
    if (!answer.ok) throw new Error(`no ticket: ${answer.status}`);
    const given = await answer.json();
    this.ticket = given.ticket;
    this.until = Date.now() + given.for_ms;
    this.ahead = given.now_ms - Date.now();
    clearTimeout(this.timer); // a page that is left has no time to ask for one
    this.timer = setTimeout(() => this.bearer().catch(() => {}), Math.max(given.for_ms - 90_000, 30_000));
    return this.ticket;
  }

  form() {
    return document.querySelector('[name=csrfmiddlewaretoken]').value;
  }

  now() {
    return Date.now() + this.ahead;
  }

  /** Ask the edge; a ticket that has ended after all is renewed once. */
  async ask(path, body, options = {}) {
    const send = async () => fetch(path, {
      ...options,
      method: 'POST',
      headers: { Authorization: `Bearer ${await this.bearer()}`, 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
    const answer = await send();
    if (answer.status !== 401) return answer;
    this.until = 0;
    return send();
  }
}

// ---- the outbox: events wait for each other a moment, go together, and go again when nobody answered

class Outbox {
  constructor(house) {
    this.house = house;
    this.waiting = [];
    this.count = 0;
    addEventListener('pagehide', () => this.leave());
    document.addEventListener('visibilitychange', () => { if (document.hidden) this.leave(); });
  }

  /** Tell that something happened to an item ({token} or {post_id, creator_id}). */
  tell(item, type, more = {}) {
    this.put(item, type, more);
    this.timer ??= setTimeout(() => this.send(), 1_500);
  }

  /** Tell of an act, now; resolves to whether it was kept. */
  act(item, type) {
    return new Promise(kept => {
      this.put(item, type, {}, kept);
      this.send();
    });
  }

  put(item, type, more, kept) {
    this.count += 1;
    const event = {
      event_id: `${this.house.session}-${String(this.count).padStart(6, '0')}`,
      type,
      at_ms: Math.round(this.house.now()),
      ...item,
      ...more,
    };
    this.waiting.push({ event, kept, tries: 0 });
  }

  async send() {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.isSending || !this.waiting.length) return;
    this.isSending = true;
    const batch = this.waiting.splice(0, BATCH);
    const again_ms = await this.post(batch).catch(() => this.later(batch, 2_000));
    this.isSending = false;
    if (this.waiting.length) this.timer = setTimeout(() => this.send(), again_ms);
  }

  /** Send a batch; returns how long the next one waits. */
  async post(batch) {
    const answer = await this.house.ask('/v1/events', { events: batch.map(one => one.event) }, { keepalive: true });
    if (answer.ok) {
      const { results } = await answer.json();
      batch.forEach((one, place) => one.kept?.(results[place].status !== 'rejected'));
      return 0;
    }
    const isTooMuch = answer.status === 503 || answer.status === 429;
    if (isTooMuch) return this.later(batch, 1_000 * (Number(answer.headers.get('Retry-After')) || 2));
    for (const one of batch) one.kept?.(false); // refused whole: sending it again would mend nothing
    return 0;
  }

  /** Nothing of a batch was kept: what was seen goes again later, an act goes again once and is then given up. */
  later(batch, after_ms) {
    for (const one of batch) one.tries += 1;
    for (const one of batch) if (one.kept && one.tries > 1) one.kept(false);
    this.waiting.unshift(...batch.filter(one => (one.kept ? one.tries < 2 : one.tries < 10)));
    return after_ms * 2 ** Math.min(batch[0].tries - 1, 4);
  }

  /** The page goes, or is out of sight: what waits is left with the browser. */
  leave() {
    dispatchEvent(new Event('at:leaving')); // whoever counts says what is counted until now
    while (this.waiting.length && this.house.ticket) {
      const batch = this.waiting.slice(0, BATCH);
      const body = JSON.stringify({ ticket: this.house.ticket, events: batch.map(one => one.event) });
      if (!navigator.sendBeacon('/v1/events', new Blob([body], { type: 'text/plain' }))) return;
      for (const one of this.waiting.splice(0, batch.length)) one.kept?.(true);
    }
  }
}

// ---- watching: what of one item was really seen, by its player's own clock

class Watch {
  constructor(item, outbox, place) {
    this.item = item; // what names it in an event
    this.outbox = outbox;
    this.place = place; // who is told when the player starts or stops
    this.watched_ms = 0;
    this.told = new Set();
    this.loops = 0;
    this.isSeen = false;
    this.isFlowing = false;
    this.since = null;
    addEventListener('at:leaving', () => this.count());
  }

  /** Follow a player, or a picture, which is only seen. */
  follow(media) {
    this.media = media;
    this.isFlowing = false;
    if (media instanceof HTMLVideoElement) {
      media.addEventListener('loadeddata', () => this.look());
      media.addEventListener('playing', () => { this.isFlowing = true; this.look(); this.place?.(true); });
      for (const kind of ['waiting', 'pause', 'emptied']) {
        media.addEventListener(kind, () => { this.count(); this.isFlowing = false; this.since = null; });
      }
      media.addEventListener('pause', () => this.place?.(false));
      media.addEventListener('timeupdate', () => this.count());
      media.addEventListener('ended', () => this.end());
    } else {
      media.addEventListener('load', () => this.look());
    }
  }

  /** More than half of it came into sight, or went out of it. */
  sight(isSeen) {
    this.count();
    this.isSeen = isSeen;
    if (!isSeen) this.since = null;
    else this.look();
  }

  get isShown() {
    const { media } = this;
    const hasFrame = media instanceof HTMLVideoElement ? media.readyState >= 2 : media?.complete && media.naturalWidth;
    return Boolean(this.isSeen && !document.hidden && hasFrame);
  }

  look() {
    if (!this.isShown) return;
    this.once('impression');
    if (this.isFlowing) {
      this.once('play');
      this.since ??= performance.now();
    }
  }

  count() {
    if (this.since === null) return;
    const now = performance.now();
    // A step is a quarter of a second; one that is much longer was not watched, the machine slept.
    this.watched_ms += Math.min(now - this.since, 1_000);
    this.since = this.isShown && this.isFlowing ? now : null;
    if (this.watched_ms >= 2_000) this.once('view_2s');
    if (this.watched_ms >= 6_000) this.once('view_6s');
    if (this.media.duration) this.reach(this.media.currentTime / this.media.duration);
  }

  reach(part) {
    for (const [type, least] of [['p25', .25], ['p50', .5], ['p75', .75]]) if (part >= least) this.once(type);
  }

  end() {
    this.count();
    const wasWatched = this.told.has('play') && this.isShown;
    if (wasWatched) this.reach(1);
    if (wasWatched && this.told.has('complete') && this.loops < LOOPS) {
      this.loops += 1;
      this.tell('loop');
    }
    if (wasWatched) this.once('complete');
  }

  /** Another item was turned to. */
  leave() {
    if (this.item.token && this.told.has('impression') && !this.told.has('complete')) this.once('skip');
  }

  once(type) {
    if (this.told.has(type)) return;
    this.told.add(type);
    this.tell(type);
  }

  tell(type) {
    this.outbox.tell(this.item, type, { watch_ms: Math.round(this.watched_ms) });
  }
}

// ---- acts: a form whose buttons turn a state on and off, or count once; what is refused turns back

class Acts {
  constructor(form, item, outbox, page, card) {
    Object.assign(this, { form, item, outbox, page, card });
    form.addEventListener('submit', event => {
      event.preventDefault();
      this.turn(event.submitter.dataset.kind);
    });
    const share = form.querySelector('[data-share]');
    share?.addEventListener('click', () => this.share());
    this.draw();
  }

  async turn(kind) {
    const [on, counted] = { like: ['liked', 'likes'], save: ['saved', 'saves'], follow: ['followed', ''] }[kind];
    const { card } = this;
    const isOn = !card[on];
    const step = isOn ? 1 : -1;
    card[on] = isOn;
    if (counted) card[counted] += step;
    this.draw();
    const kept = await this.outbox.act(this.item, isOn ? kind : `un${kind}`);
    if (kept) {
      if (kind === 'follow') this.form.dispatchEvent(new CustomEvent('at:followed', { bubbles: true, detail: isOn }));
      return;
    }
    if (card[on] === isOn) { // nobody turned it again meanwhile
      card[on] = !isOn;
      if (counted) card[counted] -= step;
    }
    this.draw();
    toast(this.page.dataset.failed);
  }

  async share() {
    const url = new URL(this.card.url, location.href).href;
    try {
      if (navigator.share) await navigator.share({ url });
      else {
        await navigator.clipboard.writeText(url);
        toast(this.page.dataset.copied);
      }
    } catch {
      return; // thought better of
    }
    this.card.shares += 1;
    this.draw();
    if (await this.outbox.act(this.item, 'share')) return;
    this.card.shares -= 1;
    this.draw();
    toast(this.page.dataset.failed);
  }

  draw() {
    const { form, card } = this;
    for (const [kind, on] of [['like', 'liked'], ['save', 'saved'], ['follow', 'followed']]) {
      form.querySelector(`[data-kind=${kind}]`)?.setAttribute('aria-pressed', String(card[on]));
    }
    for (const shown of form.querySelectorAll('[data-count]')) shown.textContent = compact(card[shown.dataset.count]);
    const share = form.querySelector('[data-share]');
    if (share) share.hidden = !card.url || card.shareClosed || !(navigator.share || navigator.clipboard);
  }
}

// ---- at-feed

customElements.define('at-feed', class extends HTMLElement {
  connectedCallback() {
    this.hidden = false;
    this.house = new House(this);
    this.outbox = new Outbox(this.house);
    this.reels = this.querySelector('[data-reels]');
    this.model = this.querySelector('template').content.firstElementChild;
    this.items = [];
    this.hidden_ads = new Set(); // not shown again while hiding them may be undone, nor by what was decided before
    this.at = -1;
    this.isMuted = true;
    this.playsAlone = !calm.matches && !navigator.connection?.saveData;
    this.sight = new IntersectionObserver(found => this.looked(found), { threshold: [0, SEEN] });
    this.reels.addEventListener('keydown', event => this.key(event));
    // The keys that scroll any page move the feed wherever the focus is; letters stay the feed's own.
    document.addEventListener('keydown', event => {
      const isOurs = !this.reels.contains(event.target) && !event.target.closest('dialog, [popover]');
      if (isOurs && /^(Arrow|Page)(Up|Down)$|^ $/.test(event.key)) this.key(event);
    });
    this.closest('main').addEventListener('wheel', event => this.wheel(event), { passive: true });
    this.querySelector('[data-sound]').addEventListener('click', () => this.mute(!this.isMuted));
    this.querySelector('[data-again]').addEventListener('click', () => this.more());
    document.addEventListener('visibilitychange', () => this.turned());
    this.addEventListener('at:followed', event => this.followed(event));
    this.mute(localStorage.getItem('attise-sound') !== 'on', true);
    this.more();
  }

  async more() {
    if (this.isAsking || this.isOver) return;
    this.isAsking = true;
    this.show('data-away', false);
    try {
      const answer = await this.house.ask('/v1/feed', {
        count: 8,
        session_id: this.house.session,
        followed_only: 'followedOnly' in this.dataset,
      });
      if (!answer.ok) throw new Error(`no feed: ${answer.status}`);
      const { items } = await answer.json();
      const playable = items.filter(item => this.ours(item.media_url) && !this.hidden_ads.has(item.ad?.ad_id));
      this.isOver = !items.length;
      const cards = playable.length ? await this.cards(playable) : [];
      playable.forEach((item, place) => this.add(item, cards[place]));
      this.reels.hidden = !this.items.length;
      this.show('data-none', !this.items.length);
    } catch {
      if (!this.items.length) this.show('data-away', true);
      else wait(3_000).then(() => this.more()); // whoever is at the last item need not scroll for it
    } finally {
      this.isAsking = false;
      this.reels.setAttribute('aria-busy', 'false');
    }
    if (this.at < 0 && this.items.length) this.turn(0);
  }

  async cards(items) {
    const body = new URLSearchParams([['csrfmiddlewaretoken', this.house.form()], ...items.map(item => ['token', item.token])]);
    const answer = await fetch(this.dataset.cardsUrl, { method: 'POST', body });
    if (!answer.ok) throw new Error(`no cards: ${answer.status}`);
    return (await answer.json()).cards;
  }

  /** Return an address of this house as this page may ask for it; nothing, for a file of another server. */
  ours(url) {
    const { public: base } = this.dataset;
    const own = url && base && url.startsWith(base) ? url.slice(base.length) : url;
    return own && new URL(own, location.href).origin === location.origin ? own : '';
  }

  add(item, card) {
    const frame = document.createElement('div');
    const named = { token: item.token };
    const known = card ?? { views: 0, likes: 0, comments: 0, saves: 0, shares: 0, liked: false, saved: false, followed: false, url: '' };
    known.shareClosed = item.ad ? !item.ad.share_allowed : false;
    const one = { item, card: known, frame, watch: new Watch(named, this.outbox, isOn => this.played(one, isOn)) };
    this.items.push(one);
    this.reels.append(frame);
    this.sight.observe(frame);
  }

  /** Fill the frames near the one that is watched, empty the others. */
  mount() {
    this.items.forEach((one, place) => {
      const isNear = Math.abs(place - this.at) <= MOUNTED;
      if (isNear && !one.article) this.fill(one, place);
      else if (!isNear && one.article) this.empty(one);
    });
    const next = this.items[this.at + 1]?.media;
    if (next instanceof HTMLVideoElement && next.preload !== 'auto') next.preload = 'auto';
  }

  fill(one, place) {
    const { item, card } = one;
    const article = this.model.cloneNode(true);
    const part = name => article.querySelector(`[data-${name}]`);
    const keep = (name, isKept) => { if (!isKept) part(name)?.remove(); };
    article.setAttribute('aria-posinset', place + 1);
    article.setAttribute('aria-setsize', -1);
    const name = item.creator ? `@${item.creator.handle}` : item.ad.name;
    article.setAttribute('aria-label', item.ad ? `${name}, ${item.ad.label}` : name);
    const who = part(card.url ? 'who' : 'name');
    who.textContent = name;
    if (card.url) {
      who.href = `/@${item.creator.handle}`;
      // The profile tells of the visit: by the item that led there, so that what an ad brings is the ad's.
      who.addEventListener('click', () => sessionStorage.setItem(`attise-visit-${item.creator.creator_id}`, item.token));
    }
    keep(card.url ? 'name' : 'who', false);
    part('caption').textContent = item.caption;
    part('label').textContent = item.ad?.label ?? '';
    part('partnership').textContent = item.partnership_label ?? '';
    part('brand').textContent = initials(name); // a standard ad has no account to show
    keep('brand', !item.creator);
    keep('label', item.ad);
    keep('partnership', item.partnership_label);
    if (item.ad) {
      const say = (name, who) => { part(name).textContent = part(name).dataset.words.replace('{who}', who); };
      say('sponsor', item.ad.on_behalf_of);
      if (item.ad.paid_by && item.ad.paid_by !== item.ad.on_behalf_of) say('payer', item.ad.paid_by);
      part('why').href = item.ad.why_url;
      part('hide').addEventListener('click', () => this.hide(one));
      if (item.ad.click_url) {
        part('call').href = item.ad.click_url;
        part('call-text').textContent = item.ad.call_to_action_text || part('call').dataset.plain;
      }
    }
    keep('for', item.ad);
    keep('call', item.ad?.click_url);
    const form = part('acts');
    form.querySelector('[data-handle]').textContent = name;
    form.querySelector('[data-initials]').textContent = initials(item.creator?.display_name ?? name);
    const comments = form.querySelector('[data-comments]');
    if (card.url) {
      comments.href = `${card.url}#comments`;
      comments.addEventListener('click', () => sessionStorage.setItem(`attise-item-${item.post_id}`, item.token));
    } else comments.remove();
    if (!item.creator) form.querySelector('[data-kind=follow]').remove();
    one.acts = new Acts(form, { token: item.token }, this.outbox, this, card);
    one.media = this.player(item);
    part('media').append(one.media);
    one.watch.follow(one.media);
    one.media.addEventListener('ended', () => { // once its end was counted, from the beginning
      one.media.currentTime = 0;
      if (this.items[this.at] === one) this.play(one);
    });
    part('media').addEventListener('click', () => this.tap(one));
    part('play').addEventListener('click', () => this.toggle(one));
    part('retry').addEventListener('click', () => { this.empty(one); this.fill(one, place); this.play(one); });
    one.media.addEventListener('error', () => { part('fault').hidden = false; part('play').hidden = true; });
    part('more').addEventListener('click', event => {
      const isWhole = article.classList.toggle('whole');
      event.currentTarget.setAttribute('aria-expanded', String(isWhole));
    });
    one.article = article;
    one.frame.replaceChildren(article);
    const caption = part('caption');
    part('more').hidden = caption.scrollHeight <= caption.clientHeight + 1;
    if (place === this.at) one.watch.sight(one.isSeen ?? false);
  }

  empty(one) {
    one.watch.sight(false);
    if (one.media instanceof HTMLVideoElement) {
      one.media.removeAttribute('src');
      one.media.load();
    }
    one.article = one.media = undefined;
    one.frame.replaceChildren();
  }

  player(item) {
    const address = this.ours(item.media_url);
    if (item.format === 'carousel' || item.duration_ms === 0) return Object.assign(new Image(), { src: address, alt: item.caption });
    const video = document.createElement('video');
    video.muted = this.isMuted;
    video.playsInline = true;
    video.preload = 'metadata';
    video.poster = this.ours(item.cover_url);
    video.src = address;
    video.setAttribute('aria-label', item.caption || item.creator?.handle || item.ad?.name || '');
    return video;
  }

  looked(found) {
    for (const { target, intersectionRatio } of found) {
      const place = this.items.findIndex(one => one.frame === target);
      const one = this.items[place];
      if (!one) continue;
      one.isSeen = intersectionRatio >= SEEN;
      if (one.isSeen) this.turn(place);
      else this.stop(one);
      one.watch.sight(one.isSeen);
    }
  }

  /** Another item is the one that is watched. */
  turn(place) {
    if (place === this.at) return;
    const before = this.items[this.at];
    if (before) {
      this.stop(before);
      before.watch.sight(false);
      before.watch.leave();
    }
    this.at = place;
    this.mount();
    this.play(this.items[place]);
    if (place >= this.items.length - AHEAD) this.more();
  }

  play(one) {
    const { media } = one;
    if (!(media instanceof HTMLVideoElement)) return;
    media.muted = this.isMuted;
    if (document.hidden || one.isHeld || !(this.playsAlone || one.isAsked)) {
      this.played(one, false);
      return;
    }
    media.play().catch(fault => {
      if (fault.name !== 'NotAllowedError') return;
      if (!this.isMuted) this.mute(true, true); // a browser lets no page begin with sound
      else this.played(one, false);
    });
  }

  stop(one) {
    if (one.media instanceof HTMLVideoElement) one.media.pause();
  }

  /** A player started or stopped: its button says which. */
  played(one, isOn) {
    const button = one.article?.querySelector('[data-play]');
    if (button) button.hidden = isOn || one.media.error !== null;
  }

  toggle(one) {
    if (!(one.media instanceof HTMLVideoElement)) return;
    if (one.media.paused) {
      one.isHeld = false;
      one.isAsked = true;
      this.play(one);
    } else {
      one.isHeld = true;
      this.stop(one);
    }
  }

  /** One tap stops or goes on, two like. */
  tap(one) {
    if (one.tapping) {
      clearTimeout(one.tapping);
      one.tapping = undefined;
      if (!one.card.liked) one.acts.turn('like');
      return;
    }
    one.tapping = setTimeout(() => { one.tapping = undefined; this.toggle(one); }, 250);
  }

  mute(isMuted, isQuiet = false) {
    this.isMuted = isMuted;
    if (!isQuiet) localStorage.setItem('attise-sound', isMuted ? 'off' : 'on');
    const button = this.querySelector('[data-sound]');
    button.setAttribute('aria-pressed', String(!isMuted));
    button.querySelector('[data-when-muted]').hidden = !isMuted;
    button.querySelector('[data-when-loud]').hidden = isMuted;
    for (const one of this.items) if (one.media instanceof HTMLVideoElement) one.media.muted = isMuted;
    const one = this.items[this.at];
    if (one && isQuiet) this.play(one);
  }

  turned() {
    const one = this.items[this.at];
    if (!one) return;
    if (document.hidden) {
      this.stop(one);
      one.watch.sight(false);
    } else {
      one.watch.sight(one.isSeen ?? false);
      this.play(one);
    }
  }

  /** Hide an ad: it goes at once, and is told once whoever hid it has let the time go by in which they may undo it. */
  hide(one) {
    this.settle?.(); // the one that was hidden before stays hidden
    const place = this.items.indexOf(one);
    this.hidden_ads.add(one.item.ad.ad_id);
    this.move(place + 1 < this.items.length ? 1 : -1, true);
    this.drop(one, place);
    const said = toast(this.dataset.hidden);
    const undo = Object.assign(document.createElement('button'), { type: 'button', textContent: this.dataset.undo });
    said.append(undo);
    const leaving = () => { this.settle?.(true); };
    const over = () => {
      this.settle = undefined;
      removeEventListener('at:leaving', leaving);
      said.remove();
    };
    this.settle = async isLeaving => {
      over();
      one.watch.told.add('skip'); // it was said more clearly
      if (isLeaving) this.outbox.put({ token: one.item.token }, 'hide', {}); // goes with what is left with the browser
      else if (!await this.outbox.act({ token: one.item.token }, 'hide')) toast(this.dataset.failed);
    };
    undo.addEventListener('click', () => {
      over();
      this.hidden_ads.delete(one.item.ad.ad_id);
      this.restore(one, Math.min(place, this.items.length));
    });
    said.addEventListener('animationend', event => { if (event.animationName === 'toast-out') this.settle?.(); });
    addEventListener('at:leaving', leaving);
  }

  drop(one, place) {
    this.sight.unobserve(one.frame);
    this.stop(one);
    one.watch.sight(false);
    one.isSeen = false;
    one.frame.remove();
    this.items.splice(place, 1);
    this.at = this.items.findIndex(other => other.isSeen);
    if (this.at < 0) this.turn(Math.min(place, this.items.length - 1));
    this.mount();
  }

  /** Put an ad back where it was, and go there. */
  restore(one, place) {
    const between = this.items[this.at]; // not skipped: it only came in the ad's place
    if (between) this.stop(between);
    between?.watch.sight(false);
    this.reels.insertBefore(one.frame, this.items[place]?.frame ?? null);
    this.items.splice(place, 0, one);
    this.at = -1;
    this.sight.observe(one.frame);
    one.frame.scrollIntoView({ behavior: 'instant' });
    this.turn(place);
    this.reels.focus();
  }

  /** A creator who is followed on one post is followed on all of theirs. */
  followed(event) {
    const acted = this.items.find(one => one.acts?.form === event.target);
    const id = acted?.item.creator?.creator_id;
    for (const one of this.items) {
      if (!id || one.item.creator?.creator_id !== id) continue;
      one.card.followed = event.detail;
      if (one.article) one.acts.draw();
    }
  }

  move(step, isAtOnce = false) {
    const next = this.items[this.at + step];
    next?.frame.scrollIntoView({ behavior: isAtOnce || calm.matches ? 'instant' : 'smooth' });
  }

  /** The wheel beside the phone's frame moves the feed as it does within: one post for one push. */
  wheel(event) {
    if (event.ctrlKey || !event.deltaY || this.reels.contains(event.target)) return;
    if (!this.pushing) this.move(Math.sign(event.deltaY));
    clearTimeout(this.pushing);
    this.pushing = setTimeout(() => { this.pushing = undefined; }, 200); // a push is many events
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches('input, textarea, select')) return;
    const one = this.items[this.at];
    const onButton = event.target.closest('button, a') !== null;
    const acts = {
      ' ': onButton ? undefined : () => this.toggle(one),
      ArrowDown: () => this.move(1),
      ArrowUp: () => this.move(-1),
      PageDown: () => this.move(1),
      PageUp: () => this.move(-1),
      j: () => this.move(1),
      k: () => this.move(-1),
      l: () => one.acts.turn('like'),
      s: () => one.acts.turn('save'),
      m: () => this.mute(!this.isMuted),
      c: () => one.article.querySelector('[data-comments]')?.click(),
    };
    const act = acts[event.key];
    if (!act || !one) return;
    event.preventDefault();
    act();
  }

  show(name, isShown) {
    this.querySelector(`[${name}]`).hidden = !isShown;
  }
});

// ---- at-post: the page of one post; what is seen and done there has no token, and is the post's own

customElements.define('at-post', class extends HTMLElement {
  connectedCallback() {
    const item = { post_id: this.dataset.post, creator_id: this.dataset.creator };
    const house = new House(this);
    const outbox = new Outbox(house);
    const form = this.querySelector('[data-acts]');
    const isOn = kind => form.querySelector(`[data-kind=${kind}]`).getAttribute('aria-pressed') === 'true';
    const count = name => Number(form.querySelector(`[data-count=${name}]`).dataset.value);
    new Acts(form, item, outbox, this, {
      liked: isOn('like'), saved: isOn('save'), followed: isOn('follow'), url: this.dataset.link,
      likes: count('likes'), comments: count('comments'), saves: count('saves'), shares: count('shares'),
    });
    const token = this.querySelector('[data-comment] [name=token]'); // of the item it was come from: an ad's is paid
    if (token) token.value = sessionStorage.getItem(`attise-item-${item.post_id}`) ?? '';
    const media = this.querySelector('video, .player > img');
    if (!media) return;
    const watch = new Watch(item, outbox);
    watch.follow(media);
    new IntersectionObserver(([found]) => watch.sight(found.intersectionRatio >= SEEN), { threshold: [0, SEEN] }).observe(media);
    document.addEventListener('visibilitychange', () => watch.count());
  }
});

// ---- at-profile: a creator's page; the visit counts once it is seen, for the item that led there if one did

customElements.define('at-profile', class extends HTMLElement {
  connectedCallback() {
    const form = this.querySelector('[data-acts]'); // none on one's own
    if (!form) return;
    const { creator } = this.dataset;
    const outbox = new Outbox(new House(this));
    const isOn = form.querySelector('[data-kind=follow]').getAttribute('aria-pressed') === 'true';
    new Acts(form, { creator_id: creator }, outbox, this, { followed: isOn, url: '' });
    const key = `attise-visit-${creator}`;
    const token = sessionStorage.getItem(key);
    sessionStorage.removeItem(key);
    outbox.tell(token ? { token } : { creator_id: creator }, 'profile_visit');
  }
});
