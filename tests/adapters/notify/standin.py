"""What the stand-ins of vendors share: a small server of one's own, faults to be given first, what was asked."""

from __future__ import annotations

import json
import ssl
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

Reply = tuple[int, Any]


@dataclass
class Asked:
    """One request as it came."""

    method: str
    path: str
    query: dict[str, str]
    body: Any
    headers: dict[str, str]


@dataclass
class StandIn:
    """`faults` are given, oldest first, to the requests whose path begins with their key; a fault of status 0 does
    what was asked and then closes the line without a word."""

    faults: dict[str, list[tuple[int, Any, dict[str, str]]]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    secure: ssl.SSLContext | None = None
    url: str = ""

    def __enter__(self) -> Any:
        outer = self

        class Answer(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                outer._serve(self)

            do_POST = do_PATCH = do_GET  # noqa: N815 - their names, not ours

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        scheme = "http"
        if self.secure is not None:
            self._server.socket = self.secure.wrap_socket(self._server.socket, server_side=True)
            scheme = "https"
        self.url = f"{scheme}://localhost:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def fault(self, path: str, status: int, body: Any = None, **headers: str) -> None:
        """The next request to this path is answered with this instead."""
        self.faults.setdefault(path, []).append((status, body, headers))

    def calls(self, method: str, path: str) -> list[Asked]:
        return [a for a in self.asked if a.method == method and a.path == path]

    def answer(self, asked: Asked) -> Reply:
        raise NotImplementedError

    def _serve(self, request: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(request.path)
        raw = request.rfile.read(int(request.headers.get("content-length") or 0)).decode()
        body = json.loads(raw) if raw and "json" in request.headers.get("content-type", "") else raw
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        headers = {name.lower(): value for name, value in request.headers.items()}
        asked = Asked(request.command, parts.path, query, body, headers)
        self.asked.append(asked)
        waiting = next((f for path, f in self.faults.items() if parts.path.startswith(path) and f), None)
        status, given, more = waiting.pop(0) if waiting else (-1, None, {})
        if status <= 0:
            real, given = self.answer(asked)
            if status == 0:
                request.close_connection = True
                return
            status = real
        payload = b"" if given is None else (given if isinstance(given, str) else json.dumps(given)).encode()
        request.send_response(status)
        kind = "text/html" if isinstance(given, str) else "application/json;charset=utf-8"
        for name, value in {"Content-Type": kind, "Content-Length": str(len(payload)), **more}.items():
            request.send_header(name.replace("_", "-"), value)
        request.end_headers()
        request.wfile.write(payload)
