"""Listening: to this machine, and once people can sign in to others, under the addresses the operator names."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from ipaddress import ip_network
from urllib.parse import urlsplit

from fastapi import FastAPI

from payoff.errors import BadInput, Fault, Refused
from payoff.people.keys import LOCAL, origin


def serve(app: FastAPI, host: str = "127.0.0.1", port: int = 8000) -> None:
    """Answer until stopped. Who may be reached is for `check_host` to say, before."""
    import uvicorn

    uvicorn.run(
        app,
        host=host,
        port=port,
        log_level="warning",
        server_header=False,
        access_log=False,
        proxy_headers=False,  # uvicorn believes them from this machine unasked; the guard asks the operator
    )


def check_port(host: str, port: int) -> None:
    """Say that a port is taken before an address is printed that leads to somebody else."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host.strip("[]"), port))
        except OSError as error:
            raise Refused(
                f"port {port} is taken or not allowed ({error.strerror})",
                where=host,
                mend=f"Choose another one, for example --port {port + 1 if port < 65535 else 8001}.",
            ) from error


def check_host(
    host: str, *, origins: Sequence[str] = (), proxies: Sequence[str] = (), administered: bool = False
) -> tuple[str, ...]:
    """The addresses under which other machines reach the server, as browsers write them; none: this machine alone.

    Everybody has to sign in there, so somebody who may administer must be able to (`administered`). Raises
    `BadInput` with all faults of the options, `Refused` while nobody can.
    """
    faults, named = [], []
    for given in origins:
        try:
            named.append(origin(given))
        except ValueError as why:
            faults.append(Fault("--origin", str(why), "Write it like https://payoff.example.com."))
    for proxy in proxies:
        try:
            ip_network(proxy, strict=False)
        except ValueError:
            mend = "Give the address the proxy calls from: 127.0.0.1, or a network such as 10.0.0.0/24."
            faults.append(Fault("--behind-proxy", f"{proxy!r} is no address", mend))
    away = host.strip("[]").lower() not in LOCAL
    if (away or proxies) and not origins:
        what = "a proxy answers" if proxies else f"{host or 'this host'} can be reached"
        mend = "Say under which address people open it, for example --origin https://payoff.example.com."
        faults.append(Fault("--origin", f"{what} from other machines, and no address is named", mend))
    if faults:
        raise BadInput("the address", faults)
    if named and not administered:
        raise Refused(
            "other machines may reach this server, and nobody who may administer can sign in yet",
            where="--origin",
            mend="Give one of them a password first: payoff user password NAME",
        )
    return tuple(dict.fromkeys(named))


def unencrypted(origins: Sequence[str]) -> list[str]:
    """The addresses over which passwords would travel for all to read."""
    return [o for o in origins if o.startswith("http://") and urlsplit(o).hostname not in LOCAL]
