"""Environment variables that point programs at an emulator."""

from __future__ import annotations

import os
import ssl
from typing import Mapping

# Files that programs trust without voxemu, in the order in which they are looked for.
_SYSTEM = (
    "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", "/etc/ssl/cert.pem",
)


def authorities(around: Mapping[str, str]) -> str:
    """The certificates that programs trust without voxemu: those that the variables name,
    else the system's. Empty: there is no such file, as on Windows."""
    named = [around.get(name) for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")]
    paths = [*filter(None, named), ssl.get_default_verify_paths().cafile, *_SYSTEM]
    for path in paths:
        if path and os.path.isfile(path):
            with open(path, encoding="utf-8", errors="replace") as file:
                return file.read().rstrip() + "\n"
    return ""


def overrides(around: Mapping[str, str], bundle: str, *hosts: str) -> dict[str, str]:
    """What programs need because of what they inherit: exceptions of a proxy, and
    variables that outrank SSL_CERT_FILE."""
    found = {}
    if around.get("CURL_CA_BUNDLE"):
        found["CURL_CA_BUNDLE"] = bundle
    if around.get("SSL_CERT_DIR"):
        found["SSL_CERT_DIR"] = ""
    proxies = ("http_proxy", "https_proxy", "all_proxy")
    if any(around.get(name) or around.get(name.upper()) for name in proxies):
        kept = around.get("NO_PROXY") or around.get("no_proxy") or ""
        names = [name for name in kept.replace(",", " ").split() if name]
        if "*" not in names:
            names += [host for host in dict.fromkeys((*hosts, "127.0.0.1", "::1", "localhost")) if host not in names]
        found["NO_PROXY"] = found["no_proxy"] = ",".join(names)
    return found
