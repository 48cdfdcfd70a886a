"""A post weighs the same in the browser, while it is typed, and on the server, when it is sent."""

from __future__ import annotations

import pytest

from actions.networks import NETWORKS
from public.forms import Post
from tests.posts import posts

WEIGHED = """
async (texts) => {
  const field = document.querySelector("[data-weigh]");
  const places = [...document.querySelectorAll("[data-weight]")];
  const put = (text) => { field.value = text; field.dispatchEvent(new Event("input", { bubbles: true })); };
  // What a browser needs to know of X comes with the first post that wants it.
  const { parsing, signs } = field.form.dataset;
  put("example.org");
  await Promise.all([import(parsing), import(signs)]);
  await new Promise((done) => setTimeout(done, 500));
  return texts.map((text) => {
    put(text);
    return places.map((place) => Number(place.textContent.split(" of ")[0].replaceAll(",", "")));
  });
}
"""


@pytest.mark.parametrize("path", ["act/", "pass-on/"])
def test_browser_and_server_weigh_two_thousand_posts_alike(watched, site, path):
    watched.goto(f"{site.campaign}{path}")
    places = watched.eval_on_selector_all(
        "[data-weight]", "all => all.map(({id, dataset}) => [id.replace('weight-', ''), dataset.url])"
    )
    assert len(places) >= 3
    texts = list(dict.fromkeys(text for text in posts() if Post().to_python(text)))
    assert len(texts) >= 2_000
    found = watched.evaluate(WEIGHED, texts)
    wrong = []
    for text, weights in zip(texts, found, strict=True):
        clean = Post().to_python(text)
        for (slug, url), weight in zip(places, weights, strict=True):
            expected = NETWORKS[slug].weight(clean, url)
            if weight != expected:
                wrong.append((slug, text, f"browser {weight}", f"server {expected}"))
    assert wrong == [], f"{len(wrong)}: {wrong[:12]}"


def test_after_a_refusal_the_number_is_the_servers(watched, site):
    watched.goto(f"{site.campaign}act/")
    watched.fill("#id_text", "node.js " + "x" * 300)
    watched.eval_on_selector("#post", "form => form.target = '_self'")
    watched.click("text=Open X with this text")
    watched.wait_for_selector("#errors")
    shown = int(watched.inner_text("#weight-x").split(" of ")[0])
    assert f"counts {shown} of at most 280" in watched.inner_text("#errors")
