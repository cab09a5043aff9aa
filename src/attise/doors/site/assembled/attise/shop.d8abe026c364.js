// The example shop tells the tag what happens on its pages, and what its visitor answered. It works without this.

const tells = document.getElementById('shop-tells');
const { pixel, answer, event, eventId } = tells.dataset;
const facts = JSON.parse(tells.dataset.facts ?? '{}');

// Calls made before the tag has come wait in a queue; the tag takes them over.
window.attise ??= Object.assign((...call) => window.attise.calls.push(call), { calls: [] });
const attise = (...call) => window.attise(...call);

attise('init', pixel);
if (answer) attise('consent', answer);
attise('track', 'Pageview');
if (event) attise('track', event, facts, eventId ? { event_id: eventId } : {});

for (const form of document.querySelectorAll('form[data-track]')) {
  form.addEventListener('submit', () => {
    const quantity = Number(form.elements.quantity.value);
    const added = JSON.parse(form.dataset.facts);
    const contents = added.contents.map((one) => ({ ...one, quantity }));
    attise('track', form.dataset.track, { ...added, value: Math.round(added.value * quantity * 100) / 100, contents });
  });
}

// An answer is heard at once; the form then has it kept, and the page as it is afterwards.
for (const button of document.querySelectorAll('button[data-answer]')) {
  button.addEventListener('click', () => attise('consent', button.dataset.answer));
}
