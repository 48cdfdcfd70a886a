import io
import json
import logging
import logging.config
import sys

import pytest
from django.conf import settings
from django.db import IntegrityError, OperationalError

from core import logs
from core.logs import Json, Mask, mask


@pytest.fixture(params=["text", "json"])
def lines(request):
    """A logger with our filter and either format, and what it has written."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(Mask())
    text = logging.Formatter(settings.LOGGING["formatters"]["text"]["format"])
    handler.setFormatter(Json() if request.param == "json" else text)
    logger = logging.getLogger("test.mask")
    logger.propagate = False
    logger.addHandler(handler)
    yield logger, stream
    logger.removeHandler(handler)
    logs.end_turn()


def test_links_and_addresses_are_masked():
    line = 'GET /confirm/AaBb.Cc_-/ from ana@example.org "/ar/my/Tok.en/withdraw/?x=1" /my/ /confirm/'
    assert mask(line) == 'GET /confirm/<token>/ from <address> "/ar/my/<token>/withdraw/?<query>" /my/ /confirm/'
    assert mask("GET /c/x/?name=Ana HTTP/1.1? Yes") == "GET /c/x/?<query> HTTP/1.1? Yes"


def test_a_traceback_is_masked_too(lines):
    logger, stream = lines
    try:
        raise OSError("/confirm/SECRET/ ana@example.org")
    except OSError:
        logger.exception("Failed: %s", "/my/SECRET/")
    assert "SECRET" not in stream.getvalue()
    assert "example.org" not in stream.getvalue()
    assert "OSError: /confirm/<token>/ <address>" in stream.getvalue()


def test_of_an_exception_that_may_quote_a_visitor_only_kind_and_place_are_told(lines):
    logger, stream = lines
    name = "Ana Torres"
    try:
        try:
            raise KeyError(name)
        except KeyError as error:
            raise IntegrityError(f"violates x\nDETAIL:  Failing row contains ({name})") from error
    except IntegrityError:
        logger.exception("It failed")
    said = stream.getvalue()
    assert name not in said
    assert "KeyError: <left out>" in said
    assert "IntegrityError: violates x" in said
    assert "test_logs.py" in said


def test_what_another_handler_wrote_of_an_exception_is_not_taken_over(lines):
    logger, stream = lines
    name = "Ana Torres"
    try:
        raise ValueError(name)
    except ValueError:
        record = logger.makeRecord("test.mask", logging.ERROR, "x", 1, "m", (), sys.exc_info())
        logging.Formatter().format(record)
        assert name in record.exc_text
        logger.handle(record)
    assert name not in stream.getvalue()


def test_causes_that_go_round_in_a_circle_end(lines):
    logger, stream = lines
    one, two = OperationalError("one"), OperationalError("two")
    one.__cause__, two.__cause__ = two, one
    logger.error("It failed", exc_info=one)
    assert stream.getvalue().count("OperationalError: ") == 2


def test_celerys_line_about_a_failed_task_does_not_quote_it(lines):
    logger, stream = lines
    logger.error("Task %(name)s raised: %(exc)s", {"name": "petitions.tally", "exc": "ValueError('Ana')"})
    assert "Task petitions.tally raised: <left out>" in stream.getvalue()
    assert "Ana" not in stream.getvalue()


def test_a_json_line_is_one_object_with_these_words_only():
    record = logging.makeLogRecord(
        {
            "name": "core.x",
            "levelname": "INFO",
            "msg": "one\ntwo ana@example.org",
            "args": (),
            "request": "Ana",
            "body": "Ana",
        }
    )
    logs.begin_turn(task="id-1", name="petitions.tally")
    Mask().filter(record)
    logs.end_turn()
    written = Json().format(record)
    assert "\n" not in written
    line = json.loads(written)
    assert line.pop("time").endswith("+00:00")
    assert line == {
        "level": "INFO",
        "logger": "core.x",
        "task": "id-1",
        "name": "petitions.tally",
        "message": "one\ntwo <address>",
    }


def test_a_line_bears_the_turn_that_it_is_of(lines):
    logger, stream = lines
    logs.begin_turn(request="abc")
    logger.warning("one")
    logs.end_turn()
    logger.warning("two")
    one, two = stream.getvalue().splitlines()
    assert "abc" in one
    assert "abc" not in two


def test_every_handler_has_the_filter():
    handlers = settings.LOGGING["handlers"]
    assert handlers
    assert all("mask" in handler["filters"] for handler in handlers.values())


def test_no_logger_of_this_process_has_a_handler_without_it():
    """Those of the web server and of Celery's pool included, which bring their own unless we gave them one."""
    from granian.log import configure_logging

    configure_logging("warning")
    logging.config.dictConfig(settings.LOGGING)
    for name in ("_granian", "multiprocessing", "django", ""):
        handlers = logging.getLogger(name).handlers
        ours = [handler for handler in handlers if any(isinstance(each, Mask) for each in handler.filters)]
        foreign = [handler for handler in handlers if handler not in ours and "pytest" not in type(handler).__module__]
        assert foreign == [], name
    assert logging.getLogger("_granian").level == logging.WARNING
