"""A chat endpoint of our own on this machine: it answers as a test tells it to, and remembers what it was asked."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

Respond = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Request:
    path: str
    headers: dict[str, str]
    body: dict[str, Any]

    @property
    def text(self) -> str:
        return "\n".join(str(message["content"]) for message in self.body["messages"])


@dataclass
class ChatServer:
    url: str
    requests: list[Request] = field(default_factory=list)


def replies(content: object) -> Respond:
    """The endpoint says `content`."""
    return sends(json.dumps({"choices": [{"message": {"role": "assistant", "content": content}}]}).encode())


def sends(body: bytes, status: int = 200, **headers: str) -> Respond:
    """The endpoint sends these bytes."""

    def respond(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)

    return respond


@contextmanager
def chat_server(respond: Respond) -> Iterator[ChatServer]:
    """The endpoint, running; `url` is what QA_LLM_URL takes."""
    server = ChatServer("")

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            server.requests.append(Request(self.path, dict(self.headers), body))
            respond(self)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing: the output of a test is pytest's."""

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    http.daemon_threads = True
    server.url = f"http://127.0.0.1:{http.server_port}/v1"
    thread = Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        http.shutdown()
        http.server_close()
        thread.join()
