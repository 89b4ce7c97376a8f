"""A real server that encrypts, and clients that trust its certificate or do not."""

from __future__ import annotations

import subprocess
import sys
import time
import uuid
from datetime import datetime, timedelta, timezone
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from scouter.client import ScouterClient
from scouter.drift import Drifter, PsiDriftConfig, PsiDriftProfile
from scouter.errors import ServerError
from scouter.queue import HttpConfig, ScouterQueue

Server = Any
Key = ec.EllipticCurvePrivateKey


@pytest.fixture(autouse=True)
def nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ["SCOUTER_SERVER_URI", "SCOUTER_USERNAME", "SCOUTER_PASSWORD", "SCOUTER_AUTH_TOKEN", "SSL_CERT_DIR"]:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def profile() -> PsiDriftProfile:
    data = {"x": [float(number) for number in range(200)]}
    return Drifter().create_drift_profile(data, PsiDriftConfig(space="shop", name=f"model-{uuid.uuid4()}"))


def key() -> Key:
    return ec.generate_private_key(ec.SECP256R1())


def signed(name: str, key: Key, signer: str, by: Key, authority: bool) -> bytes:
    """A certificate in PEM: of whom, and signed by whom. It is one of an authority, or of a server at 127.0.0.1."""
    subject, issuer = (x509.Name.from_rfc4514_string(f"CN={one}") for one in (name, signer))
    now = datetime.now(timezone.utc)
    place = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    certificate = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
    certificate = certificate.serial_number(x509.random_serial_number())
    certificate = certificate.not_valid_before(now - timedelta(hours=1)).not_valid_after(now + timedelta(days=60))
    certificate = certificate.add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
    return certificate.add_extension(place, critical=False).sign(by, SHA256()).public_bytes(Encoding.PEM)


def started(server: Server, folder: Path, certificate: bytes, key: Key) -> HttpConfig:
    """Starts a server with a certificate: its address, and a key of it that may do everything."""
    files = folder / "cert.pem", folder / "key.pem"
    files[1].touch(0o600)
    files[0].write_bytes(certificate)
    files[1].write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    server.more = ("--tls-cert", str(files[0]), "--tls-key", str(files[1]))
    server.start()
    run = "import sys; from scouter.cli import main; sys.exit(main())"
    make = [sys.executable, "-c", run, "keys", "create", "loader", "--grant", "*=admin", "--data-dir", str(server.data)]
    made = subprocess.run(make, capture_output=True, text=True, check=True, timeout=60)
    return HttpConfig(server_uri=server.uri, auth_token=made.stdout.strip())


@pytest.mark.parametrize("by_itself", [False, True], ids=["signed by an authority", "signed by itself"])
def test_profiles_and_records_arrive_over_https_where_the_certificate_is_trusted(
    absent_server: Server, profile: PsiDriftProfile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, by_itself: bool
) -> None:
    own, authority = key(), key()
    trusted = signed("ours", authority, "ours", authority, True)
    certificate = signed("server", own, "ours", authority, False)
    if by_itself:
        certificate = trusted = signed("server", own, "server", own, False)
    (tmp_path / "trusted.pem").write_bytes(trusted)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "trusted.pem"))
    config = started(absent_server, tmp_path, certificate, own)
    assert absent_server.uri.startswith("https://")
    client = ScouterClient(config)
    assert client.register_profile(profile, set_active=True) is True
    queue = ScouterQueue.from_profile({"model": profile}, config)
    queue["model"].insert(x=1.0)
    assert queue.flush(30.0)
    assert queue["model"].stats().accepted == 1
    assert queue.shutdown()
    assert [found.uid for found in client.list_profiles()] == [profile.uid]
    assert absent_server.rows("SELECT numbers FROM records") == [["{1}"]]


def refusal(config: HttpConfig) -> str:
    """Why nothing is sent."""
    with pytest.raises(ServerError) as raised:
        ScouterClient(config).list_profiles()
    return str(raised.value)


def test_a_certificate_that_nobody_known_signed_is_told_by_clients_and_queues(
    absent_server: Server, profile: PsiDriftProfile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own, authority, other = key(), key(), key()
    (tmp_path / "other.pem").write_bytes(signed("other", other, "other", other, True))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "other.pem"))
    config = started(absent_server, tmp_path, signed("server", own, "ours", authority, False), own)
    told = "nobody whom this machine trusts signed the certificate: `SSL_CERT_FILE` names a file of PEM with that of who did"
    assert refusal(config).endswith(told)
    queue = ScouterQueue.from_profile({"model": profile}, config)
    queue["model"].insert(x=1.0)
    deadline = time.monotonic() + 60
    while (why := queue["model"].stats().last_error) is None:
        assert time.monotonic() < deadline
        assert not queue.flush(0.1)
    assert told in why and queue["model"].stats().waiting == 1
    assert not queue.shutdown(0.1)


def test_the_certificate_of_an_authority_is_told_to_be_none_of_a_server(
    absent_server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = key()
    certificate = signed("server", own, "server", own, True)
    (tmp_path / "trusted.pem").write_bytes(certificate)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "trusted.pem"))
    config = started(absent_server, tmp_path, certificate, own)
    assert refusal(config).endswith("the certificate is one of an authority: that of a server says `CA:FALSE`")
