// Uses each page as a person does: node check.mjs CHROMIUM FOLDER PAGE… . Says what is wrong; ends with 1 when anything is.
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";

const [executablePath, folder, ...files] = process.argv.slice(2);
const { chromium } = createRequire(resolve(folder) + "/")("playwright-core");
const profile = mkdtempSync(join(tmpdir(), "browser-"));
const args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
let faults = 0;
let checks = 0;
const check = (fine, what) => { checks += 1; if (!fine) { faults += 1; console.error(`FAULT: ${what}`); } };
const visible = (page) => page.locator("[data-row]:not([hidden])").count();
const settled = (page) => page.waitForTimeout(250);

async function open(browser, file, options) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.on("console", (message) => check(message.type() !== "error" && message.type() !== "warning", `${file}: console: ${message.text()}`));
  page.on("pageerror", (error) => check(false, `${file}: ${error}`));
  page.on("request", (request) => check(request.url().startsWith("file:"), `${file}: asks the network for ${request.url()}`));
  await page.goto("file://" + resolve(file));
  return page;
}

async function desktop(browser, file) {
  const page = await open(browser, file, { viewport: { width: 1280, height: 1000 }, colorScheme: "light" });
  const all = await visible(page);
  check(all > 20, `${file}: ${all} rows`);
  check(await page.evaluate(() => new Set(Array.from(document.querySelectorAll("[id]"), (one) => one.id)).size === document.querySelectorAll("[id]").length), `${file}: an id stands twice`);
  const dead = await page.evaluate(() => Array.from(document.querySelectorAll("a[href^='#']"), (link) => link.hash.slice(1)).filter((id) => !document.getElementById(decodeURIComponent(id))));
  check(dead.length === 0, `${file}: links to nothing: ${dead.slice(0, 5)}`);

  // The keyboard: the first stop skips to the content, a slash begins the search, Escape ends it.
  await page.keyboard.press("Tab");
  check(await page.evaluate(() => document.activeElement.className) === "skip", `${file}: the first stop is no skip link`);
  await page.keyboard.press("/");
  check(await page.evaluate(() => document.activeElement.id) === "search", `${file}: a slash does not begin the search`);
  await page.keyboard.type("zzzznothing");
  await settled(page);
  check(await visible(page) === 0 && await page.locator("#nothing").isVisible(), `${file}: rows fit nonsense`);
  await page.keyboard.press("Escape");
  await settled(page);
  check(await visible(page) === all, `${file}: Escape does not bring all rows back`);
  await page.fill("#search", "nginx");
  await settled(page);
  const found = await visible(page);
  check(found > 0 && found < all, `${file}: a search for nginx shows ${found} of ${all}`);
  check((await page.locator("#state").textContent()).includes(`${found} of ${all}`), `${file}: the number of what is found is not said`);
  await page.click("#reset");

  // Every filter changes what is shown, to as many as it says.
  for (const select of await page.locator("select[data-facet]").all()) {
    const facet = await select.getAttribute("data-facet");
    const option = select.locator("option").nth(1);
    await select.selectOption(await option.getAttribute("value"));
    await settled(page);
    const said = Number(/\((\d+)\)$/.exec(await option.textContent())?.[1]);
    check(await visible(page) === said, `${file}: filter ${facet} shows ${await visible(page)}, and says ${said}`);
    await page.click("#reset");
  }
  await page.locator("button[data-set]").first().click();
  check(await visible(page) < all, `${file}: a part of the strip does not filter`);
  await page.click("#reset");

  // Down to the lines: a row unfolds, its place shows the lines, once more hides them; the address leads there, too.
  const row = page.locator("details.row[data-row]:has(a.place)").first();
  await row.locator("summary").first().focus();
  await page.keyboard.press("Enter");
  check(await row.evaluate((one) => one.open), `${file}: Enter does not unfold a row`);
  const link = row.locator("a.place").first();
  await link.focus();
  await page.keyboard.press("Enter");
  check(await row.locator("figure.peek pre span.now").count() === 1, `${file}: a place does not show its line`);
  check(await link.getAttribute("aria-expanded") === "true", `${file}: aria-expanded is not said`);
  const there = row.locator("figure.peek a").first();
  const hash = await there.getAttribute("href");
  await page.keyboard.press("Enter");
  check(await row.locator("figure.peek").count() === 0, `${file}: a place does not hide its line again`);
  await page.evaluate((to) => { location.hash = to; }, hash);
  await settled(page);
  check(await page.evaluate((to) => { const at = document.getElementById(decodeURIComponent(to.slice(1))); return at.closest("details").open && document.activeElement === at; }, hash), `${file}: ${hash} does not open the file`);
  const stops = page.locator("details.row[data-row] > summary");
  await stops.nth(0).focus();
  await page.keyboard.press("ArrowDown");
  check(await stops.nth(1).evaluate((one) => one === document.activeElement), `${file}: the arrows do not go through the rows`);
  check(await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle) !== "none", `${file}: the focus is not seen`);

  // Ticks stay.
  const ticks = page.locator("input[data-tick]");
  if (await ticks.count() > 0) {
    await ticks.first().check();
    await page.reload();
    check(await ticks.first().isChecked(), `${file}: a tick is lost`);
  }
  // Themes.
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await ground();
  await page.evaluate(() => scrollTo(0, 0));
  await page.screenshot({ path: join(folder, `${basename(file)}-light.png`) });
  await page.click("#theme");
  check(await ground() !== light, `${file}: the theme does not change`);
  await page.screenshot({ path: join(folder, `${basename(file)}-dark.png`) });
  await page.context().close();
  const dark = await open(browser, file, { colorScheme: "dark" });
  check(await dark.evaluate(() => getComputedStyle(document.body).backgroundColor) !== light, `${file}: the system's dark colours are not taken`);
  await dark.context().close();
}

async function phone(browser, file) {
  for (const width of [320, 390]) {
    const page = await open(browser, file, { viewport: { width, height: 720 }, colorScheme: "light", hasTouch: true });
    await page.evaluate(() => { for (const one of document.querySelectorAll("details")) one.open = true; });
    await page.screenshot({ path: join(folder, `${basename(file)}-${width}.png`) });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    check(wide <= 0, `${file}: ${wide} pixels too wide at ${width}`);
    await page.context().close();
  }
}

async function plain(browser, file) {
  const page = await open(browser, file, { javaScriptEnabled: false, viewport: { width: 1000, height: 800 } });
  check(await page.locator("details.row").first().isVisible() && !(await page.locator(".bar").isVisible()), `${file}: it cannot be read without scripts`);
  await page.locator("details.row:visible > summary").first().click();
  check(await page.locator("details.row[open] .more").first().isVisible(), `${file}: rows do not unfold without scripts`);
  await page.context().close();
}

const browser = await chromium.launch({ executablePath, headless: true, args: [...args, `--disk-cache-dir=${profile}`] });
try {
  for (const file of files) {
    await desktop(browser, file);
    await phone(browser, file);
    await plain(browser, file);
  }
} finally {
  await browser.close();
  rmSync(profile, { recursive: true, force: true });
}
console.log(`${checks} checks of ${files.length} pages, ${faults} faults`);
process.exit(faults === 0 ? 0 : 1);
