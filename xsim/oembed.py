"""What publish.x.com says about the URL of a post. It wants no token and costs nothing."""

import re
from html import escape

from xsim.context import Context
from xsim.corpus import Post, User
from xsim.problems import ApiProblem, JsonObject, invalid

CACHE_SECONDS = "3153600000"
_POST_URL = re.compile(
    r"https?://(?:www\.|mobile\.)?(?:x|twitter)\.com/\w{1,15}/status(?:es)?/(?P<id>\d{1,19})/?(?:[?#].*)?"
)
_QUOTE = (
    '<blockquote class="twitter-tweet"><p lang="{lang}" dir="ltr">{text}</p>'
    '&mdash; {name} (@{username}) <a href="{url}">{day}</a></blockquote>\n'
)
_SCRIPT = '<script async src="https://platform.{site}/widgets.js" charset="utf-8"></script>\n'


def oembed(context: Context) -> JsonObject:
    """404 for what is no post or is gone, 403 for the post of a protected account."""
    params = context.request.params()
    wanted = params.get("url", "")
    if not wanted:
        raise invalid("url", wanted, "The `url` query parameter can not be empty")
    post, author = _post(context, wanted)
    script = params.get("omit_script", "").lower() not in ("1", "t", "true")
    return _answer(post, author, context.vocabulary.host.removeprefix("api."), script)


def _post(context: Context, wanted: str) -> tuple[Post, User]:
    match = _POST_URL.fullmatch(wanted)
    post = context.corpus.find(match["id"], context.now) if match else None
    author = context.corpus.users[post.author_id] if post else None
    if post is None or author is None or author.standing == "suspended":
        raise ApiProblem(404, "Not Found", "There is no such post.")
    if author.standing == "protected":
        raise ApiProblem(403, "Forbidden", "The post's author is protected.")
    return post, author


def _answer(post: Post, author: User, site: str, script: bool) -> JsonObject:
    profile = f"https://{site}/{author.username}"
    url = f"{profile}/status/{post.id}"
    html = _QUOTE.format(
        lang=escape(post.lang),
        text=escape(post.text).replace("\n", "<br>"),
        name=escape(author.name),
        username=author.username,
        url=url,
        day=f"{post.created_at:%B} {post.created_at.day}, {post.created_at.year}",
    )
    return {
        "url": url,
        "author_name": author.name,
        "author_url": profile,
        "html": html + (_SCRIPT.format(site=site) if script else ""),
        "width": 550,
        "height": None,
        "type": "rich",
        "cache_age": CACHE_SECONDS,
        "provider_name": "Twitter" if site == "twitter.com" else "X",
        "provider_url": f"https://{site}",
        "version": "1.0",
    }
