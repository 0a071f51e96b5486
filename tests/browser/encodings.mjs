// Tells, as one JSON object, what Chromium makes of bytes and characters in each encoding:
//   node encodings.mjs MODULES QUESTIONS
// MODULES is the folder that holds node_modules/playwright-core. QUESTIONS is a file with a JSON
// object:
//   single    encodings of which each byte alone is decoded
//   pairs     encodings of which each pair of bytes is decoded, in order
//   decode    [encoding, [bytes in hex]]: texts to decode whole
//   query     [encoding, rows]: each character of the rows (of 256) is written into a URL's query
//   prescan   documents in hex, served without a charset: which encoding is each read in?
// The answers stand under the same names in the order of the questions. Those to single and pairs
// are texts in which U+10FFFF ends each answer; those to query are texts of a row each, a space
// before each character, without the references to what the encoding lacks.
import { createRequire } from 'node:module';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const [modules, questions_path] = process.argv.slice(2);
const { chromium } = createRequire(join(resolve(modules), 'x.js'))('playwright-core');
const questions = JSON.parse(readFileSync(questions_path, 'utf8'));
const profile = mkdtempSync(join(tmpdir(), 'halftone-browser-'));

// These three run in the page.
function decodeEach({ encoding, pairs }) {
  const answers = [];
  for (let i = 0; i < (pairs ? 65536 : 256); ++i) {
    // A decoder for each: Chromium's remember what the text before ended with.
    const decoder = new TextDecoder(encoding, { ignoreBOM: true });
    answers.push(decoder.decode(pairs ? Uint8Array.of(i >> 8, i & 255) : Uint8Array.of(i)));
  }
  return answers.join('\u{10FFFF}') + '\u{10FFFF}';
}

function decodeTexts({ encoding, texts }) {
  return texts.map((hex) => {
    const bytes = Uint8Array.from({ length: hex.length / 2 },
                                  (_, i) => parseInt(hex.substr(2 * i, 2), 16));
    return new TextDecoder(encoding).decode(bytes);
  });
}

// Of ASCII only the shifts of ISO-2022-JP and the two characters that Japanese encodings gave away.
function queries(rows) {
  const link = document.createElement('a');
  const answers = [];
  for (const row of rows) {
    let text = '';
    for (let c = row * 256; c < row * 256 + 256; ++c) {
      const own = c < 0x80 && ![0x0E, 0x0F, 0x1B, 0x5C, 0x7E].includes(c);
      if (!own && (c < 0xD800 || c > 0xDFFF)) text += ' ' + String.fromCodePoint(c);
    }
    link.href = '/?' + text + ' .';
    answers.push(link.search.replace(/%26%23\d+%3B/g, ''));
  }
  return answers;
}

const browser = await chromium.launchPersistentContext(profile, {
  executablePath: process.env.HALFTONE_CHROMIUM ?? '/usr/bin/chromium',
  headless: true,
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run',
         '--disable-component-update', '--disable-sync', '--disable-quic'],
});
try {
  const page = await browser.newPage();
  let served = { contentType: 'text/html', body: '' };
  await page.route('**/*', (route) => route.fulfill(served));
  const serve = async (contentType, body) => {
    served = { contentType, body };
    await page.goto('http://halftone.test/', { waitUntil: 'load' });
  };
  const answers = { single: [], pairs: [], decode: [], query: [], prescan: [] };
  await serve('text/html', '');
  for (const encoding of questions.single ?? []) {
    answers.single.push(await page.evaluate(decodeEach, { encoding, pairs: false }));
  }
  for (const encoding of questions.pairs ?? []) {
    answers.pairs.push(await page.evaluate(decodeEach, { encoding, pairs: true }));
  }
  for (const [encoding, texts] of questions.decode ?? []) {
    answers.decode.push(await page.evaluate(decodeTexts, { encoding, texts }));
  }
  for (const [encoding, rows] of questions.query ?? []) {
    await serve('text/html; charset=' + encoding, '');
    answers.query.push(await page.evaluate(queries, rows));
  }
  for (const hex of questions.prescan ?? []) {
    await serve('text/html', Buffer.from(hex, 'hex'));
    answers.prescan.push(await page.evaluate(() => document.characterSet));
  }
  // Chromium's Big5 decoder makes lone surrogates.
  const clean = (_, value) => (typeof value === 'string' ? value.toWellFormed() : value);
  process.stdout.write(JSON.stringify(answers, clean));
} finally {
  await browser.close();
  rmSync(profile, { recursive: true, force: true });
}
