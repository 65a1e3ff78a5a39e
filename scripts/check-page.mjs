// Opens a page of `monstack graph -o html` in Chromium, on a phone and on a desktop, and uses it by keyboard.
//
//   monstack graph config.yaml -o html > stack.html
//   node scripts/check-page.mjs stack.html [FOLDER]
//
// Needs playwright-core (`npm install playwright-core` in any folder above the working directory, or NODE_PATH) and a
// Chromium (CHROMIUM, by default /usr/bin/chromium). With axe-core beside it, its rules are checked, too. FOLDER gets
// screenshots. Exits 1 at the first thing that is wrong.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import path from 'node:path';

const [file, folder] = process.argv.slice(2);
if (!file) {
  console.error('usage: node scripts/check-page.mjs FILE [FOLDER]');
  process.exit(2);
}
const require = createRequire(path.resolve('from-here.js'));
const { chromium } = require('playwright-core');
let axe;
try {
  axe = require('axe-core');
} catch {
  console.log('axe-core is not there: its rules are not checked');
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
const url = `file://${path.resolve(file)}`;
for (const [name, width, height, colorScheme] of [
  ['desktop', 1440, 900, 'light'],
  ['phone', 390, 844, 'light'],
  ['dark', 1280, 800, 'dark'],
]) {
  const page = await browser.newPage({ viewport: { width, height }, colorScheme, isMobile: name === 'phone', bypassCSP: Boolean(axe) });
  const said = [];
  const asked = [];
  page.on('console', (message) => said.push(message.text()));
  page.on('pageerror', (error) => said.push(String(error)));
  page.on('request', (request) => asked.push(request.url()));
  await page.goto(url);
  assert.deepEqual(said, [], `${name}: the console is silent`);
  assert.deepEqual(asked, [url], `${name}: nothing else is asked for`);

  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(wide <= width, `${name}: ${wide} pixels wide`);
  const shown = name === 'phone' ? 'narrow' : 'wide';
  assert.deepEqual(
    await page.$$eval('.picture', (all) => all.filter((one) => one.checkVisibility()).map((one) => one.classList[1])),
    [shown],
    `${name}: one picture is shown`,
  );
  const outside = await page.$$eval(`.${shown} .node`, (nodes) =>
    nodes
      .filter((node) => {
        const [box, text] = ['rect', 'text'].map((part) => node.querySelector(part).getBoundingClientRect());
        return text.left < box.left - 1 || text.right > box.right + 1 || text.top < box.top - 1 || text.bottom > box.bottom + 1;
      })
      .map((node) => node.ariaLabel),
  );
  assert.deepEqual(outside, [], `${name}: texts are inside of their nodes`);

  if (folder) {
    await page.screenshot({ path: path.join(folder, `${name}.png`) });
    await page.screenshot({ path: path.join(folder, `${name}-whole.png`), fullPage: true });
  }

  // By keyboard: to the first node, whose edges alone stay; Enter goes to its card; a kind of data is hidden.
  let node;
  for (let presses = 0; presses < 40 && !node; presses++) {
    await page.keyboard.press('Tab');
    node = await page.evaluate(() => (document.activeElement.matches('.node') ? document.activeElement.classList[2] : null));
  }
  assert.ok(node, `${name}: the Tab key comes to a node`);
  const own = node.replace('n', 'e');
  const faded = await page.$$eval(
    `.${shown} .edge`,
    (edges, own) => edges.filter((edge) => (Number(getComputedStyle(edge).opacity) < 0.5) === edge.classList.contains(own)).length,
    own,
  );
  assert.equal(faded, 0, `${name}: only the edges of ${node} stay`);
  if (folder) await page.screenshot({ path: path.join(folder, `${name}-node.png`) });
  await page.keyboard.press('Enter');
  assert.ok(await page.$eval('article:target', (card) => card.checkVisibility()), `${name}: the node links to its card`);
  const toggle = page.locator('fieldset input').first();
  await toggle.focus();
  await page.keyboard.press('Space');
  const data = (await toggle.getAttribute('id')).replace('show-', '');
  const left = await page.$$eval(`.${shown} .edge.${data}`, (edges) => edges.filter((edge) => edge.checkVisibility()).length);
  assert.equal(left, 0, `${name}: ${data} is hidden`);
  const summary = page.locator('summary').first();
  await summary.focus();
  await page.keyboard.press('Enter');
  assert.ok(await page.$eval('details', (details) => details.open), `${name}: the objects unfold`);

  if (axe) {
    await page.addScriptTag({ content: axe.source });
    const violations = await page.evaluate(async () => (await axe.run(document)).violations.map((one) => `${one.id}: ${one.nodes[0].html}`));
    assert.deepEqual(violations, [], `${name}: axe`);
  }
  await page.close();
  console.log(`${name}: fine`);
}
await browser.close();
