"""`elysium preview edge`: which name goes where, and whether the files agree on the one port."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from elysium.previews.haproxy import read_proxy
from tests.previews.platforms import ANSWERS, edit, platform, preview


@pytest.mark.parametrize("tls", ["edge", "cert-manager"])
def test_previews_go_to_the_cluster_and_other_names_do_not(tls: str, repository: Path) -> None:
    code, out, _ = preview(platform(repository, *ANSWERS, f"tls={tls}"), "edge 123 -o json")
    assert code == 0
    record = json.loads(out)
    assert record["problems"] == []
    assert record["node_port"] == 30080
    assert {route["host"]: (route["cluster"], route["servers"]) for route in record["routes"]} == {
        "pr-123.previews.example.org": (True, ["10.0.0.5:30080"]),
        "placeholder.previews.example.org": (True, ["10.0.0.5:30080"]),
        "previews.example.org": (False, []),
        "www.example.com": (False, []),
    }


def test_the_text_has_the_routes_and_the_yaml_the_files(repository: Path) -> None:
    root = platform(repository)
    code, out, _ = preview(root, "edge 123")
    assert code == 0
    assert "pr-123.previews.example.org       previews (10.0.0.5:30080)" in out
    assert "HAProxy, k3s and Traefik agree" in out
    code, out, _ = preview(root, "edge 123 -o yaml")
    assert code == 0
    assert 'write-kubeconfig-mode: "0600"' in out
    assert "nodePort: 30080" in out
    assert "frontend https-in" in out


@pytest.mark.parametrize(
    ("name", "old", "new", "problem"),
    [
        ("edge/haproxy.cfg", "10.0.0.5:30080", "10.0.0.5:30081", "goes to 10.0.0.5:30081, and platform.env says"),
        ("edge/haproxy.cfg", "use_backend previews if preview", "", "goes to no server"),
        (
            "edge/haproxy.cfg",
            "default_backend elsewhere",
            "default_backend previews",
            "www.example.com goes to the cluster, too",
        ),
        ("edge/traefik-config.yaml", "nodePort: 30080", "nodePort: 30090", "web has node port 30090"),
        ("edge/traefik-config.yaml", "type: NodePort", "type: LoadBalancer", "the Service is no NodePort"),
        ("edge/k3s-config.yaml", '"0600"', '"0644"', "the administrator's kubeconfig has mode 0644"),
        ("edge/k3s-config.yaml", "- servicelb", "- traefik", "servicelb is not disabled"),
        ("platform.env", "PREVIEW_NODE_PORT=30080", "PREVIEW_NODE_PORT=31000", "web has node port 30080"),
    ],
)
def test_what_contradicts_is_named(name: str, old: str, new: str, problem: str, repository: Path) -> None:
    root = platform(repository)
    edit(root, name, old, new)
    code, out, _ = preview(root, "edge 123")
    assert code == 1
    assert problem in out


def test_k3s_takes_names_in_one_text_too(repository: Path) -> None:
    root = platform(repository)
    edit(root, "edge/k3s-config.yaml", "disable:\n  - servicelb", "disable: traefik,servicelb")
    assert preview(root, "edge 1")[0] == 0


@pytest.mark.parametrize("text", ["[]", "disable: 3", "write-kubeconfig-mode: [a]", "a: {"])
def test_an_odd_configuration_of_k3s_stops_nothing(text: str, repository: Path) -> None:
    root = platform(repository)
    (root / "devops/edge/k3s-config.yaml").write_text(text, encoding="utf-8")
    assert preview(root, "edge 1")[0] in (1, 2)


def test_a_traefik_of_its_own_has_no_port_to_compare(repository: Path) -> None:
    root = platform(repository, *ANSWERS, "ingress-namespace=traefik")
    assert not (root / "devops/edge/traefik-config.yaml").exists()
    assert preview(root, "edge 123")[0] == 0


@pytest.mark.parametrize(
    ("condition", "host", "backend"),
    [
        ("hdr_end(host) -i .example.org", "pr-1.example.org", "k3s"),
        ("hdr(host) -i pr-1.example.org pr-2.example.org", "pr-2.example.org", "k3s"),
        ("hdr(host),lower -m end .example.org", "pr-1.example.com", "old"),
        ("req.ssl_sni -m end .example.org", "pr-1.example.org", "k3s"),
        ("path_beg /api", "pr-1.example.org", "old"),
        ("hdr_reg(host) -i ^pr-", "pr-1.example.org", "old"),
    ],
)
def test_conditions_of_haproxy(condition: str, host: str, backend: str) -> None:
    text = f"""
frontend https-in  # the way in
    bind 192.0.2.1:443 ssl crt /etc/x.pem
    acl mine {condition}
    use_backend k3s if mine
    default_backend old
backend k3s
    server node 10.0.0.5:30080 check
backend old
    server compose 10.0.0.6:80
"""
    proxy = read_proxy(text)
    assert proxy.backend_of(host) == backend
    assert proxy.servers == {"k3s": ("10.0.0.5:30080",), "old": ("10.0.0.6:80",)}


def test_a_configuration_that_makes_no_sense_leads_nowhere() -> None:
    assert read_proxy("").backend_of("x") == ""
    assert read_proxy("frontend\nbind\nacl\nuse_backend\n'\nserver").backend_of("x") == ""
