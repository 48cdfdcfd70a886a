import io
import logging

from django.conf import settings

from core.logs import Mask, mask


def test_links_and_addresses_are_masked():
    line = 'GET /confirm/AaBb.Cc_-/ from ana@example.org "/ar/my/Tok.en/withdraw/?x=1" /my/ /confirm/'
    assert mask(line) == 'GET /confirm/<token>/ from <address> "/ar/my/<token>/withdraw/?x=1" /my/ /confirm/'


def test_a_traceback_is_masked_too():
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(Mask())
    logger = logging.getLogger("test.mask")
    logger.propagate = False
    logger.addHandler(handler)
    try:
        raise ValueError("/confirm/SECRET/ ana@example.org")
    except ValueError:
        logger.exception("Failed: %s", "/my/SECRET/")
    finally:
        logger.removeHandler(handler)
    assert "SECRET" not in stream.getvalue()
    assert "example.org" not in stream.getvalue()
    assert "ValueError" in stream.getvalue()


def test_every_handler_has_the_filter():
    handlers = settings.LOGGING["handlers"]
    assert handlers
    assert all("mask" in handler["filters"] for handler in handlers.values())
