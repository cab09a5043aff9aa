"""What others ask us to fetch: only public servers, only once resolved, within time and size."""

from __future__ import annotations

import datetime as dt
import hashlib
import ipaddress
import socket
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from attise.kernel.errors import Refusal
from attise.kernel.urls import NO_HOSTS, Hosts
from attise.management.egress.addresses import is_public
from attise.management.egress.fetch import fetch

FILE = b"a video, say" * 10_000


class Handler(BaseHTTPRequestHandler):
    """A server that behaves as its path says."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.server.asked.append((self.path, self.headers["Host"]))
        parts = urlsplit(self.path)
        getattr(self, "do_" + parts.path.strip("/").split("/")[0])(parse_qs(parts.query))

    def answer(self, body=b"", status=200, **headers):
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def do_file(self, _query):
        self.answer(FILE)

    def do_last(self, _query):
        self.answer(FILE, Connection="close")

    def do_unsized(self, _query):
        self.wfile.write(b"HTTP/1.0 200 OK\r\n\r\n" + FILE)
        self.close_connection = True

    def do_status(self, query):
        self.answer(b"no", status=int(query["code"][0]))

    def do_to(self, query):
        self.answer(status=302, Location=unquote(query["url"][0]))

    def do_hops(self, query):
        left = int(query["left"][0])
        self.answer(status=307, Location=f"/hops?left={left - 1}" if left > 1 else "/file")

    def do_nowhere(self, _query):
        self.answer(status=301)

    def do_chunks(self, _query):
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for _ in range(64):
            self.wfile.write(b"10000\r\n" + bytes(65_536) + b"\r\n")
        self.wfile.write(b"0\r\n\r\n")

    def do_squeezed(self, _query):
        self.answer(b"\x1f\x8b" + bytes(100), Content_Encoding="gzip")

    def do_short(self, _query):
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        self.wfile.write(b"only this")
        self.close_connection = True

    def do_drip(self, _query):
        self.send_response(200)
        self.send_header("Content-Length", "1000000")
        self.end_headers()
        while not self.server.over.wait(0.05):
            self.wfile.write(b"x")
            self.wfile.flush()

    def do_headers(self, _query):
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while not self.server.over.wait(0.05):
            self.wfile.write(b"X-A: b\r\n")

    def do_nonsense(self, _query):
        self.wfile.write(b"220 mail ready\r\n\r\n")
        self.close_connection = True

    def log_message(self, *_):
        """Keep quiet."""


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address="127.0.0.1", port=0):
        super().__init__((address, port), Handler)
        self.asked: list[tuple[str, str]] = []
        self.over = threading.Event()

    def handle_error(self, *_):
        """A client that hangs up is what several tests want."""

    @property
    def port(self) -> int:
        return self.server_address[1]


@pytest.fixture
def start():
    servers = []

    def start(server: Server) -> Server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        servers.append((server, thread))
        return server

    yield start
    for server, thread in servers:
        server.over.set()
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def server(start):
    return start(Server())


class Names:
    """A name service of our own, which counts its answers and may change its mind."""

    def __init__(self, **addresses: list[str]) -> None:
        self.addresses = {name.replace("_", "."): list(found) for name, found in addresses.items()}
        self.asked: list[str] = []

    def __call__(self, host, port, **_):
        self.asked.append(host)
        found = self.addresses.get(host)
        if not found:
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        now = found.pop(0) if len(found) > 1 else found[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in now.split()]


def get(url, tmp_path, *, private=NO_HOSTS, names=None, max_bytes=1_000_000, timeout_s=10.0, trust=None):
    return fetch(
        url,
        into=tmp_path / "fetched",
        field="media_url",
        max_bytes=max_bytes,
        timeout_s=timeout_s,
        private_hosts=private,
        resolver=names or Names(),
        trust=trust,
    )


def refusal(*args, **kwargs) -> Refusal:
    with pytest.raises(Refusal) as refused:
        get(*args, **kwargs)
    assert refused.value.field == "media_url"
    return refused.value


def listed(server: Server, name: str = "127.0.0.1") -> Hosts:
    return Hosts.parse([f"{name}:{server.port}"])


# What is fetched.


def test_a_listed_host_is_fetched_whole_and_signed(server, tmp_path):
    names = Names(media_test=["127.0.0.1"])
    url = f"http://media.test:{server.port}/file?a=1"
    found = get(url, tmp_path, private=listed(server, "media.test"), names=names)
    assert found.path.read_bytes() == FILE
    assert (found.size_bytes, found.md5, found.url) == (len(FILE), hashlib.md5(FILE).hexdigest(), url)
    assert server.asked == [("/file?a=1", f"media.test:{server.port}")]


@pytest.mark.parametrize("path", ["last", "unsized"])
def test_a_server_that_hangs_up_after_its_answer_is_read_to_the_end(server, tmp_path, path):
    assert get(f"http://127.0.0.1:{server.port}/{path}", tmp_path, private=listed(server)).path.read_bytes() == FILE


def test_three_redirects_are_followed_and_not_four(server, tmp_path):
    base = f"http://127.0.0.1:{server.port}"
    assert get(f"{base}/hops?left=3", tmp_path, private=listed(server)).url == f"{base}/file"
    assert refusal(f"{base}/hops?left=4", tmp_path, private=listed(server)).code == "fetch_redirects"


def test_tls_is_for_the_name_that_was_asked(start, tmp_path):
    certificate, trust = make_certificate(tmp_path, "media.example.org")
    server = Server()
    server.socket = certificate.wrap_socket(server.socket, server_side=True)
    start(server)
    names = Names(media_example_org=["127.0.0.1"], other_example_org=["127.0.0.1"])
    url = f"https://media.example.org:{server.port}/file"
    assert get(url, tmp_path, private=listed(server, "media.example.org"), names=names, trust=trust).size_bytes
    (tmp_path / "fetched").unlink()
    other = f"https://other.example.org:{server.port}/file"
    hosts = listed(server, "other.example.org")
    assert refusal(other, tmp_path, private=hosts, names=names, trust=trust).code == "fetch_no_answer"
    assert not (tmp_path / "fetched").exists()


# What leads into our own network.

PRIVATE = [
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "10.255.255.255",
    "100.64.0.1",
    "100.127.255.254",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.1",
    "192.0.0.170",
    "192.0.2.1",
    "192.168.0.1",
    "192.88.99.1",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "::ffff:0:127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::808:808",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:db8::1",
    "2002:7f00:1::1",
    "3fff::1",
    "4000::1",
    "5f00::1",
    "fc00::1",
    "fd12::1",
    "fe80::1",
    "fec0::1",
    "ff02::1",
    "ff0e::1",
]
PUBLIC = [
    "8.8.8.8",
    "1.1.1.1",
    "93.184.216.34",
    "100.63.255.255",
    "100.128.0.1",
    "172.32.0.1",
    "2606:4700::1111",
    "2a00:1450::1",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_a_private_address_is_refused_by_number_and_behind_any_name(address, tmp_path):
    literal = f"[{address}]" if ":" in address else address
    assert refusal(f"https://{literal}/", tmp_path).code == "address_not_allowed"
    names = Names(innocent_example_org=[address])
    assert refusal("https://innocent.example.org/", tmp_path, names=names).code == "address_not_allowed"


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_public(address):
    assert is_public(ipaddress.ip_address(address))


def test_an_address_of_one_link_is_not_public():
    assert not is_public(ipaddress.ip_address("2606:4700::1111%eth0"))


SPELLED = [
    "http://8.8.8.8/",
    "https://127.1/",
    "https://2130706433/",
    "https://017700000001/",
    "https://0x7f000001/",
    "https://0x7f.0x0.0x0.0x1/",
    "https://0177.0.0.01/",
    "https://127.0.0.1.nip.io@127.0.0.1/",
    "https://①②⑦.⓪.⓪.①/",
    "https://127。0。0。1/",
    "https://[::ffff:7f00:1]/",
    "https://[0:0:0:0:0:ffff:127.0.0.1]/",
    "https://[::1%25lo]/",
    "https://localhost/",
    "https://LOCALHOST/",
    "https://localhost./",
    "https://metadata/",
    "https://user:pass@example.org/",
    "https://example.org:22/",
    "https://example.org:6379/",
    "https://example.org:8080/",
    "https://example.org\\@127.0.0.1/",
    "https://example.org#@127.0.0.1:22/",
    "https://127.0.0.1:22/",
    "https://example.org /",
    "https://example.org\t/",
    "https://example.org\r\nHost: 127.0.0.1/",
    "https:127.0.0.1",
    "https:///127.0.0.1/",
    "//127.0.0.1/",
    "file:///etc/passwd",
    "FILE://localhost/etc/passwd",
    "ftp://example.org/",
    "gopher://127.0.0.1:6379/_FLUSHALL",
    "dict://127.0.0.1:11211/stats",
    "data:video/mp4;base64,AAAA",
    "jar:https://example.org!/a",
    "unix:/run/docker.sock",
    "javascript:alert(1)",
    "https://" + "a" * 3_000 + ".org/",
    "https://[::]/",
    "https://0/",
    "https://0.0.0.0/",
    "https://%6c%6f%63%61%6c%68%6f%73%74/",
]


@pytest.mark.parametrize("url", SPELLED)
def test_a_private_server_is_not_reached_by_another_spelling(url, tmp_path):
    class Loopback(Names):
        def __call__(self, host, port, **_):
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    assert refusal(url, tmp_path, names=Loopback()).code in {
        "address_not_allowed",
        "url_form",
        "url_scheme",
        "url_host",
        "url_port",
        "url_too_long",
    }
    assert not (tmp_path / "fetched").exists()


def test_one_private_answer_among_public_ones_refuses_all(tmp_path):
    names = Names(mixed_example_org=["8.8.8.8 10.0.0.1"])
    assert refusal("https://mixed.example.org/", tmp_path, names=names).code == "address_not_allowed"


def test_a_name_is_asked_once_so_that_a_second_answer_gains_nothing(server, start, tmp_path):
    secret = start(Server("127.0.0.2", server.port))
    names = Names(media_test=["127.0.0.1", "127.0.0.2"])
    url = f"http://media.test:{server.port}/file"
    assert get(url, tmp_path, private=listed(server, "media.test"), names=names).size_bytes == len(FILE)
    assert names.asked == ["media.test"]
    assert secret.asked == []


@pytest.mark.parametrize(
    ("target", "code"),
    [
        ("http://127.0.0.1:{secret}/file", "url_scheme"),
        ("https://127.0.0.1:{secret}/file", "url_port"),
        ("https://127.0.0.1/", "address_not_allowed"),
        ("https://[::ffff:127.0.0.1]/", "address_not_allowed"),
        ("https://inside.example.org/", "address_not_allowed"),
        ("//inside.example.org/", "url_scheme"),
        ("file:///etc/passwd", "url_scheme"),
        ("https://a@127.0.0.1/", "url_form"),
        ("http://media.test:{secret}/file", "url_scheme"),
    ],
)
def test_a_redirect_is_checked_like_the_first_address(server, start, tmp_path, target, code):
    secret = start(Server())
    names = Names(media_test=["127.0.0.1"], inside_example_org=["192.168.1.1"])
    url = f"http://media.test:{server.port}/to?url={target.format(secret=secret.port)}"
    assert refusal(url, tmp_path, private=listed(server, "media.test"), names=names).code == code
    assert secret.asked == []


# What behaves badly.


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("status?code=404", "fetch_status"),
        ("status?code=500", "fetch_status"),
        ("status?code=206", "fetch_status"),
        ("nowhere", "fetch_redirects"),
        ("squeezed", "fetch_broken"),
        ("short", "fetch_broken"),
        ("nonsense", "fetch_broken"),
        ("chunks", "fetch_too_large"),
    ],
)
def test_a_server_that_behaves_badly_is_a_refusal_and_leaves_nothing(server, tmp_path, path, code):
    url = f"http://127.0.0.1:{server.port}/{path}"
    assert refusal(url, tmp_path, private=listed(server)).code == code
    assert not (tmp_path / "fetched").exists()


def test_the_size_is_exact(server, tmp_path):
    url = f"http://127.0.0.1:{server.port}/file"
    assert refusal(url, tmp_path, private=listed(server), max_bytes=len(FILE) - 1).code == "fetch_too_large"
    assert get(url, tmp_path, private=listed(server), max_bytes=len(FILE)).size_bytes == len(FILE)


@pytest.mark.parametrize("path", ["drip", "headers"])
def test_a_server_that_drips_is_left_at_the_deadline(server, tmp_path, path):
    url = f"http://127.0.0.1:{server.port}/{path}"
    assert refusal(url, tmp_path, private=listed(server), timeout_s=0.5).code == "fetch_too_slow"


def test_a_name_service_that_never_answers_is_left_at_the_deadline(tmp_path):
    over = threading.Event()

    def names(*_, **__):
        over.wait(30)
        return []

    try:
        assert refusal("https://slow.example.org/", tmp_path, names=names, timeout_s=0.2).code == "fetch_too_slow"
    finally:
        over.set()


def test_nobody_there_is_a_refusal(tmp_path):
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))  # held, not listening: nobody else takes it
        port = held.getsockname()[1]
        hosts = Hosts.parse([f"127.0.0.1:{port}"])
        assert refusal(f"http://127.0.0.1:{port}/", tmp_path, private=hosts).code == "fetch_no_answer"
    assert refusal("https://unknown.example.org/", tmp_path).code == "fetch_no_answer"


def test_a_file_that_is_there_is_never_written_over(server, tmp_path):
    (tmp_path / "fetched").write_bytes(b"mine")
    with pytest.raises(FileExistsError):
        get(f"http://127.0.0.1:{server.port}/file", tmp_path, private=listed(server))


def make_certificate(folder, name):
    """Return a server's context for ``name`` and a client's that trusts it alone."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "server.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = certificate.public_bytes(serialization.Encoding.PEM)
    path.write_bytes(private + public)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(path)
    client = ssl.create_default_context(cadata=public.decode())
    return server, client
