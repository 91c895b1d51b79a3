"""The same promises under TLS, and no talk with a stranger."""

import ipaddress
import ssl
from datetime import UTC, datetime, timedelta

import pytest
import requests.adapters
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from quotes.covage import Config, CovageClient, CovageUnavailable, CovageUnclear
from tests.wire import RESET, Reply, Wire

CONFIRM = "/api/v1/quote/q1/confirm/"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A self-signed certificate of 127.0.0.1 with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    built = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    built = built.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    built = built.add_extension(address, critical=False).sign(key, hashes.SHA256())
    pem = serialization.Encoding.PEM
    path = tmp_path_factory.mktemp("tls") / "operator.pem"
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(private + built.public_bytes(pem))
    return str(path)


@pytest.fixture
def operator(certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with Wire(tls=context) as wire:
        wire.on("PATCH", CONFIRM, Reply(json={"id": "q1", "state": "confirmed"}))
        yield wire


@pytest.fixture
def trusted(certificate, monkeypatch):
    """As if the operator's certificate were signed by a known authority."""
    monkeypatch.setattr(requests.adapters, "DEFAULT_CA_BUNDLE_PATH", certificate)


def client(wire, **values):
    return CovageClient(Config(wire.url, wire.token_url, "api-client", "portal", "secret", **values))


def test_an_unknown_certificate_ends_the_talk_before_it_begins(operator):
    with pytest.raises(CovageUnavailable):
        client(operator).confirm_basket("q1")
    assert (operator.seen, operator.token_requests) == ([], [])


def test_a_known_certificate_is_good(operator, trusted):
    assert client(operator).confirm_basket("q1").state == "confirmed"


@pytest.mark.parametrize(
    "slow", [Reply(json={"id": "q1"}, drip=0.1), Reply(json={"id": "q1"}, drip_headers=0.1), Reply(hang=True), RESET]
)
def test_a_write_is_cut_at_its_total_and_unclear(operator, trusted, slow):
    operator.on("PATCH", CONFIRM, slow)
    with pytest.raises(CovageUnclear):
        client(operator, total_timeout=1).confirm_basket("q1")
    assert len(operator.seen) == 1
