"""Beyond this machine Gatepost listens behind TLS only, under its own name, and believes no one but its proxy."""

from __future__ import annotations

import datetime as dt
import ipaddress
import os
import ssl
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from fastapi.testclient import TestClient
from pydantic import SecretStr
from typer.testing import CliRunner

from app.cli import app as cli
from app.config import Settings
from app.guard import HSTS
from app.main import create_app
from app.proxies import NotServed, outside
from app.serving import environment
from tests.e2e.conftest import Site
from tests.e2e.serving import Wire, header_of, listening, status_of

URL = "https://gatepost.school.example"
PROXY = "10.0.0.5"


def write_certificate(folder: Path, name: str = "localhost", passphrase: bytes | None = None) -> tuple[Path, Path]:
    """A self-signed certificate and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    names = [x509.DNSName(name), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=9))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )
    how = serialization.BestAvailableEncryption(passphrase) if passphrase else serialization.NoEncryption()
    certificate, secret = folder / f"{name}.pem", folder / f"{name}.key"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, how))
    return certificate, secret


@pytest.mark.parametrize(
    ("given", "says"),
    [
        pytest.param({"host": "192.168.0.9"}, "GATEPOST_PUBLIC_URL", id="no-name"),
        pytest.param({"host": "192.168.0.9", "public_url": URL}, "behind TLS only", id="no-tls"),
        pytest.param({"host": "::", "trusted_proxies": PROXY}, "GATEPOST_PUBLIC_URL", id="proxy-without-name"),
        pytest.param({"host": "school-server", "public_url": URL}, "behind TLS only", id="a-name-is-not-loopback"),
        pytest.param({"public_url": "http://gatepost.school.example"}, "https://", id="plain-http"),
        pytest.param({"public_url": f"{URL}/gatepost"}, "nothing else", id="a-path"),
        pytest.param({"public_url": "https://me@school.example"}, "nothing else", id="a-user"),
        pytest.param({"trusted_proxies": "the-proxy"}, "no address", id="proxy-by-name"),
        pytest.param({"trusted_proxies": "0.0.0.0/0"}, "everybody", id="everybody-is-trusted"),
        pytest.param({"trusted_proxies": "::/0"}, "everybody", id="everybody-is-trusted-6"),
        pytest.param({"tls_certificate": Path("c.pem")}, "both", id="no-key"),
        pytest.param({"tls_key": Path("k.pem")}, "both", id="no-certificate"),
        pytest.param({"tls_certificate": Path("no.pem"), "tls_key": Path("no.key")}, "cannot be read", id="no-file"),
    ],
)
def test_what_is_not_safe_is_refused_and_told(tmp_path: Path, given: dict[str, Any], says: str) -> None:
    settings = Settings(data=tmp_path / "data", **given)
    with pytest.raises(NotServed, match=says):
        create_app(settings)
    assert not settings.data.exists()


def test_the_command_says_it_and_ends(tmp_path: Path) -> None:
    done = CliRunner().invoke(cli, ["serve", "--host", "192.168.0.9"], env={"GATEPOST_DATA": str(tmp_path / "data")})
    assert done.exit_code == 2
    assert "GATEPOST_PUBLIC_URL" in done.output


@pytest.mark.parametrize("fault", ["another key", "passphrase", "no PEM"])
def test_files_that_do_not_work_are_told_at_start(tmp_path: Path, fault: str) -> None:
    certificate, key = write_certificate(tmp_path, passphrase=b"secret" if fault == "passphrase" else None)
    if fault == "another key":
        key = write_certificate(tmp_path, "other")[1]
    elif fault == "no PEM":
        certificate.write_bytes(b"hello")
    with pytest.raises(NotServed, match="key does not belong" if fault == "another key" else "no PEM file"):
        outside(Settings(data=tmp_path, tls_certificate=certificate, tls_key=key))


def test_a_proxy_or_a_certificate_and_a_name_are_enough(tmp_path: Path) -> None:
    certificate, key = write_certificate(tmp_path)
    for given in ({"trusted_proxies": f"{PROXY}, fd00::/8"}, {"tls_certificate": certificate, "tls_key": key}):
        made = outside(Settings(data=tmp_path, host="192.168.0.9", public_url=URL, **given))
        assert made.names >= {"gatepost.school.example", "127.0.0.1"}


# -- over TLS --------------------------------------------------------------------------------------------------------


def test_tls_is_ended_here_by_12_and_newer(tmp_path: Path) -> None:
    certificate, key = write_certificate(tmp_path)
    site = Site(Settings(data=tmp_path / "data", tls_certificate=certificate, tls_key=key, header_seconds=1.0))
    trusting = ssl.create_default_context(cafile=str(certificate))
    with listening(site) as port:
        with Wire(port, trusting) as wire:
            wire.send(b"GET /sign-in HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            answer = wire.until_closed()
        assert (status_of(answer), header_of(answer, "strict-transport-security")) == (200, HSTS)
        with Wire(port, trusting) as wire:  # slow clients are cut off as without
            wire.send(b"GET /sign-in HT")
            answer = wire.until_closed()
        assert (status_of(answer), header_of(answer, "strict-transport-security")) == (408, HSTS)
        old = ssl.create_default_context(cafile=str(certificate))
        with pytest.warns(DeprecationWarning, match="TLSv1_1"):
            old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
        with pytest.raises((ssl.SSLError, ConnectionError)):
            Wire(port, old)
        weak = ssl.create_default_context(cafile=str(certificate))
        weak.maximum_version = ssl.TLSVersion.TLSv1_2
        weak.set_ciphers("ECDHE-ECDSA-AES128-SHA256:AES128-GCM-SHA256")  # no authenticated mode; no forward secrecy
        with pytest.raises((ssl.SSLError, ConnectionError)):
            Wire(port, weak)
        with Wire(port) as plain:
            plain.send(b"GET /sign-in HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert status_of(plain.until_closed()) == 0


# -- behind a proxy --------------------------------------------------------------------------------------------------


def behind_a_proxy(tmp_path: Path, peer: str, **headers: str) -> TestClient:
    """A site that trusts one proxy; requests come from `peer`."""
    settings = Settings(data=tmp_path / "data", public_url=URL, trusted_proxies=f"{PROXY},10.1.0.0/16")
    app = create_app(settings)

    @app.middleware("http")
    async def seen(request: Any, call_next: Any) -> Any:
        answer = await call_next(request)
        answer.headers["x-seen"] = f"{request.client.host} {request.url.scheme}"
        return answer

    app.user_middleware.append(app.user_middleware.pop(0))  # inside the guard
    client = TestClient(app, base_url="http://gatepost.school.example", client=(peer, 5000))
    client.headers.update({"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "https", **headers})
    return client


def test_the_proxy_says_who_asks_and_how(tmp_path: Path) -> None:
    answer = behind_a_proxy(tmp_path, PROXY).get("/sign-in")
    assert (answer.status_code, answer.headers["x-seen"]) == (200, "203.0.113.7 https")
    assert answer.headers["strict-transport-security"] == HSTS


def test_what_a_visitor_put_in_front_is_not_believed(tmp_path: Path) -> None:
    forged = behind_a_proxy(tmp_path, PROXY, **{"X-Forwarded-For": "127.0.0.1, 203.0.113.7, 10.1.2.3"})
    assert forged.get("/sign-in").headers["x-seen"].startswith("203.0.113.7 ")


def test_anybody_else_is_not_believed(tmp_path: Path) -> None:
    stranger = behind_a_proxy(tmp_path, "10.0.0.6")
    answer = stranger.get("/sign-in")
    assert (answer.status_code, answer.json()["type"]) == (403, "not-encrypted")
    assert URL in answer.json()["detail"]
    assert "strict-transport-security" not in answer.headers
    own = stranger.get("/sign-in", headers={"Host": "127.0.0.1"})
    assert own.headers["x-seen"] == "10.0.0.6 http"


def test_what_a_proxy_took_in_without_tls_is_turned_away(tmp_path: Path) -> None:
    plain = behind_a_proxy(tmp_path, PROXY, **{"X-Forwarded-Proto": "http"})
    for host in ("gatepost.school.example", "127.0.0.1"):
        assert plain.get("/sign-in", headers={"Host": host}).json()["type"] == "not-encrypted"


@pytest.mark.parametrize("host", ["evil.example", "gatepost.school.example.evil.example", "", "[", "a@b", "10.0.0.1"])
def test_other_names_are_not_answered(tmp_path: Path, host: str) -> None:
    answer = behind_a_proxy(tmp_path, PROXY).get("/sign-in", headers={"Host": host})
    assert (answer.status_code, answer.json()["type"]) == (403, "foreign-origin")


@pytest.mark.parametrize(
    ("peer", "given", "kept"),
    [
        pytest.param(PROXY, "0123456789abcdef0123456789abcdef", True, id="of-the-proxy"),
        pytest.param(PROXY, "6f1c0a52-9d5e-4f0e-8c9a-0d5b8f6f2a11", True, id="a-uuid"),
        pytest.param(PROXY, "olivia-smith-0001", False, id="words"),
        pytest.param(PROXY, "abcdef", False, id="too-short"),
        pytest.param(PROXY, "a" * 200, False, id="too-long"),
        pytest.param("10.0.0.6", "0123456789abcdef0123456789abcdef", False, id="of-a-stranger"),
    ],
)
def test_a_request_keeps_the_id_that_its_proxy_gave(tmp_path: Path, peer: str, given: str, kept: bool) -> None:
    answer = behind_a_proxy(tmp_path, peer, **{"X-Request-Id": given}).get("/sign-in")
    assert (answer.headers["x-request-id"] == given) is kept


# -- the worker reads the same settings ------------------------------------------------------------------------------


def test_a_child_gets_no_secret_of_a_sign_in_provider(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GATEPOST_OIDC_GOOGLE_CLIENT_SECRET", "inherited")
    given = environment(Settings(data=tmp_path, oidc_client_secret=SecretStr("told")))
    assert [name for name in given if "OIDC" in name] == []


def test_a_child_reads_the_same_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(data=tmp_path, key=SecretStr("c2VjcmV0"), public_url=URL, stall_seconds=7.5, second_factor="")
    monkeypatch.setenv("GATEPOST_TLS_KEY", "/inherited, though the settings say otherwise")
    given = environment(settings)
    assert "GATEPOST_TLS_KEY" not in given
    for name in [name for name in os.environ if name.startswith("GATEPOST_")]:
        monkeypatch.delenv(name)
    for name, value in given.items():
        if name.startswith("GATEPOST_"):
            monkeypatch.setenv(name, value)
    assert Settings() == settings


def test_a_server_that_is_told_to_stop_tidies_up_as_with_ctrl_c(tmp_path: Path) -> None:
    """Ended by the signal itself, it would leave the demo's folder behind, and its worker to find out."""
    environment = {**os.environ, "GATEPOST_DATA": str(tmp_path / "data"), "GATEPOST_PORT": "0"}
    command = [sys.executable, "-m", "app", "serve"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as server:
        assert server.stdout is not None
        said = [server.stdout.readline() for _ in range(4)]
        time.sleep(2)  # until it listens: from then on it handles signals by itself
        server.terminate()
        assert server.wait(40) == 0
    assert b"/welcome/" in said[-1]
