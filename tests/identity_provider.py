"""A provider of identities on 127.0.0.1 that signs with a real key, well or in any kind of trouble.

It plays the part of the browser, too: `answer_to` gives what the browser would come back with."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey

CLIENT, SECRET = "stopship", "s3cret of the client"


@cache
def rsa_key(kid: str, number: int = 1) -> Any:
    """A key that signs; the same one for the same words, because making one takes a while."""
    return RSAKey.generate_key(2048, {"kid": kid, "use": "sig"})


@dataclass
class IdentityProvider:
    """What it answers can be changed: `description` and `claims` go over the right ones, None takes one out."""

    port: int = 0
    subject: str = "sub-1"
    groups: Any = field(default_factory=lambda: ["compliance"])
    claims: dict[str, Any] = field(default_factory=dict)
    description: dict[str, Any] = field(default_factory=dict)
    keys: list[Any] = field(default_factory=lambda: [rsa_key("one")])
    signs_with: Any = None
    algorithm: str = "RS256"
    header: dict[str, Any] = field(default_factory=dict)
    token_answer: Any = None  # (status, body) instead of tokens
    now: int = 0
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    authorizations: list[str | None] = field(default_factory=list)

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def answer_to(self, address: str, code: str = "code-1") -> dict[str, str]:
        """What the browser comes back with after somebody has signed in there."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert asked["response_type"] == "code" and asked["client_id"] == CLIENT
        assert asked["code_challenge_method"] == "S256" and "openid" in asked["scope"].split()
        self.codes[code] = asked
        return {"code": code, "state": asked["state"], "iss": self.issuer}

    def token(self, form: dict[str, str]) -> tuple[int, Any]:
        asked = self.codes.pop(form.get("code", ""), None)
        if self.token_answer is not None:
            return self.token_answer  # type: ignore[no-any-return]
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).decode()
        if asked is None or challenge.rstrip("=") != asked["code_challenge"]:
            return 400, {"error": "invalid_grant", "error_description": "no <b>such</b> code"}
        assert form["redirect_uri"] == asked["redirect_uri"] and form["grant_type"] == "authorization_code"
        claims = {
            "iss": self.issuer,
            "sub": self.subject,
            "aud": CLIENT,
            "exp": self.now + 300,
            "iat": self.now,
            "nonce": asked["nonce"],
            "preferred_username": "Erika",
            "name": "Erika Mustermann",
            "groups": self.groups,
        } | self.claims
        claims = {name: value for name, value in claims.items() if value is not None}
        key = self.signs_with or self.keys[0]
        header = {"alg": self.algorithm, "kid": key.kid} | self.header
        signed = jwt.encode(header, claims, key, algorithms=[header["alg"]])
        return 200, {"access_token": "a", "token_type": "Bearer", "expires_in": 60, "id_token": signed}

    def get(self, path: str) -> tuple[int, Any]:
        if path == "/.well-known/openid-configuration":
            told = {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
            } | self.description
            return 200, {name: value for name, value in told.items() if value is not None}
        if path == "/keys":
            return 200, {"keys": [key.as_dict(private=isinstance(key, OctKey)) for key in self.keys]}
        return 404, {}


def elliptic_key(kid: str) -> Any:
    return ECKey.generate_key("P-256", {"kid": kid, "use": "sig"})


@contextmanager
def providing(**settings: Any) -> Iterator[IdentityProvider]:
    """A provider that runs until the end of the block."""
    provider = IdentityProvider(**settings)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            provider.asked.append(self.path)
            self._answer(*provider.get(self.path))

        def do_POST(self) -> None:
            provider.asked.append(self.path)
            provider.authorizations.append(self.headers.get("Authorization"))
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._answer(*provider.token({name: values[0] for name, values in parse_qs(body).items()}))

        def _answer(self, status: int, told: Any) -> None:
            data = told if isinstance(told, bytes) else json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            if 300 <= status < 400:
                self.send_header("Location", f"{provider.issuer}/elsewhere")
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    provider.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
