// Opens a page of an archived copy in Chromium and tells, as one JSON object, what a reader would see:
//   node look.mjs MODULES PAGE [SCREENSHOT]
// MODULES is the folder that holds node_modules/playwright-core.
import { createRequire } from 'node:module';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const [modules, page_path, screenshot] = process.argv.slice(2);
const { chromium } = createRequire(join(resolve(modules), 'x.js'))('playwright-core');
const folder = pathToFileURL(dirname(resolve(page_path))).href + '/';
const profile = mkdtempSync(join(tmpdir(), 'halftone-browser-'));

const browser = await chromium.launchPersistentContext(profile, {
  executablePath: process.env.HALFTONE_CHROMIUM ?? '/usr/bin/chromium',
  headless: true,
  viewport: { width: 1200, height: 1500 },
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run',
         '--disable-component-update', '--disable-sync', '--disable-quic'],
});
try {
  const page = await browser.newPage();
  const outside = [];
  const requested = [];
  page.on('request', (request) => {
    const url = request.url();
    if (url.startsWith('data:')) return;
    (url.startsWith(folder) ? requested : outside).push(url);
  });
  await page.goto(pathToFileURL(resolve(page_path)).href, { waitUntil: 'load' });
  // Pictures marked loading=lazy are asked for only when they come into view.
  await page.evaluate(async () => {
    for (const image of document.images) image.loading = 'eager';
    await Promise.all([...document.images].map((image) => image.decode().catch(() => {})));
  });
  const seen = await page.evaluate(() => ({
    title: document.title,
    text: document.body.innerText.length,
    images: [...document.images].map((image) => ({
      src: image.currentSrc || image.getAttribute('src'),
      width: image.naturalWidth,
    })),
    backgrounds: [...document.querySelectorAll('*')]
      .map((element) => getComputedStyle(element).backgroundImage)
      .filter((value) => value.includes('url(')).length,
    scripts_ran: window.halftone_script_ran === true,
  }));
  if (screenshot) await page.screenshot({ path: screenshot, fullPage: false });
  console.log(JSON.stringify({ ...seen, requested, outside }));
} finally {
  await browser.close();
  rmSync(profile, { recursive: true, force: true });
}
