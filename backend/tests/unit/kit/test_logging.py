import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from pulse.kit.logging import LogFormat, configure_logging, get_logger


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield io.StringIO()
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()


def _lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_event_becomes_one_json_line_with_its_facts(stream: io.StringIO) -> None:
    configure_logging("INFO", LogFormat.JSON, stream)
    get_logger("pulse.sync").info("sync.pull.finished", records=3, name="Zoë")
    (line,) = _lines(stream)
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "sync.pull.finished",
        "records": 3,
        "name": "Zoë",
        "level": "info",
        "logger": "pulse.sync",
    }


def test_standard_library_events_take_the_same_road(stream: io.StringIO) -> None:
    configure_logging("WARNING", LogFormat.JSON, stream)
    logging.getLogger("celery").info("too quiet")
    logging.getLogger("celery").warning("lost %s", "broker")
    (line,) = _lines(stream)
    assert (line["event"], line["logger"], line["level"]) == ("lost broker", "celery", "warning")


def test_secrets_are_redacted_by_key_at_any_depth_and_inside_urls(stream: io.StringIO) -> None:
    configure_logging("INFO", LogFormat.JSON, stream)
    get_logger("t").info(
        "x",
        refresh_token="a",
        Authorization="b",
        token_expires_at="kept",
        answer={"client_secret": "c", "list": [{"password": "d"}]},
        database_url="postgresql://pulse:e@db/pulse",
    )
    (line,) = _lines(stream)
    assert line["refresh_token"] == line["Authorization"] == "[redacted]"
    assert line["token_expires_at"] == "kept"
    assert line["answer"] == {"client_secret": "[redacted]", "list": [{"password": "[redacted]"}]}
    assert line["database_url"] == "postgresql://pulse:[redacted]@db/pulse"


def test_exception_text_is_redacted_too(stream: io.StringIO) -> None:
    configure_logging("INFO", LogFormat.JSON, stream)
    error = ValueError("redis://:hunter2@127.0.0.1:6379 refused")
    get_logger("t").error("broker.lost", exc_info=error)
    assert "hunter2" not in stream.getvalue()
    assert "redis://:[redacted]@127.0.0.1:6379 refused" in _lines(stream)[0]["exception"]


def test_console_format_is_readable_text(stream: io.StringIO) -> None:
    configure_logging("INFO", LogFormat.CONSOLE, stream)
    get_logger("t").info("stack.ready", component="api")
    assert "stack.ready" in stream.getvalue()
    assert "component=api" in stream.getvalue()
