"""Credentials that are recognised by their form alone, whatever the key beside them says."""

from __future__ import annotations

import re

__all__ = ["credential_format", "has_private_key", "may_hold_secrets", "url_password"]

_BODY = r"[A-Za-z0-9+/=\s\\]{64}"
_PRIVATE_KEY = re.compile(
    r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----(?:\s|\\n)*+(?:(?:Proc-Type|DEK-Info)[^\n]{0,200}\n\s*+)*+" + _BODY
)
_FORMATS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("an age private key", re.compile(r"\bAGE-SECRET-KEY-1[0-9A-Z]{50,}")),
    ("a GitHub token", re.compile(r"\b(gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{60,})")),
    ("a GitLab token", re.compile(r"\bgl(pat|rt|dt)-[A-Za-z0-9_-]{20,}")),
    ("a Slack token", re.compile(r"\bxox[abpr]-[A-Za-z0-9-]{20,}")),
    ("a Slack webhook", re.compile(r"hooks\.slack\.com/services/T[A-Z0-9]{6,}/B[A-Z0-9]{6,}/[A-Za-z0-9]{20,}")),
    ("a Discord webhook", re.compile(r"discord(app)?\.com/api/webhooks/\d{15,}/[A-Za-z0-9_-]{50,}")),
    ("a Tailscale key", re.compile(r"\btskey-(auth|client|api)-[A-Za-z0-9]+-[A-Za-z0-9]{16,}")),
    ("a Google API key", re.compile(r"\bAIza[A-Za-z0-9_-]{35}\b")),
    ("a Stripe key", re.compile(r"\b[rs]k_live_[A-Za-z0-9]{20,}")),
    ("an OpenAI or Anthropic key", re.compile(r"\bsk-(proj-|ant-[a-z0-9]+-)[A-Za-z0-9_-]{30,}")),
    ("a Docker Hub token", re.compile(r"\bdckr_pat_[A-Za-z0-9_-]{20,}")),
    ("an npm token", re.compile(r"\bnpm_[A-Za-z0-9]{36}\b")),
    ("a PyPI token", re.compile(r"\bpypi-AgEI[A-Za-z0-9_-]{40,}")),
    ("a Vault token", re.compile(r"\bhv[sb]\.[A-Za-z0-9_-]{24,}")),
    ("a Grafana token", re.compile(r"\bglsa_[A-Za-z0-9]{32}_[0-9a-f]{8}")),
    ("a Telegram bot token", re.compile(r"\b\d{8,10}:AA[A-Za-z0-9_-]{33}\b")),
    ("a SendGrid key", re.compile(r"\bSG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}")),
    ("a JSON web token", re.compile(r"\beyJ[A-Za-z0-9_-]{15,}\.eyJ[A-Za-z0-9_-]{15,}\.[A-Za-z0-9_-]{20,}")),
)
_SECRET = re.compile(r"^[ \t]*kind:[ \t]*[\"']?Secret\b|\bENC\[|\bdata:|Data:", re.MULTILINE)
_EXAMPLE = re.compile(r"(?i)x{6,}|example|0{8,}|1234567890123456|\.\.\.")
_URL_PASSWORD = re.compile(r"(?<=[a-z0-9+.-])://[^\s/:@]*:([^\s/@]+)@[^\s@]", re.I)
_SHORTEST = 24
"""No format takes fewer characters; most values do, and need no further look."""
_DOCKER = re.compile(r'"auths"\s*:\s*\{.*?"auth"\s*:\s*"[A-Za-z0-9+/=]{8,}"', re.S)


def credential_format(text: str) -> str:
    """What a text is or holds, such as `a private key`; empty when it has no known form."""
    if len(text) < _SHORTEST:
        return ""
    if has_private_key(text):
        return "a private key"
    if '"auths"' in text and _DOCKER.search(text):
        return "a registry login"
    for name, pattern in _FORMATS:
        match = pattern.search(text)
        if match and not _EXAMPLE.search(match.group()):
            return name
    return ""


def has_private_key(text: str) -> bool:
    """Whether a text holds a private key with its body, not only the words of a documentation."""
    return "PRIVATE KEY-----" in text and _PRIVATE_KEY.search(text) is not None


def may_hold_secrets(text: str) -> bool:
    """Whether lines of a manifest may be secret, so that none of them is copied, not even into an edit."""
    return _SECRET.search(text) is not None


def url_password(text: str) -> str:
    """The password of the first URL in a text that has one."""
    match = _URL_PASSWORD.search(text) if "://" in text else None
    return match[1] if match else ""
