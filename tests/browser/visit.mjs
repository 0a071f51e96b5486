// Opens a URL in Chromium, scrolls to its end and waits until nothing more is asked for:
//   node visit.mjs MODULES URL
// What is asked for is the server's to tell. Without the speculative scanner, which asks for what
// only looks like markup and from the wrong <base>.
import { createRequire } from 'node:module';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const [modules, url] = process.argv.slice(2);
const { chromium } = createRequire(join(resolve(modules), 'x.js'))('playwright-core');
const profile = mkdtempSync(join(tmpdir(), 'halftone-browser-'));

const browser = await chromium.launchPersistentContext(profile, {
  executablePath: process.env.HALFTONE_CHROMIUM ?? '/usr/bin/chromium',
  headless: true,
  viewport: { width: 1200, height: 900 },
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run',
         '--disable-component-update', '--disable-sync', '--disable-quic',
         '--blink-settings=doHtmlPreloadScanning=false'],
});
try {
  const page = await browser.newPage();
  await page.goto(url, { waitUntil: 'load' });
  await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
  await page.waitForLoadState('networkidle');
  console.log(JSON.stringify({ title: await page.title() }));
} finally {
  await browser.close();
  rmSync(profile, { recursive: true, force: true });
}
