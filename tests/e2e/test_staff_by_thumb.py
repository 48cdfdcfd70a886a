"""Staff on a phone: no page is wider than its window, and a thumb finds whatever is to be pressed."""

from __future__ import annotations

from tests.e2e.test_staff import log_in, pages_of_ours

# What is pressed and narrower or lower than 24 px, and what saves and is lower than 44: (width, height, what it says).
SMALL = r"""() => {
  const all = document.querySelectorAll(
    "a[href], button, summary, select, textarea, input:not([type=hidden]), [role=button], [role=combobox], " +
    "[x-on\\:click], .select2-selection__choice__remove, .select2-selection__clear"
  );
  const small = [];
  for (const one of all) {
    // A box of select2 is pressed as a whole; the select that it stands for is out of sight.
    if (one.matches("[role=combobox] input, .select2-hidden-accessible")) continue;
    const seen = one.getBoundingClientRect();
    const isSeen = one.checkVisibility({ visibilityProperty: true, opacityProperty: true });
    if (!isSeen || seen.width <= 1 || seen.right <= 0 || seen.left >= innerWidth) continue;
    const boxes = [seen];
    if (["checkbox", "radio"].includes(one.type)) {
      for (const label of one.labels) boxes.push(label.getBoundingClientRect());
    }
    const least = one.matches("#main .bg-primary-600, button.go") ? 44 : 24;
    const isLarge = (box) => box.width >= 24 && box.height >= least;
    const words = one.innerText || one.getAttribute("aria-label") || one.name || one.className;
    if (!boxes.some(isLarge)) small.push([Math.round(seen.width), Math.round(seen.height), one.tagName, words.slice(0, 50)]);
  }
  return small;
}"""
WIDER = "document.documentElement.scrollWidth - innerWidth"


def pages_of_the_theme(page, site):
    """Each list in the sidebar, and the first row of each."""
    page.goto(f"{site.url}/admin/")
    hrefs = "all => all.map((one) => one.getAttribute('href'))"
    lists = page.eval_on_selector_all("#nav-sidebar a[href^='/admin/']", hrefs)
    rows = []
    for path in lists:
        page.goto(site.url + path)
        rows += page.eval_on_selector_all("#result_list tbody a[href*='/change/']", hrefs)[:1]
    return [*dict.fromkeys([*lists, *rows])]


def test_every_page_of_staff_works_with_one_thumb(page, site):
    log_in(page, site)
    own = pages_of_ours(page, site)
    campaign = own[0].removesuffix("change/")
    steps = [f"{campaign}{step}/" for step in ("previews", "terms", "copy", "close", "report", "history")]
    pages = ["/admin/", "/admin/campaigns/campaign/add/", *own, *steps, *pages_of_the_theme(page, site)]
    assert len(pages) > 40
    page.set_viewport_size({"width": 390, "height": 844})
    found = {}
    for path in pages:
        page.goto(site.url + path)
        wider, small = page.evaluate(WIDER), page.evaluate(SMALL)
        if wider > 0 or small:
            found[path] = (wider, small[:8])
    assert found == {}
