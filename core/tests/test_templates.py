import pytest
from django.template import Context, Engine, loader
from django.template.base import TextNode

from core.web.templates import INDENTATION


@pytest.fixture
def engine(tmp_path):
    return Engine([tmp_path], loaders=[("core.web.templates.Loader", ["django.template.loaders.filesystem.Loader"])])


def test_what_only_writers_read_is_gone_and_words_stay_apart(engine, tmp_path):
    (tmp_path / "page.html").write_text(
        '<p>\n    One\n\n    {% if yes %}\n      <b>two</b>\n    {% endif %}\n    {% for x in "ab" %}\n      {{ x }}\n    {% endfor %}\n</p>\n'
    )
    assert engine.get_template("page.html").render(Context({"yes": True})) == (
        "<p>\nOne\n\n<b>two</b>\n\n\na\n\nb\n\n</p>\n"
    )


def test_what_is_put_in_stays_as_it_is(engine, tmp_path):
    (tmp_path / "page.html").write_text("<textarea>\n{{ typed }}</textarea>")
    typed = "  a\n\n\n      b  \n"
    assert engine.get_template("page.html").render(Context({"typed": typed})) == f"<textarea>\n{typed}</textarea>"


def test_mails_as_text_and_templates_of_others_stay_as_they_are(engine, tmp_path):
    (tmp_path / "mail.txt").write_text("a\n\n    b\n")
    assert engine.get_template("mail.txt").render(Context()) == "a\n\n    b\n"
    others = loader.get_template("admin/base.html").template
    texts = [node.s for node in others.nodelist.get_nodes_by_type(TextNode)]
    assert any(INDENTATION.sub("\n", text) != text for text in texts)
